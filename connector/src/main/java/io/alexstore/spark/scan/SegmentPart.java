package io.alexstore.spark.scan;

import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.segment.DeletionVector;
import io.alexstore.spark.read.DeletedRows;
import io.alexstore.spark.read.Positions;
import io.alexstore.spark.read.SegmentSlice;

/**
 * What a scan reads of one segment.
 *
 * @param segment the segment
 * @param runs the rows, as {@link Positions}; deleted ones too, which the reader leaves out
 * @param ranges the keys that are asked for among the rows; null if all rows are
 * @param rows the number of rows that are not deleted; an upper bound where {@code ranges} are left
 *     to be looked up, and for {@linkplain #clip parts of parts}
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier that is never compared.
record SegmentPart(SegmentEntry segment, int[] runs, KeyRanges ranges, long rows) {

  /** All rows. */
  static SegmentPart whole(SegmentEntry segment) {
    return within(segment, null);
  }

  /** The rows with some keys, which are yet to be looked up; all if null. */
  static SegmentPart within(SegmentEntry segment, KeyRanges ranges) {
    int[] all = Positions.run(0, Math.toIntExact(segment.rows()));
    return new SegmentPart(segment, all, ranges, segment.liveRows());
  }

  /** The number of positions, deleted ones too. */
  long positions() {
    return Positions.count(runs);
  }

  /** About how many bytes of the file these rows take. */
  long bytes() {
    return Math.max(1, (long) ((double) segment.bytes() * positions() / segment.rows()));
  }

  SegmentPart clip(int from, int to) {
    int[] clipped = Positions.clip(runs, from, to);
    return new SegmentPart(segment, clipped, ranges, Math.min(rows, Positions.count(clipped)));
  }

  /** The deleted rows, not yet read. */
  DeletedRows deleted(String table) {
    return DeletedRows.of(table, segment);
  }

  /** Some of the positions, of which {@code live} are not deleted. */
  SegmentPart of(int[] some, long live) {
    return new SegmentPart(segment, some, ranges, live);
  }

  /**
   * The first {@code count} rows that are not deleted, or all if there are no more; only if the
   * rows are known.
   */
  SegmentPart first(long count, DeletionVector deleted) {
    return count >= rows ? this : of(Positions.clip(runs, runs[0], after(count, deleted)), count);
  }

  /** The rows after the first {@code count} that are not deleted; only if the rows are known. */
  SegmentPart after(DeletionVector deleted, long count) {
    return count <= 0
        ? this
        : of(
            Positions.clip(runs, after(count, deleted), runs[runs.length - 1]),
            Math.max(0, rows - count));
  }

  /** The position after the first {@code count} rows that are not deleted. */
  private int after(long count, DeletionVector deleted) {
    long missing = count;
    for (int i = 0; i < runs.length; i += 2) {
      int from = runs[i];
      int to = runs[i + 1];
      int live = to - from - deleted.count(from, to);
      if (missing <= live) {
        int low = from;
        while (low < to) {
          int middle = (low + to) >>> 1;
          if (middle - from - deleted.count(from, middle) < missing) {
            low = middle + 1;
          } else {
            to = middle;
          }
        }
        return low;
      }
      missing -= live;
    }
    return runs[runs.length - 1];
  }

  SegmentSlice slice(String table) {
    String path = segment.pathIn(table);
    return ranges == null
        ? SegmentSlice.ofRows(path, runs, deleted(table))
        : SegmentSlice.ofKeys(path, runs, ranges, deleted(table));
  }
}
