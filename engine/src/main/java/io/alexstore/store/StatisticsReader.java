package io.alexstore.store;

import io.alexstore.log.Snapshot;
import io.alexstore.segment.Segment;

/** Collects the figures of a {@link StoreStatistics}. */
final class StatisticsReader {

  private StatisticsReader() {}

  static StoreStatistics read(
      StoreView view, long lookups, long writes, long sealedBytes, long compactedBytes) {
    long keys = 0;
    long logBytes = 0;
    long indexBytes = 0;
    for (Memtable memtable : view.memtables()) {
      keys += memtable.size();
      logBytes += memtable.logBytes();
      indexBytes += memtable.indexBytes();
    }
    StoreSegments segments = view.segments();
    long segmentIndexBytes = 0;
    int count = 0;
    for (int i = 0; i < segments.levelCount(); i++) {
      SegmentLevel level = segments.level(i);
      for (int place = 0; place < level.size(); place++) {
        Segment segment = level.segment(place);
        segmentIndexBytes += segment.indexSize();
        count++;
      }
    }
    Snapshot snapshot = segments.snapshot();
    return new StoreStatistics(
        lookups,
        writes,
        view.memtables().size(),
        keys,
        logBytes,
        indexBytes,
        view.active().stats().meanError(),
        count,
        CompactionChoice.depth(snapshot),
        snapshot.rows(),
        snapshot.deletedRows(),
        snapshot.bytes(),
        segmentIndexBytes,
        segments.filterBytes(),
        sealedBytes,
        compactedBytes,
        snapshot.version());
  }
}
