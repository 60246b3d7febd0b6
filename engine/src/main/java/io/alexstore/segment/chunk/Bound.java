package io.alexstore.segment.chunk;

import java.math.BigInteger;

/**
 * A minimum or maximum as it stands in the directory: up to 16 bytes, as two little-endian words.
 *
 * @param length the number of bytes, 0 to 16
 * @param low bytes 0 to 7
 * @param high bytes 8 to 15
 */
public record Bound(int length, long low, long high) {
  /** The most bytes of a bound. */
  public static final int MAX_LENGTH = 16;

  /** Stands where there is no bound. */
  static final Bound NONE = new Bound(0, 0, 0);

  /** The first bytes, at most {@link #MAX_LENGTH}, of a value. */
  static Bound ofPrefix(byte[] bytes, int from, int length) {
    int kept = Math.min(length, MAX_LENGTH);
    long low = 0;
    long high = 0;
    for (int i = kept - 1; i >= 0; i--) {
      if (i >= 8) {
        high = high << 8 | (bytes[from + i] & 0xff);
      } else {
        low = low << 8 | (bytes[from + i] & 0xff);
      }
    }
    return new Bound(kept, low, high);
  }

  /** The 128-bit integer that the bytes are. */
  public BigInteger toBigInteger() {
    return Int128.toBigInteger(low, high);
  }

  /** The bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ((i < 8 ? low : high) >>> ((i & 7) * 8));
    }
    return bytes;
  }
}
