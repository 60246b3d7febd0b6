package io.alexstore.segment;

import io.alexstore.alex.ByteKeys;
import io.alexstore.alex.PackedByteIndex;
import io.alexstore.bytes.BlockBytes;
import io.alexstore.key.KeyForm;

/** Keys that are byte strings, stored whole. */
final class StringKeys extends SegmentKeys {
  private final BlockBytes body;
  private final int offsets;
  private final int data;
  private final int length;
  private final ByteKeys keys;
  private final PackedByteIndex index;

  /**
   * @param offsets where the offsets of the keys start; -1 if all keys have one length
   * @param data where the keys' bytes start
   * @param length the length of all keys, if there are no offsets
   */
  StringKeys(
      BlockBytes body, int offsets, int data, int length, ByteKeys keys, PackedByteIndex index) {
    this.body = body;
    this.offsets = offsets;
    this.data = data;
    this.length = length;
    this.keys = keys;
    this.index = index;
  }

  /** Where the key at a position stands: its offset in the file {@code << 32 |} its length. */
  long range(int position) {
    if (offsets < 0) {
      return (long) (data + position * length) << 32 | length;
    }
    int size = keys.length(position);
    return (long) (data + body.getInt(offsets + 4 * position)) << 32 | size;
  }

  @Override
  long near(byte[] key, int offset, int length) {
    return -1;
  }

  @Override
  long range(int position, int count) {
    if (offsets < 0) {
      return (long) (data + position * length) << 32 | (long) count * length;
    }
    // The offsets come now, in one run, and the bytes with those of other rows.
    body.touch(offsets + 4 * position, 4 * count + 4);
    long first = range(position);
    long last = range(position + count - 1);
    return first >>> 32 << 32 | ((last >>> 32) - (first >>> 32) + (int) last);
  }

  @Override
  KeyForm form() {
    return KeyForm.BYTES;
  }

  @Override
  int find(byte[] key, int offset, int length) {
    return index.find(key, offset, length);
  }

  @Override
  int lowerBound(byte[] key, int offset, int length) {
    return index.lowerBound(key, offset, length);
  }

  @Override
  int upperBound(byte[] key, int offset, int length) {
    return index.upperBound(key, offset, length);
  }

  @Override
  void findAll(byte[] probes, int[] offsets, int count, int[] positions) {
    index.findAll(probes, offsets, 0, count, positions);
  }

  @Override
  int keyLength(int position) {
    return keys.length(position);
  }

  @Override
  void keyBytes(int position, byte[] target, int offset) {
    keys.get(position, target, offset);
  }
}
