package io.alexstore.spark.convert;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.IntervalType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StringType;
import io.alexstore.schema.StructType;
import java.util.List;

/**
 * How a value of a type is taken out of one of Spark's rows or arrays.
 *
 * @param kind which of Spark's getters holds it
 * @param precision of a decimal
 * @param scale of a decimal
 * @param children a struct's fields, a list's element, a map's key and value
 */
record Accessor(Kind kind, int precision, int scale, Accessor[] children) {

  /** Spark's getters. */
  enum Kind {
    BOOLEAN,
    BYTE,
    SHORT,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    DECIMAL,
    STRING,
    BINARY,
    INTERVAL,
    VARIANT,
    STRUCT,
    ARRAY,
    MAP
  }

  private static final Accessor[] NONE = {};

  static Accessor[] of(List<Column> columns) {
    return columns.stream().map(column -> of(column.type())).toArray(Accessor[]::new);
  }

  static Accessor of(ColumnType type) {
    if (type instanceof ScalarType scalar) {
      return leaf(kind(scalar));
    } else if (type instanceof DecimalType decimal) {
      return new Accessor(Kind.DECIMAL, decimal.precision(), decimal.scale(), NONE);
    } else if (type instanceof StringType) {
      return leaf(Kind.STRING);
    } else if (type instanceof IntervalType interval) {
      return leaf(interval.isYearMonth() ? Kind.INT : Kind.LONG);
    } else if (type instanceof StructType struct) {
      return new Accessor(Kind.STRUCT, 0, 0, of(struct.fields()));
    } else if (type instanceof ListType list) {
      return new Accessor(Kind.ARRAY, 0, 0, new Accessor[] {of(list.element())});
    } else if (type instanceof MapType map) {
      return new Accessor(Kind.MAP, 0, 0, new Accessor[] {of(map.key()), of(map.value())});
    }
    // Times of day, which are the only ones left.
    return leaf(Kind.LONG);
  }

  private static Accessor leaf(Kind kind) {
    return new Accessor(kind, 0, 0, NONE);
  }

  private static Kind kind(ScalarType type) {
    return switch (type) {
      case BOOLEAN -> Kind.BOOLEAN;
      case BYTE -> Kind.BYTE;
      case SHORT -> Kind.SHORT;
      case INT, DATE -> Kind.INT;
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> Kind.LONG;
      case FLOAT -> Kind.FLOAT;
      case DOUBLE -> Kind.DOUBLE;
      case BINARY -> Kind.BINARY;
      case CALENDAR_INTERVAL -> Kind.INTERVAL;
      case VARIANT -> Kind.VARIANT;
    };
  }
}
