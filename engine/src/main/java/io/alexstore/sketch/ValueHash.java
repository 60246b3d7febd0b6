package io.alexstore.sketch;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * The 64-bit hashes of values by which they are told apart in sketches. They stand in files, so
 * they never change: {@code docs/format/segment.md}, Statistics, says how they are made. Values
 * that are equal in SQL have the same hash, also where one is of a wider type than the other.
 */
public final class ValueHash {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private static final Hasher64 BYTES = Hashing.xxh3_64();

  /** The one NaN; it is told apart from all numbers. */
  private static final long NAN = 0x7ff8000000000000L;

  private ValueHash() {}

  /** Of a boolean (0 or 1), an integer, or the like: SplitMix64's step from this state. */
  public static long ofLong(long value) {
    long z = value + GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Of a float or double; the two zeros are one, and so are all NaNs. */
  public static long ofDouble(double value) {
    return ofLong(Double.isNaN(value) ? NAN : Double.doubleToRawLongBits(value + 0.0));
  }

  /** Of a 128-bit integer; that of {@link #ofLong} where it fits 64 bits. */
  public static long ofInt128(long low, long high) {
    return high == low >> 63 ? ofLong(low) : ofLong(ofLong(low) + high);
  }

  /** Of bytes, or of a string's UTF-8: XXH3 with 64 bits, seed 0. */
  public static long ofBytes(byte[] bytes, int offset, int length) {
    return BYTES.hashBytesToLong(bytes, offset, length);
  }
}
