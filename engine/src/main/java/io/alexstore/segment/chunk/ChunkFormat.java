package io.alexstore.segment.chunk;

/** The constants of {@code docs/format/segment.md}, Chunks and Chunk directory entry. */
final class ChunkFormat {

  static final int ENTRY_BYTES = 96;

  static final int NONE = 0;
  static final int PLAIN = 1;
  static final int PACKED = 2;
  static final int BYTES = 3;
  static final int DICTIONARY = 4;
  static final int OFFSETS = 5;
  static final int SYMBOLS = 6;
  static final int SYMBOL_DICTIONARY = 7;
  static final int SCALED = 8;

  static final int VALIDITY = 1;
  static final int HAS_MIN = 2;
  static final int HAS_MAX = 4;
  static final int MIN_TRUNCATED = 8;
  static final int MAX_TRUNCATED = 16;
  static final int HAS_NAN = 32;

  /** The widest packed integer: one unaligned 64-bit load holds any, wherever its bits start. */
  static final int MAX_WIDTH = 56;

  /** The most symbols of a table: the codes below {@link #ESCAPE}. */
  static final int MAX_SYMBOLS = 255;

  /** The longest symbol, in bytes. */
  static final int MAX_SYMBOL_LENGTH = 8;

  /** The code that says that the next byte stands for itself. */
  static final int ESCAPE = 255;

  /** The most decimal digits behind the point of scaled doubles. */
  static final int MAX_SCALE = 18;

  /** The binary point of the slope of linear offsets. */
  static final int SLOPE_SHIFT = 20;

  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18
  };

  private ChunkFormat() {}

  /** Ten to the power of 0 to {@link #MAX_SCALE}; all are doubles exactly. */
  static double powerOfTen(int exponent) {
    return POWERS_OF_TEN[exponent];
  }

  /** The next multiple of 8. */
  static long pad(long bytes) {
    return (bytes + 7) & -8;
  }

  /** The bytes of a validity bitmap. */
  static long bitmapSize(long count) {
    return (count + 63) >>> 6 << 3;
  }

  /** The bytes of a buffer of packed integers, the 8 zero bytes at its end included. */
  static long packedSize(long count, int width) {
    return width == 0 || count == 0 ? 0 : ((count * width + 63) >>> 6 << 3) + 8;
  }

  /** The bytes of a symbol table: the symbols, then their lengths. */
  static long symbolTableSize(int symbols) {
    return 8L * symbols + pad(symbols);
  }

  /** The bits that an unsigned number needs. */
  static int bits(long unsigned) {
    return 64 - Long.numberOfLeadingZeros(unsigned);
  }
}
