package io.alexstore.spark.scan;

import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.log.Snapshot;
import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.SparkSchemas;
import io.alexstore.spark.read.DeletedRows;
import io.alexstore.spark.read.DriverRows;
import io.alexstore.spark.read.Positions;
import io.alexstore.spark.read.SegmentSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Aggregates over all rows of some key ranges that need no row but the first and last: counts of
 * rows, the ends of the key's first column, and what {@link ColumnAggregates} tells of others. All
 * are exact.
 */
final class KeyAggregates {

  private final TableStorage storage;
  private final Snapshot snapshot;
  private final Schema schema;
  // Each knows its rows by position.
  private final List<SegmentPart> parts;

  KeyAggregates(TableStorage storage, Snapshot snapshot, List<SegmentPart> parts) {
    this.storage = storage;
    this.snapshot = snapshot;
    this.schema = snapshot.schema();
    this.parts = parts;
  }

  /**
   * The one row with the aggregates; empty if metadata does not tell one of them.
   *
   * @param source what was asked
   */
  Optional<AlexLocalScan> answer(
      List<PushedAggregate> wanted, AlexScan source, String description) {
    Object[] values = new Object[wanted.size()];
    StructField[] fields = new StructField[wanted.size()];
    try {
      List<PushedAggregate> others =
          wanted.stream().filter(aggregate -> !aggregate.isOfKeys()).toList();
      Optional<Object[]> found = ColumnAggregates.of(storage, snapshot, parts, others);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      int next = 0;
      for (int i = 0; i < values.length; i++) {
        PushedAggregate aggregate = wanted.get(i);
        DataType type = type(aggregate);
        values[i] =
            switch (aggregate.kind()) {
              case ROWS -> count();
              case FIRST_KEY -> first(type, false);
              case LAST_KEY -> first(type, true);
              case COUNT, MIN, MAX -> found.get()[next++];
            };
        fields[i] = DataTypes.createStructField(aggregate + " " + i, type, !isCount(aggregate));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read metadata of " + snapshot.table(), e);
    }
    InternalRow row = new GenericInternalRow(values);
    return Optional.of(
        new AlexLocalScan(
            new StructType(fields), List.of(row), List.of(source, wanted), description));
  }

  private static boolean isCount(PushedAggregate aggregate) {
    return aggregate.kind() == PushedAggregate.Kind.ROWS
        || aggregate.kind() == PushedAggregate.Kind.COUNT;
  }

  private static DataType type(PushedAggregate aggregate) {
    return isCount(aggregate)
        ? DataTypes.LongType
        : SparkSchemas.toSpark(aggregate.column().type());
  }

  private long count() {
    return parts.stream().mapToLong(SegmentPart::rows).sum();
  }

  /** The first, or last, value of the key's first column; null if there is no row. */
  private Object first(DataType type, boolean last) throws IOException {
    SegmentPart found = null;
    int foundPosition = -1;
    byte[] foundKey = null;
    for (SegmentPart part : parts) {
      byte[] bound = last ? part.segment().maxKey() : part.segment().minKey();
      if (found != null && !isBetter(bound, foundKey, last)) {
        continue; // Whatever of it is deleted.
      }
      int position = position(part, last);
      if (position < 0) {
        continue;
      }
      byte[] key = key(part, position);
      if (found == null || isBetter(key, foundKey, last)) {
        found = part;
        foundPosition = position;
        foundKey = key;
      }
    }
    if (found == null) {
      return null;
    }
    SegmentSlice row =
        SegmentSlice.ofRows(
            found.segment().pathIn(snapshot.table()),
            Positions.run(foundPosition, foundPosition + 1),
            DeletedRows.NONE);
    List<Column> column = List.of(schema.keyColumns().get(0));
    return DriverRows.read(storage.store(), List.of(row), schema, column, Long.MAX_VALUE)
        .orElseThrow()
        .get(0)
        .get(0, type);
  }

  private static boolean isBetter(byte[] key, byte[] than, boolean last) {
    int order = Arrays.compareUnsigned(key, than);
    return last ? order > 0 : order < 0;
  }

  /** The first, or last, row that is not deleted; -1 if all are. */
  private int position(SegmentPart part, boolean last) throws IOException {
    DeletionVector deleted = part.deleted(snapshot.table()).read(storage.store());
    int[] runs = part.runs();
    for (int i = 0; i < runs.length; i += 2) {
      int run = last ? runs.length - 2 - i : i;
      int live = last ? deleted.previousLive(runs[run + 1] - 1) : deleted.nextLive(runs[run]);
      if (live >= runs[run] && live < runs[run + 1]) {
        return live;
      }
    }
    return -1;
  }

  private byte[] key(SegmentPart part, int position) throws IOException {
    // Of most segments all rows are asked for, and then the log knows.
    if (position == 0) {
      return part.segment().minKey();
    } else if (position == part.segment().rows() - 1) {
      return part.segment().maxKey();
    }
    String path = part.segment().pathIn(snapshot.table());
    try (Lease<Segment> lease = SegmentCache.ofProcess().acquire(storage.store(), path)) {
      return lease.value().keyBytes(position);
    }
  }
}
