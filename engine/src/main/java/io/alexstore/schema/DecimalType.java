package io.alexstore.schema;

/**
 * A decimal number: its unscaled value is stored as 64 bits to 18 digits, as 128 bits beyond.
 *
 * @param precision the number of digits, 1 to 38
 * @param scale the number of digits after the point, 0 to {@code precision}
 */
public record DecimalType(int precision, int scale) implements ColumnType {
  /** The most digits that any decimal has. */
  public static final int MAX_PRECISION = 38;

  /** The most digits whose unscaled value fits 64 bits. */
  public static final int MAX_LONG_PRECISION = 18;

  /** Checks the ranges. */
  public DecimalType {
    if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
      throw new IllegalArgumentException(
          "decimal(" + precision + "," + scale + "): the precision is 1 to 38, the scale 0 to it");
    }
  }

  @Override
  public PhysicalType physical() {
    return precision <= MAX_LONG_PRECISION ? PhysicalType.INT64 : PhysicalType.INT128;
  }
}
