package io.alexstore.segment;

import io.alexstore.alex.LongKeys;
import io.alexstore.alex.PackedLongIndex;
import io.alexstore.key.KeyForm;

/** Keys that are 64-bit integers. */
final class IntKeys extends SegmentKeys {
  private final LongKeys keys;
  private final PackedLongIndex index;

  IntKeys(LongKeys keys, PackedLongIndex index) {
    this.keys = keys;
    this.index = index;
  }

  @Override
  KeyForm form() {
    return KeyForm.LONG;
  }

  @Override
  int find(long key) {
    return index.find(key);
  }

  @Override
  int lowerBound(long key) {
    return index.lowerBound(key);
  }

  @Override
  int upperBound(long key) {
    return index.upperBound(key);
  }

  @Override
  void findAll(long[] probes, int from, int count, int[] positions) {
    index.findAll(probes, from, count, positions);
  }

  @Override
  long longKey(int position) {
    return keys.get(position);
  }

  /** Copies the keys of a run of positions. */
  void longKeys(int position, int count, long[] target, int at) {
    keys.get(position, count, target, at);
  }
}
