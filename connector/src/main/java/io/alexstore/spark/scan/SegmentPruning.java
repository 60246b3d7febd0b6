package io.alexstore.spark.scan;

import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.spark.read.Positions;
import io.alexstore.spark.read.SegmentCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Finds what a scan must read: the segments that key ranges leave, and in them the rows. The index
 * of a segment tells the rows in microseconds, so the driver asks it, and the optimizer gets to
 * know exact numbers. Where ranges cut many segments, the tasks do so instead.
 */
final class SegmentPruning {

  /** The most segments that the driver opens for one scan. */
  private static final int MAX_OPENED = 64;

  private SegmentPruning() {}

  static List<SegmentPart> prune(Snapshot snapshot, KeyRanges ranges) throws IOException {
    List<SegmentPart> parts = new ArrayList<>();
    if (ranges.isAll()) {
      for (SegmentEntry segment : snapshot.segments()) {
        parts.add(whole(segment));
      }
      return parts;
    }
    List<SegmentEntry> candidates = candidates(snapshot, ranges);
    long cut = candidates.stream().filter(segment -> !covers(ranges, segment)).count();
    for (SegmentEntry segment : candidates) {
      if (covers(ranges, segment)) {
        parts.add(whole(segment));
      } else if (cut > MAX_OPENED) {
        int[] all = Positions.run(0, Math.toIntExact(segment.rows()));
        parts.add(new SegmentPart(segment, all, ranges));
      } else {
        int[] runs = rows(segment.pathIn(snapshot.table()), ranges);
        if (runs.length > 0) {
          parts.add(new SegmentPart(segment, runs, null));
        }
      }
    }
    return parts;
  }

  private static SegmentPart whole(SegmentEntry segment) {
    return new SegmentPart(segment, Positions.run(0, Math.toIntExact(segment.rows())), null);
  }

  private static int[] rows(String path, KeyRanges ranges) throws IOException {
    Segment segment = SegmentCache.instance().acquire(path);
    try {
      return Positions.of(segment, ranges);
    } finally {
      SegmentCache.instance().release(path);
    }
  }

  private static List<SegmentEntry> candidates(Snapshot snapshot, KeyRanges ranges) {
    Map<UUID, SegmentEntry> found = new LinkedHashMap<>();
    for (EncodedRange range : ranges.list()) {
      byte[] low;
      byte[] high;
      if (range instanceof EncodedRange.OfLongs longs) {
        low = SegmentInfo.longKeyBytes(longs.lower());
        high = SegmentInfo.longKeyBytes(longs.upper());
      } else {
        low = ((EncodedRange.OfBytes) range).lower();
        high = ((EncodedRange.OfBytes) range).upper();
      }
      for (SegmentEntry segment : snapshot.segmentsFor(low, high)) {
        // The upper bound of bytes is exclusive, and the snapshot takes it in.
        if (!Positions.isAfter(range, segment.maxKey())
            && !Positions.isBefore(range, segment.minKey())) {
          found.put(segment.id(), segment);
        }
      }
    }
    return List.copyOf(found.values());
  }

  /** Whether one range holds all keys of a segment. */
  private static boolean covers(KeyRanges ranges, SegmentEntry segment) {
    for (EncodedRange range : ranges.list()) {
      if (!Positions.isAfter(range, segment.minKey())
          && !Positions.isBefore(range, segment.maxKey())) {
        return true;
      }
      if (Positions.isAfter(range, segment.minKey())) {
        return false;
      }
    }
    return false;
  }
}
