package io.alexstore.schema;

import java.util.Objects;

/**
 * An ANSI interval: a number of months (32 bits) or of microseconds (64 bits).
 *
 * @param start the leading field
 * @param end the trailing field, of the same family and not before {@code start}
 */
public record IntervalType(Field start, Field end) implements ColumnType {

  /** A field of an interval. The first two make year-month intervals, the others day-time. */
  public enum Field {
    /** Years. */
    YEAR,
    /** Months. */
    MONTH,
    /** Days. */
    DAY,
    /** Hours. */
    HOUR,
    /** Minutes. */
    MINUTE,
    /** Seconds with microseconds. */
    SECOND;

    boolean isYearMonth() {
      return this == YEAR || this == MONTH;
    }
  }

  /** Checks that the fields belong together. */
  public IntervalType {
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(end, "end");
    if (start.isYearMonth() != end.isYearMonth() || start.compareTo(end) > 0) {
      throw new IllegalArgumentException("interval " + start + " to " + end + " is none");
    }
  }

  /** Whether this is a number of months; otherwise of microseconds. */
  public boolean isYearMonth() {
    return start.isYearMonth();
  }

  @Override
  public PhysicalType physical() {
    return isYearMonth() ? PhysicalType.INT32 : PhysicalType.INT64;
  }
}
