package io.alexstore.spark.read;

import io.alexstore.key.KeyRanges;
import io.alexstore.segment.Segment;
import java.io.Serializable;
import java.util.Optional;

/**
 * What a task reads of one segment.
 *
 * @param path the segment's file
 * @param runs the rows, see {@link Positions}
 * @param bounds the keys that are asked for among these rows, where the driver left it to the task
 *     to look them up; otherwise null: then all of the rows
 * @param deleted the rows among them that are not there any more
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier that is never compared.
public record SegmentSlice(String path, int[] runs, KeyBounds bounds, DeletedRows deleted)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Rows that are known by position. */
  public static SegmentSlice ofRows(String path, int[] runs, DeletedRows deleted) {
    return new SegmentSlice(path, runs, null, deleted);
  }

  /** Those of some rows whose keys are in ranges. */
  public static SegmentSlice ofKeys(
      String path, int[] runs, KeyRanges ranges, DeletedRows deleted) {
    return new SegmentSlice(path, runs, KeyBounds.of(ranges), deleted);
  }

  /** The rows, deleted ones too, if no segment must be opened to know them. */
  Optional<int[]> knownRuns() {
    return bounds == null ? Optional.of(runs) : Optional.empty();
  }

  /** The rows, deleted ones too. */
  int[] runs(Segment segment) {
    return bounds == null
        ? runs
        : Positions.intersect(Positions.of(segment, bounds.ranges()), runs);
  }
}
