package io.alexstore.schema;

/**
 * A time of day, stored in nanoseconds since midnight.
 *
 * @param precision the digits of a second that are kept, 0 to 9
 */
public record TimeType(int precision) implements ColumnType {
  /** Checks the range. */
  public TimeType {
    if (precision < 0 || precision > 9) {
      throw new IllegalArgumentException("time(" + precision + "): the precision is 0 to 9");
    }
  }

  @Override
  public PhysicalType physical() {
    return PhysicalType.INT64;
  }
}
