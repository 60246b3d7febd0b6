package io.alexstore.spark.scan;

import org.apache.spark.sql.SparkSession;

/**
 * How much a task reads, by Spark's own settings for files.
 *
 * @param maxBytes {@code spark.sql.files.maxPartitionBytes}
 * @param openCostBytes {@code spark.sql.files.openCostInBytes}: what opening a file counts for
 * @param parallelism how many tasks can run at once
 */
record SplitSize(long maxBytes, long openCostBytes, int parallelism) {

  static SplitSize of(SparkSession session) {
    return new SplitSize(
        bytes(session, "spark.sql.files.maxPartitionBytes", 128L << 20),
        bytes(session, "spark.sql.files.openCostInBytes", 4L << 20),
        session.sparkContext().defaultParallelism());
  }

  private static long bytes(SparkSession session, String name, long otherwise) {
    // Spark gives sizes with their unit behind them, as "134217728b".
    String text = session.conf().get(name, otherwise + "b").strip();
    String digits = text.endsWith("b") ? text.substring(0, text.length() - 1) : text;
    try {
      return Math.max(1, Long.parseLong(digits));
    } catch (NumberFormatException e) {
      return org.apache.spark.network.util.JavaUtils.byteStringAsBytes(text);
    }
  }

  /** At most how many bytes a task reads, when there are {@code totalBytes} for all of them. */
  long target(long totalBytes) {
    return Math.min(maxBytes, Math.max(openCostBytes, totalBytes / Math.max(1, parallelism)));
  }
}
