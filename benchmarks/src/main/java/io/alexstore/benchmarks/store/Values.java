package io.alexstore.benchmarks.store;

import io.alexstore.benchmarks.KeyDistribution;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * Values that follow from a key and a version, so that a wrong, torn or stale one is told. They do
 * not compress, and take hardly more than a copy to make.
 *
 * <p>The first eight bytes are the key, mixed, with the version; the others are a piece of a pool
 * of random bytes, chosen by the first.
 */
final class Values {

  /** Bytes that a value has at least. */
  static final int MIN_BYTES = Long.BYTES;

  /** Bytes that a value has at most. */
  static final int MAX_BYTES = 1 << 16;

  private static final int POOL_BYTES = 1 << 18;
  private static final byte[] POOL = new byte[POOL_BYTES + MAX_BYTES];
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static {
    new SplittableRandom(17).nextBytes(POOL);
  }

  private Values() {}

  private static long base(long key) {
    return KeyDistribution.mix(key + 0x9e3779b97f4a7c15L);
  }

  private static int place(long first) {
    return (int) (KeyDistribution.mix(first) & (POOL_BYTES - 1));
  }

  /**
   * Writes a value.
   *
   * @param version at least 0
   * @param target all of it is the value: 8 to 65,536 bytes
   */
  static void fill(long key, int version, byte[] target) {
    long first = base(key) ^ version;
    LONG.set(target, 0, first);
    System.arraycopy(POOL, place(first), target, Long.BYTES, target.length - Long.BYTES);
  }

  /**
   * Which version of a key's value this is; negative if it is none. Looks at the first eight bytes
   * and the last eight, so that both ends were read.
   */
  static int version(long key, byte[] value) {
    long first = (long) LONG.get(value, 0);
    long version = first ^ base(key);
    if (version < 0 || version > Integer.MAX_VALUE) {
      return -1;
    }
    int place = place(first) - Long.BYTES;
    for (int i = Math.max(Long.BYTES, value.length - Long.BYTES); i < value.length; i++) {
      if (value[i] != POOL[place + i]) {
        return -1;
      }
    }
    return (int) version;
  }

  /** Fails unless this is some version of a key's value. */
  static void check(long key, byte[] value) {
    if (version(key, value) < 0) {
      throw new IllegalStateException("A wrong value for key " + key);
    }
  }
}
