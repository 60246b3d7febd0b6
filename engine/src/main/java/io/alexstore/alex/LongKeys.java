package io.alexstore.alex;

import io.alexstore.bytes.BlockBytes;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A region of sorted 64-bit keys: entries of 1 to 8 bytes, each an unsigned offset from the
 * smallest key. Equal keys may follow one another.
 *
 * <p>Every width is read by one 8-byte load and a mask, so 8 readable bytes must follow the region.
 *
 * <p>Thread safety: safe for any number of threads. Nothing here allocates.
 */
public final class LongKeys {

  private final BlockBytes bytes;
  private final ByteBuffer buffer;
  private final int regionOffset;
  private final int width;
  private final long mask;
  private final long base;
  private final int count;

  /**
   * @param bytes the bytes that the region stands in
   * @param regionOffset where the region starts
   * @param width the bytes of an entry, 1 to 8
   * @param base the smallest key, which an entry of 0 stands for
   * @param count the number of keys
   * @throws IllegalArgumentException if the width is not 1 to 8
   * @throws IndexOutOfBoundsException if the region and its 8 bytes of padding leave the bytes
   */
  public LongKeys(BlockBytes bytes, int regionOffset, int width, long base, int count) {
    if (width < 1 || width > 8) {
      throw new IllegalArgumentException("The width of a 64-bit key must be 1 to 8, not " + width);
    }
    Objects.checkFromIndexSize(regionOffset, (long) count * width + 8, (long) bytes.size());
    this.bytes = bytes;
    this.buffer = bytes.buffer();
    this.regionOffset = regionOffset;
    this.width = width;
    this.mask = width == 8 ? -1L : (1L << (8 * width)) - 1;
    this.base = base;
    this.count = count;
  }

  /** The number of keys. */
  public int count() {
    return count;
  }

  /** The smallest key that the region can hold. */
  public long base() {
    return base;
  }

  /** The key at a position from 0 to {@link #count()} - 1. */
  public long get(int position) {
    touch(position, 1);
    return key(position);
  }

  /** Copies the {@code length} keys from a position on to {@code target} from {@code at} on. */
  public void get(int position, int length, long[] target, int at) {
    Objects.checkFromIndexSize(position, length, count);
    touch(position, length);
    for (int i = 0; i < length; i++) {
      target[at + i] = key(position + i);
    }
  }

  /** Where a run of keys stands: its offset in the bytes {@code << 32 |} its length. */
  public long range(int position, int length) {
    return (long) (regionOffset + position * width) << 32 | (long) length * width;
  }

  /** The bytes of an entry. */
  int width() {
    return width;
  }

  /** Makes a run of keys fit to be read. */
  void touch(int position, int length) {
    bytes.touch(regionOffset + position * width, length * width);
  }

  /** The key at a position that was touched. */
  long key(int position) {
    return base + entry(position);
  }

  /** The unsigned distance from the base to the key at a position that was touched. */
  long entry(int position) {
    return buffer.getLong(regionOffset + position * width) & mask;
  }
}
