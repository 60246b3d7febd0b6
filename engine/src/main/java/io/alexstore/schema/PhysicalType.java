package io.alexstore.schema;

/** How the values of a type stand in a segment. Several types share one physical form. */
public enum PhysicalType {
  /** One bit: 0 or 1. */
  BOOLEAN(1),
  /** A signed 8-bit integer. */
  INT8(1),
  /** A signed 16-bit integer. */
  INT16(2),
  /** A signed 32-bit integer. */
  INT32(4),
  /** A signed 64-bit integer. */
  INT64(8),
  /** An IEEE 754 single. */
  FLOAT32(4),
  /** An IEEE 754 double. */
  FLOAT64(8),
  /** A signed 128-bit integer, two's complement. */
  INT128(16),
  /** A string of bytes. */
  BYTES(0),
  /** Fields side by side, each with a chunk of its own. */
  STRUCT(0),
  /** A run of elements for each row. */
  LIST(0),
  /** A run of entries for each row. */
  MAP(0);

  private final int width;

  PhysicalType(int width) {
    this.width = width;
  }

  /** The bytes of one value in memory; 0 for those without a fixed width. */
  public int width() {
    return width;
  }

  /** Whether values are read and written with {@code getLong}: booleans and integers to 64 bits. */
  public boolean isIntegral() {
    return compareTo(INT64) <= 0;
  }

  /** Whether values are made of other values. */
  public boolean isNested() {
    return compareTo(STRUCT) >= 0;
  }
}
