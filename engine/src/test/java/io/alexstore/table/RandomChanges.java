package io.alexstore.table;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.SchemaChange;
import io.alexstore.schema.StringType;
import io.alexstore.schema.StructType;
import io.alexstore.schema.TimeType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random types, values of them, and changes of a model's columns: allowed ones, and others. */
final class RandomChanges {

  private final Random random;
  private int names;

  RandomChanges(Random random) {
    this.random = random;
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private String name() {
    // Few names, so that some come again for other columns.
    return random.nextInt(3) == 0 ? "c" + names++ : "x" + random.nextInt(6);
  }

  // ---- types

  ColumnType type(int depth) {
    return switch (random.nextInt(depth > 0 ? 16 : 13)) {
      case 0 -> ScalarType.BYTE;
      case 1 -> ScalarType.SHORT;
      case 2 -> ScalarType.INT;
      case 3 -> ScalarType.LONG;
      case 4 -> ScalarType.FLOAT;
      case 5 -> ScalarType.DOUBLE;
      case 6 -> ScalarType.DATE;
      case 7 -> new DecimalType(1 + random.nextInt(3) * 9, 1);
      case 8 -> StringType.BINARY_ORDER;
      case 9 -> one(List.of(ScalarType.BINARY, ScalarType.BOOLEAN, new TimeType(6)));
      case 10 -> one(List.of(ScalarType.TIMESTAMP, ScalarType.TIMESTAMP_NTZ));
      case 11 -> one(List.of(ScalarType.CALENDAR_INTERVAL, ScalarType.VARIANT));
      case 12 -> StringType.BINARY_ORDER;
      case 13 -> struct(depth - 1);
      case 14 -> new ListType(1, type(depth - 1), true);
      default -> SchemaBuilder.map(mapKey(), type(depth - 1));
    };
  }

  private ColumnType mapKey() {
    return one(List.of(ScalarType.BYTE, ScalarType.INT, StringType.BINARY_ORDER));
  }

  private StructType struct(int depth) {
    List<Column> fields = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      fields.add(SchemaBuilder.field("f" + i, type(depth)));
    }
    return new StructType(fields);
  }

  // ---- values

  Object value(EvolvingModel.Field field) {
    if (field.nullable && random.nextInt(5) == 0) {
      return null;
    }
    return switch (field.kind) {
      case 's' ->
          field.parts.stream().map(this::value).collect(ArrayList::new, List::add, List::addAll);
      case 'l' -> {
        List<Object> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(value(field.parts.get(0)));
        }
        yield elements;
      }
      case 'm' -> {
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          entries.put(value(field.parts.get(0)), value(field.parts.get(1)));
        }
        yield entries;
      }
      default -> leaf(field.leaf);
    };
  }

  private Object leaf(ColumnType type) {
    if (type instanceof DecimalType decimal) {
      int digits = Math.min(decimal.precision(), 1 + random.nextInt(decimal.precision()));
      BigInteger unscaled =
          new BigInteger("9".repeat(digits)).subtract(BigInteger.valueOf(random.nextInt(9)));
      return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), decimal.scale());
    } else if (type instanceof StringType) {
      return one(List.of("", "a", "b" + random.nextInt(1000), "something longer, \u00e4\u6f22"));
    } else if (type instanceof TimeType) {
      return LocalTime.ofNanoOfDay(random.nextInt(86_400) * 1_000_000_000L + 1000);
    }
    return switch ((ScalarType) type) {
      case BOOLEAN -> random.nextBoolean();
      case BYTE -> (byte) random.nextInt();
      case SHORT -> (short) random.nextInt();
      case INT -> random.nextBoolean() ? random.nextInt() : random.nextInt(10);
      case LONG -> random.nextBoolean() ? random.nextLong() : (long) random.nextInt(10);
      case FLOAT ->
          one(List.of(random.nextFloat(), Float.NaN, -0.0f, Float.NEGATIVE_INFINITY, 1.1f));
      case DOUBLE -> one(List.of(random.nextDouble(), Double.NaN, -0.0, 1.25, Double.MIN_VALUE));
      case BINARY -> new byte[] {(byte) random.nextInt(), 0, 1};
      case DATE -> LocalDate.ofEpochDay(random.nextInt(200_000) - 100_000);
      case TIMESTAMP -> Instant.ofEpochSecond(random.nextInt(), 7000);
      case TIMESTAMP_NTZ -> LocalDateTime.ofEpochSecond(random.nextInt(), 7000, ZoneOffset.UTC);
      case CALENDAR_INTERVAL -> List.of(random.nextInt(20), random.nextInt(40), random.nextLong());
      case VARIANT -> List.of(new byte[] {(byte) random.nextInt(9)}, new byte[] {1, 0, 0});
    };
  }

  // ---- changes

  /** The paths of all columns, and of what is in them; those of map keys only if asked for. */
  private List<List<String>> paths(EvolvingModel.Field field, List<String> at, boolean keys) {
    List<List<String>> paths = new ArrayList<>();
    for (EvolvingModel.Field part : field.parts) {
      if (field.kind == 'm' && part.name.equals("key") && !keys) {
        continue;
      }
      List<String> path = new ArrayList<>(at);
      path.add(part.name);
      paths.add(path);
      paths.addAll(paths(part, path, keys));
    }
    return paths;
  }

  /** A change that is allowed; null if none came up. */
  SchemaChange allowed(EvolvingModel model) {
    for (int attempt = 0; attempt < 50; attempt++) {
      SchemaChange change = any(model);
      if (change != null) {
        return change;
      }
    }
    return null;
  }

  private SchemaChange any(EvolvingModel model) {
    List<List<String>> paths = paths(model.root, List.of(), false);
    List<String> path = one(paths);
    List<String> parent = path.subList(0, path.size() - 1);
    EvolvingModel.Field struct = model.field(parent);
    boolean isField = struct.kind == 's';
    int kind = random.nextInt(10);
    if (kind <= 5 && !isField) {
      return null;
    }
    switch (kind) {
      case 0, 1, 2 -> {
        return add(struct, parent);
      }
      case 3 -> {
        boolean isLast = struct.parts.size() == 1;
        return isLast || model.isKey(path) ? null : new SchemaChange.Drop(path);
      }
      case 4 -> {
        String name = name();
        return isFree(struct, name) ? new SchemaChange.Rename(path, name) : null;
      }
      case 5 -> {
        return new SchemaChange.Move(path, position(struct, path.get(path.size() - 1)));
      }
      case 6 -> {
        return model.isKey(path) ? null : new SchemaChange.AllowNulls(path);
      }
      default -> {
        List<String> any = one(paths(model.root, List.of(), true));
        ColumnType from = model.field(any).leaf;
        ColumnType to = from == null ? null : wider(from);
        return to == null ? null : new SchemaChange.Widen(any, to);
      }
    }
  }

  private SchemaChange add(EvolvingModel.Field struct, List<String> parent) {
    String name = name();
    if (!isFree(struct, name)) {
      return null;
    }
    List<String> path = new ArrayList<>(parent);
    path.add(name);
    ColumnType type = type(2);
    Object value = random.nextInt(3) == 0 ? null : value(EvolvingModel.Field.of("", type, false));
    boolean nullable = value == null || random.nextBoolean();
    return new SchemaChange.Add(path, type, nullable, "", value, position(struct, name));
  }

  private SchemaChange.Position position(EvolvingModel.Field struct, String besides) {
    List<String> others =
        struct.parts.stream().map(f -> f.name).filter(n -> !n.equals(besides)).toList();
    return switch (random.nextInt(others.isEmpty() ? 2 : 4)) {
      case 0 -> new SchemaChange.First();
      case 1 -> new SchemaChange.Last();
      default -> new SchemaChange.After(one(others));
    };
  }

  private static boolean isFree(EvolvingModel.Field struct, String name) {
    return struct.parts.stream().noneMatch(f -> f.name.equals(name));
  }

  private ColumnType wider(ColumnType type) {
    if (type instanceof DecimalType decimal) {
      return decimal.precision() == DecimalType.MAX_PRECISION
          ? null
          : new DecimalType(
              decimal.precision() + 1 + random.nextInt(38 - decimal.precision()), decimal.scale());
    }
    return !(type instanceof ScalarType scalar)
        ? null
        : switch (scalar) {
          case BYTE -> one(List.of(ScalarType.SHORT, ScalarType.INT, ScalarType.LONG));
          case SHORT -> one(List.of(ScalarType.INT, ScalarType.LONG));
          case INT -> ScalarType.LONG;
          case FLOAT -> ScalarType.DOUBLE;
          case DATE -> ScalarType.TIMESTAMP_NTZ;
          default -> null;
        };
  }

  /** A change that is never allowed. */
  SchemaChange refused(EvolvingModel model) {
    String key =
        model.root.parts.stream()
            .map(f -> f.name)
            .filter(n -> model.isKey(List.of(n)))
            .findFirst()
            .orElseThrow();
    return switch (random.nextInt(7)) {
      case 0 -> new SchemaChange.Drop(List.of(key));
      case 1 -> new SchemaChange.AllowNulls(List.of(key));
      case 2 ->
          new SchemaChange.Add(
              List.of("new"), ScalarType.INT, false, "", null, new SchemaChange.Last());
      case 3 -> new SchemaChange.Widen(List.of(key), new StringType("UTF8_LCASE"));
      case 4 -> new SchemaChange.Add(key, ScalarType.INT);
      case 5 -> new SchemaChange.Rename(List.of("nowhere"), "new");
      default -> new SchemaChange.Drop(List.of(key, "nowhere"));
    };
  }
}
