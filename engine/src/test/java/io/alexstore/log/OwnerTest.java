package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.TableOwnedException;
import io.alexstore.io.LocalFileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may commit to a table that an embedded store owns. */
class OwnerTest {

  @TempDir Path directory;

  private Snapshot created;

  private TableLog log(String committer) {
    return new TableLog(
        LocalFileStore.INSTANCE, directory.toString(), Optional.ofNullable(committer));
  }

  private static SnapshotEdit edit() {
    return SnapshotEdit.append(List.of());
  }

  @BeforeEach
  void create() throws IOException {
    created =
        log(null)
            .create(
                UUID.randomUUID(), SnapshotEdit.create(LogEntryTest.schema(), Map.of(), List.of()));
  }

  @Test
  void onlyTheOwnerMayCommit() throws IOException {
    Snapshot owned = log("a").own(created);
    assertThat(owned.owner()).contains("a");
    assertThat(owned.operation()).isEqualTo(Operation.OWN);
    assertThat(log("a").own(owned)).isSameAs(owned);
    assertThatThrownBy(() -> log(null).publish(owned, edit()))
        .isInstanceOf(TableOwnedException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining(" a,");
    assertThatThrownBy(() -> log("b").publish(owned, edit()))
        .isInstanceOf(TableOwnedException.class);
    assertThatThrownBy(() -> log("b").disown(owned)).isInstanceOf(TableOwnedException.class);

    Snapshot next = log("a").publish(owned, edit());
    assertThat(next.owner()).as("owned until it is given back").contains("a");
    Snapshot taken = log("b").own(next);
    assertThatThrownBy(() -> log("a").publish(taken, edit()))
        .isInstanceOf(TableOwnedException.class);
    Snapshot free = log("b").disown(taken);
    assertThat(free.owner()).isEmpty();
    assertThat(log(null).publish(free, edit()).version()).isEqualTo(free.version() + 1);
  }

  @Test
  void aReleaseThatDoesNotKnowOwnersMayReadAndNotWrite() throws IOException {
    Snapshot owned = log("a").own(created);
    assertThat(owned.writerFeatures()).contains("owner");
    assertThat(owned.readerFeatures()).isEmpty();
    assertThat(log("a").disown(owned).writerFeatures()).isEmpty();
  }

  @Test
  void anOwnerIsReadFromTheLogAndFromACheckpoint() throws IOException {
    Snapshot owned = log("a").own(created);
    assertThat(log(null).load().owner()).contains("a");
    assertThat(log(null).writeCheckpoint(owned)).isTrue();
    assertThat(log(null).loadCheckpoint(owned.version()).owner()).contains("a");
    assertThat(log(null).load().owner()).contains("a");
    Snapshot free = log("a").disown(owned);
    assertThat(log(null).writeCheckpoint(free)).isTrue();
    assertThat(log(null).loadCheckpoint(free.version()).owner()).isEmpty();
  }
}
