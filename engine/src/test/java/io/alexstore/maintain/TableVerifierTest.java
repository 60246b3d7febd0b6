package io.alexstore.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.commit.OnConflict;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.io.LocalFileStore;
import io.alexstore.log.Deletions;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.maintain.TableVerifier.Finding;
import io.alexstore.maintain.TableVerifier.Report;
import io.alexstore.row.ArrayRow;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.testkit.RandomizedTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can be wrong is found, and named by the file that it is in. */
class TableVerifierTest {

  @TempDir Path directory;
  private String table;

  @BeforeEach
  void create() throws Exception {
    table = directory.resolve("t").toString();
    AlexTable.create(table, Kit.schema(false), Map.of()).close();
    append(0, 2_000);
    append(1_000_000, 1_002_000);
    try (AlexTable t = AlexTable.open(table)) {
      t.delete(List.of(key(5), key(6)));
    }
  }

  private void append(long from, long to) throws IOException {
    append(from, to, TableVerifierTest::key);
  }

  private void append(long from, long to, LongUnaryOperator key) throws IOException {
    try (AlexTable t = AlexTable.open(table);
        var writer = t.appender(OnConflict.ERROR, SegmentOptions.defaults())) {
      for (long i = from; i < to; i++) {
        String by = i == from + 1 ? null : "row " + i * 31 % 1_000;
        writer.append(ArrayRow.of(t.schema(), key.applyAsLong(i), by));
      }
      writer.commit();
    }
  }

  /** Ascending, on no line, so that the index has something to say. */
  private static long key(long i) {
    return i * i / 3 + i;
  }

  private Snapshot snapshot() throws IOException {
    return new TableLog(LocalFileStore.INSTANCE, table).load();
  }

  private Path file(int segment) throws IOException {
    return Path.of(snapshot().segments().get(segment).pathIn(table));
  }

  private static void change(Path file, Consumer<byte[]> change) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    change.accept(bytes);
    Files.delete(file); // Not in place: it may be mapped.
    Files.write(file, bytes);
  }

  private Report verify() throws IOException {
    return TableVerifier.verify(table);
  }

  private static void requireOnly(Report report, String check, Path file) {
    assertThat(report.findings()).isNotEmpty();
    assertThat(report.findings()).extracting(Finding::check).containsOnly(check);
    assertThat(report.findings()).extracting(Finding::file).containsOnly(file.toString());
  }

  // --- a sound table ---

  @Test
  void aSoundTableIsClean() throws Exception {
    Report report = verify();
    assertThat(report.findings()).isEmpty();
    assertThat(report.isClean()).isTrue();
    assertThat(report.version()).isEqualTo(3);
    assertThat(report.segments()).isEqualTo(2);
    assertThat(report.rows()).isEqualTo(3_998);
    assertThatThrownBy(() -> TableVerifier.verify(directory.toString()))
        .isInstanceOf(TableNotFoundException.class);
  }

  // --- files ---

  @Test
  void damagedBlocksAreNamedAndTheRestIsChecked() throws Exception {
    Path first = file(0);
    Path second = file(1);
    Path third = Path.of(table, "_alexstore/log/00000000000000000003");
    change(first, bytes -> bytes[5_000] ^= 1);
    Files.delete(second);
    Report report = verify();
    assertThat(report.findings())
        .anySatisfy(
            f -> {
              assertThat(f.file()).isEqualTo(first.toString());
              assertThat(f.check()).isEqualTo("checksum");
              assertThat(f.what()).contains("bytes 4096 to 8191");
            })
        .anySatisfy(
            f -> {
              assertThat(f.file()).isEqualTo(second.toString());
              assertThat(f.check()).isEqualTo("file");
              assertThat(f.what()).contains("missing");
            });
    // With the entry of the deletion damaged, what is before it is checked all the same.
    change(third, bytes -> bytes[40] ^= 1);
    Report worse = verify();
    assertThat(worse.version()).isEqualTo(2);
    assertThat(worse.findings()).hasSizeGreaterThan(2);
    assertThat(worse.findings().get(0).check()).isEqualTo("log");
    assertThat(worse.findings().get(0).file()).isEqualTo(third.toString());
  }

  @Test
  void everyDamagedEntryOfTheLogIsNamed() throws Exception {
    for (int version : new int[] {1, 2}) {
      change(Path.of(table, "_alexstore/log/0000000000000000000" + version), b -> b[30] ^= 4);
    }
    Report report = verify();
    assertThat(report.version()).isZero();
    assertThat(report.findings()).hasSize(2);
    Files.delete(Path.of(table, "_alexstore/log/00000000000000000000"));
    assertThat(verify().version()).isEqualTo(-1);
    assertThat(verify().findings()).hasSize(3);
  }

  @Test
  void aDamagedCheckpointIsNamedAndTheRestIsChecked() throws Exception {
    TableLog log = new TableLog(LocalFileStore.INSTANCE, table);
    assertThat(log.writeCheckpoint(log.load())).isTrue();
    assertThat(verify().isClean()).isTrue();
    Path checkpoint;
    try (var all = Files.list(Path.of(table, "_alexstore/log"))) {
      checkpoint = all.filter(f -> f.toString().endsWith(".checkpoint")).findFirst().orElseThrow();
    }
    change(checkpoint, bytes -> bytes[bytes.length / 2] ^= 1);
    Report report = verify();
    requireOnly(report, "log", checkpoint);
    assertThat(report.version()).isEqualTo(3);
  }

  /** One byte, anywhere. */
  @RandomizedTest(iterations = 25)
  void noDamagedByteGoesUnseen(Random random) throws Exception {
    List<Path> files;
    try (var all = Files.walk(Path.of(table))) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    Path file = files.get(random.nextInt(files.size()));
    int at = random.nextInt((int) Files.size(file));
    change(file, bytes -> bytes[at] ^= (byte) (1 << random.nextInt(8)));
    assertThat(verify().findings())
        .as("%s at %d", file, at)
        .extracting(Finding::file)
        .anyMatch(f -> f.equals(file.toString()) || f.endsWith("_alexstore/log"));
  }

  // --- what checksums do not see ---

  /** Makes all checksums of a segment right again. */
  private static void seal(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int trailer = bytes.length - 64;
    int body = (int) words.getLong(trailer);
    for (int block = 0; block < words.getInt(trailer + 8); block++) {
      int start = block * BlockBytes.BLOCK_SIZE;
      int length = Math.min(BlockBytes.BLOCK_SIZE, body - start);
      words.putInt(body + 4 * block, crc(bytes, start, length));
    }
    words.putInt(trailer + 12, crc(bytes, body, trailer - body));
    words.putInt(trailer + 52, crc(bytes, trailer, 52));
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  /** Offset and length of a section, as the metadata has them. */
  private static int[] section(byte[] bytes, String name) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int trailer = bytes.length - 64;
    int at = (int) words.getLong(trailer + 16);
    String json = new String(bytes, at, words.getInt(trailer + 24), StandardCharsets.UTF_8);
    Matcher m =
        Pattern.compile('"' + name + "\":\\{\"offset\":(\\d+),\"length\":(\\d+)").matcher(json);
    assertThat(m.find()).isTrue();
    return new int[] {Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2))};
  }

  @Test
  void statisticsThatDoNotBoundTheValuesAreFound() throws Exception {
    // In the directory's entry of the only chunk: the minimum's first byte, the maximum's first
    // byte, the number of nulls.
    for (int at : new int[] {48, 64, 16}) {
      byte[] good = Files.readAllBytes(file(0));
      change(
          file(0),
          bytes -> {
            bytes[section(bytes, "directory")[0] + at] = (byte) (at == 48 ? 'z' : 'a');
            seal(bytes);
          });
      Report report = verify();
      assertThat(report.findings()).as("at %d", at).isNotEmpty();
      assertThat(report.findings())
          .extracting(Finding::check)
          .as("at %d", at)
          .containsOnly("statistics");
      change(file(0), bytes -> System.arraycopy(good, 0, bytes, 0, bytes.length));
      assertThat(verify().isClean()).isTrue();
    }
  }

  @Test
  void keysOutOfOrderAreFound() throws Exception {
    change(
        file(0),
        bytes -> {
          bytes[section(bytes, "keys")[0] + 200] ^= 0x55;
          seal(bytes);
        });
    assertThat(verify().findings())
        .extracting(Finding::check)
        .contains("keys")
        .doesNotContain("checksum");
  }

  /** An index that is wrong, but whose bytes are as they were written. */
  @Test
  void anIndexThatDoesNotFindItsKeysIsFound() throws Exception {
    // So many, and so uneven, that the index has inner nodes.
    append(1, 20_000, i -> -i % 100 - (20_000 - i) * (20_000 - i) * (20_000 - i) * 300);
    change(
        file(0),
        bytes -> {
          int index = section(bytes, "index")[0];
          emptyAChild(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), index);
          seal(bytes);
        });
    Report report = verify();
    requireOnly(report, "index", file(0));
    assertThat(report.findings().get(0).what()).startsWith("it finds the key (id=");
  }

  /** Gives the ranks of one child to nobody; see docs/format/index.md. */
  private static void emptyAChild(ByteBuffer bytes, int index) {
    int root = bytes.getInt(index + 68);
    int node = index + (root & 0x1fffffff) * 8;
    switch (root >>> 29) {
      case 2 -> bytes.putInt(node + 8, bytes.getInt(node + 8) - 50);
      case 3 -> emptyOne(bytes, node + 24);
      case 4 -> emptyOne(bytes, node + 16 + 8 * bytes.getInt(node));
      default -> throw new AssertionError("a root of kind " + (root >>> 29));
    }
  }

  private static void emptyOne(ByteBuffer bytes, int entries) {
    int entry = entries + 8;
    while (bytes.getInt(entry + 8) <= bytes.getInt(entry) + 10) {
      entry += 8;
    }
    bytes.putInt(entry, bytes.getInt(entry + 8));
  }

  @RandomizedTest(iterations = 10)
  void whateverTheIndexHoldsNothingElseIsBlamed(Random random) throws Exception {
    int[] index = section(Files.readAllBytes(file(0)), "index");
    change(
        file(0),
        bytes -> {
          bytes[index[0] + random.nextInt(index[1])] ^= (byte) (1 + random.nextInt(255));
          seal(bytes);
        });
    assertThat(verify().findings()).extracting(Finding::check).isSubsetOf("index", "file", "keys");
  }

  private void publish(UnaryOperator<SegmentEntry> change) throws IOException {
    TableLog log = new TableLog(LocalFileStore.INSTANCE, table);
    SegmentEntry segment = snapshot().segments().get(1);
    log.publish(
        log.load(),
        SnapshotEdit.of(
            "test",
            Optional.empty(),
            Optional.empty(),
            List.of(change.apply(segment)),
            List.of(segment.id())));
  }

  private static SegmentEntry with(
      SegmentEntry s, long rows, long bytes, byte[] minKey, byte[] maxKey) {
    return new SegmentEntry(s.id(), s.path(), s.schemaId(), rows, bytes, minKey, maxKey, 0);
  }

  @Test
  void aLogThatSaysOtherThanItsSegmentsIsFound() throws Exception {
    Path second = file(1);
    publish(s -> with(s, s.rows() + 1, s.bytes(), s.minKey(), s.maxKey()));
    requireOnly(verify(), "metadata", second);
    publish(s -> with(s, s.rows() - 1, s.bytes() + 1, s.minKey(), s.maxKey()));
    requireOnly(verify(), "metadata", second);
    publish(s -> with(s, s.rows(), s.bytes() - 1, s.minKey(), s.minKey()));
    requireOnly(verify(), "keys", second);
    publish(s -> with(s, s.rows(), s.bytes(), s.maxKey(), s.maxKey()));
    assertThat(verify().findings()).extracting(Finding::check).containsOnly("keys");
  }

  @Test
  void keysThatStandTwiceAreFound() throws Exception {
    // Rows that no transaction has judged.
    try (AlexTable t = AlexTable.open(table)) {
      var write = t.beginAppend();
      try (var writer = write.target().openWriter(SegmentOptions.defaults())) {
        for (long i : new long[] {4, 5, 6, 7}) {
          writer.append(ArrayRow.of(t.schema(), key(i), "again"));
        }
        var info = writer.finish().get(0);
        SegmentEntry entry =
            new SegmentEntry(
                info.segmentId(),
                "data/" + Path.of(info.path()).getFileName(),
                0,
                4,
                info.fileSize(),
                info.minKey(),
                info.maxKey(),
                0);
        new TableLog(LocalFileStore.INSTANCE, table)
            .publish(snapshot(), SnapshotEdit.append(List.of(entry)));
      }
    }
    Report report = verify();
    // Of 5 and 6 the old rows are deleted.
    assertThat(report.findings()).hasSize(2);
    assertThat(report.findings()).extracting(Finding::check).containsOnly("uniqueness");
    assertThat(report.findings().get(0).what()).contains("(id=" + key(4) + ")");
    assertThat(report.findings().get(1).what()).contains("(id=" + key(7) + ")");
  }

  @Test
  void deletionVectorsThatDoNotFitAreFound() throws Exception {
    TableLog log = new TableLog(LocalFileStore.INSTANCE, table);
    SegmentEntry second = snapshot().segments().get(1);
    // Its rows are not there, though it says no more of them than the segment has.
    DeletionVector beyond = DeletionVector.of(10, 5_000);
    SnapshotEdit edit =
        SnapshotEdit.append(List.of())
            .withDeletions(Map.of(second.id(), Deletions.inline(beyond)), 2);
    log.publish(log.load(), edit);
    requireOnly(verify(), "deletions", file(1));
    byte[] bytes = DeletionVector.ofRange(0, 5).toBytes();
    Path vector = Path.of(table, "data/v.alexdv");
    Files.write(vector, bytes);
    edit =
        SnapshotEdit.append(List.of())
            .withDeletions(
                Map.of(second.id(), Deletions.file(6, "data/v.alexdv", bytes.length)), 6);
    log.publish(log.load(), edit);
    requireOnly(verify(), "deletions", vector);
    assertThat(verify().findings().get(0).what()).contains("5 rows, of which the log says 6");
    Files.delete(vector);
    requireOnly(verify(), "deletions", vector);
  }

  @Test
  void manyFindingsOfOneKindAreCutShort() throws Exception {
    byte[] keys = Files.readAllBytes(file(0));
    int[] section = section(keys, "keys");
    change(
        file(0),
        bytes -> {
          Arrays.fill(bytes, section[0] + 100, section[0] + section[1] - 100, (byte) 0x11);
          seal(bytes);
        });
    assertThat(verify().findings())
        .hasSizeLessThan(60)
        .extracting(Finding::what)
        .contains("and more of the same kind");
  }
}
