package io.alexstore.segment;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StructType;
import io.alexstore.schema.Values;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Values as objects: Long, Float, Double, BigInteger, byte[], TestValues for structs and lists, and
 * {@link Entries} for maps; null for a null.
 */
record TestValues(List<Object> items) implements Values {

  /** A map. */
  record Entries(TestValues keys, TestValues values) {}

  static TestValues of(Object... items) {
    List<Object> list = new ArrayList<>();
    for (Object item : items) {
      list.add(item);
    }
    return new TestValues(list);
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public boolean isNull(int i) {
    return items.get(i) == null;
  }

  @Override
  public long getLong(int i) {
    return (Long) items.get(i);
  }

  @Override
  public float getFloat(int i) {
    return (Float) items.get(i);
  }

  @Override
  public double getDouble(int i) {
    return (Double) items.get(i);
  }

  @Override
  public BigInteger getBigInteger(int i) {
    return (BigInteger) items.get(i);
  }

  @Override
  public byte[] getBytes(int i) {
    return (byte[]) items.get(i);
  }

  @Override
  public Values getStruct(int i) {
    return (Values) items.get(i);
  }

  @Override
  public Values getList(int i) {
    return (Values) items.get(i);
  }

  @Override
  public Values getMapKeys(int i) {
    return ((Entries) items.get(i)).keys();
  }

  @Override
  public Values getMapValues(int i) {
    return ((Entries) items.get(i)).values();
  }

  /** A row as text, in which equal rows are equal; floats by their bits, one NaN. */
  static String text(List<Column> columns, Values row) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      out.append(i == 0 ? "" : "|");
      append(out, columns.get(i).type(), row, i);
    }
    return out.toString();
  }

  private static void append(StringBuilder out, ColumnType type, Values values, int i) {
    if (values.isNull(i)) {
      out.append("null");
      return;
    }
    if (type instanceof StructType struct) {
      appendAll(out, struct.fields().stream().map(Column::type).toList(), values.getStruct(i));
    } else if (type instanceof ListType list) {
      appendElements(out, list.element(), values.getList(i));
    } else if (type instanceof MapType map) {
      appendElements(out, map.key(), values.getMapKeys(i));
      out.append("->");
      appendElements(out, map.value(), values.getMapValues(i));
    } else if (type instanceof ScalarType scalar && !scalar.parts().isEmpty()) {
      appendAll(out, scalar.parts(), values.getStruct(i));
    } else {
      switch (type.physical()) {
        case FLOAT32 -> out.append(Integer.toHexString(Float.floatToIntBits(values.getFloat(i))));
        case FLOAT64 -> out.append(Long.toHexString(Double.doubleToLongBits(values.getDouble(i))));
        case INT128 -> out.append(values.getBigInteger(i));
        case BYTES -> out.append(HexFormat.of().formatHex(values.getBytes(i)));
        default -> out.append(values.getLong(i));
      }
    }
  }

  private static void appendAll(
      StringBuilder out, List<? extends ColumnType> types, Values values) {
    out.append('(');
    for (int i = 0; i < types.size(); i++) {
      out.append(i == 0 ? "" : ",");
      append(out, types.get(i), values, i);
    }
    out.append(')');
  }

  private static void appendElements(StringBuilder out, ColumnType type, Values values) {
    out.append('[');
    for (int i = 0; i < values.size(); i++) {
      out.append(i == 0 ? "" : ",");
      append(out, type, values, i);
    }
    out.append(']');
  }
}
