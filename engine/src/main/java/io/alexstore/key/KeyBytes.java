package io.alexstore.key;

import io.alexstore.bytes.BlockBytes;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * The single codings that encoded keys are made of, and what orders keys; docs/format/key.md has
 * the layout. Values at a fixed place ({@link KeyCodec#fixedOffset}) are read with the getters
 * here.
 */
public final class KeyBytes {
  /** Follows a zero byte at the end of an escaped value. */
  static final int END = 0x01;

  /** Follows a zero byte that is part of an escaped value. */
  static final int ZERO = 0xFF;

  private KeyBytes() {}

  /** The value of a BOOLEAN key column. */
  public static boolean getBoolean(BlockBytes bytes, int offset) {
    return bytes.getByte(offset) != 0;
  }

  /** The value of a key column stored as an integer to 64 bits. */
  public static long getLong(BlockBytes bytes, int offset) {
    return flip(Long.reverseBytes(bytes.getLong(offset)));
  }

  /** The value of a FLOAT key column. */
  public static float getFloat(BlockBytes bytes, int offset) {
    return fromSortable(Integer.reverseBytes(bytes.getInt(offset)));
  }

  /** The value of a DOUBLE key column. */
  public static double getDouble(BlockBytes bytes, int offset) {
    return fromSortable(Long.reverseBytes(bytes.getLong(offset)));
  }

  /** Compares two keys of the form {@link KeyForm#BYTES}. */
  public static int compare(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b);
  }

  /** The smallest bytes that are greater than {@code key}: a zero byte appended. */
  public static byte[] next(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /**
   * The smallest bytes that are greater than all that begin with {@code prefix}.
   *
   * @return null if there are none: the prefix is empty or has only bytes 0xFF
   */
  public static byte[] successor(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
      length--;
    }
    if (length == 0) {
      return null;
    }
    byte[] result = Arrays.copyOf(prefix, length);
    result[length - 1]++;
    return result;
  }

  /** Turns signed order into unsigned order, and back. */
  static long flip(long value) {
    return value ^ Long.MIN_VALUE;
  }

  /** Bits whose unsigned order is Spark's order of floats: -0.0 is 0.0, NaN is one and largest. */
  static int sortable(float value) {
    // Adding 0.0 turns -0.0 into 0.0; floatToIntBits makes every NaN the same.
    int bits = Float.floatToIntBits(value + 0.0f);
    return bits ^ ((bits >> 31) | Integer.MIN_VALUE);
  }

  static float fromSortable(int sortable) {
    return Float.intBitsToFloat(sortable ^ ((~sortable >> 31) | Integer.MIN_VALUE));
  }

  /** Bits whose unsigned order is Spark's order of doubles: -0.0 is 0.0, NaN is one and largest. */
  static long sortable(double value) {
    long bits = Double.doubleToLongBits(value + 0.0d);
    return bits ^ ((bits >> 63) | Long.MIN_VALUE);
  }

  static double fromSortable(long sortable) {
    return Double.longBitsToDouble(sortable ^ ((~sortable >> 63) | Long.MIN_VALUE));
  }

  static void putInt128(KeyBuffer out, BigInteger value) {
    if (value.bitLength() < Long.SIZE) {
      long low = value.longValue();
      out.putLong(flip(low >> 63));
      out.putLong(low);
    } else {
      out.putLong(flip(value.shiftRight(64).longValue()));
      out.putLong(value.longValue());
    }
  }

  /** Appends bytes with their zeros escaped, without an end mark. */
  static void putEscaped(KeyBuffer out, byte[] bytes) {
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        out.put(bytes, from, i + 1 - from);
        out.put(ZERO);
        from = i + 1;
      }
    }
    out.put(bytes, from, bytes.length - from);
  }
}
