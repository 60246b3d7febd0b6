package io.alexstore.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyRangesTest {

  @Test
  void rangesHoldWhatTheirBoundsSay() {
    Seeds.run(
        400,
        random -> {
          KeyCodec codec = KeyCodec.of(KeySamples.schema(random, 1 + random.nextInt(3)));
          for (int i = 0; i < 20; i++) {
            KeyRange range = range(random, codec);
            KeyRanges encoded = codec.ranges(range);
            for (int n = 0; n < 20; n++) {
              List<Object> key = near(random, codec, range);
              assertThat(contains(codec, encoded, key))
                  .as("%s holds %s", range, KeyFormat.parts(key))
                  .isEqualTo(model(range, key));
            }
            assertThat(encoded.describe(codec, 3)).isNotNull();
          }
        });
  }

  @Test
  void unionAndIntersectionAreThoseOfSets() {
    Seeds.run(
        400,
        random -> {
          KeyCodec codec = KeyCodec.of(KeySamples.schema(random, 1 + random.nextInt(2)));
          List<KeyRange> left = ranges(random, codec);
          List<KeyRange> right = ranges(random, codec);
          KeyRanges a = codec.ranges(left);
          KeyRanges b = codec.ranges(right);
          KeyRanges union = a.union(b);
          KeyRanges common = a.intersect(b);
          assertThat(union).isEqualTo(b.union(a));
          assertThat(common).isEqualTo(b.intersect(a));
          assertThat(common.union(a)).isEqualTo(a);
          assertThat(a.intersect(KeyRanges.all(codec.form()))).isEqualTo(a);
          assertThat(a.complement().complement()).isEqualTo(a);
          assertThat(a.complement().union(a).isAll()).isTrue();
          assertThat(a.complement().intersect(a).isEmpty()).isTrue();
          List<KeyRange> all = new ArrayList<>(left);
          all.addAll(right);
          for (int n = 0; n < 60; n++) {
            KeyRange anchor = all.isEmpty() ? KeyRange.all() : all.get(random.nextInt(all.size()));
            List<Object> key = near(random, codec, anchor);
            boolean inLeft = left.stream().anyMatch(r -> model(r, key));
            boolean inRight = right.stream().anyMatch(r -> model(r, key));
            assertThat(contains(codec, union, key)).isEqualTo(inLeft || inRight);
            assertThat(contains(codec, common, key)).isEqualTo(inLeft && inRight);
            assertThat(contains(codec, a.complement(), key)).isEqualTo(!inLeft);
          }
        });
  }

  private static List<KeyRange> ranges(Random random, KeyCodec codec) {
    List<KeyRange> ranges = new ArrayList<>();
    for (int n = random.nextInt(5); n > 0; n--) {
      ranges.add(range(random, codec));
    }
    return ranges;
  }

  private static KeyRange range(Random random, KeyCodec codec) {
    List<Object> lower = bound(random, codec);
    List<Object> upper = random.nextInt(4) == 0 ? lower : bound(random, codec);
    return new KeyRange(lower, random.nextBoolean(), upper, random.nextBoolean());
  }

  private static List<Object> bound(Random random, KeyCodec codec) {
    return KeySamples.key(random, codec).subList(0, random.nextInt(codec.columnCount() + 1));
  }

  /** A random key that often begins with a bound of the range. */
  private static List<Object> near(Random random, KeyCodec codec, KeyRange range) {
    List<Object> key = KeySamples.key(random, codec);
    List<Object> bound = random.nextBoolean() ? range.lower() : range.upper();
    int shared = random.nextInt(bound.size() + 1);
    for (int i = 0; i < shared; i++) {
      key.set(i, bound.get(i));
    }
    return key;
  }

  private static boolean model(KeyRange range, List<Object> key) {
    int low = KeySamples.compare(key, range.lower(), range.lower().size());
    int high = KeySamples.compare(key, range.upper(), range.upper().size());
    boolean above = range.lower().isEmpty() || low > 0 || (low == 0 && range.lowerInclusive());
    boolean below = range.upper().isEmpty() || high < 0 || (high == 0 && range.upperInclusive());
    return above && below;
  }

  private static boolean contains(KeyCodec codec, KeyRanges ranges, List<Object> key) {
    return codec.form() == KeyForm.LONG
        ? ranges.contains(codec.encodeLong(key.get(0)))
        : ranges.contains(codec.encode(key.toArray()));
  }

  private static KeyCodec longs() {
    return KeyCodec.of(new SchemaBuilder().column("id", ScalarType.LONG).primaryKey("id").build());
  }

  private static KeyCodec composite() {
    Schema schema =
        new SchemaBuilder()
            .column("o", StringType.BINARY_ORDER)
            .column("n", ScalarType.INT)
            .column("s", StringType.BINARY_ORDER)
            .primaryKey("o", "n", "s")
            .build();
    return KeyCodec.of(schema);
  }

  @Test
  void longBoundsAreNormalized() {
    KeyCodec codec = longs();
    assertThat(codec.ranges(KeyRange.between(10L, 20L)).list())
        .containsExactly(new EncodedRange.OfLongs(10, 20));
    assertThat(codec.ranges(KeyRange.greaterThan(Long.MAX_VALUE)).isEmpty()).isTrue();
    assertThat(codec.ranges(KeyRange.lessThan(Long.MIN_VALUE)).isEmpty()).isTrue();
    assertThat(codec.ranges(KeyRange.between(3, 2)).isEmpty()).isTrue();
    assertThat(codec.ranges(KeyRange.all()).isAll()).isTrue();
    assertThat(codec.ranges(KeyRange.of(5)).isPoints()).isTrue();
    KeyRanges in = codec.ranges(List.of(KeyRange.of(3), KeyRange.of(1), KeyRange.of(2)));
    assertThat(in.list()).containsExactly(new EncodedRange.OfLongs(1, 3));
    assertThat(in.overlaps(4, 9)).isFalse();
    assertThat(in.overlaps(-4, 1)).isTrue();
    assertThatThrownBy(() -> codec.ranges(KeyRange.of(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 column (id)");
    assertThatThrownBy(() -> in.contains(new byte[0])).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pointsOfBytesAreKnown() {
    KeyCodec codec = composite();
    KeyRanges points = codec.ranges(List.of(KeyRange.of("b", 1, ""), KeyRange.of("a", 1, "x")));
    assertThat(points.isPoints()).isTrue();
    assertThat(((EncodedRange.OfBytes) points.list().get(0)).lower())
        .isEqualTo(codec.encode("a", 1, "x"));
    assertThat(codec.ranges(KeyRange.of("a", 1)).isPoints()).isFalse();
    assertThat(KeyRanges.none(KeyForm.BYTES).isPoints()).isFalse();
  }

  @Test
  void rangesAreReadable() {
    assertThat(KeyRange.between(10L, 20L)).hasToString("[10, 20]");
    assertThat(KeyRange.lessThan(List.of("a", 1))).hasToString("(-inf, ('a', 1))");
    assertThat(KeyRange.of("a")).hasToString("{'a'}");
    KeyCodec ids = longs();
    KeyRanges some =
        ids.ranges(List.of(KeyRange.of(1), KeyRange.between(5, 9), KeyRange.atLeast(90)));
    assertThat(some.describe(ids, 9)).isEqualTo("{(id=1)}, [(id=5), (id=9)], [(id=90), +inf)");
    assertThat(some.describe(ids, 1)).isEqualTo("{(id=1)}, and 2 more");

    KeyCodec codec = composite();
    assertThat(describe(codec, KeyRange.of("a", 1, "z"))).isEqualTo("{(o='a', n=1, s='z')}");
    assertThat(describe(codec, KeyRange.of("a"))).isEqualTo("[(o='a'), (o='a')]");
    assertThat(describe(codec, KeyRange.of("a", 255)))
        .isEqualTo("[(o='a', n=255), (o='a', n=256))");
    assertThat(describe(codec, new KeyRange(List.of("a", 1), false, Arrays.asList("a", 7), false)))
        .isEqualTo("[(o='a', n=2), (o='a', n=7))");
    assertThat(describe(codec, KeyRange.atMost(List.of("a", 1, "z"))))
        .isEqualTo("(-inf, (o='a', n=1, s='z')]");
  }

  private static String describe(KeyCodec codec, KeyRange range) {
    return codec.ranges(range).describe(codec, 9);
  }

  @Test
  void coarsenedSetsHoldAllKeysInFewRanges() {
    Seeds.run(
        200,
        random -> {
          List<EncodedRange> points = new ArrayList<>();
          boolean longs = random.nextBoolean();
          int shared = random.nextInt(12);
          for (int i = random.nextInt(60) + 1; i > 0; i--) {
            if (longs) {
              long from = random.nextBoolean() ? random.nextLong() : random.nextInt(100);
              long to = from > Long.MAX_VALUE - 5 ? from : from + random.nextInt(5);
              points.add(new EncodedRange.OfLongs(from, to));
            } else {
              byte[] key = new byte[shared + random.nextInt(5)];
              for (int b = shared; b < key.length; b++) {
                key[b] = (byte) random.nextInt();
              }
              points.add(new EncodedRange.OfBytes(key, Arrays.copyOf(key, key.length + 1)));
            }
          }
          KeyForm form = longs ? KeyForm.LONG : KeyForm.BYTES;
          KeyRanges all = KeyRanges.of(form, points);
          int max = 1 + random.nextInt(12);
          KeyRanges coarse = all.coarsened(max);
          assertThat(coarse.list()).hasSize(Math.min(max, all.list().size()));
          assertThat(coarse.union(all)).isEqualTo(coarse);
        });
    // What lies apart stays apart.
    List<EncodedRange> groups = new ArrayList<>();
    for (long start : new long[] {Long.MIN_VALUE, -1000, 0, Long.MAX_VALUE - 100}) {
      for (int i = 0; i < 10; i++) {
        groups.add(new EncodedRange.OfLongs(start + 5L * i, start + 5L * i));
      }
    }
    assertThat(KeyRanges.of(KeyForm.LONG, groups).coarsened(4).list())
        .containsExactly(
            new EncodedRange.OfLongs(Long.MIN_VALUE, Long.MIN_VALUE + 45),
            new EncodedRange.OfLongs(-1000, -955),
            new EncodedRange.OfLongs(0, 45),
            new EncodedRange.OfLongs(Long.MAX_VALUE - 100, Long.MAX_VALUE - 55));
  }
}
