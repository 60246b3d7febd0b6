package io.alexstore.alex;

import java.util.SplittableRandom;

/** Orders in which keys come, kind and hostile. */
enum LongWorkload {
  UNIFORM {
    @Override
    long key(int i, SplittableRandom random) {
      return random.nextLong();
    }
  },
  SMALL_RANGE {
    @Override
    long key(int i, SplittableRandom random) {
      return random.nextLong(-5000, 5000);
    }
  },
  ASCENDING {
    @Override
    long key(int i, SplittableRandom random) {
      return i;
    }
  },
  DESCENDING {
    @Override
    long key(int i, SplittableRandom random) {
      return -3L * i;
    }
  },
  ONE_GAP {
    @Override
    long key(int i, SplittableRandom random) {
      // Two sparse rows of keys, then all between two neighbours, from both sides inwards.
      return i < 2000 ? (i - 1000L) << 50 : (i & 1) == 0 ? i : (1L << 50) - i;
    }
  },
  HALVING {
    @Override
    long key(int i, SplittableRandom random) {
      // Each run of keys falls into the first thousandth of the range of the one before.
      return (random.nextLong() >>> 1) >>> Math.min(50, i / 1500);
    }
  },
  EXPONENTIAL {
    @Override
    long key(int i, SplittableRandom random) {
      return random.nextLong(1L << random.nextInt(1, 63)) * (random.nextBoolean() ? 1 : -1);
    }
  },
  RUN_AND_OUTLIERS {
    @Override
    long key(int i, SplittableRandom random) {
      return switch (i % 5000) {
        case 4998 -> Long.MAX_VALUE - random.nextInt(2);
        case 4999 -> Long.MIN_VALUE + random.nextInt(2);
        default -> 1_000_000 + random.nextInt(100_000);
      };
    }
  },
  CLUSTERED {
    @Override
    long key(int i, SplittableRandom random) {
      long cell = 0;
      for (int level = 0; level < 20; level++) {
        cell = cell << 3 | Math.min(7, random.nextInt(8) * random.nextInt(8) / 6);
      }
      return cell << 4 | random.nextInt(16);
    }
  },
  TWO_APPENDERS {
    @Override
    long key(int i, SplittableRandom random) {
      return ((i & 1L) << 62) + i;
    }
  };

  /** The key of the i-th write. */
  abstract long key(int i, SplittableRandom random);
}
