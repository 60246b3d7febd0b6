package io.alexstore.spark.read;

import io.alexstore.error.MissingFileException;
import io.alexstore.io.FileStore;
import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import io.alexstore.segment.SegmentView;
import io.alexstore.spark.convert.SparkSchemas;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Reads slices of segments as batches. A batch is of one row group; rows far from each other, such
 * as those that an IN finds, come together in one batch as long as they are of one row group.
 *
 * <p>The batch and its vectors are reused by the next one. The segments stay open until the task
 * ends, since strings point into their maps. Not thread-safe.
 */
final class SegmentBatchReader implements PartitionReader<ColumnarBatch> {

  /** A run this long is a batch of its own, rather than being collected row by row. */
  private static final int MIN_DENSE = 256;

  private List<SegmentSlice> slices;
  private final List<Column> columns;
  private final RowWindow window = new RowWindow();
  private final SegmentVector[] vectors;
  private final ColumnarBatch batch;
  private final Schema schema;
  private final ZoneFilter zones;
  private final FileStore store;
  private final List<Lease<Segment>> leases = new ArrayList<>();
  private final boolean releasedByTask;

  // Of each column its place in the schema; -1 if it is none of the table's.
  private final int[] places;

  private int nextSlice;
  private Segment segment;
  // The segment's rows by the table's schema, which may have changed since it was written.
  private SegmentView rows;
  private long address;
  // Null if the segment is local.
  private ReadAhead readAhead;
  private int boundGroup;
  private int[] runs = {};
  private DeletionVector deleted = DeletionVector.NONE;
  private int run;
  // The next row to read, in the run.
  private int position;
  private long groupsSkipped;
  private long groupsRead;
  private long rowsRead;

  /**
   * A reader.
   *
   * @param schema the table's
   * @param columns the columns, and in them the fields, that are read
   */
  SegmentBatchReader(
      FileStore store,
      List<SegmentSlice> slices,
      Schema schema,
      List<Column> columns,
      ZoneFilter zones) {
    this.store = store;
    this.slices = slices;
    this.schema = schema;
    this.zones = zones;
    this.columns = List.copyOf(columns);
    List<Integer> key = schema.key().columnIds();
    this.vectors = new SegmentVector[columns.size()];
    this.places = new int[columns.size()];
    for (int i = 0; i < vectors.length; i++) {
      places[i] = schema.indexOf(columns.get(i).id());
      vectors[i] = vector(columns.get(i), key);
    }
    this.batch = new ColumnarBatch(vectors.clone());
    TaskContext task = TaskContext.get();
    this.releasedByTask = task != null;
    if (task != null) {
      task.addTaskCompletionListener((TaskCompletionListener) context -> release());
    }
  }

  /** Goes on to other slices. What was read before is not valid any more. */
  void restart(List<SegmentSlice> others) {
    release();
    slices = others;
    nextSlice = 0;
    runs = new int[0];
    run = 0;
  }

  private SegmentVector vector(Column column, List<Integer> key) {
    if (MetadataColumns.isMetadata(column)) {
      return new PlaceVector(column, window);
    }
    return key.contains(column.id())
        ? new KeyVector(SparkSchemas.toSpark(column.type()), window, column.nullable())
        : ChunkVector.of(column, window);
  }

  @Override
  public boolean next() throws IOException {
    while (!skipDeleted()) {
      if (nextSlice == slices.size()) {
        return false;
      }
      open(slices.get(nextSlice++));
    }
    if (vectors.length == 0) {
      batch.setNumRows(nextCount());
    } else {
      if (readAhead != null) {
        readAhead.next(runs, run, position);
      }
      nextRows();
      batch.setNumRows(window.count());
    }
    rowsRead += batch.numRows();
    return true;
  }

  /** Goes on to the next row that is not deleted; false if there is none in this slice. */
  private boolean skipDeleted() {
    while (run < runs.length) {
      int live = deleted.nextLive(position);
      if (live < runs[run + 1]) {
        position = live;
        return true;
      }
      nextRun();
    }
    return false;
  }

  private void open(SegmentSlice slice) throws IOException {
    deleted = slice.deleted().read(store);
    boolean counting = vectors.length == 0 && zones.equals(ZoneFilter.ALL);
    runs = counting ? slice.knownRuns().orElse(null) : null;
    if (runs == null) {
      Lease<Segment> lease = acquire(slice.path());
      leases.add(lease);
      segment = lease.value();
      rows = segment.as(schema);
      runs = slice.runs(segment);
      if (!zones.equals(ZoneFilter.ALL)) {
        skipGroups();
      }
      address = MapAddress.of(segment.bytes().buffer());
      boundGroup = -1;
      bindKeys();
      readAhead = segment.isRemote() ? ReadAhead.of(segment, columns) : null;
    }
    run = 0;
    position = runs.length == 0 ? 0 : runs[0];
  }

  /** Leaves out the rows of row groups in which no row can be wanted. */
  private void skipGroups() {
    int shift = segment.rowGroupShift();
    int[] kept = new int[runs.length];
    int n = 0;
    int judged = -1;
    boolean wanted = false;
    for (int i = 0; i < runs.length; i += 2) {
      for (int at = runs[i]; at < runs[i + 1]; ) {
        int group = at >>> shift;
        int end = (int) Math.min(runs[i + 1], (group + 1L) << shift);
        if (group != judged) {
          judged = group;
          wanted = zones.mayMatch(segment, schema, group);
          groupsSkipped += wanted ? 0 : 1;
        }
        if (wanted && n > 0 && kept[n - 1] == at) {
          kept[n - 1] = end;
        } else if (wanted) {
          kept = n == kept.length ? Arrays.copyOf(kept, 2 * n) : kept;
          kept[n++] = at;
          kept[n++] = end;
        }
        at = end;
      }
    }
    runs = Arrays.copyOf(kept, n);
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return new CustomTaskMetric[] {
      new ScanMetrics.Value(ScanMetrics.RowGroupsSkipped.NAME, groupsSkipped),
      new ScanMetrics.Value(ScanMetrics.RowGroupsRead.NAME, groupsRead),
      new ScanMetrics.Value(ScanMetrics.RowsRead.NAME, rowsRead)
    };
  }

  private Lease<Segment> acquire(String path) throws IOException {
    try {
      return SegmentCache.ofProcess().acquire(store, path);
    } catch (NoSuchFileException e) {
      throw new MissingFileException(path);
    }
  }

  private void bindKeys() {
    for (int i = 0; i < vectors.length; i++) {
      if (vectors[i] instanceof PlaceVector vector) {
        vector.bind(segment);
      } else if (vectors[i] instanceof KeyVector vector) {
        vector.bind(segment, rows.keyColumnOf(places[i]), address);
      }
    }
  }

  /** Moves on over rows of which no column is wanted; returns their number. */
  private int nextCount() {
    int count = runs[run + 1] - position - deleted.count(position, runs[run + 1]);
    nextRun();
    return count;
  }

  private void nextRun() {
    run += 2;
    position = run < runs.length ? runs[run] : 0;
  }

  private void nextRows() {
    int shift = segment.rowGroupShift();
    int group = position >>> shift;
    int start = group << shift;
    int end = start + segment.rowsOfGroup(group);
    int count = Math.min(RowWindow.MAX_ROWS, Math.min(runs[run + 1], end) - position);
    boolean alone =
        count >= MIN_DENSE
            || position + count < runs[run + 1]
            || run + 2 >= runs.length
            || runs[run + 2] >= end;
    int nextDeleted = deleted.nextDeleted(position);
    if (alone && (nextDeleted < 0 || nextDeleted >= position + count)) {
      window.setDense(start, position - start, count);
      advance(count);
    } else if (alone) {
      int[] selection = window.selection();
      window.setSelected(start, deleted.live(position, position + count, start, selection, 0));
      advance(count);
    } else {
      collect(start, end);
    }
    if (group != boundGroup) {
      bindGroup(group);
    }
  }

  private void advance(int count) {
    position += count;
    if (position == runs[run + 1]) {
      nextRun();
    }
  }

  private void collect(int start, int end) {
    int[] selection = window.selection();
    int n = 0;
    while (n < RowWindow.MAX_ROWS && run < runs.length && position < end) {
      int take = Math.min(RowWindow.MAX_ROWS - n, Math.min(runs[run + 1], end) - position);
      n = deleted.live(position, position + take, start, selection, n);
      advance(take);
    }
    window.setSelected(start, n);
  }

  private void bindGroup(int group) {
    for (int i = 0; i < vectors.length; i++) {
      if (vectors[i] instanceof ChunkVector vector) {
        vector.bind(segment.path(), rows.chunk(places[i], group), address);
      }
    }
    boundGroup = group;
    groupsRead++;
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public void close() {
    runs = new int[0];
    nextSlice = slices.size();
    if (!releasedByTask) {
      release();
    }
  }

  private void release() {
    leases.forEach(Lease::close);
    leases.clear();
  }
}
