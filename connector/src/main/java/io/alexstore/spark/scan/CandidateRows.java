package io.alexstore.spark.scan;

import io.alexstore.key.KeyRanges;
import io.alexstore.log.Snapshot;
import io.alexstore.spark.conf.TableStorage;
import java.util.List;

/**
 * The rows of a version whose keys are in some ranges. They are found when they are first asked
 * for, once. Safe for any number of threads.
 */
final class CandidateRows {

  private final TableStorage storage;
  private final Snapshot snapshot;
  private final KeyRanges ranges;
  private List<SegmentPart> parts;

  CandidateRows(TableStorage storage, Snapshot snapshot, KeyRanges ranges) {
    this.storage = storage;
    this.snapshot = snapshot;
    this.ranges = ranges;
  }

  TableStorage storage() {
    return storage;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  KeyRanges ranges() {
    return ranges;
  }

  /** Those whose keys are in other ranges, too. */
  CandidateRows within(KeyRanges keys) {
    return new CandidateRows(storage, snapshot, ranges.intersect(keys));
  }

  /** By segment, in the order of the segments' smallest keys. */
  synchronized List<SegmentPart> parts() {
    if (parts == null) {
      parts = SegmentPruning.prune(storage, snapshot, ranges);
    }
    return parts;
  }

  /** Whether it is known by position which rows they are; else tasks look the keys up. */
  boolean areKnown() {
    return parts().stream().noneMatch(part -> part.ranges() != null);
  }
}
