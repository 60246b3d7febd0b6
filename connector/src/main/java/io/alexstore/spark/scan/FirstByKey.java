package io.alexstore.spark.scan;

import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.log.SegmentEntry;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import io.alexstore.spark.conf.TableStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The first rows of several segments in the order of their keys, or the last ones the other way
 * round. Segments are opened when their turn may have come, by the bounds that the log has of them:
 * of segments that do not overlap the first one only. O(rows log segments), for few rows.
 */
final class FirstByKey implements AutoCloseable {

  /** One segment's next row. */
  private final class Source {
    final SegmentPart part;
    final DeletionVector deleted;
    // Its key; a bound of it as long as the segment is not open.
    byte[] key;
    Lease<Segment> lease;
    int run;
    int position;

    Source(SegmentPart part, DeletionVector deleted) {
      SegmentEntry segment = part.segment();
      this.part = part;
      this.deleted = deleted;
      this.key = ascending ? segment.minKey() : segment.maxKey();
    }

    /** Goes to the first row that is not deleted; false if there is none. */
    boolean open() throws IOException {
      String path = part.segment().pathIn(storage.table());
      lease = SegmentCache.ofProcess().acquire(storage.store(), path);
      leases.add(lease);
      int[] runs = part.runs();
      run = ascending ? 0 : runs.length - 2;
      position = ascending ? runs[0] : runs[run + 1] - 1;
      return settle();
    }

    /** Goes on to the next row that is not deleted; false if there is none. */
    boolean next() {
      position += ascending ? 1 : -1;
      return settle();
    }

    private boolean settle() {
      int[] runs = part.runs();
      while (run >= 0 && run < runs.length) {
        position = ascending ? deleted.nextLive(position) : deleted.previousLive(position);
        if (position >= runs[run] && position < runs[run + 1]) {
          key = lease.value().keyBytes(position);
          return true;
        }
        run += ascending ? 2 : -2;
        if (run >= 0 && run < runs.length) {
          position = ascending ? runs[run] : runs[run + 1] - 1;
        }
      }
      return false;
    }
  }

  private final TableStorage storage;
  private final boolean ascending;
  private final List<Lease<Segment>> leases = new ArrayList<>();

  private FirstByKey(TableStorage storage, boolean ascending) {
    this.storage = storage;
    this.ascending = ascending;
  }

  /**
   * The rows of a selection that are known, each part after the one before it.
   *
   * @param selection has a direction and a limit
   */
  static List<SegmentPart> of(TableStorage storage, List<SegmentPart> parts, RowSelection selection)
      throws IOException {
    boolean ascending = selection.direction() == KeyDirection.ASCENDING;
    try (FirstByKey merge = new FirstByKey(storage, ascending)) {
      return merge.merge(parts, selection.skip(), selection.limit());
    }
  }

  private List<SegmentPart> merge(List<SegmentPart> parts, int skip, int limit) throws IOException {
    PriorityQueue<Source> next =
        new PriorityQueue<>(
            (a, b) ->
                ascending
                    ? Arrays.compareUnsigned(a.key, b.key)
                    : Arrays.compareUnsigned(b.key, a.key));
    for (SegmentPart part : parts) {
      next.add(new Source(part, part.deleted(storage.table()).read(storage.store())));
    }
    List<Taken> merged = new ArrayList<>();
    int taken = 0;
    while (taken < limit && !next.isEmpty()) {
      Source source = next.poll();
      boolean goesOn;
      if (source.lease == null) {
        goesOn = source.open();
      } else {
        if (taken++ >= skip) {
          add(merged, source);
        }
        goesOn = source.next();
      }
      if (goesOn) {
        next.add(source);
      }
    }
    return merged.stream().map(Taken::part).toList();
  }

  /** Adds a row to what was taken last if it follows there. */
  private void add(List<Taken> merged, Source source) {
    int last = merged.size() - 1;
    if (!ascending || last < 0 || merged.get(last).source != source) {
      merged.add(new Taken(source));
      last++;
    }
    merged.get(last).add(source.part.runs()[source.run], source.position);
  }

  /** Rows of one segment that follow each other in the order of the keys. */
  private static final class Taken {
    final Source source;
    private int[] runs = new int[2];
    private int n;
    private int rows;

    Taken(Source source) {
      this.source = source;
    }

    /** Adds a row that comes after those before, in the run that begins at {@code start}. */
    void add(int start, int position) {
      if (n > 0 && runs[n - 1] > start) {
        runs[n - 1] = position + 1; // Rows that are left out in between are deleted.
      } else {
        runs = n == runs.length ? Arrays.copyOf(runs, 2 * n) : runs;
        runs[n++] = position;
        runs[n++] = position + 1;
      }
      rows++;
    }

    SegmentPart part() {
      return source.part.of(Arrays.copyOf(runs, n), rows);
    }
  }

  @Override
  public void close() {
    leases.forEach(Lease::close);
  }
}
