package io.alexstore.segment;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.JavaValues;
import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.TypeWidening;
import io.alexstore.schema.TypeWidening.Reading;
import io.alexstore.segment.chunk.ChunkProjection;
import io.alexstore.sketch.DistinctSketch;
import io.alexstore.sketch.ValueHash;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;

/** One column of {@link StatisticsMerge}. Not thread-safe. */
final class MergedColumn {
  private static final int WORD = 64;

  private final Column column;
  private final boolean isCut;
  private final DistinctSketch sketch = new DistinctSketch();

  /** Of values that were stored as days and are microseconds now: their hashes are others. */
  private final DistinctSketch days = new DistinctSketch();

  private boolean isKnown = true;
  private boolean isBounded = true;
  private boolean isUnique = true;
  private boolean hasLengths = true;
  private long rows;

  /** Of the rows that were asked for, deleted ones included, and of all rows of their segments. */
  private long positions;

  private long stored;
  private long storedValues;
  private double nulls;
  private Comparable<?> min;
  private Comparable<?> max;
  private long length;
  private long maxLength;

  MergedColumn(Column column, boolean isCut) {
    this.column = column;
    this.isCut = isCut;
  }

  void add(Segment segment, SegmentStatistics told, long some, long live) {
    rows += live;
    positions += some;
    stored += segment.rowCount();
    int place = segment.schema().indexOf(column.id());
    if (place < 0) {
      addMissing(segment.rowCount(), live);
      return;
    }
    Optional<ColumnStatistics> found = told.of(column.id());
    if (found.isEmpty()) {
      isKnown = false;
      return;
    }
    add(found.get(), segment.schema().columns().get(place).type(), segment.rowCount(), some, live);
  }

  private void add(ColumnStatistics told, ColumnType type, int rowCount, long some, long live) {
    long values = (long) rowCount - told.nullCount();
    storedValues += values;
    nulls += Math.min((double) live, (double) told.nullCount() * some / rowCount);
    Reading reading = TypeWidening.reading(type, column.type());
    isUnique &= told.isUnique();
    (reading == Reading.DAYS_AS_MICROS ? days : sketch).addAll(told.sketch());
    hasLengths &= told.hasLengths();
    length += told.length();
    maxLength = Math.max(maxLength, told.maxLength());
    if (values > 0) {
      bound(widened(reading, told.min(type)), widened(reading, told.max(type)));
    }
  }

  private static Comparable<?> widened(Reading reading, Optional<Comparable<?>> bound) {
    if (bound.isEmpty() || reading != Reading.DAYS_AS_MICROS) {
      return bound.orElse(null);
    }
    try {
      return TypeWidening.daysToMicros((Long) bound.get());
    } catch (ArithmeticException e) {
      return null; // Who reads it says so.
    }
  }

  private void bound(Comparable<?> least, Comparable<?> greatest) {
    if (least == null || greatest == null) {
      isBounded = false;
      return;
    }
    min = min == null || compare(least, min) < 0 ? least : min;
    max = max == null || compare(greatest, max) > 0 ? greatest : max;
  }

  @SuppressWarnings("unchecked")
  private static int compare(Comparable<?> a, Comparable<?> b) {
    return ((Comparable<Object>) a).compareTo(b);
  }

  /** Rows of a segment that was written before the column was added. */
  private void addMissing(int rowCount, long live) {
    isUnique = false;
    Object value = ChunkProjection.defaultOf(column);
    if (value == null) {
      nulls += live;
      return;
    }
    storedValues += rowCount;
    Object physical = JavaValues.toPhysical(column.name(), column.type(), value);
    if (physical instanceof byte[] bytes) {
      sketch.add(ValueHash.ofBytes(bytes, 0, bytes.length));
      length += (long) bytes.length * rowCount;
      maxLength = Math.max(maxLength, bytes.length);
    } else if (physical instanceof BigInteger wide) {
      sketch.add(ValueHash.ofInt128(wide.longValue(), wide.shiftRight(WORD).longValue()));
      bound(wide, wide);
    } else if (physical instanceof Long number) {
      sketch.add(ValueHash.ofLong(number));
      Comparable<?> form =
          column.type() instanceof DecimalType
              ? (Comparable<?>) BigInteger.valueOf(number)
              : number;
      bound(form, form);
    } else {
      double number = ((Number) physical).doubleValue();
      sketch.add(ValueHash.ofDouble(number));
      Double form = Double.isNaN(number) ? null : (Double) (number + 0.0);
      bound(form, form);
    }
  }

  /** What is known; empty if nothing is. */
  Optional<ColumnSummary> summary() {
    if (!isKnown || rows == 0) {
      return Optional.empty();
    }
    boolean isBytes = column.type().physical() == PhysicalType.BYTES;
    long nullCount = Math.min(rows, (long) Math.ceil(nulls));
    boolean hasBounds = isBounded && min != null;
    long average = storedValues == 0 ? 0 : (length + storedValues - 1) / storedValues;
    return Optional.of(
        new ColumnSummary(
            column,
            rows,
            nullCount,
            distinct(rows - nullCount),
            hasBounds ? Optional.of(min) : Optional.empty(),
            hasBounds ? Optional.of(max) : Optional.empty(),
            isBytes && hasLengths ? OptionalLong.of(average) : OptionalLong.empty(),
            isBytes && hasLengths ? OptionalLong.of(maxLength) : OptionalLong.empty()));
  }

  /** How many distinct values there are among so many. */
  private long distinct(long values) {
    if (isUnique) {
      return values;
    }
    double all = sketch.estimate() + days.estimate();
    double share = (double) positions / Math.max(1, stored);
    if (share < 1 && all > 0) {
      // Of values that are strewn at random, each is left out with the share of rows that are.
      double ofEach = Math.max(1, storedValues / all);
      all *= isCut ? share : 1 - Math.pow(1 - share, ofEach);
    }
    return Math.min(values, values == 0 ? 0 : Math.max(1, Math.round(all)));
  }
}
