package io.alexstore.benchmarks.store;

import org.HdrHistogram.Histogram;

/**
 * Times of single operations, in nanoseconds, to three digits; what took longer than 10 minutes
 * counts as 10 minutes. Not thread-safe.
 */
final class Latencies {

  private static final long HIGHEST = 600_000_000_000L;

  private final Histogram times = new Histogram(HIGHEST, 3);

  void add(long nanos) {
    times.recordValue(Math.max(0, Math.min(nanos, HIGHEST)));
  }

  /** The time that a share of the operations, from 0 to 1, did not exceed; 0 if there were none. */
  double quantile(double share) {
    return times.getValueAtPercentile(share * 100);
  }

  /** How many operations took longer. */
  long longerThan(long nanos) {
    return times.getCountBetweenValues(
        times.nextNonEquivalentValue(nanos), times.highestEquivalentValue(HIGHEST));
  }

  long count() {
    return times.getTotalCount();
  }

  double mean() {
    return times.getTotalCount() == 0 ? 0 : times.getMean();
  }
}
