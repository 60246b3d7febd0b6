package io.alexstore.benchmarks.spark;

import java.util.Locale;

/**
 * One figure.
 *
 * @param data the table
 * @param rows its rows
 * @param measure what was done
 * @param format the format
 * @param value the median of milliseconds, or bytes
 * @param cpu the median of milliseconds of processor time, of all threads
 * @param jobs the median of the Spark jobs that it launched
 */
public record Measurement(
    String data, long rows, String measure, String format, double value, double cpu, double jobs) {

  /** Whether it is of bytes rather than of time. */
  public boolean isBytes() {
    return measure.startsWith("bytes");
  }

  /** Tells who waits for the suite's end. */
  public void print() {
    System.out.printf(
        Locale.ROOT,
        "%-9s %-44s %-20s %,16.1f %s (%,.0f ms of processor), %.0f jobs%n",
        data,
        measure,
        format,
        value,
        isBytes() ? "" : "ms",
        cpu,
        jobs);
  }
}
