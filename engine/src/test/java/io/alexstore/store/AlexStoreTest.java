package io.alexstore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.alexstore.commit.DeletionVectors;
import io.alexstore.commit.OnConflict;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.StoreInUseException;
import io.alexstore.error.TableOwnedException;
import io.alexstore.io.LocalFileStore;
import io.alexstore.key.KeyForm;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.maintain.Compaction;
import io.alexstore.maintain.SnapshotExpiry;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.SchemaChange;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWriter;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Operation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlexStoreTest {

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static StoreOptions small() {
    return StoreOptions.defaults().withMemoryBudget(256 << 10);
  }

  private AlexStore open() throws IOException {
    return AlexStore.open(directory, small());
  }

  /** A store whose process goes away without closing it, as when it is killed. */
  private AlexStore openAlone(FaultPlan plan) throws IOException {
    return AlexStore.open(
        new FaultInjectingFileStore(LocalFileStore.INSTANCE, plan),
        directory.toString(),
        small(),
        false);
  }

  // --- reading and writing ---

  @Test
  void whatIsPutIsThereUntilItIsDeleted() throws IOException {
    try (AlexStore store = AlexStore.open(directory)) {
      assertThat(store.get(42)).isNull();
      store.put(42, bytes("a"));
      assertThat(store.get(42)).isEqualTo(bytes("a"));
      store.put(42, bytes("b"));
      assertThat(store.get(42)).isEqualTo(bytes("b"));
      assertThat(store.getSlice(42)).isEqualTo(ByteBuffer.wrap(bytes("b")));
      store.flush();
      assertThat(store.get(42)).isEqualTo(bytes("b"));
      assertThat(store.getSlice(42)).isEqualTo(ByteBuffer.wrap(bytes("b")));
      store.delete(42);
      store.delete(43);
      assertThat(store.get(42)).isNull();
      store.flush();
      assertThat(store.get(42)).isNull();
    }
  }

  @Test
  void keysOfBytesMayBeEmptyAndStartWithEachOther() throws IOException {
    StoreOptions options = small().withBytesKeys();
    List<String> keys = List.of("", "a", "a\0", "ab", "b");
    try (AlexStore store = AlexStore.open(directory, options)) {
      for (String key : keys) {
        store.put(bytes(key), bytes("v" + key));
      }
    }
    try (AlexStore store = AlexStore.open(directory, options)) {
      store.delete(bytes("ab"));
      try (StoreCursor cursor = store.scan()) {
        for (String key : List.of("", "a", "a\0", "b")) {
          assertThat(cursor.next()).isTrue();
          assertThat(cursor.key()).isEqualTo(bytes(key));
          assertThat(cursor.value()).isEqualTo(bytes("v" + key));
        }
        assertThat(cursor.next()).isFalse();
      }
    }
  }

  @Test
  void theOtherKindOfKeysIsRefused() throws IOException {
    try (AlexStore store = open()) {
      assertThatThrownBy(() -> store.put(bytes("k"), bytes("v")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("withBytesKeys");
      assertThatThrownBy(() -> store.write(new WriteBatch().put(1, bytes("v")).delete(bytes("k"))))
          .isInstanceOf(IllegalStateException.class);
      assertThat(store.get(1)).isNull();
    }
    assertThatThrownBy(() -> AlexStore.open(directory, small().withBytesKeys()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keys of bytes");
    open().close();
  }

  @Test
  void aClosedStoreSaysSo() throws IOException {
    AlexStore store = open();
    store.put(1, bytes("x"));
    StoreSnapshot snapshot = store.snapshot();
    store.close();
    store.close();
    assertThatThrownBy(() -> store.get(1)).hasMessageContaining("is closed");
    assertThatThrownBy(() -> store.put(1, bytes("y"))).hasMessageContaining("is closed");
    assertThat(snapshot.get(1)).isEqualTo(bytes("x"));
  }

  @Test
  void aLargeValueTakesAChunkOfItsOwn() throws IOException {
    byte[] large = new byte[3 << 20];
    large[large.length - 1] = 7;
    try (AlexStore store = open()) {
      for (int i = 0; i < 4; i++) {
        store.put(i, large);
        store.put(100 + i, bytes("small"));
      }
      assertThat(store.get(3)).isEqualTo(large);
    }
    try (AlexStore store = open()) {
      assertThat(store.get(0)).isEqualTo(large);
      assertThat(store.get(103)).isEqualTo(bytes("small"));
    }
  }

  @Test
  void aBatchIsSeenWholeOrNotAtAll() throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try (AlexStore store = open()) {
      AtomicBoolean done = new AtomicBoolean();
      store.write(new WriteBatch().put(1, new byte[] {0}).put(2, new byte[] {0}));
      Future<?> reader =
          readers.submit(
              () -> {
                while (!done.get()) {
                  byte first = store.get(2)[0];
                  // What was read of one key must be there of the other, or something newer.
                  byte second = store.get(1)[0];
                  assertThat((byte) (second - first)).isGreaterThanOrEqualTo((byte) 0);
                  try (StoreSnapshot snapshot = store.snapshot()) {
                    assertThat(snapshot.get(1)).isEqualTo(snapshot.get(2));
                  }
                }
              });
      for (int i = 1; i < 20_000; i++) {
        byte[] value = {(byte) (i / 200)};
        store.write(new WriteBatch().put(1, value).put(2, value));
      }
      done.set(true);
      reader.get();
    } finally {
      readers.shutdownNow();
    }
  }

  @Test
  void aSnapshotStaysAsItIsThroughSealsAndCompactions() throws IOException {
    try (AlexStore store = AlexStore.open(directory, small().withMaxLevels(1).withRetention(0))) {
      for (long key = 0; key < 1000; key++) {
        store.put(key, bytes("old" + key));
      }
      // The one reads from a memtable, the other from a segment whose file is soon deleted.
      try (StoreSnapshot unsealed = store.snapshot()) {
        store.flush();
        try (StoreSnapshot sealed = store.snapshot()) {
          for (int round = 0; round < 20; round++) {
            for (long key = round; key < 2000; key += 3) {
              store.put(key, bytes("new" + round));
            }
            store.flush();
          }
          store.compact();
          assertThat(store.statistics().levels()).isEqualTo(1);
          checkOld(unsealed);
          checkOld(sealed);
        }
      }
    }
  }

  private static void checkOld(StoreSnapshot snapshot) {
    long expected = 0;
    try (StoreCursor cursor = snapshot.scan()) {
      while (cursor.next()) {
        assertThat(cursor.longKey()).isEqualTo(expected);
        assertThat(cursor.value()).isEqualTo(bytes("old" + expected));
        assertThat(snapshot.get(expected)).isEqualTo(bytes("old" + expected++));
      }
    }
    assertThat(expected).isEqualTo(1000);
    assertThat(snapshot.get(1500)).isNull();
  }

  @Test
  void compactionKeepsTheNumberOfOverlappingSegmentsSmall() throws IOException {
    try (AlexStore store = AlexStore.open(directory, small().withMaxLevels(2).withRetention(0))) {
      for (int round = 0; round < 12; round++) {
        for (long key = 0; key < 500; key++) {
          store.put(key * 12 + round, new byte[50]);
        }
        store.flush();
      }
      store.compact();
      StoreStatistics statistics = store.statistics();
      assertThat(statistics.levels()).isEqualTo(1);
      assertThat(statistics.rows()).isEqualTo(6000);
      assertThat(statistics.compactedBytes()).isPositive();
      // Files of versions that were given up are gone.
      try (Stream<Path> files = Files.list(directory.resolve("data"))) {
        assertThat(files.count()).isLessThan(40);
      }
    }
  }

  @Test
  void manySmallSegmentsAreMergedThoughTheyDoNotOverlap() throws IOException {
    try (AlexStore store = AlexStore.open(directory, small())) {
      for (long key = 0; key <= 70; key++) {
        store.put(key, bytes("v" + key));
        store.flush();
      }
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (store.statistics().segments() > 32 && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(store.statistics().segments()).isLessThanOrEqualTo(32);
      for (long key = 0; key <= 70; key++) {
        assertThat(store.get(key)).isEqualTo(bytes("v" + key));
      }
    }
  }

  // --- one owner ---

  @Test
  void aSecondWriterIsRefused() throws IOException {
    AlexStore store = open();
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreInUseException.class)
        .hasMessageContaining(directory.toString());
    assertThatThrownBy(() -> AlexStore.salvage(directory, small()))
        .isInstanceOf(StoreInUseException.class);
    store.put(1, bytes("x")); // The one that was open is unharmed.
    store.close();
    open().close();
  }

  @Test
  void othersMayWriteOnlyWhenTheStoreIsClosed() throws IOException {
    String path = directory.toString();
    try (AlexStore store = open()) {
      store.put(1, bytes("store"));
      store.flush();
      try (AlexTable table = AlexTable.open(path)) {
        assertThat(table.get(1).orElseThrow().getBytes(1)).isEqualTo(bytes("store"));
        assertThatThrownBy(() -> table.appender(SegmentOptions.defaults()))
            .isInstanceOf(TableOwnedException.class)
            .hasMessageContaining("embedded store")
            .hasMessageContaining("AlexStore.open");
        assertThatThrownBy(() -> table.delete(List.of(1L))).isInstanceOf(TableOwnedException.class);
        assertThatThrownBy(table::beginOverwrite).isInstanceOf(TableOwnedException.class);
        assertThatThrownBy(() -> table.alter(List.of(new SchemaChange.Add("n", ScalarType.INT))))
            .isInstanceOf(TableOwnedException.class);
        assertThatThrownBy(() -> SnapshotExpiry.of(path).run())
            .isInstanceOf(TableOwnedException.class);
      }
      store.put(2, bytes("store"));
      store.flush();
      assertThatThrownBy(() -> Compaction.of(path).all().run())
          .isInstanceOf(TableOwnedException.class);
    }
    try (AlexTable table = AlexTable.open(path);
        TableWriter writer = table.appender(OnConflict.UPDATE, SegmentOptions.defaults())) {
      writer.append(ArrayRow.of(table.schema(), 2L, bytes("table")));
      writer.append(ArrayRow.of(table.schema(), 3L, bytes("table")));
      writer.commit();
    }
    try (AlexStore store = open()) {
      assertThat(store.get(1)).isEqualTo(bytes("store"));
      assertThat(store.get(2)).isEqualTo(bytes("table"));
      assertThat(store.get(3)).isEqualTo(bytes("table"));
    }
  }

  @Test
  void aWriterThatBeganBeforeTheStoreWasOpenedIsRefusedAtItsCommit() throws IOException {
    open().close();
    try (AlexTable table = AlexTable.open(directory.toString());
        TableWriter writer = table.appender(SegmentOptions.defaults())) {
      writer.append(ArrayRow.of(table.schema(), 2L, bytes("table")));
      try (AlexStore store = open()) {
        assertThatThrownBy(writer::commit).isInstanceOf(TableOwnedException.class);
        assertThat(store.get(2)).isNull();
      }
      writer.commit(); // It may be tried again.
    }
    try (AlexStore store = open()) {
      assertThat(store.get(2)).isEqualTo(bytes("table"));
    }
  }

  @Test
  void aStoreThatWasNotClosedOwnsItsTableUntilItIsOpenedAgain() throws IOException {
    int[] operations = {0};
    AlexStore killed = openAlone(dies(operations, Integer.MAX_VALUE));
    killed.put(1, bytes("x"));
    killed.sync();
    Path copy = copyOf(directory); // What a dead process leaves, without its lock.
    try (AlexTable table = AlexTable.open(copy.toString())) {
      assertThat(table.snapshot().owner()).isPresent();
      assertThatThrownBy(table::beginOverwrite).isInstanceOf(TableOwnedException.class);
    }
    try (AlexStore store = AlexStore.open(copy, small())) {
      assertThat(store.get(1)).isEqualTo(bytes("x"));
    }
    try (AlexTable table = AlexTable.open(copy.toString())) {
      assertThat(table.snapshot().owner()).isEmpty();
      assertThat(table.snapshot().rows()).isEqualTo(1);
    }
    killed.close();
  }

  private Path copyOf(Path from) throws IOException {
    Path to = Files.createTempDirectory(directory.getParent(), "copy");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }

  private static FaultPlan dies(int[] operations, int at) {
    return operation ->
        operations[0]++ >= at ? new FaultPlan.FailBefore("the process is dead") : FaultPlan.PROCEED;
  }

  @Test
  void aTableThatIsNoStoresIsRefused() throws IOException {
    var schema =
        new SchemaBuilder()
            .column("id", ScalarType.INT, false)
            .column("value", ScalarType.BINARY, false)
            .primaryKey("id")
            .build();
    AlexTable.create(directory.toString(), schema, Map.of()).close();
    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("id INT");
    try (AlexTable table = AlexTable.open(directory.toString())) {
      assertThat(table.snapshot().owner()).isEmpty();
    }
  }

  // --- damage ---

  /** A store with 100 synced records in its log, as a process leaves it that dies. */
  private Path unsealed() throws IOException {
    AlexStore store = openAlone(FaultPlan.none());
    for (long key = 0; key < 100; key++) {
      store.put(key, bytes("value " + key));
    }
    store.sync();
    Path copy = copyOf(directory);
    store.close();
    return copy;
  }

  private static List<Path> chunks(Path store) throws IOException {
    try (Stream<Path> files = Files.list(store.resolve(WalFormat.DIRECTORY))) {
      return files.filter(f -> f.toString().endsWith(WalFormat.SUFFIX)).sorted().toList();
    }
  }

  /** The oldest chunk that is in use: those that wait to be written again have no header. */
  private static Path chunk(Path store) throws IOException {
    for (Path file : chunks(store)) {
      if (Files.readAllBytes(file)[0] != 0) {
        return file;
      }
    }
    throw new AssertionError("no chunk in " + store);
  }

  private static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int old = bytes.read();
      bytes.seek(offset);
      bytes.write(old ^ 0x10);
    }
  }

  @Test
  void damageAmongSyncedRecordsIsRefusedAndWhatIsLeftCanBeSaved() throws IOException {
    Path store = unsealed();
    Path chunk = chunk(store);
    long record = WalFormat.recordBytes(8, bytes("value 0").length);
    // Record 11 of those with a number of one or two digits, which take the same room.
    long damaged = WalFormat.HEADER_BYTES + 10 * record;
    flip(chunk, damaged + 36);
    CorruptFileException error =
        catchThrowableOfType(
            CorruptFileException.class, () -> AlexStore.open(store, small()).close());
    assertThat(error.path()).isEqualTo(chunk.toString());
    assertThat(error.offset()).isEqualTo(damaged);
    assertThat(error).hasMessageContaining("record 11").hasMessageContaining("salvage");

    StoreSalvage salvage = AlexStore.salvage(store, small());
    assertThat(salvage.records()).hasSize(99);
    assertThat(salvage.damages())
        .containsExactly(new StoreSalvage.Damage(chunk.toString(), damaged, damaged + record, 11));
    Path other = directory.resolve("other");
    try (AlexStore saved = AlexStore.open(other, small())) {
      salvage.writeTo(saved);
      assertThat(saved.get(9)).isEqualTo(bytes("value 9"));
      assertThat(saved.get(10)).isNull();
      assertThat(saved.get(11)).isEqualTo(bytes("value 11"));
    }
  }

  @Test
  void everyFlippedByteOfSyncedRecordsIsFound() throws IOException {
    Path store = unsealed();
    Path chunk = chunk(store);
    byte[] whole = Files.readAllBytes(chunk);
    long record = WalFormat.recordBytes(8, bytes("value 0").length);
    int padding = (int) record - (WalFormat.RECORD_KEY + 8 + bytes("value 0").length);
    for (int i = 0; i < record - padding; i++) {
      flip(chunk, WalFormat.HEADER_BYTES + 5 * record + i);
      assertThatThrownBy(() -> AlexStore.open(store, small()).close())
          .isInstanceOf(CorruptFileException.class);
      Files.write(chunk, whole);
    }
    try (AlexStore opened = AlexStore.open(store, small())) {
      assertThat(opened.get(99)).isEqualTo(bytes("value 99"));
    }
  }

  @Test
  void aTornTailIsCut() throws IOException {
    Path path;
    int half;
    try (AlexStore store = openAlone(FaultPlan.none())) {
      store.put(1, bytes("synced"));
      store.sync();
      store.put(2, bytes("not synced"));
      store.write(new WriteBatch().put(3, bytes("a")).put(4, bytes("b")));
      path = copyOf(directory);
      half =
          (int)
              (WalFormat.HEADER_BYTES
                  + WalFormat.recordBytes(8, 6)
                  + WalFormat.recordBytes(8, 10)
                  + WalFormat.recordBytes(8, 1));
    }
    flip(chunk(path), half + 20); // In the second record of the batch.
    for (int i = 0; i < 2; i++) {
      try (AlexStore store = AlexStore.open(path, small())) {
        assertThat(store.get(1)).isEqualTo(bytes("synced"));
        assertThat(store.get(2)).isEqualTo(bytes("not synced"));
        assertThat(store.get(3)).isNull();
        assertThat(store.get(4)).isNull();
      }
    }
  }

  @Test
  void aMissingChunkIsRefused() throws IOException {
    AlexStore store = openAlone(FaultPlan.none());
    for (long key = 0; key < 150; key++) {
      store.put(key, new byte[1000]); // More than two chunks, less than two memtables.
    }
    store.sync();
    Path copy = copyOf(directory);
    store.close();
    Files.delete(chunk(copy));
    assertThatThrownBy(() -> AlexStore.open(copy, small()))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("missing");
  }

  // --- compaction ---

  @Test
  void whatOverlapsIsMergedWhenNobodyWrites() throws Exception {
    try (AlexStore store = open()) {
      for (int round = 0; round < 3; round++) {
        for (long key = 0; key < 40; key++) {
          store.put(3 * key + round, patterned(key, round));
        }
        store.flush();
      }
      assertThat(store.statistics().levels()).isEqualTo(3);
      // As soon as it is merged; how long that takes is not what is tested.
      while (store.statistics().levels() > 1) {
        Thread.sleep(100);
      }
      assertThat(store.get(4)).isEqualTo(patterned(1, 1));
      assertThat(store.statistics().rows()).isEqualTo(120);
    }
  }

  @Test
  void whenNobodyWritesLittleIsNotMergedWithMuch() throws IOException {
    try (AlexStore store = openAlone(FaultPlan.none())) {
      for (long i = 0; i < 2000; i++) {
        long key = i * 7919 % 2000; // Here and there, so that all segments overlap and are merged.
        store.put(2 * key, noise(key));
      }
      store.compact();
      for (long key = 0; key < 5; key++) {
        store.put(2 * key + 1, noise(key));
      }
      store.flush();
      assertThat(CompactionChoice.whenIdle(newest())).isEmpty();
      for (long i = 0; i < 400; i++) {
        long key = i * 7919 % 2000;
        store.put(2 * key + 1, noise(key));
      }
      store.flush();
      // Now there is enough, though the last memtable may be a small one: with the largest, too.
      UUID largest =
          Collections.max(newest().segments(), Comparator.comparingLong(SegmentEntry::bytes)).id();
      assertThat(CompactionChoice.whenIdle(newest())).contains(largest).hasSizeGreaterThan(5);
    }
  }

  /** A value that does not compress. */
  private static byte[] noise(long key) {
    byte[] value = new byte[500];
    new Random(key).nextBytes(value);
    return value;
  }

  private Snapshot newest() throws IOException {
    try (AlexTable table = AlexTable.open(directory.toString())) {
      return table.snapshot();
    }
  }

  @Test
  void vectorsOfSegmentsThatAreGoneAreForgotten() throws IOException {
    DeletionVectors vectors = new DeletionVectors(LocalFileStore.INSTANCE, directory.toString());
    try (AlexStore store = openAlone(FaultPlan.none())) {
      for (long key = 0; key < 10; key++) {
        store.put(key, patterned(key, 0));
      }
      store.flush();
      store.put(3, patterned(3, 1));
      store.flush();
      for (SegmentEntry segment : newest().segments()) {
        vectors.of(segment);
      }
      vectors.keepOnly(newest());
      assertThat(vectors.size()).isEqualTo(1);
      store.compact();
      vectors.keepOnly(newest());
      assertThat(vectors.size()).isZero();
    }
  }

  // --- chunks that are written again ---

  private static byte[] patterned(long key, int round) {
    byte[] value = new byte[500 + (int) (key % 50)];
    Arrays.fill(value, (byte) (31 * key + round));
    return value;
  }

  @Test
  void theLogNeedsNoMoreSpaceThanAFewChunks() throws IOException {
    try (AlexStore store = openAlone(FaultPlan.none())) {
      Set<Object> files = new HashSet<>();
      for (int round = 0; round < 40; round++) {
        for (long key = 0; key < 40; key++) {
          store.put(key, patterned(key, round));
        }
        store.flush();
        for (Path chunk : chunks(directory)) {
          files.add(Files.readAttributes(chunk, BasicFileAttributes.class).fileKey());
        }
        assertThat(chunks(directory).size()).isLessThan(8);
        assertThat(store.get(7)).isEqualTo(patterned(7, round));
      }
      // Names go on, files come round.
      assertThat(files.size()).isLessThan(10);
      assertThat(chunks(directory).get(0).getFileName().toString())
          .isGreaterThan("00000000000000000030");
    }
    assertThat(chunks(directory)).isEmpty();
  }

  @Test
  void whatIsHeldStaysAsItIsThoughTheLogIsWrittenAgain() throws IOException {
    try (AlexStore store = openAlone(FaultPlan.none())) {
      byte[] large = new byte[10_000];
      Arrays.fill(large, (byte) 5);
      store.put(100, large);
      store.put(1, patterned(1, 0));
      ByteBuffer largeSlice = store.getSlice(100);
      ByteBuffer smallSlice = store.getSlice(1);
      StoreSnapshot snapshot = store.snapshot();
      StoreCursor cursor = store.scan();
      StoreCursor ofSnapshot = snapshot.scan();
      for (int round = 1; round < 20; round++) {
        for (long key = 0; key < 40; key++) {
          store.put(key, patterned(key, round));
        }
        store.delete(100);
        store.flush();
      }
      snapshot.close();
      for (StoreCursor held : List.of(cursor, ofSnapshot)) {
        assertThat(held.next()).isTrue();
        assertThat(held.longKey()).isEqualTo(1);
        assertThat(held.value()).isEqualTo(patterned(1, 0));
        assertThat(held.next()).isTrue();
        assertThat(held.valueSlice()).isEqualTo(ByteBuffer.wrap(large));
        assertThat(held.next()).isFalse();
        held.close();
        held.close();
      }
      assertThat(largeSlice).isEqualTo(ByteBuffer.wrap(large));
      assertThat(smallSlice).isEqualTo(ByteBuffer.wrap(patterned(1, 0)));
      assertThat(store.get(100)).isNull();
    }
  }

  @Test
  void lookupsBesideSealsSeeNoRecordsThatWereWrittenOverTheirs() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    AtomicBoolean done = new AtomicBoolean();
    try (AlexStore store = open()) {
      for (long key = 0; key < 50; key++) {
        store.put(key, patterned(key, 0));
      }
      List<Future<Long>> readers = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        readers.add(
            pool.submit(
                () -> {
                  long looks = 0;
                  long[] keys = LongStream.range(0, 50).toArray();
                  for (; !done.get(); looks++) {
                    long key = looks % 50;
                    checkPatterned(key, store.get(key));
                    ByteBuffer slice = store.getSlice(key);
                    byte[] bytes = new byte[slice.remaining()];
                    slice.get(0, bytes);
                    checkPatterned(key, bytes);
                    if (looks % 20 == 0) {
                      byte[][] values = store.getAll(keys);
                      for (int i = 0; i < keys.length; i++) {
                        checkPatterned(i, values[i]);
                      }
                    }
                  }
                  return looks;
                }));
      }
      for (int round = 1; round < 400; round++) {
        for (long key = 0; key < 50; key++) {
          store.put(key, patterned(key, round));
        }
        if (round % 10 == 0) {
          store.flush();
        }
      }
      done.set(true);
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    } finally {
      done.set(true);
      pool.shutdown();
    }
  }

  private static void checkPatterned(long key, byte[] value) {
    assertThat(value.length).isEqualTo(500 + (int) (key % 50));
    for (byte b : value) {
      if (b != value[0]) {
        throw new AssertionError("torn value of key " + key);
      }
    }
  }

  // --- a full disk ---

  @Test
  void aFullDiskIsSaidAndLosesNothing() throws IOException {
    boolean[] full = {false};
    FaultPlan plan =
        operation ->
            full[0]
                    && (operation.kind() == Operation.Kind.WRITE
                        || operation.kind() == Operation.Kind.CREATE)
                ? new FaultPlan.FailBefore("No space left on device")
                : FaultPlan.PROCEED;
    AlexStore store = openAlone(plan);
    long key = 0;
    full[0] = true;
    IOException error = null;
    while (error == null) {
      try {
        store.put(key, new byte[500]);
        key++;
      } catch (IOException e) {
        error = e;
      }
    }
    assertThat(key).isPositive();
    assertThat(error)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("Free some space");
    store.sync();
    assertThat(store.get(key - 1)).hasSize(500);
    assertThat(store.get(key)).isNull();
    assertThatThrownBy(store::flush).isInstanceOf(IOException.class);
    full[0] = false;
    store.put(key, new byte[600]);
    store.close();
    try (AlexStore again = open()) {
      for (long k = 0; k < key; k++) {
        assertThat(again.get(k)).hasSize(500);
      }
      assertThat(again.get(key)).hasSize(600);
    }
  }

  @Test
  void aStoreWhoseSyncFailedTakesNoMoreWritesAndReadsOn() throws IOException {
    boolean[] fails = {false};
    FaultPlan plan =
        operation ->
            fails[0]
                    && operation.kind() == Operation.Kind.SYNC
                    && operation.path().endsWith(WalFormat.SUFFIX)
                ? new FaultPlan.FailBefore("input/output error")
                : FaultPlan.PROCEED;
    AlexStore store = openAlone(plan);
    store.put(1, bytes("x"));
    fails[0] = true;
    assertThatThrownBy(store::sync).isInstanceOf(IOException.class);
    fails[0] = false;
    assertThatThrownBy(store::sync).hasMessageContaining("takes no more writes");
    assertThatThrownBy(() -> store.put(2, bytes("y"))).hasMessageContaining("takes no more writes");
    assertThat(store.get(1)).isEqualTo(bytes("x"));
    store.close(); // What is in memory still is sealed, which does not need the log.
    try (AlexStore again = open()) {
      assertThat(again.get(1)).isEqualTo(bytes("x"));
    }
  }

  // --- durability and figures ---

  @Test
  void writersThatSyncEachShareSyncs() throws Exception {
    int threads = 8;
    int writes = 50;
    var files = new FaultInjectingFileStore(LocalFileStore.INSTANCE, FaultPlan.none());
    ExecutorService writers = Executors.newFixedThreadPool(threads);
    try (AlexStore store =
        AlexStore.open(files, directory.toString(), small().withSync(SyncMode.EACH_WRITE), true)) {
      List<Future<?>> all =
          Stream.iterate(0, t -> t + 1)
              .limit(threads)
              .<Future<?>>map(
                  t ->
                      writers.submit(
                          () -> {
                            for (int i = 0; i < writes; i++) {
                              store.put(t * writes + i, bytes("v"));
                            }
                            return null;
                          }))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
      long syncs =
          files.operations().stream()
              .filter(o -> o.kind() == Operation.Kind.SYNC && o.path().endsWith(WalFormat.SUFFIX))
              .count();
      assertThat(syncs).isBetween(1L, (long) threads * writes);
      assertThat(store.statistics().writes()).isEqualTo((long) threads * writes);
    } finally {
      writers.shutdownNow();
    }
  }

  @Test
  void inAnIntervalTheLogIsSyncedByItself() throws Exception {
    var files = new FaultInjectingFileStore(LocalFileStore.INSTANCE, FaultPlan.none());
    try (AlexStore store =
        AlexStore.open(files, directory.toString(), small().withSyncInterval(5), true)) {
      store.put(1, bytes("v"));
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (files.operations().stream()
              .noneMatch(
                  o -> o.kind() == Operation.Kind.SYNC && o.path().endsWith(WalFormat.SUFFIX))
          && System.nanoTime() < deadline) {
        Thread.sleep(1);
      }
      assertThat(System.nanoTime()).as("synced in time").isLessThan(deadline);
    }
  }

  @Test
  void statisticsTellWhatIsThere() throws IOException {
    try (AlexStore store = open()) {
      for (long key = 0; key < 100; key++) {
        store.put(key, new byte[10]);
      }
      store.flush();
      store.put(7, new byte[20]);
      store.delete(8);
      store.get(7);
      store.get(1000);
      StoreStatistics figures = store.statistics();
      assertThat(figures.lookups()).isEqualTo(2);
      assertThat(figures.writes()).isEqualTo(102);
      assertThat(figures.memtableKeys()).isEqualTo(2);
      assertThat(figures.memtableLogBytes())
          .isEqualTo(WalFormat.recordBytes(8, 20) + WalFormat.recordBytes(8, 0));
      assertThat(figures.segments()).isEqualTo(1);
      assertThat(figures.levels()).isEqualTo(1);
      assertThat(figures.rows()).isEqualTo(100);
      assertThat(figures.segmentBytes()).isPositive();
      assertThat(figures.sealedBytes()).isEqualTo(figures.segmentBytes());
    }
  }

  @Test
  void aStoreIsMadeForOneKindOfKeys() {
    assertThat(StoreTable.schema(KeyForm.LONG).keyColumns()).hasSize(1);
    assertThatThrownBy(() -> StoreOptions.defaults().withMemoryBudget(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("memoryBudget");
  }
}
