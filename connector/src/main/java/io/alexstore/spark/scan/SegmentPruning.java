package io.alexstore.spark.scan;

import io.alexstore.io.FileStore;
import io.alexstore.io.ParallelReads;
import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.read.DeletedRows;
import io.alexstore.spark.read.Positions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Finds what a scan must read: the segments that key ranges leave, and in them the rows. The index
 * of a segment tells the rows in microseconds, so the driver asks it, and the optimizer gets to
 * know exact numbers. Where ranges cut many segments, the tasks do so instead.
 */
final class SegmentPruning {

  /** The most segments that the driver opens for one scan. */
  static final int MAX_OPENED = 64;

  private SegmentPruning() {}

  static List<SegmentPart> prune(TableStorage storage, Snapshot snapshot, KeyRanges ranges) {
    List<SegmentPart> parts = new ArrayList<>();
    if (ranges.isAll()) {
      for (SegmentEntry segment : snapshot.segments()) {
        parts.add(SegmentPart.whole(segment));
      }
      return parts;
    }
    List<SegmentEntry> candidates = snapshot.segmentsFor(ranges);
    List<SegmentEntry> cut =
        candidates.stream().filter(segment -> !covers(ranges, segment)).toList();
    Map<UUID, SegmentPart> found = cut.size() > MAX_OPENED ? Map.of() : rows(storage, cut, ranges);
    for (SegmentEntry segment : candidates) {
      if (covers(ranges, segment)) {
        parts.add(SegmentPart.whole(segment));
      } else if (cut.size() > MAX_OPENED) {
        parts.add(SegmentPart.within(segment, ranges));
      } else if (found.get(segment.id()).rows() > 0) {
        parts.add(found.get(segment.id()));
      }
    }
    return parts;
  }

  private static Map<UUID, SegmentPart> rows(
      TableStorage storage, List<SegmentEntry> segments, KeyRanges ranges) {
    FileStore store = storage.store();
    Map<UUID, SegmentPart> parts = new ConcurrentHashMap<>();
    IntConsumer lookup =
        i -> {
          SegmentEntry segment = segments.get(i);
          String path = segment.pathIn(storage.table());
          try (Lease<Segment> lease = SegmentCache.ofProcess().acquire(store, path)) {
            int[] runs = Positions.of(lease.value(), ranges);
            parts.put(
                segment.id(), new SegmentPart(segment, runs, null, live(storage, segment, runs)));
          } catch (IOException e) {
            throw new UncheckedIOException("Cannot look keys up in " + path, e);
          }
        };
    if (storage.isLocal()) {
      IntStream.range(0, segments.size()).forEach(lookup);
    } else {
      ParallelReads.forEach(segments.size(), lookup);
    }
    return parts;
  }

  /** How many rows are not deleted. */
  static long live(TableStorage storage, SegmentEntry segment, int... runs) throws IOException {
    long rows = Positions.count(runs);
    if (rows > 0 && !segment.deletions().isEmpty()) {
      DeletionVector deleted = DeletedRows.of(storage.table(), segment).read(storage.store());
      for (int i = 0; i < runs.length; i += 2) {
        rows -= deleted.count(runs[i], runs[i + 1]);
      }
    }
    return rows;
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
