package io.alexstore.segment.chunk;

/**
 * What views over packed integers share: integer {@code i} is the {@code width} bits from bit
 * {@code i * width} on.
 */
abstract class PackedBase extends ChunkView {

  private final int width;
  private final long mask;

  PackedBase(ChunkOpener opener) {
    super(opener);
    width = entry.width();
    mask = (1L << width) - 1;
  }

  /** Makes the packed integers {@code [from, to]} fit to be read. */
  final void touchPacked(int from, int to) {
    if (width != 0) {
      int start = (int) (((long) from * width) >>> 3);
      int end = (int) (((long) to * width) >>> 3) + 8;
      touch(first + start, end - start);
    }
  }

  /** A packed integer that was touched. */
  final long packed(int i) {
    if (width == 0) {
      return 0;
    }
    long bit = (long) i * width;
    return file.getLong(first + (int) (bit >>> 3)) >>> (bit & 7) & mask;
  }

  /** Adds a base to packed integers. */
  final void unpack(int from, int n, long base, long[] out, int at) {
    checkRange(from, n, out.length, at);
    if (n > 0) {
      touchPacked(from, from + n - 1);
    }
    for (int i = 0; i < n; i++) {
      out[at + i] = base + packed(from + i);
    }
  }

  /** As above, the low 32 bits. */
  final void unpack(int from, int n, long base, int[] out, int at) {
    checkRange(from, n, out.length, at);
    if (n > 0) {
      touchPacked(from, from + n - 1);
    }
    for (int i = 0; i < n; i++) {
      out[at + i] = (int) (base + packed(from + i));
    }
  }
}
