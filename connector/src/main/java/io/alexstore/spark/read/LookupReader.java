package io.alexstore.spark.read;

import io.alexstore.io.FileStore;
import io.alexstore.io.ParallelReads;
import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaJson;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import io.alexstore.spark.convert.ColumnPruning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Looks keys up in tasks, many at a time, and reads the rows that they stand for. The rows of a
 * batch of keys are read in the order in which they stand in the segments, however the keys came:
 * so rows of one row group are read together, and each block is touched once.
 *
 * <p>In a task the segments stay open until it ends; elsewhere until {@link #close}. Not
 * thread-safe.
 */
public final class LookupReader implements AutoCloseable {

  private record Found(Segment segment, SegmentHits hits, SegmentSlice slice) {}

  private final LookupSource source;
  private final FileStore store;
  private final KeyCodec codec;
  // Null if rows with any key will do.
  private final KeyRanges bounds;
  private final SegmentDirectory directory;
  private final SegmentBatchReader reader;
  private final List<Column> columns;
  private final int positionColumn;
  private final Lease<Segment>[] leases;
  private final Object lock = new Object();

  private long[] lookups = new long[64];
  private List<Found> found = List.of();
  private int nextFound;
  private SegmentHits hits;
  private ColumnarBatch batch;
  private int batchRow;
  private int batchRows;
  private int position;
  // The hits of the row: from the first of those with its run to the one after the last.
  private int hit;
  private int firstHit;
  private int hitEnd;
  private InternalRow row;
  private int segmentsTouched;

  /** A reader of what a plan looks up. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public LookupReader(LookupSource source) {
    this.source = source;
    this.store = source.storage().store();
    Schema schema = SchemaJson.fromText(source.schemaJson(), "the plan");
    this.codec = KeyCodec.of(schema);
    this.bounds = source.bounds() == null ? null : source.bounds().ranges();
    this.directory = new SegmentDirectory(source.segments(), codec.form() == KeyForm.LONG);
    this.columns =
        new ArrayList<>(
            ColumnPruning.prune(MetadataColumns.and(schema.columns()), source.readSchema()));
    this.positionColumn = columns.size();
    columns.add(MetadataColumns.position());
    this.reader = new SegmentBatchReader(store, List.of(), schema, columns, ZoneFilter.ALL);
    this.leases = new Lease[source.segments().length];
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener((TaskCompletionListener) context -> close());
    }
  }

  /** The codec of the table's keys. */
  public KeyCodec keyCodec() {
    return codec;
  }

  /** How many segments were opened so far. */
  public int segmentsTouched() {
    return segmentsTouched;
  }

  /**
   * Looks keys up; {@link #next} then gives their rows. What was read before is not valid any more.
   */
  public void find(ProbeKeys keys) throws IOException {
    int n = locate(keys);
    Arrays.sort(lookups, 0, n);
    List<int[]> parts = new ArrayList<>();
    for (int from = 0; from < n; ) {
      int to = from + 1;
      while (to < n && lookups[to] >>> 32 == lookups[from] >>> 32) {
        to++;
      }
      parts.add(new int[] {from, to});
      from = to;
    }
    Found[] all = new Found[parts.size()];
    try {
      if (source.storage().isLocal()) {
        IntStream.range(0, all.length).forEach(i -> all[i] = find(keys, parts.get(i)));
      } else {
        // Each of them mostly waits.
        ParallelReads.forEach(all.length, i -> all[i] = find(keys, parts.get(i)));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    found = Arrays.stream(all).filter(f -> f.slice().runs().length > 0).toList();
    nextFound = 0;
    hits = null;
    batchRow = 0;
    batchRows = 0;
    hit = 0;
    hitEnd = 0;
    reader.restart(List.of());
  }

  private int locate(ProbeKeys keys) {
    int[] n = {0};
    for (int i = 0; i < keys.size(); i++) {
      int key = i;
      directory.locate(
          keys,
          key,
          place -> {
            if (n[0] == lookups.length) {
              lookups = Arrays.copyOf(lookups, 2 * n[0]);
            }
            lookups[n[0]++] = (long) place << 32 | key;
          });
    }
    return n[0];
  }

  private Found find(ProbeKeys keys, int[] part) {
    int place = (int) (lookups[part[0]] >>> 32);
    SegmentEntry entry = source.segments()[place];
    String path = entry.pathIn(source.storage().table());
    Segment segment = open(place, path);
    SegmentHits segmentHits =
        SegmentHits.find(segment, keys, lookups, part[0], part[1], codec.isUnique());
    int[] runs = segmentHits.runs(segment, bounds);
    if (segment.isRemote() && runs.length > 0) {
      // The reader would do so too, but for one segment after the other.
      ReadAhead.of(segment, columns).next(runs, 0, runs[0]);
    }
    DeletedRows deleted = DeletedRows.of(source.storage().table(), entry);
    return new Found(segment, segmentHits, SegmentSlice.ofRows(path, runs, deleted));
  }

  private Segment open(int place, String path) {
    synchronized (lock) {
      if (leases[place] != null) {
        return leases[place].value();
      }
    }
    Lease<Segment> lease;
    try {
      lease = SegmentCache.ofProcess().acquire(store, path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    synchronized (lock) {
      leases[place] = lease;
      segmentsTouched++;
    }
    return lease.value();
  }

  /** Goes on to the next pair of a row and a probe that asks for it; false if there is none. */
  public boolean next() throws IOException {
    if (++hit < hitEnd) {
      return true;
    }
    while (true) {
      if (batchRow < batchRows) {
        toRow(batchRow++);
        return true;
      } else if (hits != null && reader.next()) {
        batch = reader.get();
        batchRows = batch.numRows();
        batchRow = 0;
      } else if (nextFound < found.size()) {
        Found next = found.get(nextFound++);
        hits = next.hits();
        firstHit = 0;
        hitEnd = 0;
        reader.restart(List.of(next.slice()));
      } else {
        return false;
      }
    }
  }

  /** Finds the hits of a row of the batch. */
  private void toRow(int batchPlace) {
    row = batch.getRow(batchPlace);
    position = batch.column(positionColumn).getInt(batchPlace);
    while (hits.end(firstHit) <= position) {
      firstHit++;
    }
    // Rows of one run have the same hits; those of the next begin where these end.
    if (hitEnd <= firstHit) {
      hitEnd = firstHit + 1;
      while (hitEnd < hits.count() && hits.start(hitEnd) == hits.start(firstHit)) {
        hitEnd++;
      }
    }
    hit = firstHit;
  }

  /** The row, valid until {@link #next}: the columns, in their order. */
  public InternalRow row() {
    return row;
  }

  /** The probe that asks for the row. */
  public int probe() {
    return hits.probe(hit);
  }

  @Override
  public void close() {
    reader.close();
    synchronized (lock) {
      for (int i = 0; i < leases.length; i++) {
        if (leases[i] != null) {
          leases[i].close();
          leases[i] = null;
        }
      }
    }
  }
}
