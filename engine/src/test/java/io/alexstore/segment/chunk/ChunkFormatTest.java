package io.alexstore.segment.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StringType;
import io.alexstore.schema.StructType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes written by hand after the format's document are read as it says, and written likewise. */
class ChunkFormatTest {

  private static final int CHUNK = 8;

  /** Reads a chunk given in hex that starts at byte 8 of a file; the entry is given in hex, too. */
  private static ChunkView read(ColumnType type, String entry, String chunk) {
    byte[] chunkBytes = HexFormat.of().parseHex(chunk.replace(" ", ""));
    byte[] entryBytes = HexFormat.of().parseHex(entry.replace(" ", ""));
    assertThat(entryBytes).hasSize(96);
    ByteBuffer file = ByteBuffer.allocate(CHUNK + chunkBytes.length + 96);
    file.position(CHUNK).put(chunkBytes).put(entryBytes);
    NodeTree tree = new NodeTree(ChunkFiles.schema(type));
    BlockBytes bytes = BlockBytes.unchecked(file);
    ChunkEntry read = ChunkEntry.read("hand", bytes, CHUNK + chunkBytes.length);
    assertThat(read.length()).isEqualTo(chunkBytes.length);
    ByteBuffer written = ByteBuffer.allocate(96);
    read.writeTo(written);
    assertThat(written.array()).isEqualTo(entryBytes);
    return ChunkView.open("hand", bytes, read, tree.node(0));
  }

  /** Checks that the writer makes these bytes, and this entry but for the offset. */
  private static void assertWritten(ColumnType type, String entry, String chunk, Object... values) {
    EncodedChunk encoded = encode(type, values);
    byte[] bytes = new byte[encoded.bytes().remaining()];
    encoded.bytes().get(bytes);
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(chunk.replace(" ", ""));
    ByteBuffer written = ByteBuffer.allocate(96).order(ByteOrder.LITTLE_ENDIAN);
    encoded.entry().at(CHUNK).writeTo(written);
    assertThat(HexFormat.of().formatHex(written.array())).isEqualTo(entry.replace(" ", ""));
  }

  private static EncodedChunk encode(ColumnType type, Object... values) {
    var schema = ChunkFiles.schema(type);
    RowGroupBuffer buffer = new RowGroupBuffer(schema, new NodeTree(schema));
    for (Object value : values) {
      buffer.append(new ModelValues(0L, value));
    }
    return buffer.drain(values.length).get(0);
  }

  private static final String ZERO16 = "0000000000000000 0000000000000000";

  @Test
  void plainWithNulls() {
    String entry =
        "01000000 18000000 01 00 07 00 04000000 01000000 00000000 0000000000000000"
            + "08 08 0000 00000000 0000000000000000"
            + "00000080ffffffff 0000000000000000 ffffff7f00000000 0000000000000000"
            + ZERO16;
    String chunk = "0b00000000000000 00000080 ffffff7f 00000000 05000000";
    ChunkView view = read(ScalarType.INT, entry, chunk);
    assertThat(view.count()).isEqualTo(4);
    assertThat(view.getLong(0)).isEqualTo(Integer.MIN_VALUE);
    assertThat(view.getLong(1)).isEqualTo(Integer.MAX_VALUE);
    assertThat(view.isNull(1)).isFalse();
    assertThat(view.isNull(2)).isTrue();
    assertThat(view.getLong(3)).isEqualTo(5);
    assertThat(view.entry().minLong()).isEqualTo(Integer.MIN_VALUE);
    Object[] values = {(long) Integer.MIN_VALUE, (long) Integer.MAX_VALUE, null, 5L};
    assertWritten(ScalarType.INT, entry, chunk, values);
  }

  @Test
  void packed() {
    // 100, 105, 98, 100, .. in 3 bits from base 98: 2, 7, 0, 2 = 0b010_000_111_010, six times.
    String entry =
        "01000000 18000000 02 00 06 03 18000000 00000000 00000000 6200000000000000"
            + "08 08 0000 00000000 0000000000000000"
            + "6200000000000000 0000000000000000 6900000000000000 0000000000000000"
            + ZERO16;
    String chunk = "3aa4433aa4433aa4 4300000000000000 0000000000000000";
    ChunkView view = read(ScalarType.LONG, entry, chunk);
    long[] expected = {100, 105, 98, 100};
    Object[] values = new Object[24];
    for (int i = 0; i < 24; i++) {
      values[i] = expected[i & 3];
      assertThat(view.getLong(i)).isEqualTo(expected[i & 3]);
    }
    assertWritten(ScalarType.LONG, entry, chunk, values);
  }

  @Test
  void dictionaryOfDoubles() {
    // Codes 0, 1, 0, 0, .. of 0.5 and NaN; the NaN is flagged and no bound.
    String entry =
        "01000000 20000000 04 00 26 01 08000000 00000000 02000000 0000000000000000"
            + "08 08 0000 10000000 0000000000000000"
            + "000000000000e03f 0000000000000000 000000000000e03f 0000000000000000"
            + ZERO16;
    String chunk = "0200000000000000 0000000000000000 000000000000e03f 010000000000f87f";
    ChunkView view = read(ScalarType.DOUBLE, entry, chunk);
    double nan = Double.longBitsToDouble(0x7ff8000000000001L);
    assertThat(view.getDouble(0)).isEqualTo(0.5);
    assertThat(Double.doubleToRawLongBits(view.getDouble(1))).isEqualTo(0x7ff8000000000001L);
    assertThat(view.getDouble(7)).isEqualTo(0.5);
    assertThat(view.dictionarySize()).isEqualTo(2);
    assertThat(view.entry().hasNaN()).isTrue();
    assertWritten(ScalarType.DOUBLE, entry, chunk, 0.5, nan, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5);
  }

  @Test
  void plainDecimals() {
    String entry =
        "01000000 20000000 01 00 06 00 02000000 00000000 00000000 0000000000000000"
            + "10 10 0000 00000000 0000000000000000"
            + "0000000000000000 0000000000000080 feffffffffffffff ffffffffffffffff"
            + ZERO16;
    String chunk = "feffffffffffffff ffffffffffffffff 0000000000000000 0000000000000080";
    ChunkView view = read(new DecimalType(38, 0), entry, chunk);
    BigInteger least = BigInteger.ONE.shiftLeft(127).negate();
    assertThat(view.getBigInteger(0)).isEqualTo(-2);
    assertThat(view.getBigInteger(1)).isEqualTo(least);
    assertWritten(new DecimalType(38, 0), entry, chunk, BigInteger.valueOf(-2), least);
  }

  @Test
  void bytesOfOneLengthNeedNoOffsets() {
    // Slope 3 << 20 and nothing packed: the offsets are 0, 3, 6.
    String entry =
        "01000000 08000000 03 00 06 00 02000000 00000000 00000000 0000000000000000"
            + "03 03 0000 00000000 0000300000000000"
            + "6162630000000000 0000000000000000 78797a0000000000 0000000000000000"
            + ZERO16;
    String chunk = "78797a6162630000";
    ChunkView view = read(StringType.BINARY_ORDER, entry, chunk);
    assertThat(view.getBytes(0)).isEqualTo(ascii("xyz"));
    assertThat(view.getBytes(1)).isEqualTo(ascii("abc"));
    assertThat(view.bytesRange(1)).isEqualTo((long) (CHUNK + 3) << 32 | 3);
    assertWritten(StringType.BINARY_ORDER, entry, chunk, ascii("xyz"), ascii("abc"));
  }

  @Test
  void bytesWithOffsets() {
    // Three values of 18, 0 and 9 bytes: slope 9 << 20, line 0, 9, 18, 27; packed 0, 9, 0, 0.
    String entry =
        "01000000 30000000 03 00 16 04 03000000 00000000 00000000 0000000000000000"
            + "00 10 0000 10000000 0000900000000000"
            + "0000000000000000 0000000000000000 6162636465666768 696a6b6c6d6e6f70"
            + ZERO16;
    String chunk =
        "9000000000000000 0000000000000000 6162636465666768 696a6b6c6d6e6f70 7172303132333435"
            + "3637380000000000";
    ChunkView view = read(StringType.BINARY_ORDER, entry, chunk);
    assertThat(view.getBytes(0)).isEqualTo(ascii("abcdefghijklmnopqr"));
    assertThat(view.getBytes(1)).isEmpty();
    assertThat(view.getBytes(2)).isEqualTo(ascii("012345678"));
    assertThat(view.entry().isMaxTruncated()).isTrue();
    assertThat(view.entry().isMinTruncated()).isFalse();
    assertWritten(
        StringType.BINARY_ORDER,
        entry,
        chunk,
        ascii("abcdefghijklmnopqr"),
        ascii(""),
        ascii("012345678"));
  }

  @Test
  void symbols() {
    // Two symbols, ab and abc. Codes 01 00 ff78, none, 01, so offsets 0, 4, 4, 5: slope 5/3 << 20,
    // line 0, 1, 3, 4; packed 0, 3, 1, 1.
    String entry =
        "01000000 30000000 06 00 06 02 03000000 00000000 00000000 0000000000000000"
            + "00 06 0200 10000000 aaaa1a0000000000"
            + "0000000000000000 0000000000000000 6162636162780000 0000000000000000"
            + ZERO16;
    String chunk =
        "5c00000000000000 0000000000000000"
            + "6162000000000000 6162630000000000 0203000000000000"
            + "0100ff7801000000";
    ChunkView view = read(StringType.BINARY_ORDER, entry, chunk);
    assertThat(view.getBytes(0)).isEqualTo(ascii("abcabx"));
    assertThat(view.getBytes(1)).isEmpty();
    assertThat(view.getBytes(2)).isEqualTo(ascii("abc"));
    assertThat(view.bytesRange(0)).isEqualTo(ChunkView.COMPRESSED);
  }

  @Test
  void dictionaryOfSymbols() {
    // Codes 0 1 1 of the entries aaab and empty; one symbol, aaa.
    String entry =
        "01000000 38000000 07 00 06 01 03000000 00000000 02000000 0000000000000000"
            + "00 04 0100 10000000 0000000000000000"
            + "0000000000000000 0000000000000000 6161616200000000 0000000000000000"
            + ZERO16;
    String chunk =
        "0600000000000000 0000000000000000"
            + "00000000 03000000 03000000 00000000"
            + "6161610000000000 0300000000000000"
            + "00ff620000000000";
    ChunkView view = read(ScalarType.BINARY, entry, chunk);
    assertThat(view.getBytes(0)).isEqualTo(ascii("aaab"));
    assertThat(view.getBytes(1)).isEmpty();
    assertThat(view.getBytes(2)).isEmpty();
    assertThat(view.isInPlace()).isFalse();
    assertThat(view.dictionary().getBytes(0)).isEqualTo(ascii("aaab"));
  }

  @Test
  void scaledDoubles() {
    // 125, -50 and 300 hundredths: 175, 0 and 350 in 9 bits from base -50.
    String entry =
        "01000000 10000000 08 00 06 09 03000000 00000000 00000000 ceffffffffffffff"
            + "08 08 0000 00000000 0200000000000000"
            + "000000000000e0bf 0000000000000000 0000000000000840 0000000000000000"
            + ZERO16;
    String chunk = "af00780500000000 0000000000000000";
    ChunkView view = read(ScalarType.DOUBLE, entry, chunk);
    assertThat(view.getDouble(0)).isEqualTo(1.25);
    assertThat(view.getDouble(1)).isEqualTo(-0.5);
    assertThat(view.getDouble(2)).isEqualTo(3);
    assertWritten(ScalarType.DOUBLE, entry, chunk, 1.25, -0.5, 3.0);
  }

  @Test
  void dictionaryOfStrings() {
    String entry =
        "01000000 40000000 04 00 07 01 09000000 01000000 02000000 0000000000000000"
            + "09 0b 0000 18000000 0000000000000000"
            + "686f75727320616e 6400000000000000 6d696e7574657320 616e640000000000"
            + ZERO16;
    // Codes 0 1 1 0 1 1 1 0(null) 1.
    String chunk =
        "7f01000000000000 7601000000000000 0000000000000000"
            + "00000000 09000000 14000000 00000000"
            + "686f75727320616e 646d696e75746573 20616e6400000000";
    ChunkView view = read(ScalarType.BINARY, entry, chunk);
    byte[] h = ascii("hours and");
    byte[] m = ascii("minutes and");
    Object[] values = {h, m, m, h, m, m, m, null, m};
    for (int i = 0; i < 9; i++) {
      assertThat(view.isNull(i)).isEqualTo(i == 7);
      assertThat(view.getBytes(i)).isEqualTo(i == 7 ? h : values[i]);
    }
    assertWritten(ScalarType.BINARY, entry, chunk, values);
  }

  @Test
  void offsetsOfLists() {
    // Lists of 1, 0, 2 elements: line 0, 1, 2, 3 and packed - 1: 1, 1, 0, 1 in 1 bit from base -1.
    String entry =
        "01000000 10000000 05 00 00 01 03000000 00000000 00000000 ffffffffffffffff"
            + "00 00 0000 10000000 0000100000000000"
            + ZERO16
            + ZERO16
            + ZERO16;
    String chunk = "0b00000000000000 0000000000000000";
    ColumnType type = new ListType(2, ScalarType.BYTE, true);
    NodeTree tree = new NodeTree(ChunkFiles.schema(type));
    ByteBuffer file = ByteBuffer.allocate(CHUNK + 16 + 96 + 8);
    file.position(CHUNK).put(HexFormat.of().parseHex(chunk.replace(" ", "")));
    file.put(HexFormat.of().parseHex(entry.replace(" ", "")));
    file.put(new byte[] {7, -8, 9});
    BlockBytes bytes = BlockBytes.unchecked(file);
    Bound none = Bound.NONE;
    ChunkEntry elements =
        new ChunkEntry(CHUNK + 112, 8, ChunkFormat.PLAIN, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, none, none);
    ChunkView child = ChunkView.open("hand", bytes, elements, tree.node(1));
    ChunkView view =
        ChunkView.open(
            "hand", bytes, ChunkEntry.read("hand", bytes, CHUNK + 16), tree.node(0), child);
    assertThat(view.elementStart(0)).isZero();
    assertThat(view.elementEnd(0)).isEqualTo(1);
    assertThat(view.elementEnd(1)).isEqualTo(1);
    assertThat(view.elementEnd(2)).isEqualTo(3);
    assertThat(ChunkValues.list(view, 2).getLong(0)).isEqualTo(-8);
    assertWritten(
        type, entry, chunk, new ModelValues(7L), new ModelValues(), new ModelValues(-8L, 9L));
  }

  @Test
  void nodesAreNumberedInPreorder() {
    NodeTree tree =
        new NodeTree(
            ChunkFiles.schema(
                new Column(
                    1,
                    "s",
                    new StructType(
                        List.of(
                            new Column(2, "l", new ListType(3, ScalarType.VARIANT, true), true),
                            new Column(4, "i", ScalarType.CALENDAR_INTERVAL, true))),
                    true),
                new Column(5, "z", ScalarType.INT, true)));
    assertThat(tree.nodeCount()).isEqualTo(10);
    int[] ids = {1, 2, 3, 3, 3, 4, 4, 4, 4, 5};
    int[] parents = {-1, 0, 1, 2, 2, 0, 5, 5, 5, -1};
    for (int i = 0; i < 10; i++) {
      assertThat(tree.node(i).index()).isEqualTo(i);
      assertThat(tree.node(i).columnId()).isEqualTo(ids[i]);
      assertThat(tree.node(i).parent()).isEqualTo(parents[i]);
    }
    assertThat(tree.nodeOf(0)).isEqualTo(-1);
    assertThat(tree.nodeOf(1)).isZero();
    assertThat(tree.nodeOf(2)).isEqualTo(9);
    assertThat(tree.node(0).children()).containsExactly(tree.node(1), tree.node(5));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
