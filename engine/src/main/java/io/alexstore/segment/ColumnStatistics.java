package io.alexstore.segment;

import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.PhysicalType;
import io.alexstore.segment.chunk.Bound;
import java.math.BigInteger;
import java.util.Optional;

/**
 * What a segment tells of one of its columns, deleted rows included.
 *
 * @param columnId the column
 * @param nullCount the number of nulls
 * @param isUnique whether all values differ, so that there is no sketch
 * @param sketch of the distinct values, as {@link io.alexstore.sketch.DistinctSketch} writes it;
 *     not to be changed
 * @param hasBounds whether there are a minimum and a maximum
 * @param min the least value, NaN left out: an integer, the bits of a double, or a 128-bit integer
 * @param max the greatest value, NaN left out
 * @param hasLengths whether the lengths of the values are known
 * @param length the sum of the lengths of strings or binary values, in bytes
 * @param maxLength the greatest length, in bytes
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier that is never compared.
public record ColumnStatistics(
    int columnId,
    int nullCount,
    boolean isUnique,
    byte[] sketch,
    boolean hasBounds,
    Bound min,
    Bound max,
    boolean hasLengths,
    long length,
    int maxLength) {

  /** Stands where there is no bound. */
  static final Bound NO_BOUND = new Bound(0, 0, 0);

  /** Whether a segment tells anything of columns of a type. */
  static boolean isOf(ColumnType type) {
    return !type.physical().isNested();
  }

  /** Whether the statistics of columns of a type have bounds. */
  static boolean hasBounds(ColumnType type) {
    return isOf(type) && type.physical() != PhysicalType.BYTES;
  }

  /**
   * The least value, of a column that was written as some type: {@code Long}, {@code Double} or, of
   * decimals, {@code BigInteger} (unscaled).
   */
  public Optional<Comparable<?>> min(ColumnType type) {
    return hasBounds ? Optional.of(value(type, min)) : Optional.empty();
  }

  /** The greatest value, as {@link #min}. */
  public Optional<Comparable<?>> max(ColumnType type) {
    return hasBounds ? Optional.of(value(type, max)) : Optional.empty();
  }

  private static Comparable<?> value(ColumnType type, Bound bound) {
    return switch (type.physical()) {
      case FLOAT32, FLOAT64 -> Double.longBitsToDouble(bound.low()) + 0.0;
      case INT128 -> bound.toBigInteger();
      default -> type instanceof DecimalType ? BigInteger.valueOf(bound.low()) : (Long) bound.low();
    };
  }
}
