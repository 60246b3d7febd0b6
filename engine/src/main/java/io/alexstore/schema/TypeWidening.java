package io.alexstore.schema;

/**
 * Which types a column may be widened to, so that every value that was stored stays what it is:
 *
 * <ul>
 *   <li>byte, short and int to a longer one of byte, short, int, long
 *   <li>float to double
 *   <li>decimal to one of more digits and the same scale
 *   <li>date to timestamp_ntz: midnight of the day
 * </ul>
 *
 * <p>Segments are not rewritten: what stands in them is converted as it is read.
 */
public final class TypeWidening {

  /** What those who were refused are told. */
  public static final String RULES =
      "byte, short and int can become a longer integer, float double, a decimal one of more digits"
          + " and the same scale, date timestamp_ntz";

  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private TypeWidening() {}

  /** How a value that was stored as one type is read as another. */
  public enum Reading {
    /** By the getter of the type that is asked for, as it stands. */
    AS_IT_IS,
    /** A float as a double. */
    FLOAT_AS_DOUBLE,
    /** A decimal of up to 18 digits as one of more: a 64-bit integer as one of 128 bits. */
    INT64_AS_INT128,
    /** Days as microseconds. */
    DAYS_AS_MICROS,
    /** Not at all. */
    NONE
  }

  /** Whether a column of one type, not nested, may become one of another; true if it is the same */
  public static boolean isAllowed(ColumnType from, ColumnType to) {
    return reading(from, to) != Reading.NONE;
  }

  /** How values that were stored as one type, not nested, are read as another. */
  public static Reading reading(ColumnType from, ColumnType to) {
    if (from.equals(to) || (isInteger(from) && isInteger(to) && isWider(from, to))) {
      return Reading.AS_IT_IS;
    } else if (from == ScalarType.FLOAT && to == ScalarType.DOUBLE) {
      return Reading.FLOAT_AS_DOUBLE;
    } else if (from == ScalarType.DATE && to == ScalarType.TIMESTAMP_NTZ) {
      return Reading.DAYS_AS_MICROS;
    } else if (from instanceof DecimalType old
        && to instanceof DecimalType wide
        && wide.precision() >= old.precision()
        && wide.scale() == old.scale()) {
      return old.physical() == wide.physical() ? Reading.AS_IT_IS : Reading.INT64_AS_INT128;
    }
    return Reading.NONE;
  }

  /** Whether this is one of byte, short, int and long. */
  static boolean isInteger(ColumnType type) {
    return type == ScalarType.BYTE
        || type == ScalarType.SHORT
        || type == ScalarType.INT
        || type == ScalarType.LONG;
  }

  private static boolean isWider(ColumnType from, ColumnType to) {
    return from.physical().width() < to.physical().width();
  }

  /**
   * The microseconds of a day's midnight.
   *
   * @throws ArithmeticException if the day is more than 292,000 years away, which 64 bits do not
   *     hold
   */
  public static long daysToMicros(long days) {
    return Math.multiplyExact(days, MICROS_PER_DAY);
  }
}
