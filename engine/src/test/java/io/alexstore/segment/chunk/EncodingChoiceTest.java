package io.alexstore.segment.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StringType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** The smallest encoding is chosen, and is as small as the format says. */
class EncodingChoiceTest {

  private static final int N = 4096;
  private final SplittableRandom random = new SplittableRandom(7);

  private static ChunkEntry encode(ColumnType type, IntFunction<Object> value) {
    Object[] values = new Object[N];
    Arrays.setAll(values, value);
    return ChunkFiles.encode(type, values).entries().get(0);
  }

  private static void check(ChunkEntry entry, int encoding, int width, int length) {
    assertThat(entry.encoding()).isEqualTo(encoding);
    assertThat(entry.width()).isEqualTo(width);
    assertThat(entry.length()).isEqualTo(length);
  }

  @Test
  void constantsTakeNothing() {
    check(encode(ScalarType.LONG, i -> 42L), ChunkFormat.PACKED, 0, 0);
    check(encode(ScalarType.BOOLEAN, i -> 1L), ChunkFormat.PACKED, 0, 0);
    check(encode(ScalarType.DOUBLE, i -> 1.5), ChunkFormat.DICTIONARY, 0, 8);
    check(encode(StringType.BINARY_ORDER, i -> ascii("constant")), ChunkFormat.DICTIONARY, 0, 16);
    check(encode(StringType.BINARY_ORDER, i -> ascii("")), ChunkFormat.BYTES, 0, 0);
    check(encode(ScalarType.LONG, i -> null), ChunkFormat.NONE, 0, 0);
  }

  @Test
  void smallRangesArePacked() {
    check(encode(ScalarType.LONG, i -> 1L << 40 | i), ChunkFormat.PACKED, 12, N * 12 / 8 + 8);
    check(encode(ScalarType.BOOLEAN, i -> i % 3 & 1L), ChunkFormat.PACKED, 1, N / 8 + 8);
    ChunkEntry nulls = encode(ScalarType.INT, i -> i % 2 == 0 ? null : (Object) (900L + i / 2 % 8));
    check(nulls, ChunkFormat.PACKED, 3, N / 8 + N * 3 / 8 + 8);
  }

  @Test
  void packedIntegersAreAtMost56BitsWide() {
    long most = (1L << 56) - 1;
    IntFunction<Object> values =
        i ->
            i == 0
                ? Long.MIN_VALUE
                : i == 1 ? Long.MIN_VALUE + most : spread(i) & Long.MIN_VALUE + most;
    check(encode(ScalarType.LONG, values), ChunkFormat.PACKED, 56, N * 7 + 8);
    IntFunction<Object> wider =
        i -> i == 1 ? (Object) (Long.MIN_VALUE + most + 1) : values.apply(i);
    check(encode(ScalarType.LONG, wider), ChunkFormat.PLAIN, 0, N * 8);
  }

  private static long spread(int i) {
    return (i * 0x9E3779B97F4A7C15L) | Long.MIN_VALUE;
  }

  @Test
  void largeRangesArePlain() {
    check(encode(ScalarType.LONG, i -> random.nextLong()), ChunkFormat.PLAIN, 0, N * 8);
    check(encode(ScalarType.INT, i -> (long) random.nextInt()), ChunkFormat.PLAIN, 0, N * 4);
    check(encode(ScalarType.DOUBLE, i -> random.nextDouble()), ChunkFormat.PLAIN, 0, N * 8);
  }

  @Test
  void fewValuesHaveADictionary() {
    long[] few = random.longs(100).toArray();
    check(
        encode(ScalarType.LONG, i -> few[i % 100]),
        ChunkFormat.DICTIONARY,
        7,
        N * 7 / 8 + 8 + 100 * 8);
    check(encode(ScalarType.FLOAT, i -> i % 3 * 0.1f), ChunkFormat.DICTIONARY, 2, N / 4 + 8 + 16);
    check(
        encode(StringType.BINARY_ORDER, i -> ascii("value " + i % 16)),
        ChunkFormat.DICTIONARY,
        4,
        N / 2 + 8 + 72 + 120);
  }

  @Test
  void stringsOfOneLengthTakeNoOffsets() {
    check(
        encode(StringType.BINARY_ORDER, i -> ascii("row " + (10000 + i))),
        ChunkFormat.BYTES,
        0,
        N * 9);
    check(
        encode(new ListType(2, ScalarType.INT, true), i -> new ModelValues(1L, 2L, 3L)),
        ChunkFormat.OFFSETS,
        0,
        0);
  }

  @Test
  void offsetsTakeTheirDistanceFromALine() {
    ChunkEntry entry =
        encode(StringType.BINARY_ORDER, i -> ascii("row " + i + "x".repeat(random.nextInt(20))));
    assertThat(entry.encoding()).isEqualTo(ChunkFormat.BYTES);
    assertThat(entry.width()).isLessThanOrEqualTo(12);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
