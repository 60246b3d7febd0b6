package io.alexstore.benchmarks.store;

import io.alexstore.benchmarks.KeyDistribution;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The keys of a run, the same for every engine: first those that are loaded, then half as many that
 * are inserted later, or are asked for and absent. Knows which are there, and in which version. Not
 * thread-safe.
 */
final class Records {

  private static final long SEED = 11;

  private final long[] keys;
  private final int[] versions;
  private int size;

  private Records(long[] keys) {
    this.keys = keys;
    this.versions = new int[keys.length];
  }

  /** In random order; sequential keys in theirs. */
  static Records of(KeyDistribution distribution, int rows) {
    long[] keys = distribution.keys(rows + rows / 2);
    if (distribution != KeyDistribution.SEQUENTIAL) {
      shuffle(keys);
    }
    return new Records(keys);
  }

  /** In the order of the keys, with none besides. */
  static Records ascending(KeyDistribution distribution, int rows) {
    return new Records(distribution.keys(rows));
  }

  private static void shuffle(long[] keys) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = keys.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      long key = keys[i];
      keys[i] = keys[other];
      keys[other] = key;
    }
  }

  /** How many are there. */
  int size() {
    return size;
  }

  /** A key by its number: 0 to {@link #size} - 1 are there. */
  long key(int number) {
    return keys[number];
  }

  int version(int number) {
    return versions[number];
  }

  /** Makes the next key one that is there; gives its number. */
  int add() {
    if (size == keys.length) {
      throw new IllegalStateException("All " + size + " keys are there; there is none to insert");
    }
    return size++;
  }

  /** Gives a key's value its next version. */
  int nextVersion(int number) {
    return ++versions[number];
  }

  /** A key that is not there. */
  long absent(SplittableRandom random) {
    return keys[size + random.nextInt(keys.length - size)];
  }

  /** The keys that are there, ascending. */
  long[] sorted() {
    long[] sorted = Arrays.copyOf(keys, size);
    Arrays.parallelSort(sorted);
    return sorted;
  }
}
