package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import io.alexstore.commit.ProbeOutcome;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.DuplicateKeyException;
import io.alexstore.log.Operation;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Operation.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is tried again, how often, and what is told to whoever may try again himself. */
class CommitRetriesTest {

  private final CrashSimulatingFileStore disk = new CrashSimulatingFileStore();

  private void append(String by, long key) {
    try (AlexTable table = AlexTable.open(disk, "t")) {
      Tables.append(table, by, List.of(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A store in which another writer wins the next {@code races}. */
  private FaultInjectingFileStore racing(int races) {
    int[] left = {races};
    FaultPlan plan =
        operation -> {
          if (operation.kind() == Kind.LINK && left[0] > 0) {
            append("other", 100L + left[0]--);
          }
          return FaultPlan.PROCEED;
        };
    return new FaultInjectingFileStore(disk, plan);
  }

  private void commit(int races, int retries, long key) throws IOException {
    FaultInjectingFileStore store = racing(races);
    try (AlexTable table = AlexTable.open(store, "t")) {
      TableWrite write = table.beginAppend().withCommitRetries(retries);
      List<SegmentInfo> segments = Tables.write(store, write, "mine", List.of(key));
      try {
        write.commit(segments);
      } finally {
        write.abort(segments);
      }
    }
  }

  @Test
  void aLostRaceIsTriedAgainAsOftenAsTold() throws Exception {
    Tables.create(disk, "t").close();
    commit(0, 0, 1);
    commit(3, 3, 2);
    assertThat(Tables.rows(disk, "t")).containsOnlyKeys(1L, 2L, 101L, 102L, 103L);
  }

  @Test
  void theLastAttemptSaysThatItWasTheLast() throws Exception {
    Tables.create(disk, "t").close();
    assertThatThrownBy(() -> commit(3, 2, 1))
        .isInstanceOf(CommitConflictException.class)
        .hasMessageContaining("another writer published version 3 first")
        .hasMessageContaining("each of the 3 attempts")
        .hasMessageContaining("no more than 2 times")
        .hasMessageContaining("commitRetries")
        .hasMessageContaining("Begin the write again");
    assertThat(Tables.rows(disk, "t")).containsOnlyKeys(101L, 102L, 103L);
    try (AlexTable table = AlexTable.open(disk, "t")) {
      assertThat(table.listOrphans()).isEmpty();
      assertThatThrownBy(() -> table.beginAppend().withCommitRetries(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("-1");
    }
  }

  /** Adds a row by a statement that has read the table. */
  private static void change(TableWrite write, CrashSimulatingFileStore disk, long key)
      throws IOException {
    List<SegmentInfo> segments = Tables.write(disk, write, "mine", List.of(key));
    try {
      write.commitTasks(List.of(new TaskOutput(segments, ProbeOutcome.NONE)));
    } finally {
      write.abort(segments);
    }
  }

  /** Run again, a MERGE finds the row and does what it is to do when matched. */
  @Test
  void aKeyThatAMergeInsertsAndAnotherInsertedMeanwhileIsAConflict() throws Exception {
    try (AlexTable table = Tables.create(disk, "t")) {
      append("old", 1);
      table.refresh();
      TableWrite merge = table.beginRowChange(Operation.MERGE, Optional.empty());
      TableWrite update = table.beginRowChange(Operation.UPDATE, Optional.empty());
      TableWrite append = table.beginAppend();
      append("other", 7);
      assertThatThrownBy(() -> change(merge, disk, 7))
          .isInstanceOf(CommitConflictException.class)
          .hasMessageContaining("version 2")
          .hasMessageContaining("(id=7)")
          .hasMessageContaining("Begin the write again");
      // These would find it just so another time.
      assertThatThrownBy(() -> change(update, disk, 7))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=7)")
          .hasMessageNotContaining("onConflict");
      assertThatThrownBy(() -> change(append, disk, 7))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("onConflict");
    }
  }

  /** As when its condition is not on the key: it would come to the same another time. */
  @Test
  void aKeyThatAMergeInsertsThoughItIsThereIsADuplicate() throws Exception {
    try (AlexTable table = Tables.create(disk, "t")) {
      Tables.append(table, "old", List.of(1L, 7L));
      table.refresh();
      assertThatThrownBy(
              () -> change(table.beginRowChange(Operation.MERGE, Optional.empty()), disk, 7))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=7)")
          .hasMessageNotContaining("onConflict");
      // Also where another has changed the row since.
      TableWrite merge = table.beginRowChange(Operation.MERGE, Optional.empty());
      TableWrite upsert = table.beginAppend(OnConflict.UPDATE);
      upsert.commit(Tables.write(disk, upsert, "other", List.of(7L)));
      assertThatThrownBy(() -> change(merge, disk, 7)).isInstanceOf(DuplicateKeyException.class);
      // But not where it had been deleted when the statement began.
      table.delete(List.of(7L));
      table.refresh();
      TableWrite later = table.beginRowChange(Operation.MERGE, Optional.empty());
      append("again", 7);
      assertThatThrownBy(() -> change(later, disk, 7)).isInstanceOf(CommitConflictException.class);
    }
  }
}
