package io.alexstore.spark.plan.lookupjoin;

/**
 * What a join costs, by lookups and by Spark's own plan, in nanoseconds of one core. The figures
 * are rough, and meant to be compared with each other: see docs/adr/0014-lookup-join.md.
 *
 * @param tableRows the rows that a scan of the table would read
 * @param tableBytes the bytes that it would read
 * @param columns how many columns are read
 * @param remote whether the table's files are remote
 * @param probeBytes the bytes of a probe
 * @param broadcastsProbes whether Spark may broadcast the probes, as the join's type allows it
 * @param broadcastBytes up to how many bytes Spark broadcasts
 */
record LookupCost(
    long tableRows,
    long tableBytes,
    int columns,
    boolean remote,
    long probeBytes,
    boolean broadcastsProbes,
    long broadcastBytes) {

  private static final double SCAN_ROW = 30;
  private static final double SCAN_VALUE = 8;
  private static final double BUILD_ROW = 400;
  private static final double SHUFFLE_ROW = 850;
  private static final double PROBE_ROW = 40;
  private static final double LOOKUP_ROW = 900;
  private static final double LOOKUP_VALUE = 120;

  /**
   * A remote read takes milliseconds, of which some are under way at a time and some are shared.
   */
  private static final double REMOTE_LOOKUP = 100_000;

  private static final double REMOTE_BYTE = 10;

  /** What a job costs however little it does. Spark's own plan takes one more, or two. */
  static final double JOB = 10e6;

  /** What looking up so many probes costs. */
  double ofLookups(double probes) {
    return probes * (LOOKUP_ROW + columns * LOOKUP_VALUE + (remote ? REMOTE_LOOKUP : 0));
  }

  /** What Spark's own plan costs with so many probes. */
  double ofSpark(double probes) {
    double scan =
        tableRows * (SCAN_ROW + columns * SCAN_VALUE) + (remote ? tableBytes * REMOTE_BYTE : 0);
    if (broadcastsProbes && probes * probeBytes <= broadcastBytes) {
      return scan + JOB + probes * BUILD_ROW;
    } else if (tableBytes <= broadcastBytes) {
      return scan + JOB + tableRows * BUILD_ROW + probes * PROBE_ROW;
    }
    return scan + 2 * JOB + (tableRows + probes) * SHUFFLE_ROW;
  }

  boolean prefersLookups(double probes) {
    return ofLookups(probes) <= ofSpark(probes);
  }

  /** Up to how many probes, at most {@code max}, lookups cost less. */
  long breakEven(long max) {
    if (prefersLookups((double) max)) {
      return max;
    }
    long low = 0;
    long high = max;
    while (low < high - 1) {
      long middle = (low + high) >>> 1;
      if (prefersLookups((double) middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
