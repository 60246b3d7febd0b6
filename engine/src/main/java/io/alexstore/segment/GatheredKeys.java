package io.alexstore.segment;

import io.alexstore.alex.LongKeys;
import io.alexstore.alex.PackedLongIndex;
import io.alexstore.key.KeyForm;

/**
 * Keys that are byte strings of one length, stored and searched as integers; see {@link Gather}.
 */
final class GatheredKeys extends SegmentKeys {
  private static final int BATCH = 64;
  private static final ThreadLocal<long[]> PROBES = ThreadLocal.withInitial(() -> new long[BATCH]);
  private static final ThreadLocal<int[]> FOUND = ThreadLocal.withInitial(() -> new int[BATCH]);

  private final LongKeys keys;
  private final PackedLongIndex index;
  private final Gather gather;

  GatheredKeys(LongKeys keys, PackedLongIndex index, Gather gather) {
    this.keys = keys;
    this.index = index;
    this.gather = gather;
  }

  /** How keys are gathered. */
  Gather gather() {
    return gather;
  }

  /** The integer that stands for the key at a position. */
  long gathered(int position) {
    return keys.get(position);
  }

  /** Copies the integers that stand for the keys of a run of positions. */
  void gathered(int position, int count, long[] target, int at) {
    keys.get(position, count, target, at);
  }

  @Override
  KeyForm form() {
    return KeyForm.BYTES;
  }

  @Override
  int find(byte[] key, int offset, int length) {
    return gather.matches(key, offset, length) ? index.find(gather.gather(key, offset)) : -1;
  }

  @Override
  long near(byte[] key, int offset, int length) {
    return gather.matches(key, offset, length)
        ? near(keys, index.predict(gather.gather(key, offset)))
        : -1;
  }

  @Override
  long range(int position, int count) {
    return keys.range(position, count);
  }

  @Override
  int lowerBound(byte[] key, int offset, int length) {
    int deviation = gather.deviation(key, offset, length);
    if (deviation == length && length == gather.length()) {
      return index.lowerBound(gather.gather(key, offset));
    }
    return beside(key, offset, length, deviation);
  }

  @Override
  int upperBound(byte[] key, int offset, int length) {
    int deviation = gather.deviation(key, offset, length);
    if (deviation == length && length == gather.length()) {
      return index.upperBound(gather.gather(key, offset));
    }
    return beside(key, offset, length, deviation);
  }

  /** The first key above a probe that equals none. */
  private int beside(byte[] key, int offset, int length, int deviation) {
    return gather.isBelow(key, offset, length, deviation)
        ? index.upperBound(gather.fill(key, offset, deviation, 0xff))
        : index.lowerBound(gather.fill(key, offset, deviation, 0));
  }

  @Override
  void findAll(byte[] probes, int[] offsets, int count, int[] positions) {
    long[] gathered = PROBES.get();
    int[] found = FOUND.get();
    for (int from = 0; from < count; from += BATCH) {
      int size = Math.min(BATCH, count - from);
      long matching = 0;
      int n = 0;
      for (int i = 0; i < size; i++) {
        int offset = offsets[from + i];
        if (gather.matches(probes, offset, offsets[from + i + 1] - offset)) {
          matching |= 1L << i;
          gathered[n++] = gather.gather(probes, offset);
        }
      }
      index.findAll(gathered, 0, n, found);
      n = 0;
      for (int i = 0; i < size; i++) {
        positions[from + i] = (matching >>> i & 1) != 0 ? found[n++] : -1;
      }
    }
  }

  @Override
  int keyLength(int position) {
    return gather.length();
  }

  @Override
  void keyBytes(int position, byte[] target, int offset) {
    gather.scatter(keys.get(position), target, offset);
  }
}
