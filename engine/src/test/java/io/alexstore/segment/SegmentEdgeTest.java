package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.LocalFileStore;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.segment.RandomTable.Keyed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys and row counts at the edges of what a segment can hold; tables of nothing but a key. */
class SegmentEdgeTest {
  @TempDir Path directory;

  private void check(String region, ColumnType type, boolean unique, Object... keys)
      throws IOException {
    SchemaBuilder builder = new SchemaBuilder().column("k", type, !unique);
    Schema schema = (unique ? builder.primaryKey("k") : builder.sortKey("k")).build();
    RandomTable table = RandomTable.of(schema);
    List<Keyed> rows = new ArrayList<>();
    for (Object key : keys) {
      TestValues row = TestValues.of(key);
      rows.add(new Keyed(table.key(row), row));
    }
    rows.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
    check(region, schema, rows);
  }

  private void check(String region, Schema schema, List<Keyed> rows) throws IOException {
    Path file = directory.resolve("edge.alexseg");
    Files.deleteIfExists(file);
    SmallSegments.write(file, schema, rows);
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
        .as("the key region")
        .containsSubsequence("\"keyRegion\":{\"kind\":\"" + region + "\"");
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, file.toString())) {
      SegmentChecks.check(segment, rows, new Random(11));
    }
  }

  @ParameterizedTest
  @EnumSource(SmallSegments.Kind.class)
  void oneRowAndTwoRows(SmallSegments.Kind kind) throws IOException {
    Schema schema = SmallSegments.schema(kind);
    List<Keyed> rows = SmallSegments.rows(kind, 40);
    // One key has no byte that varies.
    String region = kind.region().equals("int") ? "int" : "fixed";
    check(region, schema, rows.subList(20, 21));
    Path file = directory.resolve("two.alexseg");
    SmallSegments.write(file, schema, rows.subList(20, 22));
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, file.toString())) {
      SegmentChecks.check(segment, rows.subList(20, 22), new Random(12));
    }
  }

  @Test
  void theLongestDistancesOf64BitKeys() throws IOException {
    check("int", ScalarType.LONG, true, Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE);
    check("int", ScalarType.LONG, true, Long.MAX_VALUE);
    check("int", ScalarType.LONG, true, Long.MIN_VALUE);
    check("int", ScalarType.LONG, true, Long.MIN_VALUE, Long.MIN_VALUE + 255);
    check("int", ScalarType.LONG, true, Long.MAX_VALUE - 256, Long.MAX_VALUE);
  }

  @Test
  void emptyKeysAndOnlyEqualKeys() throws IOException {
    check("fixed", ScalarType.BINARY, true, new byte[0]);
    check("variable", ScalarType.BINARY, true, new byte[0], new byte[1], new byte[2]);
    Object[] equal = new Object[300];
    Arrays.fill(equal, new byte[] {7, 7});
    check("fixed", ScalarType.BINARY, false, equal);
    Arrays.fill(equal, null);
    check("fixed", ScalarType.BINARY, false, equal);
    Arrays.fill(equal, 5L);
    check("fixed", ScalarType.LONG, false, equal);
  }

  private static byte[][] keys(int length, int... places) {
    byte[][] keys = new byte[200][];
    Random random = new Random(5);
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new byte[length];
      Arrays.fill(keys[i], (byte) 0x41);
      for (int place : places) {
        keys[i][place] = (byte) random.nextInt(3);
      }
      keys[i][length - 1] = (byte) i;
    }
    return keys;
  }

  @Test
  void gatheredKeysToTheirLastByteAndOneMore() throws IOException {
    check("gathered", ScalarType.BINARY, true, (Object[]) keys(64, 0));
    check("gathered", ScalarType.BINARY, true, (Object[]) keys(64, 0, 1, 2, 30, 40, 50, 62));
    check("fixed", ScalarType.BINARY, true, (Object[]) keys(64, 0, 1, 2, 30, 40, 50, 61, 62));
    check("fixed", ScalarType.BINARY, true, (Object[]) keys(65, 0));
    check("gathered", ScalarType.BINARY, true, (Object[]) keys(1));
  }
}
