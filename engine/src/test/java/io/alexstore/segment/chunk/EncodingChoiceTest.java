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

  private static void check(ChunkEntry entry, int encoding, int width, long length) {
    assertThat(entry.encoding()).isEqualTo(encoding);
    assertThat(entry.width()).isEqualTo(width);
    assertThat(entry.length()).isEqualTo(length);
  }

  @Test
  void constantsTakeNothing() {
    check(encode(ScalarType.LONG, i -> 42L), ChunkFormat.PACKED, 0, 0);
    check(encode(ScalarType.BOOLEAN, i -> 1L), ChunkFormat.PACKED, 0, 0);
    check(encode(ScalarType.FLOAT, i -> 1.5f), ChunkFormat.DICTIONARY, 0, 8);
    check(encode(ScalarType.DOUBLE, i -> 1.5), ChunkFormat.SCALED, 0, 0);
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
        encode(ScalarType.BINARY, i -> randomBytes(9)),
        ChunkFormat.BYTES,
        0,
        ChunkFormat.pad(N * 9));
    check(
        encode(new ListType(2, ScalarType.INT, true), i -> new ModelValues(1L, 2L, 3L)),
        ChunkFormat.OFFSETS,
        0,
        0);
  }

  @Test
  void textIsCompressed() {
    String[] words = "the quick brown fox jumps over lazy dogs while many others sleep".split(" ");
    ChunkEntry entry =
        encode(
            StringType.BINARY_ORDER,
            i ->
                ascii(random.ints(6, 0, words.length).mapToObj(w -> words[w]).toList().toString()));
    assertThat(entry.encoding()).isEqualTo(ChunkFormat.SYMBOLS);
    assertThat(entry.symbols()).isBetween(12, 255);
    // A word with what stands between takes about one code.
    assertThat(entry.length()).isLessThan(N * 12);
  }

  @Test
  void whatDoesNotCompressStandsAsItIs() {
    byte[][] few = new byte[64][];
    Arrays.setAll(few, i -> randomBytes(100));
    check(encode(ScalarType.BINARY, i -> randomBytes(100)), ChunkFormat.BYTES, 0, N * 100);
    check(
        encode(ScalarType.BINARY, i -> few[i % 64]),
        ChunkFormat.DICTIONARY,
        6,
        N * 6 / 8 + 8 + 264 + 6400);
  }

  @Test
  void longEntriesOfADictionaryAreCompressed() {
    String text = "a long text that stands in a dictionary since it comes back, number ";
    ChunkEntry entry = encode(StringType.BINARY_ORDER, i -> ascii(text.repeat(4) + i % 500));
    assertThat(entry.encoding()).isEqualTo(ChunkFormat.SYMBOL_DICTIONARY);
    assertThat(entry.dictionarySize()).isEqualTo(500);
    assertThat(entry.length()).isLessThan(500 * text.length() + N * 2);
  }

  @Test
  void decimalNumbersArePackedIntegers() {
    int bits = 64 - Long.numberOfLeadingZeros(9_999_999L + 5_000_000);
    ChunkEntry entry =
        encode(
            ScalarType.DOUBLE,
            i -> i < 2 ? (i * 14_999_999 - 5_000_000) / 100.0 : random.nextInt(9_999_999) / 100.0);
    check(entry, ChunkFormat.SCALED, bits, N * bits / 8 + 8);
    assertThat(entry.slope()).isEqualTo(2);
    assertThat(entry.base()).isEqualTo(-5_000_000);
    // One that is none of few digits spoils it.
    check(
        encode(ScalarType.DOUBLE, i -> i == 9 ? Math.PI : random.nextInt(9_999_999) / 100.0),
        ChunkFormat.PLAIN,
        0,
        N * 8);
  }

  @Test
  void whatNoIntegerGivesToTheLastBitIsPlain() {
    double[] others = {-0.0, Double.NaN, Double.POSITIVE_INFINITY, 1e300, 0x1p60, 0.1 + 0.2};
    for (double other : others) {
      ChunkEntry entry = encode(ScalarType.DOUBLE, i -> i == 9 ? other : i / 4.0);
      check(entry, ChunkFormat.PLAIN, 0, N * 8);
    }
  }

  @Test
  void offsetsTakeTheirDistanceFromALine() {
    ChunkEntry entry = encode(ScalarType.BINARY, i -> randomBytes(10 + random.nextInt(20)));
    assertThat(entry.encoding()).isEqualTo(ChunkFormat.BYTES);
    assertThat(entry.width()).isLessThanOrEqualTo(12);
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
