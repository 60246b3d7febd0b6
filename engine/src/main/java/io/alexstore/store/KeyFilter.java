package io.alexstore.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Says of most keys that are not in a set that they are not, by one load: a Bloom filter whose
 * blocks are words of 64 bits (Putze, Sanders and Singler, 'Cache-, Hash- and Space-Efficient Bloom
 * Filters', WEA 2007), 10 bits for each key. As long as it holds no more keys than it was made for,
 * it is wrong about 2 % of the keys that are not in it; beyond that it is wrong more often.
 *
 * <p>Keys are known by {@link #hash}, so that one is computed for all filters that are asked.
 *
 * <p>Thread safety: one thread adds, any number ask. Who asks sees the keys that were added before
 * a volatile write that it has read; bits are never taken away, so what is added meanwhile does no
 * harm.
 */
final class KeyFilter {

  private static final int BITS_PER_KEY = 10;

  /** The largest filter, in words: beyond 13 billion keys it gets worse. */
  private static final int MAX_WORDS = 1 << 30;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long SEED = 0x9e3779b97f4a7c15L;

  private final long[] words;

  private KeyFilter(int words) {
    this.words = new long[words];
  }

  /** An empty filter for a number of keys. */
  static KeyFilter forKeys(long keys) {
    return new KeyFilter((int) (bytesFor(keys) >>> 3));
  }

  /** The bytes that a filter for a number of keys takes. */
  static long bytesFor(long keys) {
    return Math.max(1, Math.min(MAX_WORDS, (keys * BITS_PER_KEY + 63) >>> 6)) << 3;
  }

  static long hash(long key) {
    long x = (key ^ key >>> 32) * SEED;
    x = (x ^ x >>> 29) * 0xbf58476d1ce4e5b9L;
    return x ^ x >>> 32;
  }

  static long hash(byte[] key) {
    long x = key.length * SEED;
    int at = 0;
    for (; at + Long.BYTES <= key.length; at += Long.BYTES) {
      x = hash(x ^ (long) LONG.get(key, at)) + SEED;
    }
    long rest = 0;
    for (; at < key.length; at++) {
      rest = rest << Byte.SIZE | (key[at] & 0xff);
    }
    return hash(x ^ rest);
  }

  private int word(long hash) {
    return (int) (((hash >>> 32) * words.length) >>> 32);
  }

  /** Four bits; two of them may be the same. */
  private static long bits(long hash) {
    return 1L << hash | 1L << (hash >>> 6) | 1L << (hash >>> 12) | 1L << (hash >>> 18);
  }

  /**
   * Adds a key.
   *
   * @return whether it, or others that have all its bits, may have been added before
   */
  boolean add(long hash) {
    int at = word(hash);
    long bits = bits(hash);
    long word = words[at];
    if ((word & bits) == bits) {
      return true;
    }
    words[at] = word | bits;
    return false;
  }

  /** Whether a key may have been added; if not, it has not. */
  boolean mayHave(long hash) {
    long bits = bits(hash);
    return (words[word(hash)] & bits) == bits;
  }

  long memoryBytes() {
    return 16 + 8L * words.length;
  }
}
