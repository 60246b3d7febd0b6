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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.Count;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Aggregates over all rows of some key ranges that need no row but the first and last: {@code
 * count(*)}, counts of columns that are never null, and the minimum and maximum of the key's first
 * column if it is never null. All are exact.
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

  /** What is aggregated, as {@code count(*)} or {@code min(id)}; empty if something else is too. */
  static Optional<List<String>> describe(Schema schema, Aggregation aggregation) {
    if (aggregation.groupByExpressions().length > 0
        || aggregation.aggregateExpressions().length == 0) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (AggregateFunc function : aggregation.aggregateExpressions()) {
      if (function instanceof CountStar) {
        names.add("count(*)");
      } else if (function instanceof Count count
          && !count.isDistinct()
          && isNeverNull(schema, count.column())) {
        names.add("count(*)");
      } else if (function instanceof Min min && isFirstOfKey(schema, min.column())) {
        names.add("min(" + schema.keyColumns().get(0).name() + ")");
      } else if (function instanceof Max max && isFirstOfKey(schema, max.column())) {
        names.add("max(" + schema.keyColumns().get(0).name() + ")");
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }

  private static boolean isNeverNull(Schema schema, Expression expression) {
    return column(schema, expression).map(column -> !column.nullable()).orElse(false);
  }

  private static boolean isFirstOfKey(Schema schema, Expression expression) {
    Column first = schema.keyColumns().get(0);
    return isNeverNull(schema, expression)
        && column(schema, expression).map(column -> column.id() == first.id()).orElse(false);
  }

  private static Optional<Column> column(Schema schema, Expression expression) {
    return expression instanceof NamedReference reference && reference.fieldNames().length == 1
        ? schema.columns().stream()
            .filter(column -> column.name().equals(reference.fieldNames()[0]))
            .findFirst()
        : Optional.empty();
  }

  /**
   * The one row with the aggregates.
   *
   * @param names as {@link #describe} gives them
   */
  AlexLocalScan answer(List<String> names, AlexScan source, String description) {
    Object[] values = new Object[names.size()];
    StructField[] fields = new StructField[names.size()];
    DataType keyType = SparkSchemas.toSpark(schema.keyColumns().get(0).type());
    try {
      for (int i = 0; i < values.length; i++) {
        boolean count = names.get(i).startsWith("count");
        values[i] = count ? (Object) count() : first(keyType, names.get(i).startsWith("max"));
        fields[i] =
            DataTypes.createStructField(
                names.get(i) + " " + i, count ? DataTypes.LongType : keyType, !count);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("Cannot read keys of " + snapshot.table(), e);
    }
    InternalRow row = new GenericInternalRow(values);
    return new AlexLocalScan(
        new StructType(fields), List.of(row), List.of(source, names), description);
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
