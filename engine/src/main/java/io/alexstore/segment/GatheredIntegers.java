package io.alexstore.segment;

/**
 * An integer column at a fixed place of gathered keys, put together from the gathered bits by at
 * most one shift for each run of neighbouring varying bytes. Immutable and thread-safe.
 */
final class GatheredIntegers extends KeyIntegers {
  private final GatheredKeys keys;
  private final long constant;
  private final long[] masks;
  private final int[] rights;
  private final int[] lefts;
  private final int runs;

  /**
   * @param keys the keys
   * @param offset where the column's 8 bytes start in each key
   */
  GatheredIntegers(GatheredKeys keys, int offset) {
    this.keys = keys;
    Gather gather = keys.gather();
    int n = gather.count();
    masks = new long[Long.BYTES];
    rights = new int[Long.BYTES];
    lefts = new int[Long.BYTES];
    long bits = Long.MIN_VALUE;
    for (int j = 0; j < Long.BYTES; j++) {
      bits ^= (gather.constant(offset + j) & 0xffL) << (56 - 8 * j);
    }
    int found = 0;
    for (int i = 0; i < n; i++) {
      int place = gather.place(i) - offset;
      if (place < 0 || place >= Long.BYTES) {
        continue;
      }
      int from = 8 * (n - 1 - i);
      int to = 56 - 8 * place;
      boolean joins = found > 0 && rights[found - 1] == from + 8 && lefts[found - 1] == to + 8;
      int run = joins ? found - 1 : found++;
      masks[run] = masks[run] << 8 | 0xff;
      rights[run] = from;
      lefts[run] = to;
    }
    constant = bits;
    runs = found;
  }

  @Override
  long get(int position) {
    return column(keys.gathered(position));
  }

  @Override
  void get(int position, int count, long[] target, int at) {
    keys.gathered(position, count, target, at);
    for (int i = at; i < at + count; i++) {
      target[i] = column(target[i]);
    }
  }

  private long column(long key) {
    // The key codec flips the sign bit of each integer, and gathering that of the whole.
    long gathered = key ^ Long.MIN_VALUE;
    long value = constant;
    for (int i = 0; i < runs; i++) {
      value ^= ((gathered >>> rights[i]) & masks[i]) << lefts[i];
    }
    return value;
  }
}
