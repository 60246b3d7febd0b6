package io.alexstore.alex;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Distributions of 64-bit keys, from the kindest to the most hostile. */
enum LongKeySet {
  UNIFORM {
    @Override
    long[] draw(int n, SplittableRandom random) {
      return random.longs(n).toArray();
    }
  },
  UNIFORM_32_BITS {
    @Override
    long[] draw(int n, SplittableRandom random) {
      return random.longs(n, -(1L << 31), 1L << 31).toArray();
    }
  },
  SEQUENTIAL {
    @Override
    long[] draw(int n, SplittableRandom random) {
      long first = random.nextLong(1L << 40);
      long[] keys = new long[n];
      Arrays.setAll(keys, i -> first + i);
      return keys;
    }
  },
  RUNS_WITH_HOLES {
    @Override
    long[] draw(int n, SplittableRandom random) {
      return walk(n, () -> random.nextInt(1000) == 0 ? random.nextLong(1, 1 << 20) : 1);
    }
  },
  LOGNORMAL {
    @Override
    long[] draw(int n, SplittableRandom random) {
      long[] keys = new long[n];
      Arrays.setAll(keys, i -> (long) (Math.exp(2 * gaussian(random)) * 1e9));
      return keys;
    }
  },
  CLUSTERED {
    @Override
    long[] draw(int n, SplittableRandom random) {
      // Cells of a quadtree, as OpenStreetMap points fall into them: towns in regions.
      long[] keys = new long[n];
      int towns = Math.max(1, n / 1000);
      long[] town = new long[towns];
      for (int i = 0; i < towns; i++) {
        long region = (long) (random.nextDouble() * random.nextDouble() * 64) << 57;
        town[i] = region + (long) (Math.abs(gaussian(random)) * 0x1p52);
      }
      for (int i = 0; i < n; i++) {
        int t = (int) (towns * Math.pow(random.nextDouble(), 3));
        keys[i] = town[t] + (long) (gaussian(random) * 0x1p30 * (1 + t % 100));
      }
      return keys;
    }
  },
  ZIPF_GAPS {
    @Override
    long[] draw(int n, SplittableRandom random) {
      return walk(n, () -> (long) Math.min(1e11, Math.pow(1 - random.nextDouble(), -1.25)));
    }
  },
  ONE_OUTLIER {
    @Override
    long[] draw(int n, SplittableRandom random) {
      long[] keys = random.longs(n, 0, 1L << 40).toArray();
      keys[0] = Long.MAX_VALUE;
      return keys;
    }
  },
  BOTH_ENDS {
    @Override
    long[] draw(int n, SplittableRandom random) {
      long[] keys = new long[n];
      Arrays.setAll(keys, i -> (i & 1) == 0 ? Long.MIN_VALUE + i : Long.MAX_VALUE - i);
      return keys;
    }
  },
  EXPONENTIAL {
    @Override
    long[] draw(int n, SplittableRandom random) {
      long[] keys = new long[n];
      Arrays.setAll(keys, i -> (long) Math.pow(2, 62.9 * i / n) + i);
      return keys;
    }
  },
  POWERS_OF_POWERS {
    @Override
    long[] draw(int n, SplittableRandom random) {
      // Each level of the tree finds almost all keys in its first slot.
      long[] keys = new long[n];
      for (int i = 0; i < n; i++) {
        double u = random.nextDouble();
        keys[i] = (long) Math.pow(2, 62.9 * Math.pow(u, 0.1 + 10 * random.nextDouble()));
      }
      return keys;
    }
  },
  FEW_VALUES {
    @Override
    long[] draw(int n, SplittableRandom random) {
      long[] values = random.longs(Math.max(1, n / 50)).toArray();
      long[] keys = new long[n];
      Arrays.setAll(keys, i -> values[random.nextInt(values.length)]);
      return keys;
    }
  },
  ONE_VALUE {
    @Override
    long[] draw(int n, SplittableRandom random) {
      long[] keys = new long[n];
      Arrays.fill(keys, random.nextLong());
      return keys;
    }
  };

  abstract long[] draw(int n, SplittableRandom random);

  /** Sorted keys; equal ones stay. */
  long[] sorted(int n, long seed) {
    long[] keys = draw(n, new SplittableRandom(seed));
    Arrays.sort(keys);
    return keys;
  }

  /** The bytes of an entry that hold every distance from the first key. */
  static int width(long[] keys) {
    long span = keys.length == 0 ? 0 : keys[keys.length - 1] - keys[0];
    return Math.max(1, (71 - Long.numberOfLeadingZeros(span)) / 8);
  }

  /** The region of sorted keys, with its padding. */
  static ByteBuffer region(long[] keys, int width, boolean direct) {
    int size = keys.length * width + 8;
    ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < keys.length; i++) {
      // The bytes above the width are overwritten by the next key.
      buffer.putLong(i * width, keys[i] - keys[0]);
    }
    buffer.putLong(keys.length * width, 0);
    return buffer;
  }

  private static double gaussian(SplittableRandom random) {
    double u = 1 - random.nextDouble();
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
  }

  private static long[] walk(int n, java.util.function.LongSupplier gap) {
    long[] keys = new long[n];
    long key = -1L << 40;
    for (int i = 0; i < n; i++) {
      keys[i] = key;
      key += gap.getAsLong();
    }
    return keys;
  }
}
