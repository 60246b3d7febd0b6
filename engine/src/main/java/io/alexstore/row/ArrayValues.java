package io.alexstore.row;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.JavaValues;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StructType;
import io.alexstore.schema.TypeNames;
import io.alexstore.schema.Values;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Values in their physical form on the heap. A nested one is an {@code ArrayValues}, or a pair. */
final class ArrayValues implements Values {

  private record MapPair(ArrayValues keys, ArrayValues values) {}

  private final Object[] items;

  private ArrayValues(Object[] items) {
    this.items = items;
  }

  // ---- from Java objects

  static ArrayValues ofColumns(List<Column> columns, List<?> objects) {
    Object[] items = new Object[columns.size()];
    for (int i = 0; i < items.length; i++) {
      Column c = columns.get(i);
      items[i] = physical(c.name(), c.type(), c.nullable(), objects.get(i));
    }
    return new ArrayValues(items);
  }

  private static ArrayValues ofElements(
      String name, ColumnType type, boolean nullable, Iterable<?> objects) {
    List<Object> items = new ArrayList<>();
    for (Object object : objects) {
      items.add(physical(name, type, nullable, object));
    }
    return new ArrayValues(items.toArray());
  }

  private static Object physical(String name, ColumnType type, boolean nullable, Object object) {
    if (object == null) {
      if (!nullable) {
        throw new IllegalArgumentException(
            "Null in column '"
                + name
                + "' of type "
                + TypeNames.name(type)
                + ", which has no nulls");
      }
      return null;
    }
    if (type instanceof StructType struct) {
      List<?> fields = cast(name, type, object, List.class, struct.fields().size());
      return ofColumns(struct.fields(), fields);
    } else if (type instanceof ListType list) {
      List<?> elements = cast(name, type, object, List.class, -1);
      return ofElements(name, list.element(), list.elementNullable(), elements);
    } else if (type instanceof MapType map) {
      Map<?, ?> entries = cast(name, type, object, Map.class, -1);
      return new MapPair(
          ofElements(name, map.key(), false, entries.keySet()),
          ofElements(name, map.value(), map.valueNullable(), entries.values()));
    } else if (type instanceof ScalarType scalar && !scalar.parts().isEmpty()) {
      List<?> parts = cast(name, type, object, List.class, scalar.parts().size());
      Object[] items = new Object[parts.size()];
      for (int i = 0; i < items.length; i++) {
        items[i] = physical(name, scalar.parts().get(i), false, parts.get(i));
      }
      return new ArrayValues(items);
    }
    Object value = JavaValues.toPhysical(name, type, object);
    if (value instanceof Long n && !fits(type.physical(), n)) {
      throw new IllegalArgumentException(
          "Column '" + name + "' of type " + TypeNames.name(type) + " is too narrow for " + n);
    }
    return value;
  }

  private static boolean fits(PhysicalType physical, long n) {
    return switch (physical) {
      case INT8 -> n == (byte) n;
      case INT16 -> n == (short) n;
      case INT32 -> n == (int) n;
      default -> true;
    };
  }

  private static <T> T cast(
      String name, ColumnType type, Object object, Class<T> wanted, int size) {
    boolean sized = size < 0 || (object instanceof List<?> list && list.size() == size);
    if (!wanted.isInstance(object) || !sized) {
      throw new IllegalArgumentException(
          "Column '"
              + name
              + "' of type "
              + TypeNames.name(type)
              + " takes a "
              + wanted.getSimpleName()
              + (size < 0 ? "" : " of " + size + " values")
              + ", not "
              + (sized ? object.getClass().getSimpleName() : "what was given"));
    }
    return wanted.cast(object);
  }

  // ---- from other values

  static ArrayValues copyOfColumns(List<Column> columns, Values from) {
    Object[] items = new Object[columns.size()];
    for (int i = 0; i < items.length; i++) {
      items[i] = copy(columns.get(i).type(), from, i);
    }
    return new ArrayValues(items);
  }

  private static ArrayValues copyOfElements(ColumnType type, Values from) {
    Object[] items = new Object[from.size()];
    for (int i = 0; i < items.length; i++) {
      items[i] = copy(type, from, i);
    }
    return new ArrayValues(items);
  }

  private static Object copy(ColumnType type, Values from, int i) {
    if (from.isNull(i)) {
      return null;
    }
    return switch (type.physical()) {
      case BOOLEAN, INT8, INT16, INT32, INT64 -> from.getLong(i);
      case FLOAT32 -> from.getFloat(i);
      case FLOAT64 -> from.getDouble(i);
      case INT128 -> from.getBigInteger(i);
      case BYTES -> from.getBytes(i);
      case STRUCT -> {
        if (type instanceof StructType struct) {
          yield copyOfColumns(struct.fields(), from.getStruct(i));
        }
        List<ScalarType> parts = ((ScalarType) type).parts();
        Object[] items = new Object[parts.size()];
        Values source = from.getStruct(i);
        for (int k = 0; k < items.length; k++) {
          items[k] = copy(parts.get(k), source, k);
        }
        yield new ArrayValues(items);
      }
      case LIST -> copyOfElements(((ListType) type).element(), from.getList(i));
      case MAP -> {
        // The keys are copied before the values are asked for: a reader may reuse its object.
        ArrayValues keys = copyOfElements(((MapType) type).key(), from.getMapKeys(i));
        yield new MapPair(keys, copyOfElements(((MapType) type).value(), from.getMapValues(i)));
      }
    };
  }

  // ---- values

  @Override
  public int size() {
    return items.length;
  }

  @Override
  public boolean isNull(int i) {
    return items[i] == null;
  }

  @Override
  public long getLong(int i) {
    return (Long) items[i];
  }

  @Override
  public float getFloat(int i) {
    return (Float) items[i];
  }

  @Override
  public double getDouble(int i) {
    return (Double) items[i];
  }

  @Override
  public BigInteger getBigInteger(int i) {
    return (BigInteger) items[i];
  }

  @Override
  public byte[] getBytes(int i) {
    return (byte[]) items[i];
  }

  @Override
  public Values getStruct(int i) {
    return (ArrayValues) items[i];
  }

  @Override
  public Values getList(int i) {
    return (ArrayValues) items[i];
  }

  @Override
  public Values getMapKeys(int i) {
    return ((MapPair) items[i]).keys();
  }

  @Override
  public Values getMapValues(int i) {
    return ((MapPair) items[i]).values();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArrayValues o && Arrays.deepEquals(items, o.items);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(items);
  }
}
