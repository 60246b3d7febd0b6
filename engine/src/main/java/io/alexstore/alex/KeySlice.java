package io.alexstore.alex;

import java.util.Arrays;

/**
 * Seven bytes of a key as a 64-bit number whose signed order is the bytes' order. The lowest byte
 * tells how many bytes of the key are left there, up to {@value #MORE}, which stands for more than
 * seven: so a key that ends is below all that go on, and only keys of which more is left share a
 * slice.
 */
final class KeySlice {

  /** The bytes of a key in a slice. */
  static final int BYTES = 7;

  /** What the lowest byte of a slice says that a key goes on behind. */
  static final int MORE = 8;

  private KeySlice() {}

  /** The slice of a key that starts at one of its bytes, or at its end. */
  static long of(byte[] key, int at) {
    int left = key.length - at;
    long slice = 0;
    for (int i = 0; i < BYTES; i++) {
      slice = slice << 8 | (i < left ? key[at + i] & 0xff : 0);
    }
    return (slice << 8 | Math.min(left, MORE)) ^ Long.MIN_VALUE;
  }

  /** Whether keys with this slice go on behind it. */
  static boolean goesOn(long slice) {
    return (slice & 0xff) == MORE;
  }

  /** A key: some bytes of another, a slice, and what comes behind. */
  static byte[] join(byte[] prefix, int length, long slice, byte[] rest) {
    int sliced = Math.min(BYTES, (int) (slice & 0xff));
    byte[] key = Arrays.copyOf(prefix, length + sliced + rest.length);
    for (int i = 0; i < sliced; i++) {
      key[length + i] = (byte) ((slice ^ Long.MIN_VALUE) >>> (56 - 8 * i));
    }
    System.arraycopy(rest, 0, key, length + sliced, rest.length);
    return key;
  }
}
