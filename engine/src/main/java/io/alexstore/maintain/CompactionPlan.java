package io.alexstore.maintain;

import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.schema.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which segments are written anew, and which of them together: those that are small or of which
 * much is deleted, and that follow each other in the order of keys. Not thread-safe.
 */
final class CompactionPlan {

  /** A segment below this share of the target size is small. */
  private static final double SMALL_SHARE = 0.5;

  /** One commit writes no more than about so many segments of the target size. */
  private static final int MAX_OUTPUTS = 32;

  /** One commit reads no more segments, all of which are open at the same time. */
  private static final int MAX_INPUTS = 512;

  /** A bounded compaction leaves segments alone from this share of its bytes on. */
  private static final double BOUNDED_SMALL_SHARE = 0.25;

  /**
   * What bounds a compaction to little work.
   *
   * @param minSegments fewer are not merged
   * @param maxBytes at most so many are written, but for one segment's
   */
  record Bounds(int minSegments, long maxBytes) {}

  /** Segments that are merged by one commit, so far. */
  private static final class Run {
    private final List<SegmentEntry> segments = new ArrayList<>();
    private byte[] maxKey;
    private long liveBytes;

    void add(SegmentEntry segment) {
      segments.add(segment);
      liveBytes += liveBytes(segment);
      if (maxKey == null || Arrays.compareUnsigned(segment.maxKey(), maxKey) > 0) {
        maxKey = segment.maxKey();
      }
    }

    boolean endsBefore(SegmentEntry segment) {
      return Arrays.compareUnsigned(maxKey, segment.minKey()) < 0;
    }
  }

  private final long targetSize;
  private final double minDeletedShare;
  private final boolean all;
  private final Optional<Bounds> bounds;
  private Run open = new Run();
  private Schema schema;
  private final List<List<UUID>> groups = new ArrayList<>();

  CompactionPlan(long targetSize, double minDeletedShare, boolean all, Optional<Bounds> bounds) {
    this.targetSize = targetSize;
    this.minDeletedShare = minDeletedShare;
    this.all = all;
    this.bounds = bounds;
  }

  /** The segments of a version that are to be merged, group by group. */
  List<List<UUID>> of(Snapshot snapshot, KeyRange range) {
    schema = snapshot.schema();
    KeyRanges ranges = KeyCodec.of(schema).ranges(range);
    for (SegmentEntry segment : snapshot.segments()) {
      if (isCandidate(segment) && segment.overlaps(ranges)) {
        add(segment);
      } else {
        // What lies on either side of it would become one segment that has it in between.
        if (!open.segments.isEmpty() && open.endsBefore(segment)) {
          close();
        }
      }
    }
    close();
    return bounds.isEmpty() || groups.isEmpty()
        ? groups
        : List.of(Collections.max(groups, Comparator.comparingInt(List::size)));
  }

  private void add(SegmentEntry segment) {
    boolean isFull =
        open.segments.size() >= MAX_INPUTS
            || (open.liveBytes >= MAX_OUTPUTS * targetSize && open.endsBefore(segment))
            || isBeyondBounds(open, segment);
    if (isFull) {
      close();
    }
    open.add(segment);
  }

  private void close() {
    if (isWorthwhile(open.segments, schema)) {
      groups.add(open.segments.stream().map(SegmentEntry::id).toList());
    }
    open = new Run();
  }

  private static long liveBytes(SegmentEntry segment) {
    return (long) ((double) segment.bytes() * segment.liveRows() / segment.rows());
  }

  private boolean isBeyondBounds(Run run, SegmentEntry segment) {
    return bounds.isPresent() && run.liveBytes + liveBytes(segment) > bounds.get().maxBytes();
  }

  private boolean isCandidate(SegmentEntry segment) {
    if (bounds.isPresent()) {
      long small = Math.min(targetSize, bounds.get().maxBytes());
      return liveBytes(segment) < BOUNDED_SMALL_SHARE * small;
    }
    return all || isMuchDeleted(segment) || liveBytes(segment) < SMALL_SHARE * targetSize;
  }

  private boolean isMuchDeleted(SegmentEntry segment) {
    return segment.deletedRows() > 0
        && segment.deletedRows() >= minDeletedShare * (double) segment.rows();
  }

  /** Whether segments become fewer, or smaller, or lose what the schema does not have any more. */
  boolean isWorthwhile(List<SegmentEntry> segments, Schema now) {
    if (bounds.isPresent()) {
      return segments.size() >= bounds.get().minSegments();
    }
    if (segments.size() != 1) {
      return segments.size() > 1;
    }
    SegmentEntry alone = segments.get(0);
    return isMuchDeleted(alone)
        || (all && (alone.deletedRows() > 0 || alone.schemaId() != now.id()));
  }
}
