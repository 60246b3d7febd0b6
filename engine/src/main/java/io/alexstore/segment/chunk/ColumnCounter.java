package io.alexstore.segment.chunk;

import io.alexstore.sketch.DistinctSketch;
import io.alexstore.sketch.ValueHash;
import java.util.Arrays;

/**
 * Gathers, chunk by chunk, which distinct values a column has and how long they are. A chunk whose
 * distinct values are known already, as entries of a dictionary, costs only these. Not thread-safe.
 */
public final class ColumnCounter {

  /** Values are marked in a bit set if its range is at most so many times smaller than they are. */
  private static final int DENSE = 4;

  private final DistinctSketch sketch = new DistinctSketch();
  private long[] seen = {};
  private long length;
  private int maxLength;

  /** The distinct values. */
  public DistinctSketch sketch() {
    return sketch;
  }

  /** The sum of the lengths of strings or binary values, in bytes. */
  public long length() {
    return length;
  }

  /** The greatest length of a string or binary value, in bytes. */
  public int maxLength() {
    return maxLength;
  }

  /** Integers, each of them once. */
  void integers(long[] entries, int n) {
    for (int i = 0; i < n; i++) {
      sketch.add(ValueHash.ofLong(entries[i]));
    }
  }

  /** Integers with nulls, of a range. */
  void integers(NodeBuffer nulls, boolean hasNulls, long[] values, int n, long min, long max) {
    long range = max - min;
    if (range >= 0 && range < n / DENSE) {
      dense(nulls, hasNulls, values, n, min, (int) range);
      return;
    }
    for (int i = 0; i < n; i++) {
      if (!hasNulls || !nulls.isNull(i)) {
        sketch.add(ValueHash.ofLong(values[i]));
      }
    }
  }

  private void dense(
      NodeBuffer nulls, boolean hasNulls, long[] values, int n, long min, int range) {
    int words = (range >>> 6) + 1;
    if (seen.length < words) {
      seen = new long[words];
    } else {
      Arrays.fill(seen, 0, words, 0);
    }
    for (int i = 0; i < n; i++) {
      if (!hasNulls || !nulls.isNull(i)) {
        int place = (int) (values[i] - min);
        seen[place >>> 6] |= 1L << place;
      }
    }
    for (int word = 0; word < words; word++) {
      for (long bits = seen[word]; bits != 0; bits &= bits - 1) {
        long place = ((long) word << 6) + Long.numberOfTrailingZeros(bits);
        sketch.add(ValueHash.ofLong(min + place));
      }
    }
  }

  /** Floats or doubles by their bits, each of them once. */
  void floats(boolean single, long[] entries, int n) {
    for (int i = 0; i < n; i++) {
      sketch.add(floating(single, entries[i]));
    }
  }

  /** Floats or doubles by their bits, with nulls. */
  void floats(NodeBuffer nulls, boolean hasNulls, boolean single, long[] values, int n) {
    for (int i = 0; i < n; i++) {
      if (!hasNulls || !nulls.isNull(i)) {
        sketch.add(floating(single, values[i]));
      }
    }
  }

  private static long floating(boolean single, long bits) {
    return ValueHash.ofDouble(
        single ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits));
  }

  /** 128-bit integers, each of them once. */
  void wide(long[] low, long[] high, int n) {
    for (int i = 0; i < n; i++) {
      sketch.add(ValueHash.ofInt128(low[i], high[i]));
    }
  }

  /** 128-bit integers with nulls. */
  void wide(NodeBuffer nulls, boolean hasNulls, long[] low, long[] high, int n) {
    for (int i = 0; i < n; i++) {
      if (!hasNulls || !nulls.isNull(i)) {
        sketch.add(ValueHash.ofInt128(low[i], high[i]));
      }
    }
  }

  /** Strings or binary values, each of them once. */
  void bytes(byte[] data, BytesDictionary entries) {
    for (int code = 0; code < entries.size(); code++) {
      sketch.add(ValueHash.ofBytes(data, entries.start(code), entries.length(code)));
    }
  }

  /** Strings or binary values with nulls; {@code ends} is where each ends in {@code data}. */
  void bytes(NodeBuffer nulls, boolean hasNulls, byte[] data, int[] ends, int n) {
    int start = 0;
    for (int i = 0; i < n; i++) {
      if (!hasNulls || !nulls.isNull(i)) {
        sketch.add(ValueHash.ofBytes(data, start, ends[i] - start));
      }
      start = ends[i];
    }
  }

  /** The lengths of strings or binary values; nulls have none. */
  void lengths(int[] ends, int n) {
    int start = 0;
    int most = maxLength;
    for (int i = 0; i < n; i++) {
      most = Math.max(most, ends[i] - start);
      start = ends[i];
    }
    maxLength = most;
    length += start;
  }
}
