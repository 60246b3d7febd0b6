package io.alexstore.key;

import io.alexstore.key.EncodedRange.OfBytes;
import io.alexstore.key.EncodedRange.OfLongs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A set of encoded keys as a list of ranges, which is what predicates on a key come down to. The
 * ranges are sorted, disjoint, and not adjacent, so equal sets are equal lists. Immutable and
 * thread-safe. With n and m ranges, set operations cost O((n + m) log(n + m)), tests O(log n).
 */
public final class KeyRanges {
  private static final Comparator<EncodedRange> BY_LOWER = KeyRanges::compareLower;

  private final KeyForm form;
  private final List<EncodedRange> ranges;

  private KeyRanges(KeyForm form, List<EncodedRange> ranges) {
    this.form = form;
    this.ranges = List.copyOf(ranges);
  }

  /** No keys. */
  public static KeyRanges none(KeyForm form) {
    return new KeyRanges(form, List.of());
  }

  /** All keys. */
  public static KeyRanges all(KeyForm form) {
    return new KeyRanges(
        form,
        List.of(
            form == KeyForm.LONG
                ? new OfLongs(Long.MIN_VALUE, Long.MAX_VALUE)
                : new OfBytes(new byte[0], null)));
  }

  /**
   * The keys that are in any of some ranges, which may overlap and come in any order.
   *
   * @throws IllegalArgumentException if a range is of the other form
   */
  public static KeyRanges of(KeyForm form, Collection<? extends EncodedRange> ranges) {
    List<EncodedRange> sorted = new ArrayList<>(ranges);
    for (EncodedRange range : sorted) {
      if (range instanceof OfLongs != (form == KeyForm.LONG)) {
        throw new IllegalArgumentException("the range " + range + " is not of the form " + form);
      }
    }
    sorted.sort(BY_LOWER);
    List<EncodedRange> merged = new ArrayList<>(sorted.size());
    for (EncodedRange range : sorted) {
      int last = merged.size() - 1;
      if (last >= 0 && meets(merged.get(last), range)) {
        merged.set(last, extend(merged.get(last), range));
      } else {
        merged.add(range);
      }
    }
    return new KeyRanges(form, merged);
  }

  /** The form of the keys. */
  public KeyForm form() {
    return form;
  }

  /** The ranges: sorted, disjoint, not adjacent. */
  public List<EncodedRange> list() {
    return ranges;
  }

  /** Whether there are no keys. */
  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Whether these are all keys that there can be. */
  public boolean isAll() {
    return equals(all(form));
  }

  /** Whether every range is a single key, and there is one. */
  public boolean isPoints() {
    return !isEmpty() && ranges.stream().allMatch(EncodedRange::isPoint);
  }

  /** The keys that are in this or the other set. */
  public KeyRanges union(KeyRanges other) {
    requireForm(other.form);
    List<EncodedRange> both = new ArrayList<>(ranges);
    both.addAll(other.ranges);
    return of(form, both);
  }

  /** The keys that are in this and the other set. */
  public KeyRanges intersect(KeyRanges other) {
    requireForm(other.form);
    List<EncodedRange> result = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < ranges.size() && j < other.ranges.size()) {
      EncodedRange a = ranges.get(i);
      EncodedRange b = other.ranges.get(j);
      EncodedRange common = common(a, b);
      if (common != null) {
        result.add(common);
      }
      if (compareUpper(a, b) < 0) {
        i++;
      } else {
        j++;
      }
    }
    return new KeyRanges(form, result);
  }

  /** The keys that are not in this set. */
  public KeyRanges complement() {
    List<EncodedRange> gaps = new ArrayList<>();
    EncodedRange before = null;
    for (EncodedRange range : ranges) {
      addGap(before, range, gaps);
      before = range;
    }
    addGap(before, null, gaps);
    return new KeyRanges(form, gaps);
  }

  /** Adds what lies between two ranges; null stands for the end on that side. */
  private void addGap(EncodedRange before, EncodedRange after, List<EncodedRange> gaps) {
    if (form == KeyForm.LONG) {
      OfLongs a = (OfLongs) before;
      OfLongs b = (OfLongs) after;
      if ((a == null || a.upper() < Long.MAX_VALUE) && (b == null || b.lower() > Long.MIN_VALUE)) {
        gaps.add(
            new OfLongs(
                a == null ? Long.MIN_VALUE : a.upper() + 1,
                b == null ? Long.MAX_VALUE : b.lower() - 1));
      }
      return;
    }
    byte[] lower = before == null ? new byte[0] : ((OfBytes) before).upper();
    byte[] upper = after == null ? null : ((OfBytes) after).lower();
    if (lower != null && (upper == null || KeyBytes.compare(lower, upper) < 0)) {
      gaps.add(new OfBytes(lower, upper));
    }
  }

  /**
   * All keys of this set and more, in at most {@code max} ranges: those are made one that lie
   * closest together, as far as the first bytes tell in which they differ. O(n log n).
   *
   * @param max at least 1
   */
  public KeyRanges coarsened(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("a set of keys cannot be put in " + max + " ranges");
    }
    if (ranges.size() <= max) {
      return this;
    }
    long[] gaps = new long[ranges.size() - 1];
    int prefix = form == KeyForm.LONG ? 0 : sharedPrefix();
    for (int i = 0; i < gaps.length; i++) {
      // From here on in an order that is unsigned.
      gaps[i] = gap(ranges.get(i), ranges.get(i + 1), prefix) ^ Long.MIN_VALUE;
    }
    long[] sorted = gaps.clone();
    Arrays.sort(sorted);
    // The max - 1 widest stay; of those as wide as the last of them, the first ones.
    int more = max - 1;
    long widest = more == 0 ? Long.MAX_VALUE : sorted[gaps.length - more];
    int equal = 0;
    for (int i = gaps.length - more; i < gaps.length && sorted[i] == widest; i++) {
      equal++;
    }
    List<EncodedRange> fewer = new ArrayList<>(max);
    EncodedRange last = ranges.get(0);
    for (int i = 0; i < gaps.length; i++) {
      boolean stays = more > 0 && (gaps[i] > widest || (gaps[i] == widest && equal-- > 0));
      if (stays) {
        fewer.add(last);
        last = ranges.get(i + 1);
      } else {
        last = extend(last, ranges.get(i + 1));
      }
    }
    fewer.add(last);
    return new KeyRanges(form, fewer);
  }

  /** How many first bytes all lower bounds have in common. */
  private int sharedPrefix() {
    byte[] first = ((OfBytes) ranges.get(0)).lower();
    byte[] last = ((OfBytes) ranges.get(ranges.size() - 1)).lower();
    int mismatch = Arrays.mismatch(first, last);
    return Math.max(0, mismatch);
  }

  /** How far one range is from the next, unsigned. */
  private static long gap(EncodedRange a, EncodedRange b, int prefix) {
    if (a instanceof OfLongs x) {
      return ((OfLongs) b).lower() - x.upper();
    }
    long from = number(((OfBytes) a).upper(), prefix);
    long to = number(((OfBytes) b).lower(), prefix);
    return Long.compareUnsigned(from, to) < 0 ? to - from : 0;
  }

  private static long number(byte[] key, int from) {
    long number = 0;
    for (int i = from; i < from + Long.BYTES; i++) {
      number = number << 8 | (i < key.length ? key[i] & 0xff : 0);
    }
    return number;
  }

  /** Whether a key of the form {@link KeyForm#LONG} is in the set. */
  public boolean contains(long key) {
    return overlaps(key, key);
  }

  /** Whether a key of the form {@link KeyForm#BYTES} is in the set. */
  public boolean contains(byte[] key) {
    return overlaps(key, key);
  }

  /** Whether a key from {@code min} to {@code max}, both inclusive, may be in the set. */
  public boolean overlaps(long min, long max) {
    requireForm(KeyForm.LONG);
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (((OfLongs) ranges.get(middle)).upper() < min) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < ranges.size() && ((OfLongs) ranges.get(low)).lower() <= max;
  }

  /** Whether a key from {@code min} to {@code max}, both inclusive, may be in the set. */
  public boolean overlaps(byte[] min, byte[] max) {
    requireForm(KeyForm.BYTES);
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      byte[] upper = ((OfBytes) ranges.get(middle)).upper();
      if (upper != null && KeyBytes.compare(upper, min) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < ranges.size() && KeyBytes.compare(((OfBytes) ranges.get(low)).lower(), max) <= 0;
  }

  private void requireForm(KeyForm wanted) {
    if (form != wanted) {
      throw new IllegalArgumentException("these are keys of the form " + form + ", not " + wanted);
    }
  }

  // ---- two ranges of one form

  private static int compareLower(EncodedRange a, EncodedRange b) {
    return a instanceof OfLongs x
        ? Long.compare(x.lower(), ((OfLongs) b).lower())
        : KeyBytes.compare(((OfBytes) a).lower(), ((OfBytes) b).lower());
  }

  private static int compareUpper(EncodedRange a, EncodedRange b) {
    return a instanceof OfLongs x
        ? Long.compare(x.upper(), ((OfLongs) b).upper())
        : compareUpper(((OfBytes) a).upper(), ((OfBytes) b).upper());
  }

  private static int compareUpper(byte[] a, byte[] b) {
    if (a == null || b == null) {
      return Boolean.compare(a == null, b == null);
    }
    return KeyBytes.compare(a, b);
  }

  /** Whether {@code b}, which does not begin before {@code a}, overlaps it or follows at once. */
  private static boolean meets(EncodedRange a, EncodedRange b) {
    if (a instanceof OfLongs x) {
      return x.upper() == Long.MAX_VALUE || ((OfLongs) b).lower() <= x.upper() + 1;
    }
    byte[] upper = ((OfBytes) a).upper();
    return upper == null || KeyBytes.compare(((OfBytes) b).lower(), upper) <= 0;
  }

  private static EncodedRange extend(EncodedRange a, EncodedRange b) {
    if (compareUpper(a, b) >= 0) {
      return a;
    }
    return a instanceof OfLongs x
        ? new OfLongs(x.lower(), ((OfLongs) b).upper())
        : new OfBytes(((OfBytes) a).lower(), ((OfBytes) b).upper());
  }

  private static EncodedRange common(EncodedRange a, EncodedRange b) {
    EncodedRange from = compareLower(a, b) >= 0 ? a : b;
    EncodedRange to = compareUpper(a, b) <= 0 ? a : b;
    if (from instanceof OfLongs x) {
      long upper = ((OfLongs) to).upper();
      return x.lower() <= upper ? new OfLongs(x.lower(), upper) : null;
    }
    byte[] lower = ((OfBytes) from).lower();
    byte[] upper = ((OfBytes) to).upper();
    return upper == null || KeyBytes.compare(lower, upper) < 0 ? new OfBytes(lower, upper) : null;
  }

  /**
   * The ranges as people read them, such as {@code {(id=1)}, [(id=5), (id=9)]}; at most {@code max}
   * of them.
   */
  public String describe(KeyCodec codec, int max) {
    String shown =
        ranges.stream()
            .limit(max)
            .map(range -> RangeEncoder.describe(codec, range))
            .collect(Collectors.joining(", "));
    int more = ranges.size() - max;
    return more > 0 ? shown + ", and " + more + " more" : shown;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyRanges o && form == o.form && ranges.equals(o.ranges);
  }

  @Override
  public int hashCode() {
    return Objects.hash(form, ranges);
  }

  @Override
  public String toString() {
    return ranges.toString();
  }
}
