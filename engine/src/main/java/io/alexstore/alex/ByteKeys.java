package io.alexstore.alex;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A region of sorted byte strings, which are compared as unsigned bytes; of two strings of which
 * one starts with the other, the shorter is the smaller. Equal keys may follow one another.
 *
 * <p>Thread safety: safe for any number of threads. Nothing here allocates, but for an error.
 */
public final class ByteKeys {

  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final BlockBytes bytes;
  private final int size;

  /** Where the n + 1 offsets of the keys stand; -1 if all keys are of one length. */
  private final int offsetsOffset;

  private final int dataOffset;
  private final int width;
  private final int count;

  private ByteKeys(BlockBytes bytes, int offsetsOffset, int dataOffset, int width, int count) {
    this.bytes = bytes;
    this.size = bytes.size();
    this.offsetsOffset = offsetsOffset;
    this.dataOffset = dataOffset;
    this.width = width;
    this.count = count;
  }

  /**
   * Keys of one length, side by side.
   *
   * @param dataOffset where the first key starts
   * @param width the bytes of a key, from 0
   * @throws IndexOutOfBoundsException if the keys leave the bytes
   */
  public static ByteKeys fixed(BlockBytes bytes, int dataOffset, int width, int count) {
    Objects.checkIndex(width, Integer.MAX_VALUE);
    Objects.checkFromIndexSize(dataOffset, (long) count * width, (long) bytes.size());
    return new ByteKeys(bytes, -1, dataOffset, width, count);
  }

  /**
   * Keys of any length.
   *
   * @param offsetsOffset where {@code count + 1} u32 offsets start: key i is the bytes from offset
   *     i to offset i + 1
   * @param dataOffset where the bytes start that the offsets count
   * @throws IndexOutOfBoundsException if the offsets leave the bytes
   */
  public static ByteKeys variable(BlockBytes bytes, int offsetsOffset, int dataOffset, int count) {
    Objects.checkFromIndexSize(offsetsOffset, ((long) count + 1) * 4, (long) bytes.size());
    Objects.checkFromIndexSize(dataOffset, 0, bytes.size());
    return new ByteKeys(bytes, offsetsOffset, dataOffset, 0, count);
  }

  /** The number of keys. */
  public int count() {
    return count;
  }

  /** The bytes of the key at a position. */
  public int length(int position) {
    return (int) (span(position) >>> 32);
  }

  /** Copies the key at a position into {@code target}, which must have room for its length. */
  public void get(int position, byte[] target, int targetOffset) {
    long span = span(position);
    int length = (int) (span >>> 32);
    bytes.touch((int) span, length);
    bytes.get((int) span, target, targetOffset, length);
  }

  /**
   * Compares the key at a position with a probe.
   *
   * @return below 0, 0 or above 0, as the key is below, equal to or above the probe
   */
  public int compare(int position, byte[] probe, int offset, int length) {
    long span = span(position);
    int start = (int) span;
    int keyLength = (int) (span >>> 32);
    int common = Math.min(keyLength, length);
    bytes.touch(start, common);
    int i = 0;
    for (; i <= common - 8; i += 8) {
      long a = Long.reverseBytes(bytes.getLong(start + i));
      long b = (long) BIG_ENDIAN_LONG.get(probe, offset + i);
      if (a != b) {
        return Long.compareUnsigned(a, b);
      }
    }
    for (; i < common; i++) {
      int a = bytes.getByte(start + i) & 0xff;
      int b = probe[offset + i] & 0xff;
      if (a != b) {
        return a - b;
      }
    }
    return Integer.compare(keyLength, length);
  }

  /** The bytes of all keys together. */
  long size() {
    if (offsetsOffset < 0) {
      return (long) count * width;
    }
    return count == 0 ? 0 : (span(count - 1) & 0xffffffffL) + length(count - 1) - dataOffset;
  }

  /** How many bytes the keys at two positions have in common from their start. */
  int commonPrefix(int position, int other) {
    long span = span(position);
    long otherSpan = span(other);
    int common = (int) Math.min(span >>> 32, otherSpan >>> 32);
    bytes.touch((int) span, common);
    bytes.touch((int) otherSpan, common);
    int i = 0;
    while (i < common && bytes.getByte((int) span + i) == bytes.getByte((int) otherSpan + i)) {
      i++;
    }
    return i;
  }

  /**
   * The model's view of the key at a position: the 8 bytes after the first {@code skip} as an
   * unsigned big-endian number, padded with zeros, without its lowest bit. Never negative, and
   * never falls from one key to the next among keys that agree in the skipped bytes.
   */
  long feature(int position, int skip) {
    long span = span(position);
    int start = (int) span + skip;
    int left = (int) (span >>> 32) - skip;
    if (left <= 0) {
      return 0;
    }
    bytes.touch(start, Math.min(left, 8));
    if (start <= size - 8) {
      long word = Long.reverseBytes(bytes.getLong(start));
      return (left >= 8 ? word : word & (-1L << (64 - 8 * left))) >>> 1;
    }
    long word = 0;
    for (int i = 0; i < 8; i++) {
      word = word << 8 | (i < left ? bytes.getByte(start + i) & 0xff : 0);
    }
    return word >>> 1;
  }

  /** The same view of a probe. */
  static long feature(byte[] probe, int offset, int length, int skip) {
    int left = length - skip;
    if (left <= 0) {
      return 0;
    }
    int start = offset + skip;
    if (start <= probe.length - 8) {
      long word = (long) BIG_ENDIAN_LONG.get(probe, start);
      return (left >= 8 ? word : word & (-1L << (64 - 8 * left))) >>> 1;
    }
    long word = 0;
    for (int i = 0; i < 8; i++) {
      word = word << 8 | (i < left ? probe[start + i] & 0xff : 0);
    }
    return word >>> 1;
  }

  /** Brings the start of the key at a position near; the sum of what was read, so that it is. */
  long prefetch(int position) {
    long span = span(position);
    return span >>> 32 == 0 ? 0 : bytes.getByte((int) span);
  }

  /** Where a key starts, in the low 32 bits, and its length, in the high 32. */
  private long span(int position) {
    if (offsetsOffset < 0) {
      return (long) width << 32 | (dataOffset + position * width);
    }
    int at = offsetsOffset + position * 4;
    bytes.touch(at, 8);
    long pair = bytes.getLong(at);
    long start = pair & 0xffffffffL;
    long end = pair >>> 32;
    if (start > end || end > size - dataOffset) {
      throw new CorruptFileException(
          "(key region)",
          at,
          "key " + position + " should be bytes " + start + " to " + end + " of its region");
    }
    return (end - start) << 32 | (dataOffset + start);
  }
}
