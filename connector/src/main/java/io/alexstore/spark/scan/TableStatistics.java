package io.alexstore.spark.scan;

import io.alexstore.error.CorruptFileException;
import io.alexstore.io.ParallelReads;
import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.ColumnSummary;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import io.alexstore.segment.StatisticsMerge;
import io.alexstore.spark.conf.TableStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what segments tell of columns. */
public final class TableStatistics {

  /**
   * The most segments of a local table that are asked; each takes some 20 microseconds, once open.
   */
  static final int MAX_LOCAL = 2048;

  /** The most segments of a remote table that are asked: one that is not open takes two reads. */
  static final int MAX_REMOTE = 256;

  private static final Logger LOG = LoggerFactory.getLogger(TableStatistics.class);

  private TableStatistics() {}

  /**
   * What is known of columns in all rows of a version, by the columns' ids; of a column that is
   * left out nothing is.
   *
   * @param columns ids of the columns that are asked for
   */
  public static Map<Integer, ColumnSummary> of(
      TableStorage storage, Snapshot snapshot, Set<Integer> columns) {
    return of(
        storage, snapshot, snapshot.segments().stream().map(SegmentPart::whole).toList(), columns);
  }

  /**
   * What is known of columns in some rows. Nothing, where too many segments would have to be asked,
   * or what one tells is damaged: estimates are no reason to fail a query that may not even touch
   * that segment; {@code verify} says so.
   */
  static Map<Integer, ColumnSummary> of(
      TableStorage storage, Snapshot snapshot, List<SegmentPart> parts, Set<Integer> columns) {
    if (columns.isEmpty() || parts.size() > (storage.isLocal() ? MAX_LOCAL : MAX_REMOTE)) {
      return Map.of();
    }
    StatisticsMerge merge = new StatisticsMerge(snapshot.schema(), columns);
    try {
      if (!storage.isLocal()) {
        ParallelReads.forEach(parts.size(), readAhead(storage, parts));
      }
      for (SegmentPart part : parts) {
        try (Lease<Segment> lease = open(storage, part.segment())) {
          merge.add(lease.value(), part.positions(), part.rows());
        }
      }
    } catch (CorruptFileException e) {
      LOG.warn("Estimating without statistics of columns: {}", e.getMessage());
      return Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read statistics of " + storage.table(), e);
    }
    return merge.summaries();
  }

  private static Lease<Segment> open(TableStorage storage, SegmentEntry segment)
      throws IOException {
    return SegmentCache.ofProcess().acquire(storage.store(), segment.pathIn(storage.table()));
  }

  private static IntConsumer readAhead(TableStorage storage, List<SegmentPart> parts) {
    return i -> {
      try (Lease<Segment> lease = open(storage, parts.get(i).segment())) {
        lease.value().statistics();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read statistics of " + storage.table(), e);
      }
    };
  }
}
