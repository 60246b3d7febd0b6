package io.alexstore.segment;

import java.util.Objects;

/**
 * How segments are written.
 *
 * @param targetSegmentSize at how many encoded bytes a new segment is begun, 1 to 1.5 GiB
 * @param rowGroupRows the most rows of a row group, 1 to 65,536
 * @param rowGroupBytes about how many bytes of rows a row group holds, at least 1; the memory that
 *     a writer needs is a small multiple of it
 * @param maxRowBytes the largest row that is taken, in bytes, at most 128 MiB
 * @param spillDirectory a local directory for the keys while a segment is written
 * @param writer the program and release that is named in the file
 * @param statistics whether what is told of columns stands in the file: distinct values, nulls,
 *     bounds
 */
public record SegmentOptions(
    long targetSegmentSize,
    int rowGroupRows,
    int rowGroupBytes,
    int maxRowBytes,
    String spillDirectory,
    String writer,
    boolean statistics) {

  /** Checks the ranges. */
  public SegmentOptions {
    check("targetSegmentSize", targetSegmentSize, 1, 3L << 29);
    check("rowGroupRows", rowGroupRows, 1, 1 << SegmentFormat.MAX_ROW_GROUP_SHIFT);
    check("rowGroupBytes", rowGroupBytes, 1, 64 << 20);
    check("maxRowBytes", maxRowBytes, 1, 128 << 20);
    Objects.requireNonNull(spillDirectory, "spillDirectory");
    Objects.requireNonNull(writer, "writer");
  }

  private static void check(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " " + value + " is not in " + min + " to " + max);
    }
  }

  /** The defaults: segments of 256 MiB, row groups of 8 MiB, rows to 128 MiB. */
  public static SegmentOptions defaults() {
    return new SegmentOptions(
        256L << 20,
        1 << SegmentFormat.MAX_ROW_GROUP_SHIFT,
        8 << 20,
        128 << 20,
        System.getProperty("java.io.tmpdir"),
        "alexstore 0.1.0",
        true);
  }

  /** These options with another target size. */
  public SegmentOptions withTargetSegmentSize(long bytes) {
    return new SegmentOptions(
        bytes, rowGroupRows, rowGroupBytes, maxRowBytes, spillDirectory, writer, statistics);
  }

  /** These options with other bounds on a row group. */
  public SegmentOptions withRowGroup(int rows, int bytes) {
    return new SegmentOptions(
        targetSegmentSize, rows, bytes, maxRowBytes, spillDirectory, writer, statistics);
  }

  /** These options with another bound on a row. */
  public SegmentOptions withMaxRowBytes(int bytes) {
    return new SegmentOptions(
        targetSegmentSize, rowGroupRows, rowGroupBytes, bytes, spillDirectory, writer, statistics);
  }

  /** These options with another directory for temporary files. */
  public SegmentOptions withSpillDirectory(String directory) {
    return new SegmentOptions(
        targetSegmentSize, rowGroupRows, rowGroupBytes, maxRowBytes, directory, writer, statistics);
  }

  /** These options, with or without statistics of columns. */
  public SegmentOptions withStatistics(boolean wanted) {
    return new SegmentOptions(
        targetSegmentSize,
        rowGroupRows,
        rowGroupBytes,
        maxRowBytes,
        spillDirectory,
        writer,
        wanted);
  }
}
