package io.alexstore.segment.chunk;

import java.math.BigInteger;

/** 128-bit integers as two 64-bit words. */
final class Int128 {

  private Int128() {}

  /** The number whose two's complement has these words. */
  static BigInteger toBigInteger(long low, long high) {
    if (high == low >> 63) {
      return BigInteger.valueOf(low);
    }
    byte[] bigEndian = new byte[16];
    for (int i = 0; i < 8; i++) {
      bigEndian[7 - i] = (byte) (high >>> (8 * i));
      bigEndian[15 - i] = (byte) (low >>> (8 * i));
    }
    return new BigInteger(bigEndian);
  }

  /** The upper word of a number of at most 127 bits and sign; the lower is its long value. */
  static long high(BigInteger value) {
    return value.bitLength() <= 63 ? value.longValue() >> 63 : value.shiftRight(64).longValue();
  }

  /** Compares signed. */
  static int compare(long low1, long high1, long low2, long high2) {
    return high1 == high2 ? Long.compareUnsigned(low1, low2) : Long.compare(high1, high2);
  }
}
