package io.alexstore.benchmarks.spark;

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
    String data, long rows, String measure, String format, double value, double cpu, double jobs) {}
