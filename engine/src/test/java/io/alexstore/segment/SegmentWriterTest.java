package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.DuplicateKeyException;
import io.alexstore.error.NullKeyException;
import io.alexstore.error.RowTooLargeException;
import io.alexstore.io.LocalFileStore;
import io.alexstore.io.MappedFile;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentWriterTest {
  private static final UUID TABLE = new UUID(5, 6);
  private static final Schema LONGS =
      new SchemaBuilder()
          .column("id", ScalarType.LONG, false)
          .column("value", ScalarType.BINARY)
          .primaryKey("id")
          .build();

  @TempDir Path directory;
  private Path data;
  private Path spill;

  @BeforeEach
  void createDirectories() throws IOException {
    data = Files.createDirectory(directory.resolve("data"));
    spill = Files.createDirectory(directory.resolve("spill"));
  }

  private SegmentOptions options() {
    return SegmentOptions.defaults().withSpillDirectory(spill.toString());
  }

  private SegmentWriter writer(Schema schema, SegmentOptions options) throws IOException {
    String path = data.resolve(UUID.randomUUID() + ".alexseg").toString();
    return SegmentWriter.create(LocalFileStore.INSTANCE, path, TABLE, schema, options);
  }

  private RollingSegmentWriter rolling(Schema schema, SegmentOptions options) {
    return new RollingSegmentWriter(
        LocalFileStore.INSTANCE, data.toString(), TABLE, schema, options);
  }

  private static ArrayRow row(long id, int bytes) {
    // Values that no encoding makes smaller.
    byte[] value = new byte[bytes];
    new Random(id).nextBytes(value);
    return ArrayRow.of(LONGS, id, value);
  }

  private void assertNothingIsLeft() throws IOException {
    for (Path path : List.of(data, spill)) {
      try (var files = Files.list(path)) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Test
  void refusesADuplicateAndNamesIt() throws IOException {
    try (var writer = writer(LONGS, options())) {
      writer.append(row(41, 1));
      writer.append(row(42, 1));
      assertThatThrownBy(() -> writer.append(row(42, 1)))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=42)");
      assertThatThrownBy(() -> writer.append(row(43, 1))).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    }
    assertNothingIsLeft();
  }

  @Test
  void refusesRowsOutOfOrder() throws IOException {
    try (var writer = writer(LONGS, options())) {
      writer.append(row(7, 1));
      assertThatThrownBy(() -> writer.append(row(-8, 1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("(id=-8) follows (id=7)");
    }
    Schema strings = new SchemaBuilder().column("s", StringType.BINARY_ORDER).sortKey("s").build();
    try (var writer = writer(strings, options())) {
      writer.append(ArrayRow.of(strings, (Object) null));
      writer.append(ArrayRow.of(strings, (Object) null));
      writer.append(ArrayRow.of(strings, "ab"));
      writer.append(ArrayRow.of(strings, "ab"));
      assertThatThrownBy(() -> writer.append(ArrayRow.of(strings, "a")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("(s='a') follows (s='ab')");
    }
    assertNothingIsLeft();
  }

  @Test
  void refusesANullInAPrimaryKey() throws IOException {
    try (var writer = writer(LONGS, options())) {
      TestValues row = TestValues.of(null, new byte[1]);
      assertThatThrownBy(() -> writer.append(row))
          .isInstanceOf(NullKeyException.class)
          .hasMessageContaining("'id'");
    }
    assertNothingIsLeft();
  }

  @Test
  void refusesARowThatIsTooLarge() throws IOException {
    try (var writer = writer(LONGS, options().withMaxRowBytes(1000))) {
      writer.append(row(1, 900));
      assertThatThrownBy(() -> writer.append(row(2, 1001)))
          .isInstanceOf(RowTooLargeException.class)
          .hasMessageContaining("(id=2)");
    }
    assertNothingIsLeft();
  }

  @Test
  void aDuplicateAcrossTheBorderOfTwoSegmentsIsFound() throws IOException {
    try (var writer = rolling(LONGS, options().withTargetSegmentSize(100))) {
      writer.append(row(1, 200));
      assertThatThrownBy(() -> writer.append(row(1, 200)))
          .isInstanceOf(DuplicateKeyException.class);
    }
    assertNothingIsLeft();
  }

  @Test
  void segmentsRollAtTheirTargetAndAreDeletedIfTheWriteFails() throws IOException {
    try (var writer = rolling(LONGS, options().withTargetSegmentSize(100_000))) {
      for (int i = 0; i < 3000; i++) {
        writer.append(row(i, 100));
      }
      List<SegmentInfo> segments = writer.finish();
      assertThat(segments).hasSizeBetween(3, 4);
      assertThat(segments.get(0).fileSize()).isBetween(80_000L, 150_000L);
    }
    try (var files = Files.list(data)) {
      assertThat(files.toList())
          .hasSizeBetween(3, 4)
          .allMatch(f -> f.toString().endsWith(RollingSegmentWriter.SUFFIX));
    }
    try (var files = Files.list(data)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    try (var writer = rolling(LONGS, options().withTargetSegmentSize(100_000))) {
      for (int i = 0; i < 3000; i++) {
        writer.append(row(i, 100));
      }
    }
    assertNothingIsLeft();
  }

  @Test
  void noRowsAreNoSegments() throws IOException {
    try (var writer = rolling(LONGS, options())) {
      assertThat(writer.finish()).isEmpty();
    }
    try (var writer = writer(LONGS, options())) {
      assertThatThrownBy(writer::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no rows");
    }
    assertNothingIsLeft();
  }

  @Test
  void theRowGroupSizeIsAPowerOfTwoChosenFromTheFirstRows() throws IOException {
    try (var writer = writer(LONGS, options().withRowGroup(1 << 16, 100_000))) {
      for (int i = 0; i < 2000; i++) {
        writer.append(row(i, 1000));
      }
      SegmentInfo info = writer.finish();
      try (Segment segment = Segment.open(LocalFileStore.INSTANCE, info.path())) {
        assertThat(segment.rowGroupShift()).isEqualTo(6);
        assertThat(segment.rowGroupCount()).isEqualTo(32);
        assertThat(segment.rowsOfGroup(31)).isEqualTo(2000 - 31 * 64);
        assertThat(segment.row(1999).getLong(0)).isEqualTo(1999);
      }
    }
  }

  @Test
  void aSegmentEndsEarlyWhenRowsBecomeMuchLargerOrMuchSmaller() throws IOException {
    SegmentOptions options = options().withRowGroup(1 << 16, 100_000);
    try (var writer = writer(LONGS, options)) {
      int id = 0;
      for (; id < 2000; id++) {
        writer.append(row(id, 100));
      }
      long most = 0;
      while (!writer.isFull()) {
        writer.append(row(id++, 20_000));
        most = Math.max(most, writer.bufferedBytes());
      }
      assertThat(id).isLessThan(2100);
      assertThat(most).isLessThan(600_000);
      long next = id;
      assertThatThrownBy(() -> writer.append(row(next, 1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("full");
    }
    try (var writer = writer(LONGS, options)) {
      int id = 0;
      writer.append(row(id++, 200_000));
      while (!writer.isFull()) {
        writer.append(row(id++, 10));
      }
      assertThat(id).isLessThan(10_000);
    }
    try (var writer = rolling(LONGS, options)) {
      for (int i = 0; i < 20_000; i++) {
        writer.append(row(i, i % 1000 == 0 ? 150_000 : 10));
      }
      long rows = writer.finish().stream().mapToLong(SegmentInfo::rowCount).sum();
      assertThat(rows).isEqualTo(20_000);
    }
  }

  @Test
  void manyKeysSpillToATemporaryFileAndTheHeapStaysFlat() throws IOException {
    SegmentOptions options = options().withRowGroup(1 << 16, 1 << 20);
    int count = 400_000;
    long most = 0;
    SegmentInfo info;
    try (var writer = writer(LONGS, options)) {
      for (int i = 0; i < count; i++) {
        writer.append(row(i * 1000L, 10));
        most = Math.max(most, writer.bufferedBytes());
      }
      try (var files = Files.list(spill)) {
        assertThat(files.count()).isEqualTo(1);
      }
      info = writer.finish();
    }
    assertThat(most).isLessThan(4 << 20);
    long maps = MappedFile.openMaps();
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, info.path())) {
      assertThat(segment.rowCount()).isEqualTo(count);
      // 400,000,000 fits 4 bytes.
      assertThat(segment.keyRegionSize()).isEqualTo(4 * count + 8);
      for (int i = 0; i < count; i += 7) {
        assertThat(segment.find(i * 1000L)).isEqualTo(i);
        assertThat(segment.find(i * 1000L + 1)).isEqualTo(-1);
      }
    }
    assertThat(MappedFile.openMaps()).isEqualTo(maps);
    Files.delete(Path.of(info.path()));
    assertNothingIsLeft();
  }

  @Test
  void whateverFileOperationFailsNothingIsLeft() throws IOException {
    for (int failing = 0; ; failing++) {
      var store =
          new FaultInjectingFileStore(LocalFileStore.INSTANCE, FaultPlan.failBefore(failing));
      var writer =
          new RollingSegmentWriter(
              store, data.toString(), TABLE, LONGS, options().withTargetSegmentSize(10_000));
      try (writer) {
        for (int i = 0; i < 30; i++) {
          writer.append(row(i, 1000));
        }
        writer.finish();
      } catch (IOException e) {
        assertThat(store.faults()).isEqualTo(1);
      }
      if (store.faults() == 0) {
        assertThat(failing).isGreaterThan(10);
        return;
      }
      assertNothingIsLeft();
    }
  }

  @Test
  void theDirectoryOfAWideSparseTableIsNotHeldOnTheHeap() throws IOException {
    int columns = 200;
    SchemaBuilder builder = new SchemaBuilder().column("id", ScalarType.LONG, false);
    for (int i = 0; i < columns; i++) {
      builder.column("c" + i, ScalarType.INT);
    }
    Schema schema = builder.primaryKey("id").build();
    Object[] values = new Object[1 + columns];
    int count = 2400;
    long most = 0;
    SegmentInfo info;
    try (var writer = writer(schema, options().withRowGroup(8, 1 << 20))) {
      for (int i = 0; i < count; i++) {
        values[0] = (long) i;
        values[columns] = i;
        writer.append(ArrayRow.of(schema, values));
        most = Math.max(most, writer.bufferedBytes());
      }
      info = writer.finish();
    }
    assertThat(info.fileSize()).isGreaterThan(count / 8L * columns * 96L);
    assertThat(most).isLessThan(3 << 20);
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, info.path())) {
      assertThat(segment.row(count - 1).getLong(columns)).isEqualTo(count - 1);
      assertThat(segment.row(count - 1).isNull(1)).isTrue();
    }
    Files.delete(Path.of(info.path()));
    assertNothingIsLeft();
  }

  @Test
  void theLargestSizeHoldsWhateverKeyComesNext() throws IOException {
    Schema schema = new SchemaBuilder().column("id", ScalarType.LONG, false).sortKey("id").build();
    SegmentInfo info;
    long before;
    try (var writer = writer(schema, options())) {
      for (int i = 0; i < 100_000; i++) {
        writer.append(ArrayRow.of(schema, i / 1000L));
      }
      before = writer.largestSize();
      // One outlier makes every entry of the key region 8 bytes wide.
      writer.append(ArrayRow.of(schema, Long.MAX_VALUE));
      info = writer.finish();
    }
    assertThat(info.fileSize()).isLessThan(before + 20_000);
  }
}
