package io.alexstore.key;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StringType;
import io.alexstore.schema.StructType;

/**
 * How one column stands in encoded keys; docs/format/key.md specifies it.
 *
 * @param column the column
 * @param row its place in a row
 * @param coding how a value is written
 * @param nullable whether a marker byte stands before the value
 * @param offset where it begins in every key, in bytes, marker included; -1 if that differs
 */
record KeyColumn(Column column, int row, Coding coding, boolean nullable, int offset) {

  /** How a value is written, and its width in bytes; 0 if it varies. */
  enum Coding {
    BOOLEAN(1),
    INTEGER(8),
    FLOAT(4),
    DOUBLE(8),
    INT128(16),
    /** Bytes with zeros escaped and an end mark, since another column follows. */
    ESCAPED(0),
    /** Bytes as they are, to the key's end. */
    RAW(0);

    final int width;

    Coding(int width) {
      this.width = width;
    }
  }

  /** The width in every key, marker included; 0 if it varies. */
  int width() {
    return coding.width == 0 ? 0 : coding.width + (nullable ? 1 : 0);
  }

  static Coding coding(Column column, boolean last) {
    ColumnType type = column.type();
    String refused = refusal(type);
    if (refused != null) {
      throw new IllegalArgumentException(
          "Column '" + column.name() + "' cannot be part of the key: " + refused);
    }
    PhysicalType physical = type.physical();
    return switch (physical) {
      case BOOLEAN -> Coding.BOOLEAN;
      case INT8, INT16, INT32, INT64 -> Coding.INTEGER;
      case FLOAT32 -> Coding.FLOAT;
      case FLOAT64 -> Coding.DOUBLE;
      case INT128 -> Coding.INT128;
      case BYTES -> last ? Coding.RAW : Coding.ESCAPED;
      case STRUCT, LIST, MAP -> throw new AssertionError(type);
    };
  }

  private static String refusal(ColumnType type) {
    if (type instanceof StringType string && !string.isBinaryOrder()) {
      return "its collation is "
          + string.collation()
          + ", whose order is not that of the bytes. Use a string column with collation "
          + StringType.BINARY_COLLATION
          + ", for example a normalized copy.";
    }
    if (type instanceof StructType) {
      return "it is a struct. Name its fields' values as columns of their own.";
    }
    if (type instanceof ListType || type instanceof MapType) {
      String kind = type instanceof ListType ? "a list" : "a map";
      return "it is "
          + kind
          + ", which has no order that an index could follow. Use a column of"
          + " a number, date, time, string or binary type.";
    }
    if (type == ScalarType.VARIANT || type == ScalarType.CALENDAR_INTERVAL) {
      String kind = type == ScalarType.VARIANT ? "a variant" : "a calendar interval";
      return "it is "
          + kind
          + ", whose values have no order. Use a column of a number, date,"
          + " time, string or binary type.";
    }
    return null;
  }
}
