package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CommitConflictException;
import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.TableExistsException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.io.FileStore;
import io.alexstore.io.LocalFileStore;
import io.alexstore.segment.DeletionVector;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions follow each other, and a damaged or foreign log is refused. */
class TableLogTest {

  @TempDir Path directory;

  private TableLog log() {
    return new TableLog(LocalFileStore.INSTANCE, directory.toString());
  }

  private Path file(long version) {
    return directory.resolve(LogFormat.LOG_DIRECTORY).resolve(LogFormat.entryName(version));
  }

  private static SegmentEntry segment(int min, int max) {
    UUID id = UUID.randomUUID();
    return new SegmentEntry(
        id, "data/" + id, 0, 10, 100, new byte[] {(byte) min}, new byte[] {(byte) max}, 0);
  }

  private static SnapshotEdit creation() {
    return SnapshotEdit.create(LogEntryTest.schema(), Map.of("a", "b"), List.of());
  }

  private static Snapshot create(TableLog log) throws Exception {
    return log.create(UUID.randomUUID(), creation());
  }

  @Test
  void versionsFollowEachOther() throws Exception {
    TableLog log = log();
    Snapshot v0 = create(log);
    SegmentEntry first = segment(5, 9);
    SegmentEntry second = segment(1, 3);
    Snapshot v1 = log.publish(v0, SnapshotEdit.append(List.of(first, second)));
    Snapshot v2 = log.publish(v1, SnapshotEdit.overwrite(v1, List.of(segment(4, 6))));

    assertThat(v1.segments()).extracting(SegmentEntry::id).containsExactly(second.id(), first.id());
    assertThat(v1.segments()).allMatch(s -> s.addedIn() == 1);
    assertThat(v1.rows()).isEqualTo(20);
    assertThat(v1.isDisjoint()).isTrue();
    assertThat(v2.segments()).hasSize(1);
    assertThat(v2.contains(first.id())).isFalse();
    assertThat(v2.schema()).isEqualTo(LogEntryTest.schema());
    assertThat(v2.properties()).isEqualTo(Map.of("a", "b"));

    assertSame(log.load(), v2);
    assertSame(log.load(1), v1);
    assertSame(log.refresh(v0), v2);
    assertThat(log.refresh(v2)).isSameAs(v2);
    assertThat(log.history(v2))
        .extracting(LogEntry::operation)
        .containsExactly("create", "append", "overwrite");
  }

  @Test
  void deletionVectorsGrowFromVersionToVersion() throws Exception {
    TableLog log = log();
    SegmentEntry first = segment(1, 3);
    SegmentEntry second = segment(5, 9);
    Snapshot v0 = create(log);
    Snapshot v1 = log.publish(v0, SnapshotEdit.append(List.of(first, second)));
    assertThat(v1.readerFeatures()).isEmpty();
    Snapshot v2 = log.publish(v1, deletion(Map.of(first.id(), DeletionVector.of(0, 4))));
    Snapshot v3 = log.publish(v2, deletion(Map.of(first.id(), DeletionVector.of(0, 4, 7))));

    assertThat(v1.rows()).isEqualTo(20);
    assertThat(v2.rows()).isEqualTo(18);
    assertThat(v3.rows()).isEqualTo(17);
    assertThat(v3.deletedRows()).isEqualTo(3);
    assertThat(v3.segment(first.id()).orElseThrow().liveRows()).isEqualTo(7);
    assertThat(v3.segment(second.id()).orElseThrow().deletions()).isEqualTo(Deletions.NONE);
    assertThat(v2.readerFeatures()).containsExactly("deletionVectors");
    assertThat(v3.readerFeatures()).containsExactly("deletionVectors");
    assertThat(v3.writerFeatures()).containsExactly("deletionVectors");
    assertSame(log.load(), v3);
    assertSame(log.load(2), v2);
    SegmentEntry loaded = log.load().segment(first.id()).orElseThrow();
    assertThat(loaded.deletions().read(LocalFileStore.INSTANCE, "unused", loaded))
        .isEqualTo(DeletionVector.of(0, 4, 7));
  }

  @Test
  void deletionsThatCannotBeAreRefused() throws Exception {
    TableLog log = log();
    SegmentEntry first = segment(1, 3);
    Snapshot v1 = log.publish(create(log), SnapshotEdit.append(List.of(first)));
    Snapshot v2 = log.publish(v1, deletion(Map.of(first.id(), DeletionVector.of(0, 4))));
    for (SnapshotEdit wrong :
        List.of(
            deletion(Map.of(first.id(), DeletionVector.of(0, 4))),
            deletion(Map.of(first.id(), DeletionVector.ofRange(0, 10))),
            deletion(Map.of(UUID.randomUUID(), DeletionVector.of(1))))) {
      assertThatThrownBy(() -> log.publish(v2, wrong)).isInstanceOf(CorruptFileException.class);
    }
    assertSame(log.load(), v2);
  }

  private static SnapshotEdit deletion(Map<UUID, DeletionVector> vectors) {
    Map<UUID, Deletions> deletions = new HashMap<>();
    vectors.forEach((id, vector) -> deletions.put(id, Deletions.inline(vector)));
    return SnapshotEdit.append(List.of()).withDeletions(deletions, 1);
  }

  @Test
  void aWritersSequenceIsRemembered() throws Exception {
    TableLog log = log();
    Snapshot s = create(log);
    for (long sequence : new long[] {3, 7}) {
      SnapshotEdit edit = SnapshotEdit.append(List.of());
      s = log.publish(s, edit.withSource(Optional.of(new CommitSource("stream", sequence))));
    }
    s = log.publish(s, SnapshotEdit.append(List.of()));
    assertThat(s.lastSequence("stream")).hasValue(7);
    assertThat(s.lastSequence("other")).isEmpty();
    assertThat(log.load().lastSequence("stream")).hasValue(7);
    assertThat(log.load(1).lastSequence("stream")).hasValue(3);
  }

  private static void assertSame(Snapshot actual, Snapshot expected) {
    assertThat(actual.version()).isEqualTo(expected.version());
    assertThat(actual.commitId()).isEqualTo(expected.commitId());
    assertThat(actual.segments()).isEqualTo(expected.segments());
    assertThat(actual.schema()).isEqualTo(expected.schema());
    assertThat(actual.properties()).isEqualTo(expected.properties());
    assertThat(actual.timestampMs()).isEqualTo(expected.timestampMs());
  }

  @Test
  void timestampsIncreaseThoughTheClockStandsOrGoesBack() throws Exception {
    long[] time = {1000};
    TableLog log = new TableLog(LocalFileStore.INSTANCE, directory.toString(), () -> time[0]);
    Snapshot s = create(log);
    List<Long> stamps = new ArrayList<>(List.of(s.timestampMs()));
    for (long now : new long[] {1000, 500, 1001, 5000}) {
      time[0] = now;
      s = log.publish(s, SnapshotEdit.append(List.of()));
      stamps.add(s.timestampMs());
    }
    assertThat(stamps).containsExactly(1000L, 1001L, 1002L, 1003L, 5000L);
  }

  @Test
  void theLoserOfARaceIsTold() throws Exception {
    TableLog log = log();
    Snapshot v0 = create(log);
    Snapshot won = log.publish(v0, SnapshotEdit.append(List.of(segment(1, 2))));
    assertThatThrownBy(() -> log.publish(v0, SnapshotEdit.append(List.of(segment(3, 4)))))
        .isInstanceOf(CommitConflictException.class)
        .hasMessageContaining("version 1");
    assertSame(log.load(), won);
    assertThatThrownBy(() -> create(log)).isInstanceOf(TableExistsException.class);
    assertSame(log.load(), won);
  }

  @Test
  void whatIsNotThereIsNamed() throws Exception {
    assertThatThrownBy(() -> log().load())
        .isInstanceOf(TableNotFoundException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("_alexstore/log/00000000000000000000");
    create(log());
    assertThatThrownBy(() -> log().load(3))
        .isInstanceOf(TableNotFoundException.class)
        .hasMessageContaining("no version 3")
        .hasMessageContaining("0 to 0");
    assertThatThrownBy(() -> log().load(-1)).isInstanceOf(TableNotFoundException.class);
  }

  @Test
  void otherFilesInTheLogAreNoEntries() throws Exception {
    Snapshot v0 = create(log());
    Files.writeString(directory.resolve(LogFormat.LOG_DIRECTORY).resolve(".tmp-x-1"), "torn");
    Files.writeString(directory.resolve(LogFormat.LOG_DIRECTORY).resolve("1"), "?");
    assertSame(log().load(), v0);
  }

  @Test
  void aGapIsFound() throws Exception {
    TableLog log = log();
    Snapshot s = create(log);
    for (int i = 0; i < 3; i++) {
      s = log.publish(s, SnapshotEdit.append(List.of()));
    }
    Files.delete(file(2));
    assertThatThrownBy(log::load)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining(file(2).toString())
        .hasMessageContaining("missing");
    Files.copy(file(3), file(2));
    assertThatThrownBy(log::load)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("its name says 2");
  }

  @Test
  void anEntryOfAnotherTableIsFound() throws Exception {
    TableLog log = log();
    log.publish(create(log), SnapshotEdit.append(List.of()));
    TableLog other = new TableLog(LocalFileStore.INSTANCE, directory + "/other");
    Snapshot s = create(other);
    s = other.publish(s, SnapshotEdit.append(List.of()));
    other.publish(s, SnapshotEdit.append(List.of()));
    Files.copy(directory.resolve("other/_alexstore/log/00000000000000000002"), file(2));
    assertThatThrownBy(log::load)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("belongs to table");
  }

  @Test
  void anEntryThatDoesNotFollowItsParentIsFound() throws Exception {
    TableLog log = log();
    Snapshot v0 = create(log);
    log.publish(v0, SnapshotEdit.append(List.of()));
    Files.move(file(1), directory.resolve("kept"));
    Snapshot other = log.publish(v0, SnapshotEdit.append(List.of()));
    log.publish(other, SnapshotEdit.append(List.of()));
    Files.delete(file(1));
    Files.move(directory.resolve("kept"), file(1));
    assertThatThrownBy(log::load)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("follows commit");
  }

  @Test
  void aWriterThatDoesNotKnowAFeatureMayReadButNotWrite() throws Exception {
    TableLog log = log();
    create(log);
    String entry = Files.readAllLines(file(0)).get(1);
    String json = entry.replace("\"writerFeatures\":[]", "\"writerFeatures\":[\"magic\"]");
    Files.write(file(0), LogEntryTest.sound("alexstore-log 1", json));
    Snapshot s = log.load();
    assertThatThrownBy(() -> log.publish(s, SnapshotEdit.append(List.of())))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("'magic'");
  }

  /** A store of which the sync of the log's directory fails, as often as told. */
  private static FileStore failingSyncs(FileStore store, int failures) {
    int[] left = {failures};
    FaultPlan plan =
        operation ->
            operation.kind() == Operation.Kind.SYNC_DIRECTORY && left[0]-- > 0
                ? new FaultPlan.FailBefore("as ordered")
                : FaultPlan.PROCEED;
    return new FaultInjectingFileStore(store, plan);
  }

  @Test
  void aWriterWhoseOutcomeIsUnknownFindsItsOwnCommit() throws Exception {
    var disk = new CrashSimulatingFileStore();
    Snapshot v0 = create(new TableLog(disk, "t"));
    TableLog doubtful = new TableLog(failingSyncs(disk, 1), "t");
    Snapshot v1 = doubtful.publish(v0, SnapshotEdit.append(List.of(segment(1, 2))));
    assertSame(new TableLog(disk, "t").load(), v1);
  }

  @Test
  void anOutcomeThatStaysUnknownIsSaidSo() throws Exception {
    var disk = new CrashSimulatingFileStore();
    Snapshot v0 = create(new TableLog(disk, "t"));
    TableLog doubtful = new TableLog(failingSyncs(disk, Integer.MAX_VALUE), "t");
    assertThatThrownBy(() -> doubtful.publish(v0, SnapshotEdit.append(List.of())))
        .isInstanceOf(CommitStateUnknownException.class);
  }

  @Test
  void aDamagedEntryIsNamed() throws Exception {
    create(log());
    byte[] bytes = Files.readAllBytes(file(0));
    bytes[bytes.length / 2] ^= 4;
    Files.write(file(0), bytes);
    assertThatThrownBy(() -> log().load())
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining(file(0).toString())
        .hasMessageContaining("checksum");
  }
}
