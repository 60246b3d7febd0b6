package io.alexstore.spark.scan;

import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.log.Snapshot;
import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.IntervalType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StringType;
import io.alexstore.schema.TypeWidening;
import io.alexstore.schema.TypeWidening.Reading;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import io.alexstore.segment.SegmentView;
import io.alexstore.segment.chunk.ChunkEntry;
import io.alexstore.segment.chunk.ChunkView;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.read.ZoneFilter.Values;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Counts, minimums and maximums of columns that are not of the key, as far as the statistics of row
 * groups tell them exactly: of whole row groups without deleted rows, whose bounds are not cut off.
 * Not thread-safe.
 */
final class ColumnAggregates {

  private final TableStorage storage;
  private final Snapshot snapshot;
  private final List<PushedAggregate> wanted;
  private final long[] counts;
  // The values, in the form of Values; null where there is none yet.
  private final Comparable<?>[] bounds;

  private ColumnAggregates(TableStorage storage, Snapshot snapshot, List<PushedAggregate> wanted) {
    this.storage = storage;
    this.snapshot = snapshot;
    this.wanted = wanted;
    this.counts = new long[wanted.size()];
    this.bounds = new Comparable<?>[wanted.size()];
  }

  /**
   * The aggregates of some rows, as Spark has values; empty if statistics do not tell.
   *
   * @param wanted of columns that are not of the key
   */
  static Optional<Object[]> of(
      TableStorage storage,
      Snapshot snapshot,
      List<SegmentPart> parts,
      List<PushedAggregate> wanted)
      throws IOException {
    if (wanted.isEmpty()) {
      return Optional.of(new Object[0]);
    } else if (parts.size() > SegmentPruning.MAX_OPENED) {
      return Optional.empty();
    }
    ColumnAggregates aggregates = new ColumnAggregates(storage, snapshot, wanted);
    for (SegmentPart part : parts) {
      if (!aggregates.add(part)) {
        return Optional.empty();
      }
    }
    return aggregates.values();
  }

  private boolean add(SegmentPart part) throws IOException {
    String path = part.segment().pathIn(storage.table());
    DeletionVector deleted = part.deleted(storage.table()).read(storage.store());
    try (Lease<Segment> lease = SegmentCache.ofProcess().acquire(storage.store(), path)) {
      Segment segment = lease.value();
      SegmentView rows = segment.as(snapshot.schema());
      int shift = segment.rowGroupShift();
      int[] runs = part.runs();
      for (int i = 0; i < runs.length; i += 2) {
        for (int at = runs[i]; at < runs[i + 1]; ) {
          int group = at >>> shift;
          int end = at + segment.rowsOfGroup(group);
          boolean isWhole = at == group << shift && end <= runs[i + 1];
          if (!isWhole || deleted.count(at, end) > 0 || !add(rows, group)) {
            return false;
          }
          at = end;
        }
      }
    }
    return true;
  }

  private boolean add(SegmentView rows, int group) {
    for (int i = 0; i < wanted.size(); i++) {
      Column column = wanted.get(i).column();
      ChunkView chunk = rows.chunk(snapshot.schema().indexOf(column.id()), group);
      int values = chunk.count() - chunk.nullCount();
      counts[i] += values;
      if (wanted.get(i).kind() != PushedAggregate.Kind.COUNT
          && values > 0
          && !addBound(i, stored(rows, column), chunk.entry())) {
        return false;
      }
    }
    return true;
  }

  /** The type that a segment has a column in; null if it does not have it. */
  private static ColumnType stored(SegmentView rows, Column column) {
    return rows.segment().schema().columns().stream()
        .filter(own -> own.id() == column.id())
        .map(Column::type)
        .findFirst()
        .orElse(null);
  }

  private boolean addBound(int i, ColumnType stored, ChunkEntry chunk) {
    ColumnType type = wanted.get(i).column().type();
    boolean isMax = wanted.get(i).kind() == PushedAggregate.Kind.MAX;
    if (stored == null || TypeWidening.reading(stored, type) != Reading.AS_IT_IS) {
      return false;
    }
    Comparable<?> bound;
    if (chunk.hasNaN() && (isMax || !chunk.hasMin())) {
      bound = Double.NaN; // The greatest of all.
    } else if (isMax ? !chunk.hasMax() : !chunk.hasMin()) {
      return false;
    } else if (isMax ? chunk.isMaxTruncated() : chunk.isMinTruncated()) {
      return false;
    } else {
      bound = isMax ? Values.max(stored, chunk) : Values.min(stored, chunk);
    }
    if (bound instanceof Double number && number == 0) {
      return false; // Which of the two zeros is not told.
    }
    int order = bounds[i] == null ? 0 : Values.compare(bound, bounds[i]);
    if (bounds[i] == null || (isMax ? order > 0 : order < 0)) {
      bounds[i] = bound;
    }
    return true;
  }

  private Optional<Object[]> values() {
    Object[] values = new Object[wanted.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          wanted.get(i).kind() == PushedAggregate.Kind.COUNT
              ? (Object) counts[i]
              : bounds[i] == null ? null : value(wanted.get(i).column().type(), bounds[i]);
    }
    return Optional.of(values);
  }

  /** A bound as Spark has values of a type. */
  static Object value(ColumnType type, Comparable<?> bound) {
    if (type instanceof DecimalType decimal) {
      BigDecimal number = new BigDecimal((BigInteger) bound, decimal.scale());
      return Decimal.apply(number, decimal.precision(), decimal.scale());
    } else if (type instanceof StringType) {
      return UTF8String.fromBytes(HexFormat.of().parseHex((String) bound));
    } else if (type == ScalarType.BINARY) {
      return HexFormat.of().parseHex((String) bound);
    } else if (bound instanceof Double number) {
      return type == ScalarType.FLOAT ? (Object) number.floatValue() : number;
    }
    long number = (Long) bound;
    if (type == ScalarType.BOOLEAN) {
      return number != 0;
    } else if (type == ScalarType.BYTE) {
      return (byte) number;
    } else if (type == ScalarType.SHORT) {
      return (short) number;
    }
    boolean isInt =
        type == ScalarType.INT
            || type == ScalarType.DATE
            || (type instanceof IntervalType interval && interval.isYearMonth());
    return isInt ? (Object) (int) number : (Object) number;
  }
}
