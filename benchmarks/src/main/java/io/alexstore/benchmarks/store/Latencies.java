package io.alexstore.benchmarks.store;

import java.util.Arrays;

/** Times of single operations, in nanoseconds; of many only the first are kept. Not thread-safe. */
final class Latencies {

  private final long[] times;
  private int count;

  Latencies(int capacity) {
    times = new long[capacity];
  }

  void add(long nanos) {
    if (count < times.length) {
      times[count++] = nanos;
    }
  }

  /** The time that a share of the operations did not exceed. */
  double quantile(double share) {
    long[] sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
    return count == 0 ? 0 : sorted[Math.min(count - 1, (int) Math.ceil(share * count) - 1)];
  }
}
