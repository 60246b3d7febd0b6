package io.alexstore.spark.scan;

import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyRange;
import io.alexstore.key.KeyRanges;
import java.util.ArrayList;
import java.util.List;

/**
 * What a predicate allows one column of the key to be: a union of intervals and single values.
 * Immutable. Null, as a bound or a value, is the null of a sort key, which sorts first.
 *
 * @param intervals the parts; none if the predicate is never true
 */
record Domain(List<Interval> intervals) {

  /**
   * A range of one column's values.
   *
   * @param lower the lower bound; {@link #NO_BOUND} if there is none
   * @param lowerInclusive whether it is part of the range
   * @param upper the upper bound; {@link #NO_BOUND} if there is none
   * @param upperInclusive whether it is part of the range
   */
  record Interval(Object lower, boolean lowerInclusive, Object upper, boolean upperInclusive) {

    static Interval point(Object value) {
      return new Interval(value, true, value, true);
    }

    /** Whether it was made as a single value. */
    @SuppressWarnings("ReferenceEquality") // Equal bounds that are two objects: merely not seen.
    boolean isPoint() {
      return lower == upper && lower != NO_BOUND && lowerInclusive && upperInclusive;
    }

    /** These values of one column behind values of the columns before it. */
    @SuppressWarnings("ReferenceEquality")
    KeyRange after(List<Object> prefix) {
      return new KeyRange(
          bound(prefix, lower), lower == NO_BOUND || lowerInclusive,
          bound(prefix, upper), upper == NO_BOUND || upperInclusive);
    }

    @SuppressWarnings("ReferenceEquality")
    private static List<Object> bound(List<Object> prefix, Object value) {
      if (value == NO_BOUND) {
        return prefix;
      }
      List<Object> bound = new ArrayList<>(prefix);
      bound.add(value);
      return bound;
    }
  }

  /** Stands where there is no bound; null is a value. */
  static final Object NO_BOUND = new Object();

  static final Domain NONE = new Domain(List.of());

  static Domain of(Interval interval) {
    return new Domain(List.of(interval));
  }

  static Domain point(Object value) {
    return of(Interval.point(value));
  }

  /** Whether there are single values only. */
  boolean isPoints() {
    return intervals.stream().allMatch(Interval::isPoint);
  }

  Domain union(Domain other) {
    List<Interval> both = new ArrayList<>(intervals);
    both.addAll(other.intervals);
    return new Domain(both);
  }

  /** The keys whose column after a prefix of the key is in this domain. */
  KeyRanges after(KeyCodec codec, List<Object> prefix) {
    return codec.ranges(intervals.stream().map(i -> i.after(prefix)).toList());
  }
}
