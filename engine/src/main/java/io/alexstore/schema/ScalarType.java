package io.alexstore.schema;

import java.util.List;

/** The types without parameters. */
public enum ScalarType implements ColumnType {
  /** True or false. */
  BOOLEAN(PhysicalType.BOOLEAN),
  /** A signed 8-bit integer. */
  BYTE(PhysicalType.INT8),
  /** A signed 16-bit integer. */
  SHORT(PhysicalType.INT16),
  /** A signed 32-bit integer. */
  INT(PhysicalType.INT32),
  /** A signed 64-bit integer. */
  LONG(PhysicalType.INT64),
  /** An IEEE 754 single. */
  FLOAT(PhysicalType.FLOAT32),
  /** An IEEE 754 double. */
  DOUBLE(PhysicalType.FLOAT64),
  /** Bytes. */
  BINARY(PhysicalType.BYTES),
  /** Days since 1970-01-01 in the proleptic Gregorian calendar. */
  DATE(PhysicalType.INT32),
  /** Microseconds since 1970-01-01T00:00:00Z: a moment. */
  TIMESTAMP(PhysicalType.INT64),
  /** Microseconds since 1970-01-01T00:00:00 on a clock without a time zone. */
  TIMESTAMP_NTZ(PhysicalType.INT64),
  /** Months, days and microseconds, which do not convert into each other. */
  CALENDAR_INTERVAL(PhysicalType.STRUCT),
  /** A value that carries its own type, in the Parquet variant encoding. */
  VARIANT(PhysicalType.STRUCT);

  private final PhysicalType physical;

  ScalarType(PhysicalType physical) {
    this.physical = physical;
  }

  @Override
  public PhysicalType physical() {
    return physical;
  }

  /**
   * The parts that a type stored as a struct is made of, in order: of an interval {@code months},
   * {@code days}, {@code microseconds}; of a variant {@code value}, {@code metadata}. Empty for the
   * others. Parts are never null and have no ids.
   */
  public List<ScalarType> parts() {
    return switch (this) {
      case CALENDAR_INTERVAL -> List.of(INT, INT, LONG);
      case VARIANT -> List.of(BINARY, BINARY);
      default -> List.of();
    };
  }
}
