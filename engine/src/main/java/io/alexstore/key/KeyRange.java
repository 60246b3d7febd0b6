package io.alexstore.key;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A range of keys as people write it: values of the key's columns, not yet bound to a table. {@link
 * KeyCodec#ranges(KeyRange)} binds it and checks the values.
 *
 * <p>A bound has values for the first of the key's columns, for one or more of them. With fewer
 * than all it stands for every key that begins with them: an inclusive bound takes these keys in,
 * an exclusive one leaves them out. Where a factory takes an {@code Object}, a {@link List} is a
 * bound of several values, anything else the value of the first column. A null in a bound is the
 * null of a sort key, which sorts before every value.
 *
 * @param lower the values of the lower bound; empty if there is none
 * @param lowerInclusive whether the lower bound is part of the range
 * @param upper the values of the upper bound; empty if there is none
 * @param upperInclusive whether the upper bound is part of the range
 */
public record KeyRange(
    List<Object> lower, boolean lowerInclusive, List<Object> upper, boolean upperInclusive) {

  /** Copies the lists, which may hold nulls. */
  public KeyRange {
    lower = Collections.unmodifiableList(new ArrayList<>(lower));
    upper = Collections.unmodifiableList(new ArrayList<>(upper));
  }

  /** All keys. */
  public static KeyRange all() {
    return new KeyRange(List.of(), true, List.of(), true);
  }

  /** The key with these values; with fewer than the key's columns, all keys that begin so. */
  public static KeyRange of(Object... parts) {
    List<Object> bound = Arrays.asList(parts);
    return new KeyRange(bound, true, bound, true);
  }

  /** From {@code lower} to {@code upper}, both inclusive. */
  public static KeyRange between(Object lower, Object upper) {
    return new KeyRange(bound(lower), true, bound(upper), true);
  }

  /** {@code bound} and all after it. */
  public static KeyRange atLeast(Object bound) {
    return new KeyRange(bound(bound), true, List.of(), true);
  }

  /** All after {@code bound}. */
  public static KeyRange greaterThan(Object bound) {
    return new KeyRange(bound(bound), false, List.of(), true);
  }

  /** {@code bound} and all before it; in a sort key also the nulls. */
  public static KeyRange atMost(Object bound) {
    return new KeyRange(List.of(), true, bound(bound), true);
  }

  /** All before {@code bound}; in a sort key also the nulls. */
  public static KeyRange lessThan(Object bound) {
    return new KeyRange(List.of(), true, bound(bound), false);
  }

  private static List<Object> bound(Object bound) {
    if (bound instanceof List<?> list) {
      if (list.isEmpty()) {
        throw new IllegalArgumentException("A bound needs at least one value");
      }
      return Collections.unmodifiableList(new ArrayList<>(list));
    }
    return Arrays.asList(bound);
  }

  /** The range in the notation of intervals, such as {@code [10, 20)}. */
  @Override
  public String toString() {
    if (!lower.isEmpty() && lower.equals(upper) && lowerInclusive && upperInclusive) {
      return "{" + KeyFormat.parts(lower) + "}";
    }
    String from = lower.isEmpty() ? "(-inf" : (lowerInclusive ? "[" : "(") + KeyFormat.parts(lower);
    String to = upper.isEmpty() ? "+inf)" : KeyFormat.parts(upper) + (upperInclusive ? "]" : ")");
    return from + ", " + to;
  }
}
