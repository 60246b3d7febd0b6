package io.alexstore.segment.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.schema.ColumnType;
import io.alexstore.schema.StringType;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Statistics computed the simple way. */
final class StatisticsModel {

  private StatisticsModel() {}

  static void check(ChunkEntry entry, ColumnType type, Object[] values) {
    List<Object> present = Arrays.stream(values).filter(Objects::nonNull).toList();
    assertThat(entry.count()).isEqualTo(values.length);
    assertThat(entry.nullCount()).isEqualTo(values.length - present.size());
    boolean none =
        type.physical().isNested() || (type instanceof StringType s && !s.isBinaryOrder());
    if (none || present.isEmpty()) {
      assertThat(entry.hasMin() || entry.hasMax() || entry.hasNaN()).isFalse();
      return;
    }
    switch (type.physical()) {
      case FLOAT32, FLOAT64 -> checkFloats(entry, present);
      case INT128 -> {
        Comparator<Object> order = Comparator.comparing(BigInteger.class::cast);
        assertThat(entry.minBigInteger()).isEqualTo(present.stream().min(order).get());
        assertThat(entry.maxBigInteger()).isEqualTo(present.stream().max(order).get());
      }
      case BYTES -> {
        Comparator<Object> order = (a, b) -> Arrays.compareUnsigned((byte[]) a, (byte[]) b);
        byte[] min = (byte[]) present.stream().min(order).get();
        byte[] max = (byte[]) present.stream().max(order).get();
        assertThat(entry.minBytes()).isEqualTo(Arrays.copyOf(min, Math.min(min.length, 16)));
        assertThat(entry.maxBytes()).isEqualTo(Arrays.copyOf(max, Math.min(max.length, 16)));
        assertThat(entry.isMinTruncated()).isEqualTo(min.length > 16);
        assertThat(entry.isMaxTruncated()).isEqualTo(max.length > 16);
      }
      default -> {
        Comparator<Object> order = Comparator.comparing(Long.class::cast);
        assertThat(entry.minLong()).isEqualTo(present.stream().min(order).get());
        assertThat(entry.maxLong()).isEqualTo(present.stream().max(order).get());
      }
    }
  }

  private static void checkFloats(ChunkEntry entry, List<Object> present) {
    double[] numbers =
        present.stream()
            .mapToDouble(v -> ((Number) v).doubleValue())
            .filter(v -> !Double.isNaN(v))
            .toArray();
    assertThat(entry.hasNaN()).isEqualTo(numbers.length < present.size());
    assertThat(entry.hasMin()).isEqualTo(numbers.length > 0);
    assertThat(entry.hasMax()).isEqualTo(numbers.length > 0);
    if (numbers.length > 0) {
      double min = Arrays.stream(numbers).min().getAsDouble();
      double max = Arrays.stream(numbers).max().getAsDouble();
      // Double.equals tells the zeros apart.
      assertThat((Double) entry.minDouble()).isEqualTo(min == 0 ? -0.0 : min);
      assertThat((Double) entry.maxDouble()).isEqualTo(max == 0 ? 0.0 : max);
    }
  }
}
