package io.alexstore.spark.scan;

import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.spark.read.Positions;
import io.alexstore.spark.read.SegmentSlice;

/**
 * What a scan reads of one segment.
 *
 * @param segment the segment
 * @param runs the rows, as {@link Positions}
 * @param ranges the keys that are asked for among the rows; null if all rows are
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier that is never compared.
record SegmentPart(SegmentEntry segment, int[] runs, KeyRanges ranges) {

  /** The number of rows; an upper bound where the rows are not known yet. */
  long rows() {
    return Positions.count(runs);
  }

  /** About how many bytes of the file these rows take. */
  long bytes() {
    return Math.max(1, (long) ((double) segment.bytes() * rows() / segment.rows()));
  }

  SegmentPart clip(int from, int to) {
    return new SegmentPart(segment, Positions.clip(runs, from, to), ranges);
  }

  /** The first {@code count} rows, or all if there are no more; only if the rows are known. */
  SegmentPart first(long count) {
    long missing = count;
    for (int i = 0; i < runs.length; i += 2) {
      if (missing <= runs[i + 1] - runs[i]) {
        return clip(runs[0], (int) (runs[i] + missing));
      }
      missing -= runs[i + 1] - runs[i];
    }
    return this;
  }

  SegmentSlice slice(String table) {
    String path = segment.pathIn(table);
    return ranges == null
        ? SegmentSlice.ofRows(path, runs)
        : SegmentSlice.ofKeys(path, runs[0], runs[runs.length - 1], ranges);
  }
}
