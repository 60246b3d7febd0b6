package io.alexstore.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import io.alexstore.commit.ProbeOutcome;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.DuplicateKeyException;
import io.alexstore.error.MissingFileException;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.row.ArrayRow;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWrite;
import io.alexstore.table.TaskOutput;
import io.alexstore.table.TaskWriter;
import io.alexstore.testkit.CrashSimulatingFileStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes that are still at work when the version that they began with expires. */
class ExpiredBaseTest {

  private static final int ROWS = 40_000;

  private final CrashSimulatingFileStore disk = new CrashSimulatingFileStore();

  /** A segment of which so much is deleted that its vector has a file, and a small one. */
  @BeforeEach
  void create() throws IOException {
    Kit.create(disk);
    try (AlexTable table = AlexTable.open(disk, Kit.PATH);
        var writer = table.appender(SegmentOptions.defaults())) {
      for (long key = 0; key < ROWS; key++) {
        writer.append(ArrayRow.of(table.schema(), key, "a"));
      }
      writer.commit();
    }
    TreeSet<Long> gone = new TreeSet<>();
    for (long key = 0; key < ROWS; key += 2 + key % 5) {
      gone.add(key);
    }
    Kit.delete(disk, gone);
    Kit.write(disk, OnConflict.ERROR, "b", List.of(1_000_000L, 1_000_001L));
    try (AlexTable table = AlexTable.open(disk, Kit.PATH)) {
      assertThat(table.snapshot().segments().get(0).deletions().path()).isNotNull();
    }
  }

  /** Afterwards no file is left of the versions before. */
  private void compactAndExpire() throws IOException {
    try (AlexTable before = AlexTable.open(disk, Kit.PATH)) {
      Compaction.of(disk, Kit.PATH).all().run();
      SnapshotExpiry.of(disk, Kit.PATH).run();
      for (SegmentEntry segment : before.snapshot().segments()) {
        assertThat(disk.exists(segment.pathIn(Kit.PATH))).isFalse();
      }
    }
  }

  private TaskOutput task(TableWrite write, Long... keys) throws IOException {
    try (TaskWriter writer = write.target().openTask(disk, Kit.SMALL)) {
      for (long key : keys) {
        writer.append(ArrayRow.of(write.schema(), key, "new"));
      }
      return writer.finish();
    }
  }

  /** Which rows it would meet, is for the commit to see: in the version that it stands on. */
  @Test
  void anAppendGoesOn() throws IOException {
    try (AlexTable table = AlexTable.open(disk, Kit.PATH)) {
      TableWrite fine = table.beginAppend();
      TableWrite duplicate = table.beginAppend();
      long rows = table.snapshot().rows();
      compactAndExpire();
      fine.commitTasks(List.of(task(fine, 0L, 500_000L, 2_000_000L)));
      assertThatThrownBy(() -> duplicate.commitTasks(List.of(task(duplicate, 1L, 3_000_000L))))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=1)");
      table.refresh();
      assertThat(table.snapshot().rows()).isEqualTo(rows + 3);
    }
    Kit.requireClean(disk, "after");
  }

  @Test
  void aFileThatIsLostIsNoExpiry() throws IOException {
    try (AlexTable table = AlexTable.open(disk, Kit.PATH)) {
      TableWrite write = table.beginAppend();
      SegmentEntry lost = table.snapshot().segments().get(1);
      disk.delete(lost.pathIn(Kit.PATH));
      assertThatThrownBy(() -> write.commitTasks(List.of(task(write, 1_000_000L))))
          .isInstanceOf(MissingFileException.class)
          .hasMessageContaining(lost.path())
          .hasMessageContaining("restore the file from a copy");
    }
  }

  @Test
  void aFileThatIsLostAfterACompactionIsNoExpiryEither() throws IOException {
    try (AlexTable table = AlexTable.open(disk, Kit.PATH)) {
      TableWrite update = table.beginRowChange(Operation.UPDATE, Optional.empty());
      SegmentEntry lost = table.snapshot().segments().get(1);
      Compaction.of(disk, Kit.PATH).all().run();
      disk.delete(lost.pathIn(Kit.PATH));
      TaskOutput output =
          new TaskOutput(List.of(), ProbeOutcome.NONE)
              .deleting(Map.of(lost.id(), DeletionVector.of(1)));
      assertThatThrownBy(() -> update.commitTasks(List.of(output)))
          .isInstanceOf(MissingFileException.class)
          .hasMessageContaining(lost.path());
    }
  }

  /** Rows are known by their places in files that are gone. */
  @Test
  void aStatementThatChangesRowsIsAConflict() throws IOException {
    try (AlexTable table = AlexTable.open(disk, Kit.PATH)) {
      for (SegmentEntry segment : table.snapshot().segments()) {
        TableWrite update = table.beginRowChange(Operation.UPDATE, Optional.empty());
        Map<UUID, DeletionVector> rows = Map.of(segment.id(), DeletionVector.of(1));
        if (disk.exists(segment.pathIn(Kit.PATH))) {
          compactAndExpire();
        }
        TaskOutput output = new TaskOutput(List.of(), ProbeOutcome.NONE).deleting(rows);
        assertThatThrownBy(() -> update.commitTasks(List.of(output)))
            .isInstanceOf(CommitConflictException.class)
            .hasMessageContaining("version 3")
            .hasMessageContaining("has expired")
            .hasMessageContaining("Begin the write again")
            .hasCauseInstanceOf(MissingFileException.class);
      }
    }
  }
}
