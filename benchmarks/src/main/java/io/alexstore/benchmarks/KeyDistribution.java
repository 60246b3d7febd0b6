package io.alexstore.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/** How the keys of a data set are spread. Each gives the same keys for the same size. */
public enum KeyDistribution {

  /** Uniform over the whole int64. */
  UNIFORM {
    @Override
    long draw(SplittableRandom random) {
      return random.nextLong();
    }
  },

  /** exp(N(0, 2)) scaled by 1e9, as in the ALEX paper: dense at the small end, a long thin tail. */
  LOGNORMAL {
    @Override
    long draw(SplittableRandom random) {
      return (long) (Math.exp(2 * random.nextGaussian()) * 1e9);
    }
  },

  /** 1, 2, 3, ...: what an identity column gives. */
  SEQUENTIAL {
    @Override
    long draw(SplittableRandom random) {
      throw new UnsupportedOperationException("sequential keys are not drawn");
    }
  },

  /**
   * Clustered like the cell ids of OpenStreetMap features: a point is placed by going down a
   * quadtree whose four parts have uneven shares at every level, so there are clusters within
   * clusters and most of the space is empty.
   */
  CLUSTERED {
    @Override
    long draw(SplittableRandom random) {
      long cell = 1;
      for (int level = 0; level < CLUSTER_LEVELS; level++) {
        int share = random.nextInt(100);
        int rotation = (int) (mix(cell) >>> 62);
        int part = share < 55 ? 0 : share < 80 ? 1 : share < 95 ? 2 : 3;
        cell = cell << 2 | ((part + rotation) & 3);
      }
      int low = 62 - 2 * CLUSTER_LEVELS;
      return (cell & ((1L << (2 * CLUSTER_LEVELS)) - 1)) << low | random.nextLong(1L << low);
    }
  };

  private static final int CLUSTER_LEVELS = 18;
  private static final long SEED = 20200614; // the month ALEX was presented

  /** One key, maybe one that was drawn before. */
  abstract long draw(SplittableRandom random);

  /**
   * The first {@code n} distinct keys of the distribution, ascending.
   *
   * @param n how many, at least 1
   */
  public long[] keys(int n) {
    long[] keys = new long[n];
    if (this == SEQUENTIAL) {
      Arrays.setAll(keys, i -> i + 1L);
      return keys;
    }
    SplittableRandom random = new SplittableRandom(SEED + n);
    int distinct = 0;
    while (distinct < n) {
      for (int i = distinct; i < n; i++) {
        keys[i] = draw(random);
      }
      Arrays.parallelSort(keys);
      distinct = 1;
      for (int i = 1; i < n; i++) {
        if (keys[i] != keys[distinct - 1]) {
          keys[distinct++] = keys[i];
        }
      }
    }
    return keys;
  }

  /** Spreads the bits of a number: the finalizer of MurmurHash3. */
  public static long mix(long x) {
    x = (x ^ (x >>> 33)) * 0xff51afd7ed558ccdL;
    x = (x ^ (x >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return x ^ (x >>> 33);
  }
}
