package io.alexstore.segment;

import io.alexstore.key.KeyBuffer;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.IntervalType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.StringType;
import io.alexstore.schema.StructType;
import io.alexstore.schema.TableKey;
import io.alexstore.schema.TimeType;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A random schema and random rows of it, sorted by key; the model that segments are held to. */
final class RandomTable {

  /** A row with its key as bytes in the order of the keys. */
  record Keyed(byte[] key, TestValues row) {}

  final Schema schema;
  final KeyCodec codec;
  final List<Keyed> rows;
  private final Random random;
  private int ids;

  private RandomTable(Random random, int rowCount, List<Column> keyColumns, boolean unique) {
    this.random = random;
    for (Column column : keyColumns) {
      ids = Math.max(ids, column.id());
    }
    List<Column> columns = new ArrayList<>(keyColumns);
    int others = random.nextInt(6);
    for (int i = 0; i < others; i++) {
      columns.add(column("c" + i, type(2)));
    }
    Collections.shuffle(columns, random);
    schema =
        new Schema(
            0,
            columns,
            new TableKey(
                unique ? TableKey.Kind.PRIMARY : TableKey.Kind.SORT,
                keyColumns.stream().map(Column::id).toList()),
            ids);
    codec = KeyCodec.of(schema);
    rows = rows(rowCount, unique);
  }

  private RandomTable(Schema schema) {
    this.random = new Random(0);
    this.schema = schema;
    this.codec = KeyCodec.of(schema);
    this.rows = List.of();
  }

  /** An empty table of a schema, for its keys. */
  static RandomTable of(Schema schema) {
    return new RandomTable(schema);
  }

  /** A table whose key columns are random, too. */
  static RandomTable of(Random random, int rowCount) {
    boolean unique = random.nextBoolean();
    int count = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1;
    List<Column> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(new Column(i + 1, "k" + i, keyType(random), !unique && random.nextBoolean()));
    }
    return new RandomTable(random, rowCount, keys, unique);
  }

  /** A table with the given key columns, ids from 1. */
  static RandomTable of(Random random, int rowCount, boolean unique, ColumnType... keyTypes) {
    List<Column> keys = new ArrayList<>();
    for (int i = 0; i < keyTypes.length; i++) {
      keys.add(new Column(i + 1, "k" + i, keyTypes[i], false));
    }
    return new RandomTable(random, rowCount, keys, unique);
  }

  private static ColumnType keyType(Random random) {
    ColumnType[] types = {
      ScalarType.LONG,
      ScalarType.LONG,
      ScalarType.INT,
      ScalarType.SHORT,
      ScalarType.BYTE,
      ScalarType.BOOLEAN,
      ScalarType.DATE,
      ScalarType.TIMESTAMP,
      ScalarType.FLOAT,
      ScalarType.DOUBLE,
      ScalarType.BINARY,
      StringType.BINARY_ORDER,
      StringType.BINARY_ORDER,
      new DecimalType(12, 2),
      new DecimalType(30, 4),
      new TimeType(6),
    };
    return types[random.nextInt(types.length)];
  }

  private Column column(String name, ColumnType type) {
    return new Column(++ids, name, type, random.nextInt(3) > 0);
  }

  private ColumnType type(int depth) {
    int kind = random.nextInt(depth > 0 ? 24 : 20);
    ScalarType[] scalars = ScalarType.values();
    if (kind < scalars.length) {
      return scalars[kind];
    }
    return switch (kind) {
      case 13, 14 -> StringType.BINARY_ORDER;
      case 15 -> new StringType("UTF8_LCASE");
      case 16 -> new DecimalType(10, 3);
      case 17 -> new DecimalType(38, 10);
      case 18 -> new TimeType(9);
      case 19 -> new IntervalType(IntervalType.Field.YEAR, IntervalType.Field.MONTH);
      case 20 -> new ListType(++ids, type(depth - 1), random.nextBoolean());
      case 21 -> new MapType(++ids, ScalarType.INT, ++ids, type(depth - 1), random.nextBoolean());
      default -> {
        List<Column> fields = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          fields.add(column("f" + i, type(depth - 1)));
        }
        yield new StructType(fields);
      }
    };
  }

  private List<Keyed> rows(int count, boolean unique) {
    int magnitude = random.nextInt(64);
    List<Keyed> result = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Object> items = new ArrayList<>();
      for (Column column : schema.columns()) {
        boolean isKey = schema.key().columnIds().contains(column.id());
        boolean isNull = column.nullable() && random.nextInt(5) == 0;
        items.add(isNull ? null : value(column.type(), isKey ? magnitude : random.nextInt(64)));
      }
      TestValues row = new TestValues(items);
      result.add(new Keyed(key(row), row));
    }
    result.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
    if (unique) {
      List<Keyed> distinct = new ArrayList<>();
      for (Keyed row : result) {
        if (distinct.isEmpty()
            || !Arrays.equals(distinct.get(distinct.size() - 1).key(), row.key())) {
          distinct.add(row);
        }
      }
      return distinct;
    }
    return result;
  }

  byte[] key(TestValues row) {
    if (codec.form() == KeyForm.LONG) {
      return SegmentInfo.longKeyBytes(codec.encodeLong(row));
    }
    KeyBuffer out = new KeyBuffer();
    codec.encode(row, out);
    return out.toByteArray();
  }

  private Object value(ColumnType type, int magnitude) {
    if (type instanceof StructType struct) {
      List<Object> fields = new ArrayList<>();
      for (Column field : struct.fields()) {
        fields.add(
            field.nullable() && random.nextInt(4) == 0 ? null : value(field.type(), magnitude));
      }
      return new TestValues(fields);
    } else if (type instanceof ListType list) {
      return list(list.element(), list.elementNullable(), random.nextInt(4), magnitude);
    } else if (type instanceof MapType map) {
      int n = random.nextInt(4);
      return new TestValues.Entries(
          list(map.key(), false, n, magnitude),
          list(map.value(), map.valueNullable(), n, magnitude));
    } else if (type instanceof ScalarType scalar && !scalar.parts().isEmpty()) {
      List<Object> parts = new ArrayList<>();
      for (ScalarType part : scalar.parts()) {
        parts.add(value(part, magnitude));
      }
      return new TestValues(parts);
    }
    return flat(type, magnitude);
  }

  private TestValues list(ColumnType type, boolean nullable, int count, int magnitude) {
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(nullable && random.nextInt(4) == 0 ? null : value(type, magnitude));
    }
    return new TestValues(elements);
  }

  private Object flat(ColumnType type, int magnitude) {
    PhysicalType physical = type.physical();
    return switch (physical) {
      case BOOLEAN -> (long) random.nextInt(2);
      case INT8 -> (long) (byte) (random.nextLong() >> magnitude);
      case INT16 -> (long) (short) (random.nextLong() >> magnitude);
      case INT32 -> (long) (int) (random.nextLong() >> magnitude);
      case INT64 ->
          type instanceof DecimalType
              ? random.nextLong() % 1_000_000_000L
              : random.nextLong() >> magnitude;
      case FLOAT32 -> random.nextInt(20) == 0 ? special() : (float) random.nextGaussian();
      case FLOAT64 -> random.nextInt(20) == 0 ? (double) special() : random.nextInt(100) / 4.0;
      case INT128 -> new BigInteger(random.nextInt(124), random).subtract(BigInteger.TEN);
      case BYTES -> bytes(type);
      default -> throw new AssertionError(type);
    };
  }

  private float special() {
    float[] specials = {0.0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    return specials[random.nextInt(specials.length)];
  }

  private byte[] bytes(ColumnType type) {
    if (type instanceof StringType) {
      String text =
          random.nextInt(3) == 0
              ? "https://example.org/items/" + random.nextInt(1000)
              : "key" + Integer.toString(random.nextInt(100_000), 36);
      return text.getBytes(StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[random.nextInt(6)];
    random.nextBytes(bytes);
    for (int i = 0; i < bytes.length; i++) {
      // Zeros are escaped in keys, so they must be frequent.
      bytes[i] = random.nextInt(4) == 0 ? 0 : bytes[i];
    }
    return bytes;
  }
}
