package io.alexstore.key;

import java.util.Arrays;
import java.util.HexFormat;

/** A range of encoded keys, never empty. Immutable. */
public sealed interface EncodedRange {

  /** Whether exactly one key is in the range. */
  boolean isPoint();

  /**
   * Keys of the form {@link KeyForm#LONG} from {@code lower} to {@code upper}, both inclusive.
   *
   * @param lower the smallest key
   * @param upper the greatest key, not less than {@code lower}
   */
  record OfLongs(long lower, long upper) implements EncodedRange {
    /** Checks the order. */
    public OfLongs {
      if (lower > upper) {
        throw new IllegalArgumentException(
            "the range from " + lower + " to " + upper + " is empty");
      }
    }

    @Override
    public boolean isPoint() {
      return lower == upper;
    }
  }

  /**
   * Keys of the form {@link KeyForm#BYTES} from a lower bound, inclusive, to an upper bound,
   * exclusive. A bound need not be a key. Callers do not change the arrays.
   */
  final class OfBytes implements EncodedRange {
    private final byte[] lower;
    private final byte[] upper;

    /**
     * @param lower the inclusive lower bound; empty if there is none
     * @param upper the exclusive upper bound; null if there is none
     */
    public OfBytes(byte[] lower, byte[] upper) {
      if (upper != null && KeyBytes.compare(lower, upper) >= 0) {
        HexFormat hex = HexFormat.of();
        throw new IllegalArgumentException(
            "the range from " + hex.formatHex(lower) + " to " + hex.formatHex(upper) + " is empty");
      }
      this.lower = lower;
      this.upper = upper;
    }

    /** The inclusive lower bound; empty if there is none. */
    public byte[] lower() {
      return lower;
    }

    /** The exclusive upper bound; null if there is none. */
    public byte[] upper() {
      return upper;
    }

    @Override
    public boolean isPoint() {
      return upper != null
          && upper.length == lower.length + 1
          && upper[lower.length] == 0
          && Arrays.equals(lower, 0, lower.length, upper, 0, lower.length);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof OfBytes o
          && Arrays.equals(lower, o.lower)
          && Arrays.equals(upper, o.upper);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(lower) + Arrays.hashCode(upper);
    }

    @Override
    public String toString() {
      HexFormat hex = HexFormat.of();
      return "["
          + hex.formatHex(lower)
          + ", "
          + (upper == null ? "+inf" : hex.formatHex(upper))
          + ")";
    }
  }
}
