package io.alexstore.segment.chunk;

import java.util.Arrays;

/**
 * The distinct values of a chunk of 64-bit or 128-bit words, in order of first appearance, and each
 * value's code: an open-addressing hash table that gives up as soon as it cannot win.
 */
final class LongDictionary {

  /** The most entries that are tried. */
  static final int MAX_SIZE = 1 << 16;

  private static final long MIX = 0x9E3779B97F4A7C15L;
  private static final long[] NO_HIGH = {};

  private long[] codes = {};
  private long[] low = new long[256];
  private long[] high = NO_HIGH;
  private int size;

  /** Codes plus 1; 0 is an empty slot. At most half full. */
  private int[] slots = new int[512];

  private int shift;

  /** The codes of the values; 0 for nulls. */
  long[] codes() {
    return codes;
  }

  /** The entries' low words. */
  long[] low() {
    return low;
  }

  /** The entries' high words. */
  long[] high() {
    return high;
  }

  /** The number of entries. */
  int size() {
    return size;
  }

  /**
   * Builds the dictionary of the first {@code n} values.
   *
   * @param highs the high words of 128-bit values, or null
   * @param width the bytes of an entry
   * @param best the bytes to stay below
   * @return whether codes and entries take fewer
   */
  boolean build(NodeBuffer buffer, long[] lows, long[] highs, int n, int width, long best) {
    int limit = limit(n, width, best);
    if (limit == 0) {
      return false;
    }
    clear();
    if (codes.length < n) {
      codes = new long[n + (n >>> 1)];
    }
    if (highs != null && high.length < low.length) {
      high = new long[low.length];
    }
    for (int i = 0; i < n; i++) {
      if (buffer.isNull(i)) {
        codes[i] = 0;
        continue;
      }
      int code = code(lows[i], highs == null ? 0 : highs[i], highs != null);
      if (code >= limit) {
        return false;
      }
      codes[i] = code;
    }
    return sizeOf(n, size, width) < best;
  }

  private static long sizeOf(int n, long entries, int width) {
    return ChunkFormat.packedSize(n, ChunkFormat.bits(entries - 1))
        + ChunkFormat.pad(entries * width);
  }

  /** The most entries with which a dictionary may still be the smallest. */
  private static int limit(int n, int width, long best) {
    int limit = 0;
    for (int bits = 0; 1 << bits <= MAX_SIZE; bits++) {
      long room = (best - 1 - ChunkFormat.packedSize(n, bits)) & -8;
      limit = (int) Math.max(limit, Math.min(1 << bits, room / width));
    }
    return limit;
  }

  private void clear() {
    int length = 512;
    size = 0;
    shift = 64 - 9;
    Arrays.fill(slots, 0, length, 0);
  }

  private int code(long lowWord, long highWord, boolean wide) {
    int mask = (1 << (64 - shift)) - 1;
    int slot = slot(lowWord, highWord);
    while (slots[slot] != 0) {
      int code = slots[slot] - 1;
      if (low[code] == lowWord && (!wide || high[code] == highWord)) {
        return code;
      }
      slot = (slot + 1) & mask;
    }
    if (size == low.length) {
      low = Arrays.copyOf(low, 2 * size);
      high = wide ? Arrays.copyOf(high, 2 * size) : high;
    }
    low[size] = lowWord;
    if (wide) {
      high[size] = highWord;
    }
    slots[slot] = ++size;
    if (2 * size > mask) {
      rehash(wide);
    }
    return size - 1;
  }

  private int slot(long lowWord, long highWord) {
    long mixed = lowWord * MIX;
    mixed ^= mixed >>> 32;
    mixed += highWord * 0xC2B2AE3D27D4EB4FL;
    return (int) ((mixed * MIX) >>> shift);
  }

  private void rehash(boolean wide) {
    shift--;
    int capacity = 1 << (64 - shift);
    if (slots.length < capacity) {
      slots = new int[capacity];
    } else {
      Arrays.fill(slots, 0, capacity, 0);
    }
    for (int code = 0; code < size; code++) {
      int slot = slot(low[code], wide ? high[code] : 0);
      while (slots[slot] != 0) {
        slot = (slot + 1) & (capacity - 1);
      }
      slots[slot] = code + 1;
    }
  }
}
