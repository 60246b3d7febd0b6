package io.alexstore.spark.scan;

import io.alexstore.io.FileStore;
import io.alexstore.io.ParallelReads;
import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.read.Positions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
  private static final int MAX_OPENED = 64;

  private SegmentPruning() {}

  static List<SegmentPart> prune(TableStorage storage, Snapshot snapshot, KeyRanges ranges) {
    List<SegmentPart> parts = new ArrayList<>();
    if (ranges.isAll()) {
      for (SegmentEntry segment : snapshot.segments()) {
        parts.add(whole(segment));
      }
      return parts;
    }
    List<SegmentEntry> candidates = candidates(snapshot, ranges);
    List<SegmentEntry> cut =
        candidates.stream().filter(segment -> !covers(ranges, segment)).toList();
    Map<UUID, int[]> rows = cut.size() > MAX_OPENED ? Map.of() : rows(storage, cut, ranges);
    for (SegmentEntry segment : candidates) {
      if (covers(ranges, segment)) {
        parts.add(whole(segment));
      } else if (cut.size() > MAX_OPENED) {
        int[] all = Positions.run(0, Math.toIntExact(segment.rows()));
        parts.add(new SegmentPart(segment, all, ranges));
      } else if (rows.get(segment.id()).length > 0) {
        parts.add(new SegmentPart(segment, rows.get(segment.id()), null));
      }
    }
    return parts;
  }

  private static SegmentPart whole(SegmentEntry segment) {
    return new SegmentPart(segment, Positions.run(0, Math.toIntExact(segment.rows())), null);
  }

  private static Map<UUID, int[]> rows(
      TableStorage storage, List<SegmentEntry> segments, KeyRanges ranges) {
    FileStore store = storage.store();
    Map<UUID, int[]> rows = new ConcurrentHashMap<>();
    IntConsumer lookup =
        i -> {
          SegmentEntry segment = segments.get(i);
          String path = segment.pathIn(storage.table());
          try (Lease<Segment> lease = SegmentCache.ofProcess().acquire(store, path)) {
            rows.put(segment.id(), Positions.of(lease.value(), ranges));
          } catch (IOException e) {
            throw new UncheckedIOException("Cannot look keys up in " + path, e);
          }
        };
    if (storage.isLocal()) {
      IntStream.range(0, segments.size()).forEach(lookup);
    } else {
      ParallelReads.forEach(segments.size(), lookup);
    }
    return rows;
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
