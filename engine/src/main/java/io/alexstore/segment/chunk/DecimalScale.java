package io.alexstore.segment.chunk;

/**
 * Finds the least power of ten that makes all doubles of a chunk integers, if there is one: {@code
 * value == integer / 10^exponent} to the last bit. Both sides of the division are doubles exactly,
 * and division is rounded correctly, so every reader gets the same double. See {@link ScaledView}.
 */
final class DecimalScale {

  /** All integers up to this one are doubles. */
  private static final double MAX_INTEGER = 1L << 53;

  private long[] integers = {};
  private long min;
  private long max;
  private int exponent;

  /** The integers; those of nulls are {@link #min}. */
  long[] integers() {
    return integers;
  }

  /** The smallest integer. */
  long min() {
    return min;
  }

  /** The largest integer. */
  long max() {
    return max;
  }

  /** The power, 0 to 18. */
  int exponent() {
    return exponent;
  }

  /**
   * Finds the power for the first {@code n} values, not all null. Gives up at the first value that
   * is no decimal number of at most 15 digits or so.
   *
   * @param bits the doubles
   */
  boolean fit(NodeBuffer buffer, long[] bits, int n) {
    int power = 0;
    for (int i = 0; i < n; i++) {
      if (!buffer.isNull(i)) {
        double value = Double.longBitsToDouble(bits[i]);
        while (!isExact(value, power)) {
          if (++power > ChunkFormat.MAX_SCALE) {
            return false;
          }
        }
      }
    }
    exponent = power;
    return scale(buffer, bits, n);
  }

  private static boolean isExact(double value, int power) {
    double divisor = ChunkFormat.powerOfTen(power);
    double integer = Math.rint(value * divisor);
    // Told apart by bits: there is no integer -0, and no NaN.
    return Math.abs(integer) <= MAX_INTEGER
        && Double.doubleToRawLongBits((long) integer / divisor)
            == Double.doubleToRawLongBits(value);
  }

  private boolean scale(NodeBuffer buffer, long[] bits, int n) {
    if (integers.length < n) {
      integers = new long[n + (n >>> 1)];
    }
    double divisor = ChunkFormat.powerOfTen(exponent);
    min = Long.MAX_VALUE;
    max = Long.MIN_VALUE;
    for (int i = 0; i < n; i++) {
      if (!buffer.isNull(i)) {
        double value = Double.longBitsToDouble(bits[i]);
        // A power that a later value asked for may be too large for an earlier one.
        if (!isExact(value, exponent)) {
          return false;
        }
        long integer = (long) Math.rint(value * divisor);
        integers[i] = integer;
        min = Math.min(min, integer);
        max = Math.max(max, integer);
      }
    }
    for (int i = 0; i < n; i++) {
      if (buffer.isNull(i)) {
        integers[i] = min;
      }
    }
    return true;
  }
}
