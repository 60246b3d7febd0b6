package io.alexstore.io.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.LocalFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Operation.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What publication by rename says when one of its steps fails. */
class RenamePublicationTest {

  private static final byte[] CONTENT = "mine".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "theirs".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private final LocalFileStore disk = LocalFileStore.INSTANCE;
  private String path;

  @BeforeEach
  void namePath() {
    path = FilePaths.resolve(directory.toString(), "v1");
  }

  /** A rename that does not overwrite, of local files. */
  private static void rename(String from, String to) throws IOException {
    Files.createLink(Path.of(to), Path.of(from));
    Files.delete(Path.of(from));
  }

  private boolean publish(FileStore store, RenamePublication.Renamer renamer) throws IOException {
    return RenamePublication.publish(store, renamer, path, CONTENT);
  }

  private void assertOnlyThePublishedFileIsThere() throws IOException {
    assertThat(disk.list(directory.toString())).extracting(FileStatus::name).containsExactly("v1");
  }

  @Test
  void aRenameThatFailedDidNotPublish() throws IOException {
    assertThatThrownBy(
            () ->
                publish(
                    disk,
                    (from, to) -> {
                      throw new IOException("no name node");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(path)
        .hasMessageContaining("no name node");
    assertThat(disk.list(directory.toString())).isEmpty();
  }

  @Test
  void aRenameWhoseAnswerWasLostPublished() throws IOException {
    assertThat(
            publish(
                disk,
                (from, to) -> {
                  rename(from, to);
                  throw new IOException("connection reset");
                }))
        .isTrue();
    assertThat(disk.readFully(path, 9)).isEqualTo(CONTENT);
    assertOnlyThePublishedFileIsThere();
  }

  @Test
  void aRenameThatWasRepeatedAfterItsAnswerWasLostPublished() throws IOException {
    assertThat(
            publish(
                disk,
                (from, to) -> {
                  rename(from, to);
                  rename(from, to);
                }))
        .isTrue();
    assertOnlyThePublishedFileIsThere();
  }

  @Test
  void aTakenNameIsLost() throws IOException {
    disk.publish(path, OTHER);
    assertThat(publish(disk, RenamePublicationTest::rename)).isFalse();
    assertThat(disk.readFully(path, 9)).isEqualTo(OTHER);
    assertOnlyThePublishedFileIsThere();
  }

  @Test
  void aRenameThatIsStillQueuedCannotHappenAnyMore() throws IOException {
    String[] queued = new String[1];
    assertThatThrownBy(
            () ->
                publish(
                    disk,
                    (from, to) -> {
                      queued[0] = from;
                      throw new IOException("timed out");
                    }))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(CommitStateUnknownException.class);
    assertThatThrownBy(() -> rename(queued[0], path)).isInstanceOf(IOException.class);
  }

  @Test
  void anUnknownOutcomeIsSaidToBeOne() throws IOException {
    // The answer is lost, and so is the connection by which to find out.
    var failing =
        new FaultInjectingFileStore(
            disk,
            operation ->
                operation.kind() == Kind.DELETE || operation.kind() == Kind.READ
                    ? new FaultPlan.FailBefore("no connection")
                    : FaultPlan.PROCEED);
    for (boolean happens : new boolean[] {false, true}) {
      assertThatThrownBy(
              () ->
                  publish(
                      failing,
                      (from, to) -> {
                        if (happens) {
                          rename(from, to);
                        }
                        throw new IOException("connection reset");
                      }))
          .isInstanceOf(CommitStateUnknownException.class)
          .hasMessageContaining(path)
          .hasMessageContaining("connection reset");
      assertThat(disk.exists(path)).isEqualTo(happens);
    }
  }

  @Test
  void aTemporaryFileThatSomebodyElseRemovedLeavesItUnknown() throws IOException {
    disk.publish(path, OTHER);
    assertThatThrownBy(
            () ->
                publish(
                    disk,
                    (from, to) -> {
                      disk.delete(from);
                      throw new FileAlreadyExistsException(to);
                    }))
        .isInstanceOf(CommitStateUnknownException.class);
  }

  @Test
  void anInterruptedRenameIsSettledAndTheInterruptKept() throws IOException {
    assertThat(
            publish(
                disk,
                (from, to) -> {
                  rename(from, to);
                  Thread.currentThread().interrupt();
                  throw new InterruptedIOException("interrupted");
                }))
        .isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void eachStepBeforeTheRenameFailsCleanly() throws IOException {
    int steps = 0;
    while (true) {
      var store = new FaultInjectingFileStore(disk, FaultPlan.failBefore(steps));
      boolean[] renamed = new boolean[1];
      try {
        publish(
            store,
            (from, to) -> {
              renamed[0] = true;
              rename(from, to);
            });
        break;
      } catch (IOException e) {
        assertThat(renamed[0]).isFalse();
        assertThat(e).hasMessageContaining(directory.toString());
        assertThat(disk.list(directory.toString())).isEmpty();
      }
      steps++;
    }
    // Create, write, sync, close.
    assertThat(steps).isEqualTo(4);
    assertOnlyThePublishedFileIsThere();
  }
}
