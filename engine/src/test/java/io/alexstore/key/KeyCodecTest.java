package io.alexstore.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.NullKeyException;
import io.alexstore.error.RowTooLargeException;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.JavaValues;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.testkit.Seeds;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KeyCodecTest {

  @Test
  void orderIsSparksForEveryTypeAlone() {
    Seeds.run(
        20,
        random -> {
          for (ColumnType type : KeySamples.TYPES) {
            for (boolean nullable : new boolean[] {false, true}) {
              SchemaBuilder builder = new SchemaBuilder().column("k0", type, nullable);
              checkOrder(random, builder.sortKey("k0").build());
            }
          }
        });
  }

  @Test
  void orderIsSparksForComposites() {
    Seeds.run(400, random -> checkOrder(random, KeySamples.schema(random, 1 + random.nextInt(4))));
  }

  private static void checkOrder(Random random, Schema schema) {
    KeyCodec codec = KeyCodec.of(schema);
    List<List<Object>> keys = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      List<Object> key = KeySamples.key(random, codec);
      if (i > 0 && random.nextBoolean()) {
        // Shared beginnings make the later columns count.
        int shared = random.nextInt(key.size());
        List<Object> other = keys.get(random.nextInt(keys.size()));
        for (int c = 0; c < shared; c++) {
          key.set(c, other.get(c));
        }
      }
      keys.add(key);
    }
    for (List<Object> a : keys) {
      for (List<Object> b : keys) {
        int encoded =
            codec.form() == KeyForm.LONG
                ? Long.compare(codec.encodeLong(a.get(0)), codec.encodeLong(b.get(0)))
                : Arrays.compareUnsigned(codec.encode(a.toArray()), codec.encode(b.toArray()));
        assertThat(Integer.signum(encoded))
            .as("%s %s and %s", codec.columns(), KeyFormat.parts(a), KeyFormat.parts(b))
            .isEqualTo(KeySamples.compare(a, b, a.size()));
      }
    }
  }

  @Test
  void rowsEncodeAsTheirParts() {
    Seeds.run(
        300,
        random -> {
          Schema schema = KeySamples.schema(random, 1 + random.nextInt(4));
          KeyCodec codec = KeyCodec.of(schema);
          KeyBuffer out = new KeyBuffer();
          for (int i = 0; i < 20; i++) {
            List<Object> key = KeySamples.key(random, codec);
            ArrayRow row = row(schema, key);
            if (codec.form() == KeyForm.LONG) {
              assertThat(codec.encodeLong(row)).isEqualTo(codec.encodeLong(key.get(0)));
            } else {
              int start = out.length();
              codec.encode(row, out);
              byte[] encoded = Arrays.copyOfRange(out.array(), start, out.length());
              assertThat(encoded).isEqualTo(codec.encode(key.toArray()));
              if (codec.fixedLength() >= 0) {
                assertThat(encoded).hasSize(codec.fixedLength());
              }
              int count = random.nextInt(key.size() + 1);
              KeyBuffer prefix = new KeyBuffer();
              codec.encodePrefix(parts(codec, key), count, prefix);
              assertThat(prefix.toByteArray()).isEqualTo(codec.encodePrefix(key.subList(0, count)));
            }
            assertThat(codec.formatRow(row)).startsWith("(k0=");
          }
        });
  }

  /** The parts of a key, in the key's order. */
  private static ArrayRow parts(KeyCodec codec, List<Object> key) {
    SchemaBuilder schema = new SchemaBuilder();
    codec.columns().forEach(column -> schema.column(column.name(), column.type(), true));
    return ArrayRow.of(schema.sortKey(codec.columns().get(0).name()).build(), key.toArray());
  }

  /** A row with a key, and null in the other columns. */
  private static ArrayRow row(Schema schema, List<Object> key) {
    Object[] values = new Object[schema.columns().size()];
    int[] places = schema.keyIndexes();
    for (int i = 0; i < places.length; i++) {
      values[places[i]] = key.get(i);
    }
    return ArrayRow.of(schema, values);
  }

  @Test
  void decodingInvertsEncodingUpToEquality() {
    Seeds.run(
        400,
        random -> {
          KeyCodec codec = KeyCodec.of(KeySamples.schema(random, 1 + random.nextInt(4)));
          KeyReader reader = codec.reader();
          for (int i = 0; i < 20; i++) {
            List<Object> key = KeySamples.key(random, codec);
            if (codec.form() == KeyForm.LONG) {
              assertSame(codec.decode(codec.encodeLong(key.get(0))), key);
              continue;
            }
            byte[] encoded = codec.encode(key.toArray());
            assertSame(codec.decode(encoded), key);
            // The same in the midst of other bytes, columns in any order.
            byte[] around = new byte[encoded.length + 40];
            random.nextBytes(around);
            System.arraycopy(encoded, 0, around, 17, encoded.length);
            BlockBytes block = BlockBytes.unchecked(ByteBuffer.wrap(around));
            reader.reset(block, 17, encoded.length);
            for (int n = 0; n < 6; n++) {
              int c = random.nextInt(key.size());
              Column column = codec.columns().get(c);
              Object value = JavaValues.toJava(column.type(), reader, c);
              assertSame(Collections.singletonList(value), Collections.singletonList(key.get(c)));
              checkInPlace(codec, reader, c, key.get(c), around);
              checkFixed(codec, block, c, key.get(c));
            }
          }
        });
  }

  private static void assertSame(List<Object> actual, List<Object> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      Object e = expected.get(i);
      if (e instanceof Float f) {
        e = f + 0.0f;
      } else if (e instanceof Double d) {
        e = d + 0.0d;
      }
      assertThat(actual.get(i)).isEqualTo(e);
    }
  }

  private static void checkInPlace(
      KeyCodec codec, KeyReader reader, int c, Object value, byte[] around) {
    if (value instanceof byte[] bytes && reader.isInPlace(c)) {
      int at = reader.valueOffset();
      assertThat(Arrays.copyOfRange(around, at, at + reader.valueLength())).isEqualTo(bytes);
    } else if (value instanceof byte[] bytes) {
      assertThat(bytes).contains(0);
      assertThat(codec.columnCount()).isGreaterThan(c + 1);
    }
  }

  private static void checkFixed(KeyCodec codec, BlockBytes block, int c, Object value) {
    int offset = codec.fixedOffset(c);
    if (offset < 0 || value == null) {
      return;
    }
    int at = 17 + offset;
    if (value instanceof Long n) {
      assertThat(KeyBytes.getLong(block, at)).isEqualTo(n);
    } else if (value instanceof Double d) {
      assertThat(KeyBytes.getDouble(block, at)).isEqualTo(Double.valueOf(d + 0.0d));
    } else if (value instanceof Float f) {
      assertThat(KeyBytes.getFloat(block, at)).isEqualTo(Float.valueOf(f + 0.0f));
    } else if (value instanceof Boolean b) {
      assertThat(KeyBytes.getBoolean(block, at)).isEqualTo(b);
    }
  }

  @Test
  void prefixesHoldExactlyTheKeysThatBeginWithThem() {
    Seeds.run(
        300,
        random -> {
          KeyCodec codec = KeyCodec.of(KeySamples.schema(random, 2 + random.nextInt(3)));
          for (int i = 0; i < 30; i++) {
            List<Object> a = KeySamples.key(random, codec);
            List<Object> b = KeySamples.key(random, codec);
            int count = random.nextInt(a.size());
            for (int c = 0; c < count; c++) {
              b.set(c, random.nextInt(4) > 0 ? a.get(c) : b.get(c));
            }
            byte[] prefix = codec.encodePrefix(a.subList(0, count));
            byte[] key = codec.encode(b.toArray());
            boolean begins =
                key.length >= prefix.length
                    && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
            assertThat(begins).isEqualTo(KeySamples.compare(a, b, count) == 0);
            byte[] end = KeyBytes.successor(prefix);
            boolean within =
                KeyBytes.compare(prefix, key) <= 0
                    && (end == null || KeyBytes.compare(key, end) < 0);
            assertThat(within).isEqualTo(begins);
          }
        });
  }

  @Test
  void successorSkipsTrailingFF() {
    assertThat(KeyBytes.successor(new byte[] {1, -1, -1})).containsExactly(2);
    assertThat(KeyBytes.successor(new byte[] {-1, -1})).isNull();
    assertThat(KeyBytes.successor(new byte[0])).isNull();
    assertThat(KeyBytes.next(new byte[] {-1})).containsExactly(-1, 0);
  }

  @Test
  void bytesAreAsSpecified() {
    Schema schema =
        new SchemaBuilder()
            .column("flag", ScalarType.BOOLEAN)
            .column("name", StringType.BINARY_ORDER)
            .column("n", ScalarType.SHORT, false)
            .column("f", ScalarType.FLOAT, false)
            .column("big", new DecimalType(20, 0), false)
            .column("tail", ScalarType.BINARY)
            .sortKey("flag", "name", "n", "f", "big", "tail")
            .build();
    KeyCodec codec = KeyCodec.of(schema);
    byte[] key = codec.encode(true, "a\0b", -1, -1.0f, 1, new byte[] {0, 7});
    assertThat(HexFormat.ofDelimiter(" ").formatHex(key))
        .isEqualTo(
            "01 01 01 61 00 ff 62 00 01 7f ff ff ff ff ff ff ff 40 7f ff ff"
                + " 80 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 01 00 07");
    byte[] nulls = codec.encode(null, null, 0, Float.NaN, -1, null);
    assertThat(HexFormat.ofDelimiter(" ").formatHex(nulls))
        .isEqualTo(
            "00 00 00 80 00 00 00 00 00 00 00 ff c0 00 00"
                + " 7f ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff 00");
    assertThat(codec.fixedOffset(0)).isEqualTo(1);
    assertThat(codec.fixedOffset(1)).isEqualTo(3);
    assertThat(codec.fixedOffset(2)).isEqualTo(-1);
  }

  @Test
  void formFollowsTypeAndNulls() {
    for (ColumnType type : KeySamples.TYPES) {
      boolean integral = type.physical().isIntegral();
      SchemaBuilder nullable = new SchemaBuilder().column("k", type);
      KeyForm form = integral ? KeyForm.LONG : KeyForm.BYTES;
      assertThat(KeyCodec.of(nullable.primaryKey("k").build()).form()).isEqualTo(form);
      assertThat(KeyCodec.of(nullable.sortKey("k").build()).form()).isEqualTo(KeyForm.BYTES);
      SchemaBuilder filled = new SchemaBuilder().column("k", type, false);
      assertThat(KeyCodec.of(filled.sortKey("k").build()).form()).isEqualTo(form);
    }
  }

  @Test
  void typesWithoutOrderAreRefused() {
    refused(new StringType("UTF8_LCASE"), "collation is UTF8_LCASE");
    refused(SchemaBuilder.struct(SchemaBuilder.field("a", ScalarType.INT)), "a struct");
    refused(SchemaBuilder.list(ScalarType.INT), "a list");
    refused(SchemaBuilder.map(ScalarType.INT, ScalarType.INT), "a map");
    refused(ScalarType.VARIANT, "a variant");
    refused(ScalarType.CALENDAR_INTERVAL, "a calendar interval");
  }

  private static void refused(ColumnType type, String why) {
    Schema schema = new SchemaBuilder().column("k", type).primaryKey("k").build();
    assertThatThrownBy(() -> KeyCodec.of(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Column 'k' cannot be part of the key")
        .hasMessageContaining(why);
  }

  @Test
  void nullsInPrimaryKeysAreRefused() {
    Schema source =
        new SchemaBuilder()
            .column("a", ScalarType.INT)
            .column("b", StringType.BINARY_ORDER)
            .sortKey("a")
            .build();
    ArrayRow row = ArrayRow.of(source, null, "x");
    SchemaBuilder builder =
        new SchemaBuilder().column("a", ScalarType.INT).column("b", StringType.BINARY_ORDER);
    KeyCodec single = KeyCodec.of(builder.primaryKey("a").build());
    assertThatThrownBy(() -> single.encodeLong(row))
        .isInstanceOf(NullKeyException.class)
        .hasMessageContaining("'a'");
    KeyCodec both = KeyCodec.of(builder.primaryKey("b", "a").build());
    KeyBuffer out = new KeyBuffer();
    out.put(9);
    assertThatThrownBy(() -> both.encode(row, out)).isInstanceOf(NullKeyException.class);
    assertThat(out.toByteArray()).containsExactly(9);
    assertThatThrownBy(() -> both.encode("x", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a' of type int");
  }

  @Test
  void oversizedKeysAreRefusedWhenWritten() {
    Schema schema =
        new SchemaBuilder().column("s", StringType.BINARY_ORDER).primaryKey("s").build();
    KeyCodec codec = KeyCodec.of(schema);
    KeyBuffer out = new KeyBuffer();
    codec.encode(ArrayRow.of(schema, "x".repeat(KeyCodec.MAX_KEY_BYTES)), out);
    assertThat(out.length()).isEqualTo(KeyCodec.MAX_KEY_BYTES);
    String tooLong = "x".repeat(KeyCodec.MAX_KEY_BYTES + 1);
    assertThatThrownBy(() -> codec.encode(ArrayRow.of(schema, tooLong), out))
        .isInstanceOf(RowTooLargeException.class)
        .hasMessageContaining("key (s='xxx")
        .hasMessageContaining("32769 bytes");
    assertThat(out.length()).isEqualTo(KeyCodec.MAX_KEY_BYTES);
    assertThat(codec.encode(tooLong)).hasSize(tooLong.length());
  }

  @Test
  void misfittingPartsAreNamed() {
    Schema schema =
        new SchemaBuilder()
            .column("o", StringType.BINARY_ORDER)
            .column("d", new DecimalType(5, 2))
            .primaryKey("o", "d")
            .build();
    KeyCodec codec = KeyCodec.of(schema);
    misfit(() -> codec.encode("x"), "2 columns (o string, d decimal(5,2)); 1 values");
    misfit(() -> codec.encode(3, 1), "Column 'o' of type string cannot take 3 (Integer)");
    misfit(() -> codec.encode("\ud800", 1), "surrogate");
    misfit(() -> codec.encode("x", new BigDecimal("1.234")), "more decimals");
    misfit(() -> codec.encode("x", new BigDecimal("1E+999999999")), "too many digits");
    misfit(() -> codec.encode("x", "1"), "expected a BigDecimal");
    Schema times =
        new SchemaBuilder().column("t", ScalarType.TIMESTAMP, false).primaryKey("t").build();
    misfit(() -> KeyCodec.of(times).encodeLong(Instant.ofEpochSecond(0, 1)), "microsecond");
    misfit(
        () -> KeyCodec.of(times).encodeLong(Instant.ofEpochSecond(31_000_000_000_000_000L)),
        "overflow");
  }

  private static void misfit(ThrowingCallable call, String text) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }

  @Test
  void keysAreReadable() {
    Schema schema =
        new SchemaBuilder()
            .column("o", StringType.BINARY_ORDER)
            .column("day", ScalarType.DATE)
            .column("b", ScalarType.BINARY)
            .sortKey("o", "day", "b")
            .build();
    KeyCodec codec = KeyCodec.of(schema);
    LocalDate day = LocalDate.of(2024, 2, 29);
    assertThat(codec.format(codec.encode("x", day, new byte[] {10})))
        .isEqualTo("(o='x', day=2024-02-29, b=X'0A')");
    assertThat(codec.format(codec.encode("y".repeat(99), null, null)))
        .isEqualTo("(o='" + "y".repeat(40) + "...', day=null, b=null)");
    assertThat(codec.format(new byte[] {1, 'x'})).isEqualTo("(o=?, day=?, b=?)");
    Schema single = new SchemaBuilder().column("id", ScalarType.LONG).primaryKey("id").build();
    assertThat(KeyCodec.of(single).format(42)).isEqualTo("(id=42)");
  }

  @Test
  void readingDamagedKeysStaysWithinThem() {
    Seeds.run(
        300,
        random -> {
          KeyCodec codec = KeyCodec.of(KeySamples.schema(random, 2 + random.nextInt(3)));
          byte[] key = codec.encode(KeySamples.key(random, codec).toArray());
          byte[] damaged = Arrays.copyOf(key, random.nextInt(key.length + 1));
          if (damaged.length > 0) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
          }
          try {
            codec.decode(damaged);
          } catch (IllegalArgumentException | DateTimeException e) {
            assertThat(e).hasMessageMatching("(?s).+");
          }
        });
  }
}
