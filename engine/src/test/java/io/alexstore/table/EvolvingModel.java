package io.alexstore.table;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.SchemaChange;
import io.alexstore.schema.StructType;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A table whose every row is rewritten at every change of its columns, so that there is nothing to
 * be evolved: what a table that rewrites none is held to. It knows no column ids; values are Java
 * objects, rows and structs lists of them.
 */
final class EvolvingModel {

  /** A column, element, key or value: {@code parts} are those of a struct, list or map. */
  static final class Field {
    String name;
    ColumnType leaf;
    final char kind;
    boolean nullable;
    final List<Field> parts = new ArrayList<>();

    Field(String name, char kind, ColumnType leaf, boolean nullable) {
      this.name = name;
      this.kind = kind;
      this.leaf = leaf;
      this.nullable = nullable;
    }

    static Field of(String name, ColumnType type, boolean nullable) {
      if (type instanceof StructType struct) {
        Field field = new Field(name, 's', null, nullable);
        struct.fields().forEach(f -> field.parts.add(of(f.name(), f.type(), f.nullable())));
        return field;
      } else if (type instanceof ListType list) {
        Field field = new Field(name, 'l', null, nullable);
        field.parts.add(of("element", list.element(), list.elementNullable()));
        return field;
      } else if (type instanceof MapType map) {
        Field field = new Field(name, 'm', null, nullable);
        field.parts.add(of("key", map.key(), false));
        field.parts.add(of("value", map.value(), map.valueNullable()));
        return field;
      }
      return new Field(name, 'v', type, nullable);
    }

    Field copy() {
      Field copy = new Field(name, kind, leaf, nullable);
      parts.forEach(part -> copy.parts.add(part.copy()));
      return copy;
    }

    int indexOf(String part) {
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i).name.equals(part)) {
          return i;
        }
      }
      throw new AssertionError(part + " is not in " + this);
    }

    @Override
    public String toString() {
      String own = leaf == null ? kind + parts.toString() : leaf.toString();
      return name + " " + own + (nullable ? "" : "!");
    }
  }

  final Field root;
  final TreeMap<List<Object>, List<Object>> rows;
  private final int[] key;

  /**
   * An empty table.
   *
   * @param key the names of the key's columns
   */
  EvolvingModel(List<Column> columns, List<String> key) {
    root = Field.of("", new StructType(columns), false);
    rows = new TreeMap<>(EvolvingModel::compare);
    this.key = key.stream().mapToInt(root::indexOf).toArray();
  }

  private EvolvingModel(EvolvingModel from) {
    root = from.root.copy();
    rows = new TreeMap<>(EvolvingModel::compare);
    from.rows.forEach((k, row) -> rows.put(k, list(copy(row))));
    key = from.key.clone();
  }

  EvolvingModel copy() {
    return new EvolvingModel(this);
  }

  /** Integers compare by their value, whatever their width. */
  @SuppressWarnings("unchecked")
  private static int compare(List<Object> a, List<Object> b) {
    for (int i = 0; i < a.size(); i++) {
      int order =
          a.get(i) instanceof Number n
              ? Long.compare(n.longValue(), ((Number) b.get(i)).longValue())
              : ((Comparable<Object>) a.get(i)).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  void put(List<Object> row) {
    List<Object> k = new ArrayList<>();
    for (int place : key) {
      k.add(row.get(place));
    }
    rows.put(k, list(copy(row)));
  }

  // ---- changes

  void apply(SchemaChange change) {
    List<String> path = change.path();
    String last = path.get(path.size() - 1);
    List<String> parent = path.subList(0, path.size() - 1);
    if (change instanceof SchemaChange.Add add) {
      Field struct = field(parent);
      int place = place(struct, add.position());
      struct.parts.add(place, Field.of(last, add.type(), add.nullable()));
      if (struct == root) {
        moveKey(key -> key >= place ? key + 1 : key);
      }
      rewrite(parent, row -> added(list(row), place, copy(add.addedDefault())));
    } else if (change instanceof SchemaChange.Drop) {
      Field struct = field(parent);
      int place = struct.indexOf(last);
      struct.parts.remove(place);
      if (struct == root) {
        moveKey(key -> key > place ? key - 1 : key);
      }
      rewrite(parent, row -> removed(list(row), place));
    } else if (change instanceof SchemaChange.Rename rename) {
      field(path).name = rename.name();
    } else if (change instanceof SchemaChange.Move move) {
      Field struct = field(parent);
      int from = struct.indexOf(last);
      Field moved = struct.parts.remove(from);
      int to = place(struct, move.position());
      struct.parts.add(to, moved);
      if (struct == root) {
        moveKey(
            key -> {
              int without = key > from ? key - 1 : key;
              return key == from ? to : without >= to ? without + 1 : without;
            });
      }
      rewrite(
          parent,
          row -> {
            Object value = list(row).get(from);
            return added(removed(list(row), from), to, value);
          });
    } else if (change instanceof SchemaChange.Widen widen) {
      field(path).leaf = widen.type();
      rewrite(path, value -> widened(value, widen.type()));
    } else if (change instanceof SchemaChange.AllowNulls) {
      field(path).nullable = true;
    }
  }

  private void moveKey(java.util.function.IntUnaryOperator moved) {
    for (int i = 0; i < key.length; i++) {
      key[i] = moved.applyAsInt(key[i]);
    }
  }

  boolean isKey(List<String> path) {
    if (path.size() > 1) {
      return false;
    }
    int place = root.indexOf(path.get(0));
    for (int k : key) {
      if (k == place) {
        return true;
      }
    }
    return false;
  }

  Field field(List<String> path) {
    Field field = root;
    for (String name : path) {
      field = field.parts.get(field.indexOf(name));
    }
    return field;
  }

  private static int place(Field struct, SchemaChange.Position position) {
    if (position instanceof SchemaChange.First) {
      return 0;
    }
    return position instanceof SchemaChange.After after
        ? struct.indexOf(after.name()) + 1
        : struct.parts.size();
  }

  private static Object widened(Object value, ColumnType type) {
    if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    } else if (value instanceof Float number) {
      return number.doubleValue();
    } else if (value instanceof Number number && type instanceof ScalarType scalar) {
      return switch (scalar) {
        case SHORT -> (Object) number.shortValue();
        case INT -> number.intValue();
        default -> number.longValue();
      };
    }
    return value; // A decimal, of more digits, or a null.
  }

  private static List<Object> added(List<Object> row, int place, Object value) {
    row.add(place, value);
    return row;
  }

  private static List<Object> removed(List<Object> row, int place) {
    row.remove(place);
    return row;
  }

  private void rewrite(List<String> path, UnaryOperator<Object> edit) {
    // The path's names are those of the fields as they are now, but for what was just changed.
    rows.replaceAll((k, row) -> list(edit(root, row, path, 0, edit)));
  }

  private static Object edit(
      Field field, Object value, List<String> path, int depth, UnaryOperator<Object> edit) {
    if (value == null || depth == path.size()) {
      return value == null ? null : edit.apply(value);
    }
    int place = field.indexOf(path.get(depth));
    Field part = field.parts.get(place);
    UnaryOperator<Object> deeper = v -> edit(part, v, path, depth + 1, edit);
    if (field.kind == 's') {
      list(value).set(place, deeper.apply(list(value).get(place)));
      return value;
    } else if (field.kind == 'l') {
      list(value).replaceAll(deeper);
      return value;
    }
    Map<Object, Object> changed = new LinkedHashMap<>();
    ((Map<?, ?>) value)
        .forEach(
            (k, v) ->
                changed.put(place == 0 ? deeper.apply(k) : k, place == 1 ? deeper.apply(v) : v));
    return changed;
  }

  // ---- values

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static Object copy(Object value) {
    if (value instanceof List<?> some) {
      List<Object> copy = new ArrayList<>();
      some.forEach(item -> copy.add(copy(item)));
      return copy;
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((k, v) -> copy.put(copy(k), copy(v)));
      return copy;
    }
    return value;
  }

  /** A value as text, in which values of different classes differ. */
  static String text(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(EvolvingModel::text).toList().toString();
    } else if (value instanceof Map<?, ?> map) {
      List<String> entries = new ArrayList<>();
      map.forEach((k, v) -> entries.add(text(k) + "->" + text(v)));
      return entries.toString();
    } else if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    return value == null ? "null" : value.getClass().getSimpleName() + ":" + value;
  }

  List<String> texts() {
    return rows.values().stream().map(EvolvingModel::text).toList();
  }
}
