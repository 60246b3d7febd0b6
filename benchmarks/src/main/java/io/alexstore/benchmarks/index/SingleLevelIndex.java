package io.alexstore.benchmarks.index;

/**
 * The project's first form of a learned index, for comparison: one line over all leaves, and a line
 * in each leaf. The leaf that the line names is only where the search for the leaf begins, and so
 * it is with the key within its leaf. Built from sorted keys, never changed.
 */
final class SingleLevelIndex {

  private static final int LEAF_KEYS = 512;

  private final long[] keys;
  private final long[] values;

  /** The first key of each leaf. */
  private final long[] firsts;

  /** By leaf: the slope of its line, in ranks for each unit of key. */
  private final double[] slopes;

  private final long base;
  private final double slope;
  private final double intercept;

  SingleLevelIndex(long[] sorted, long[] values) {
    this.keys = sorted.clone();
    this.values = values.clone();
    int leaves = Math.max(1, (sorted.length + LEAF_KEYS - 1) / LEAF_KEYS);
    firsts = new long[leaves];
    slopes = new double[leaves];
    for (int i = 0; i < leaves; i++) {
      int from = i * LEAF_KEYS;
      int last = Math.min(sorted.length, from + LEAF_KEYS) - 1;
      firsts[i] = sorted[from];
      slopes[i] = (last - from) / Math.max(1, (double) sorted[last] - (double) sorted[from]);
    }
    base = sorted[sorted.length / 2];
    double sumX = 0;
    double sumXx = 0;
    double sumXy = 0;
    double unit = 1 / Math.max(1, (double) sorted[sorted.length - 1] - (double) sorted[0]);
    for (int i = 0; i < leaves; i++) {
      double x = ((double) firsts[i] - (double) base) * unit;
      sumX += x;
      sumXx += x * x;
      sumXy += x * i;
    }
    double mean = (leaves - 1) / 2.0;
    double variance = sumXx - sumX * sumX / leaves;
    double steep = variance > 0 ? (sumXy - sumX * mean) / variance : 0;
    slope = steep * unit;
    intercept = mean - steep * sumX / leaves;
  }

  int leaves() {
    return firsts.length;
  }

  long memoryBytes() {
    return 16L * keys.length + 16L * firsts.length;
  }

  /** The value of a key, or -1. */
  long get(long key) {
    int leaf = (int) (intercept + slope * ((double) key - (double) base));
    int at = lastAtMost(firsts, 0, firsts.length, leaf, key);
    if (at < 0) {
      return -1;
    }
    int from = at * LEAF_KEYS;
    int to = Math.min(keys.length, from + LEAF_KEYS);
    int expected = from + (int) (slopes[at] * ((double) key - (double) firsts[at]));
    int found = lastAtMost(keys, from, to, expected, key);
    return found >= 0 && keys[found] == key ? values[found] : -1;
  }

  /** The last place of {@code [from, to)} whose number is at most a key, by exponential search. */
  private static int lastAtMost(long[] sorted, int from, int to, int expected, long key) {
    int start = Math.max(from, Math.min(expected, to - 1));
    int low = from;
    int high = to;
    if (sorted[start] <= key) {
      low = start;
      for (int step = 1; low + step < to; step <<= 1) {
        if (sorted[low + step] > key) {
          high = low + step;
          break;
        }
        low += step;
      }
    } else {
      high = start;
      for (int step = 1; high - step >= from; step <<= 1) {
        if (sorted[high - step] <= key) {
          low = high - step;
          break;
        }
        high -= step;
      }
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] <= key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1 >= from ? low - 1 : -1;
  }
}
