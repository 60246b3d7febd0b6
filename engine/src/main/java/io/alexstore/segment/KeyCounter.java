package io.alexstore.segment;

import io.alexstore.schema.Column;
import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.Values;
import io.alexstore.segment.chunk.Bound;
import io.alexstore.sketch.DistinctSketch;
import io.alexstore.sketch.ValueHash;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Gathers the statistics of one column of the key, row by row: its values are not in chunks. Rows
 * come in the order of the key, so that equal values often follow each other and cost a comparison.
 * Not thread-safe.
 */
final class KeyCounter {
  private static final int WORD = 64;
  private static final int RECENT = 64;

  private final Column column;
  private final int place;
  private final PhysicalType physical;

  /** Whether no two rows have the same value. */
  private final boolean isUnique;

  private final DistinctSketch sketch = new DistinctSketch();
  private int nulls;

  /** Integers that were seen, each at the place that its lowest bits say: small ones come again. */
  private final long[] recent = new long[RECENT];

  private boolean hasLast;
  private long lastLong;
  private byte[] lastBytes;
  private BigInteger lastWide;
  private boolean hasBounds;
  private long minLong;
  private long maxLong;
  private double minDouble;
  private double maxDouble;
  private BigInteger minWide;
  private BigInteger maxWide;
  private long length;
  private int maxLength;

  KeyCounter(Column column, int place, boolean isUnique) {
    this.column = column;
    this.place = place;
    this.physical = column.type().physical();
    this.isUnique = isUnique;
    recent[0] = 1; // Not 0, which belongs there and was not seen yet.
  }

  void add(Values row) {
    if (row.isNull(place)) {
      nulls++;
      return;
    }
    switch (physical) {
      case FLOAT32 -> floating(row.getFloat(place));
      case FLOAT64 -> floating(row.getDouble(place));
      case INT128 -> wide(row.getBigInteger(place));
      case BYTES -> {
        if (!isUnique) { // Else nothing is to be gathered that would be worth a copy.
          bytes(row.getBytes(place));
        }
      }
      default -> integer(row.getLong(place));
    }
  }

  private void integer(long value) {
    int slot = (int) value & (RECENT - 1);
    if (recent[slot] == value && hasLast) {
      return;
    }
    recent[slot] = value;
    minLong = hasLast ? Math.min(minLong, value) : value;
    maxLong = hasLast ? Math.max(maxLong, value) : value;
    hasLast = true;
    hasBounds = true;
    if (!isUnique) {
      sketch.add(ValueHash.ofLong(value));
    }
  }

  private void floating(double value) {
    long bits = Double.doubleToLongBits(value);
    if (hasLast && bits == lastLong) {
      return;
    }
    hasLast = true;
    lastLong = bits;
    if (!Double.isNaN(value)) {
      minDouble = hasBounds ? Math.min(minDouble, value) : value;
      maxDouble = hasBounds ? Math.max(maxDouble, value) : value;
      hasBounds = true;
    }
    if (!isUnique) {
      sketch.add(ValueHash.ofDouble(value));
    }
  }

  private void wide(BigInteger value) {
    if (value.equals(lastWide)) {
      return;
    }
    lastWide = value;
    minWide = hasBounds ? minWide.min(value) : value;
    maxWide = hasBounds ? maxWide.max(value) : value;
    hasBounds = true;
    if (!isUnique) {
      sketch.add(ValueHash.ofInt128(value.longValue(), high(value)));
    }
  }

  private void bytes(byte[] value) {
    length += value.length;
    maxLength = Math.max(maxLength, value.length);
    if (!Arrays.equals(value, lastBytes)) {
      lastBytes = value.clone();
      sketch.add(ValueHash.ofBytes(value, 0, value.length));
    }
  }

  private static long high(BigInteger value) {
    return value.shiftRight(WORD).longValue();
  }

  ColumnStatistics finish() {
    return new ColumnStatistics(
        column.id(),
        nulls,
        isUnique,
        sketch.toBytes(),
        hasBounds,
        bound(minLong, minDouble, minWide),
        bound(maxLong, maxDouble, maxWide),
        physical == PhysicalType.BYTES && !isUnique,
        length,
        maxLength);
  }

  private Bound bound(long number, double floating, BigInteger wide) {
    if (!hasBounds) {
      return ColumnStatistics.NO_BOUND;
    }
    return switch (physical) {
      case FLOAT32, FLOAT64 ->
          new Bound(Bound.MAX_LENGTH, Double.doubleToRawLongBits(floating + 0.0), 0);
      case INT128 -> new Bound(Bound.MAX_LENGTH, wide.longValue(), high(wide));
      default -> new Bound(Bound.MAX_LENGTH, number, 0);
    };
  }
}
