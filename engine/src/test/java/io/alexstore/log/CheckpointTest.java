package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CommitConflictException;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.io.LocalFileStore;
import io.alexstore.segment.DeletionVector;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Operation;
import io.alexstore.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoints change nothing but the time that loading takes: each version is what the fold of its
 * entries is, whatever becomes of them.
 */
class CheckpointTest {

  @TempDir Path directory;

  private TableLog log() {
    return new TableLog(LocalFileStore.INSTANCE, directory.toString());
  }

  private Path checkpoint(long version) {
    return Path.of(CheckpointFormat.path(directory.toString(), version));
  }

  private Path entry(long version) {
    return Path.of(LogFormat.entryPath(directory.toString(), version));
  }

  /** The plain fold of the entries. */
  private static Snapshot fold(LogReader reader, String table, long version) throws Exception {
    SnapshotBuilder builder = new SnapshotBuilder(table);
    for (long v = 0; v <= version; v++) {
      reader.read(v).orElseThrow().applyTo(builder);
    }
    return builder.build();
  }

  private Snapshot fold(long version) throws Exception {
    return fold(
        new LogReader(LocalFileStore.INSTANCE, directory.toString()),
        directory.toString(),
        version);
  }

  static void assertSame(Snapshot actual, Snapshot expected) {
    assertThat(actual.version()).isEqualTo(expected.version());
    assertThat(actual.tableId()).isEqualTo(expected.tableId());
    assertThat(actual.commitId()).isEqualTo(expected.commitId());
    assertThat(actual.timestampMs()).isEqualTo(expected.timestampMs());
    assertThat(actual.operation()).isEqualTo(expected.operation());
    assertThat(actual.summary()).isEqualTo(expected.summary());
    assertThat(actual.segments()).isEqualTo(expected.segments());
    assertThat(actual.byId().asList()).isEqualTo(expected.byId().asList());
    assertThat(actual.rows()).isEqualTo(expected.rows());
    assertThat(actual.deletedRows()).isEqualTo(expected.deletedRows());
    assertThat(actual.bytes()).isEqualTo(expected.bytes());
    assertThat(actual.isDisjoint()).isEqualTo(expected.isDisjoint());
    assertThat(actual.schema()).isEqualTo(expected.schema());
    assertThat(actual.schemas()).isEqualTo(expected.schemas());
    assertThat(actual.expiredBefore()).isEqualTo(expected.expiredBefore());
    assertThat(actual.properties()).isEqualTo(expected.properties());
    assertThat(actual.readerFeatures()).isEqualTo(expected.readerFeatures());
    assertThat(actual.writerFeatures()).isEqualTo(expected.writerFeatures());
    assertThat(actual.sequences()).isEqualTo(expected.sequences());
  }

  // --- every version is the fold of its entries ---

  @Test
  void everyVersionLoadsTheSameWithCheckpointsAndWithout() {
    Seeds.run(
        12,
        random -> {
          var disk = new CrashSimulatingFileStore();
          TableLog log = new TableLog(disk, "t");
          LogReader reader = new LogReader(disk, "t");
          RandomLog writer = new RandomLog(random);
          Snapshot s = log.create(UUID.randomUUID(), writer.creation());
          List<Snapshot> made = new ArrayList<>(List.of(s));
          int versions = random.nextInt(60);
          for (int i = 0; i < versions; i++) {
            s = log.publish(s, writer.edit(s));
            made.add(s);
            if (random.nextInt(10) == 0) {
              assertThat(log.writeCheckpoint(s)).isTrue();
            }
          }
          SnapshotBuilder fold = new SnapshotBuilder("t");
          for (int v = 0; v <= versions; v++) {
            reader.read(v).orElseThrow().applyTo(fold);
            Snapshot expected = fold.build();
            assertSame(made.get(v), expected);
            if (v >= s.expiredBefore()) {
              assertSame(log.load(v), expected);
            } else {
              long expired = v;
              assertThatThrownBy(() -> log.load(expired))
                  .isInstanceOf(TableNotFoundException.class);
            }
          }
          Snapshot newest = fold.build();
          assertSame(log.load(), newest);
          for (int i = 0; i < 5; i++) {
            Snapshot base = made.get(random.nextInt(versions + 1));
            List<LogEntry> since = new ArrayList<>();
            assertSame(log.refresh(base, since::add), newest);
            assertThat(since).hasSize((int) (versions - base.version()));
            assertSame(log.refresh(base), newest);
            assertSame(log.load(base), newest);
          }
          assertThat(log.history(newest)).hasSize(versions + 1);
        });
  }

  @Test
  void aCommitWritesOneFromTimeToTime() throws Exception {
    TableLog log = log();
    Snapshot s = new RandomLog(new Random(1)).write(log, 2 * CheckpointFormat.INTERVAL + 5);
    assertThat(log.checkpoints()).containsExactly(200L, 100L);
    assertSame(log.loadCheckpoint(200), fold(200));
    assertSame(log.load(), s);
    assertSame(log.load(150), fold(150));
    assertSame(log.load(99), fold(99));
    assertSame(log.load(100), fold(100));
    assertThat(log.writeCheckpoint(log.load(100))).isFalse();
  }

  @Test
  void largeEntriesMakeOneDueBefore() throws Exception {
    TableLog log = log();
    Snapshot s = log.create(UUID.randomUUID(), new RandomLog(new Random(2)).creation());
    List<SegmentEntry> many = new ArrayList<>();
    for (int i = 0; i < 45_000; i++) {
      byte[] key = ByteBuffer.allocate(8).putLong(0, i).array();
      many.add(new SegmentEntry(UUID.randomUUID(), null, 0, 10, 100, key, key, 0));
    }
    s = log.publish(s, SnapshotEdit.append(many));
    s = log.publish(s, SnapshotEdit.append(List.of()));
    assertThat(log.checkpoints()).containsExactly(1L);
    assertThat(s.uncheckpointed()).isLessThan(10_000);
    assertSame(log.load(), s);
  }

  // --- what reading costs ---

  @Test
  void loadingReadsFewEntries() throws Exception {
    var disk = new CrashSimulatingFileStore();
    Snapshot newest = new RandomLog(new Random(3)).write(new TableLog(disk, "t"), 350);
    var store = new FaultInjectingFileStore(disk, FaultPlan.none());
    TableLog log = new TableLog(store, "t");
    assertSame(log.load(), newest);
    assertThat(count(store, Operation.Kind.LIST)).isEqualTo(1);
    assertThat(count(store, Operation.Kind.READ)).isEqualTo(52);
    log.load(205);
    assertThat(count(store, Operation.Kind.READ)).isEqualTo(52 + 8); // One to see what has expired.
  }

  @Test
  void aRefreshOverManyVersionsJumps() throws Exception {
    var disk = new CrashSimulatingFileStore();
    Snapshot newest = new RandomLog(new Random(4)).write(new TableLog(disk, "t"), 350);
    var store = new FaultInjectingFileStore(disk, FaultPlan.none());
    TableLog log = new TableLog(store, "t");
    Snapshot old = fold(new LogReader(disk, "t"), "t", 10);
    int before = count(store, Operation.Kind.READ);
    assertSame(log.refresh(old), newest);
    assertThat(count(store, Operation.Kind.READ) - before).isLessThan(100);
  }

  private static int count(FaultInjectingFileStore store, Operation.Kind kind) {
    return (int) store.operations().stream().filter(o -> o.kind() == kind).count();
  }

  // --- damage ---

  @Test
  void damageAtAnyByteIsFoundAndPassedOver() throws Exception {
    TableLog log = log();
    Snapshot s = new RandomLog(new Random(5)).write(log, 12);
    log.writeCheckpoint(s);
    byte[] sound = Files.readAllBytes(checkpoint(12));
    assertSame(log.loadCheckpoint(12), s);
    for (int i = 0; i < sound.length; i++) {
      byte[] damaged = sound.clone();
      damaged[i] ^= (byte) (1 << (i % 8));
      assertThatThrownBy(() -> CheckpointReader.parse("t", "p.checkpoint", 12, damaged))
          .as("byte " + i)
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("p.checkpoint");
      if (i % 128 == 0) {
        Files.write(checkpoint(12), damaged);
        assertSame(log.load(), s);
      }
    }
    for (int length = 0; length < sound.length; length++) {
      byte[] truncated = Arrays.copyOf(sound, length);
      assertThatThrownBy(() -> CheckpointReader.parse("t", "p", 12, truncated))
          .isInstanceOf(CorruptFileException.class);
    }
    Files.write(checkpoint(12), Arrays.copyOf(sound, sound.length / 2));
    assertSame(log.load(), s);
  }

  /** A block that another program wrote wrongly, with right checksums, must not become rows. */
  @Test
  void nonsenseWithRightChecksumsIsFoundOrHarmless() throws Exception {
    TableLog log = log();
    Snapshot s = new RandomLog(new Random(6)).write(log, 12);
    byte[] sound = CheckpointWriter.format(s);
    Random random = new Random(7);
    int refused = 0;
    for (int i = CheckpointFormat.HEADER_BYTES;
        i < sound.length - CheckpointFormat.FOOTER_BYTES;
        i++) {
      byte[] wrong = sound.clone();
      wrong[i] = (byte) random.nextInt();
      fixChecksums(wrong);
      try {
        CheckpointReader.parse("t", "p", 12, wrong);
      } catch (CorruptFileException | UnsupportedFormatException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(sound.length / 10);
  }

  private static void fixChecksums(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int end = file.length - CheckpointFormat.FOOTER_BYTES;
    int at = CheckpointFormat.HEADER_BYTES;
    while (at + 12 <= end) {
      int length = bytes.getInt(at + 4);
      if (length < 0 || length > end - at - 12) {
        break;
      }
      bytes.putInt(at + 8 + length, crc(file, at, at + 8 + length));
      at += 12 + length;
    }
    bytes.putInt(end + 8, crc(file, 0, end + 8));
  }

  private static int crc(byte[] file, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(file, from, to - from);
    return (int) crc.getValue();
  }

  @Test
  void oneOfANewerFormatIsPassedOver() throws Exception {
    TableLog log = log();
    Snapshot s = new RandomLog(new Random(8)).write(log, 105);
    byte[] file = Files.readAllBytes(checkpoint(100));
    file[8] = 2;
    fixChecksums(file);
    Files.write(checkpoint(100), file);
    assertThatThrownBy(() -> log.loadCheckpoint(100))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("format 2");
    assertSame(log.load(), s);
  }

  @Test
  void anOlderOneIsTakenWhereTheNewestIsDamaged() throws Exception {
    TableLog log = log();
    Snapshot s = new RandomLog(new Random(9)).write(log, 205);
    Files.write(checkpoint(200), new byte[100]);
    for (long v = 0; v < 100; v++) {
      Files.delete(entry(v)); // So nothing but the older checkpoint will do.
    }
    assertSame(log.load(), s);
    Files.delete(checkpoint(100));
    assertThatThrownBy(log::load)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void oneOfAnotherTableIsPassedOver() throws Exception {
    TableLog log = log();
    Snapshot s = new RandomLog(new Random(10)).write(log, 20);
    TableLog other = new TableLog(LocalFileStore.INSTANCE, directory + "/other");
    other.writeCheckpoint(new RandomLog(new Random(11)).write(other, 15));
    Files.copy(Path.of(CheckpointFormat.path(directory + "/other", 15)), checkpoint(15));
    assertSame(log.load(), s);
    assertSame(log.load(15), fold(15));
  }

  @Test
  void verificationFindsOneThatIsDamagedOrSaysSomethingElse() throws Exception {
    TableLog log = log();
    Snapshot s = new RandomLog(new Random(16)).write(log, 20);
    log.writeCheckpoint(log.load(18));
    log.writeCheckpoint(log.load(19));
    assertThat(findings()).isEmpty();
    byte[] damaged = Files.readAllBytes(checkpoint(18));
    damaged[damaged.length / 2] ^= 1;
    Files.write(checkpoint(18), damaged);
    byte[] file = CheckpointWriter.format(log.load(19));
    int place = indexOf(file, "\"nullable\":true");
    file[place + 11] = 'T'; // Not JSON any more, with checksums that are right.
    fixChecksums(file);
    Files.write(checkpoint(19), file);
    assertThat(findings()).hasSize(2).allMatch(f -> f.contains(".checkpoint"));
    SegmentEntry more = new RandomLog(new Random(17)).segment(0);
    Snapshot forged =
        new Snapshot(
            s.table(),
            s.newestEntry(),
            s.schemas(),
            s.schema(),
            s.properties(),
            s.byKey().with(more),
            s.byId().with(more),
            s.sequences(),
            0);
    Files.write(checkpoint(20), CheckpointWriter.format(forged));
    assertThat(findings()).hasSize(3).anyMatch(f -> f.contains("something else"));
  }

  private List<String> findings() throws Exception {
    List<String> found = new ArrayList<>();
    LogVerifier.verify(
        LocalFileStore.INSTANCE, directory.toString(), e -> found.add(e.getMessage()));
    return found;
  }

  private static int indexOf(byte[] file, String text) {
    return new String(file, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  @Test
  void oneAheadOfTheLogIsNoVersion() throws Exception {
    TableLog log = log();
    new RandomLog(new Random(12)).write(log, 20);
    log.writeCheckpoint(log.load());
    Files.delete(entry(20));
    assertSame(log.load(), fold(19));
  }

  // --- writing ---

  @Test
  void aCommitHoldsWhateverBecomesOfItsCheckpoint() throws Exception {
    var before = new CrashSimulatingFileStore();
    // The same operations at each run, so that each of them can fail.
    new RandomLog(new Random(13)).write(new TableLog(before, "t"), CheckpointFormat.INTERVAL - 1);
    int operations = commitOn(before, FaultPlan.none(), true).operations().size();
    assertThat(operations).isGreaterThan(10);
    for (int i = 0; i < operations; i++) {
      for (FaultPlan plan : List.of(FaultPlan.failBefore(i), FaultPlan.failAfter(i))) {
        var disk = new CrashSimulatingFileStore();
        new RandomLog(new Random(13)).write(new TableLog(disk, "t"), CheckpointFormat.INTERVAL - 1);
        commitOn(disk, plan, false);
      }
    }
  }

  private static FaultInjectingFileStore commitOn(
      CrashSimulatingFileStore disk, FaultPlan plan, boolean whole) throws Exception {
    Snapshot base = new TableLog(disk, "t").load();
    var store = new FaultInjectingFileStore(disk, plan);
    SnapshotEdit edit = SnapshotEdit.append(List.of());
    boolean reported = true;
    try {
      new TableLog(store, "t").publish(base, edit);
    } catch (Exception e) {
      reported = false;
      boolean inCheckpoint =
          store.operations().stream().anyMatch(o -> o.path().endsWith(".checkpoint"));
      assertThat(inCheckpoint).as("a checkpoint's failure fails the commit").isFalse();
    }
    TableLog log = new TableLog(disk.crash(new Random(1)), "t");
    Snapshot after = log.load();
    if (reported) {
      assertThat(after.commitId()).isEqualTo(edit.commitId());
    }
    if (whole) {
      assertThat(log.checkpoints()).containsExactly((long) CheckpointFormat.INTERVAL);
    }
    assertSame(after, fold(new LogReader(disk, "t"), "t", after.version()));
    return store;
  }

  @Test
  void manyWritersMakeOneHistoryWithItsCheckpoints() throws Exception {
    TableLog first = log();
    first.create(UUID.randomUUID(), new RandomLog(new Random(14)).creation());
    int writers = 4;
    int commits = 60;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<Void>> all = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int seed = w;
        Callable<Void> work =
            () -> {
              TableLog log = log();
              RandomLog writer = new RandomLog(new Random(100 + seed));
              Snapshot s = log.load();
              for (int done = 0; done < commits; ) {
                try {
                  s = log.publish(s, SnapshotEdit.append(List.of(writer.segment(0))));
                  done++;
                } catch (CommitConflictException e) {
                  s = log.refresh(s);
                }
              }
              return null;
            };
        all.add(threads.submit(work));
      }
      for (Future<Void> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    TableLog log = log();
    Snapshot newest = log.load();
    assertThat(newest.version()).isEqualTo((long) writers * commits);
    assertThat(newest.segments()).hasSize(writers * commits);
    assertThat(log.checkpoints()).containsExactly(200L, 100L);
    assertSame(newest, fold(newest.version()));
    assertSame(log.loadCheckpoint(200), fold(200));
  }

  @Test
  void namesOfOtherFilesAreNoCheckpoints() {
    assertThat(CheckpointFormat.version("00000000000000000100.checkpoint")).hasValue(100);
    assertThat(CheckpointFormat.version("00000000000000000100")).isEmpty();
    assertThat(CheckpointFormat.version("100.checkpoint")).isEmpty();
    assertThat(CheckpointFormat.version(".tmp-1-00000000000000000100.checkpoint")).isEmpty();
  }

  @Test
  void vectorsAndPathsOfAllKindsAreKept() throws Exception {
    TableLog log = log();
    Snapshot s = log.create(UUID.randomUUID(), new RandomLog(new Random(15)).creation());
    SegmentEntry usual =
        new SegmentEntry(new UUID(1, 1), null, 0, 10, 1, new byte[0], new byte[] {-1}, 0);
    SegmentEntry named =
        new SegmentEntry(
            new UUID(1, 2), "data/x/y.z", 0, 1L << 40, 1L << 33, new byte[9], new byte[9], 0);
    s = log.publish(s, SnapshotEdit.append(List.of(usual, named)));
    Map<UUID, Deletions> deletions =
        Map.of(
            usual.id(), Deletions.inline(DeletionVector.of(1, 3)),
            named.id(), Deletions.file(1L << 33, "data/v.alexdv", 1 << 20));
    s = log.publish(s, SnapshotEdit.append(List.of()).withDeletions(deletions, 2));
    log.writeCheckpoint(s);
    assertSame(log.loadCheckpoint(2), fold(2));
    assertThat(log.loadCheckpoint(2).segments()).extracting(SegmentEntry::deletions).hasSize(2);
  }
}
