package io.alexstore.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.CrashSweep;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Operation;
import io.alexstore.testkit.Operation.Kind;
import io.alexstore.testkit.RandomizedTest;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publication step by step: the order of its steps, and each of them failing. */
class PublicationFaultTest {

  private static final String FILE = "/t/log/1";
  private static final byte[] NEW = "the new content".repeat(100).getBytes(UTF_8);
  private static final byte[] OLD = "the old content".getBytes(UTF_8);

  @TempDir Path directory;

  private static CrashSimulatingFileStore disk() throws IOException {
    var disk = new CrashSimulatingFileStore();
    disk.createDirectories("/t/log");
    return disk;
  }

  private static List<Kind> mutations(FaultInjectingFileStore store) {
    return store.operations().stream().map(Operation::kind).filter(Kind::isMutation).toList();
  }

  @Test
  void bytesAreDurableBeforeTheNameAndTheNameBeforeTheReturn() throws IOException {
    var store = new FaultInjectingFileStore(LocalFileStore.INSTANCE, FaultPlan.none());
    String path = FilePaths.resolve(directory.toString(), "1");
    assertThat(store.publish(path, NEW)).isTrue();
    assertThat(mutations(store))
        .containsExactly(
            Kind.CREATE,
            Kind.WRITE,
            Kind.SYNC,
            Kind.CLOSE,
            Kind.LINK,
            Kind.DELETE,
            Kind.SYNC_DIRECTORY);
    assertThat(store.operations().get(0).path()).matches(".*/\\.tmp-[^/]*-1");
    assertThat(store.operations().get(4).path()).isEqualTo(path);
    assertThat(store.operations().get(6).path()).isEqualTo(directory.toString());
  }

  @Test
  void aNameThatIsTakenKeepsItsContent() throws IOException {
    for (LinkingFileStore store : new LinkingFileStore[] {LocalFileStore.INSTANCE, disk()}) {
      String path = store == LocalFileStore.INSTANCE ? directory + "/1" : FILE;
      assertThat(store.publish(path, OLD)).isTrue();
      assertThat(store.publish(path, NEW)).isFalse();
      assertThat(store.readFully(path, 1000)).isEqualTo(OLD);
      assertThat(store.list(FilePaths.parent(path))).hasSize(1);
    }
  }

  @Test
  void aDirectoryThatDoesNotExistIsAnError() {
    assertThatThrownBy(() -> LocalFileStore.INSTANCE.publish(directory + "/no/1", NEW))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void eachStepMayFailBeforeItHappened() throws IOException {
    assertThat(failEachStep(FaultPlan::failBefore)).isEqualTo(7);
  }

  @Test
  void eachStepMayFailAfterItHappened() throws IOException {
    assertThat(failEachStep(FaultPlan::failAfter)).isEqualTo(7);
  }

  @Test
  void theProcessMayStopAtEachStep() throws IOException {
    assertThat(failEachStep(FaultPlan::stopAt)).isEqualTo(7);
  }

  /** Fails step after step until none is left to fail; returns how many there were. */
  private static int failEachStep(LongFunction<FaultPlan> plan) throws IOException {
    for (int step = 0; ; step++) {
      var disk = disk();
      var store = new FaultInjectingFileStore(disk, plan.apply(step));
      boolean there;
      try {
        assertThat(store.publish(FILE, NEW)).isTrue();
        there = disk.exists(FILE);
        assertThat(there).isTrue();
      } catch (CommitStateUnknownException e) {
        there = disk.exists(FILE);
      } catch (IOException e) {
        there = disk.exists(FILE);
        assertThat(there).as("not published, says " + e).isFalse();
      }
      if (there) {
        assertThat(disk.readFully(FILE, 10_000)).isEqualTo(NEW);
      }
      for (FileStatus file : disk.list("/t/log")) {
        assertThat(FilePaths.isTemporary(file.name()) || file.name().equals("1")).isTrue();
      }
      if (store.faults() == 0) {
        return step;
      }
    }
  }

  @Test
  void aFailureBeforeTheLinkLeavesNothing() throws IOException {
    for (int step = 0; step < 4; step++) {
      for (FaultPlan plan :
          List.of(FaultPlan.failBefore(step), FaultPlan.failAfter(step), FaultPlan.tear(step, 7))) {
        var disk = disk();
        var store = new FaultInjectingFileStore(disk, plan);
        assertThatThrownBy(() -> store.publish(FILE, NEW)).isInstanceOf(IOException.class);
        assertThat(store.faults()).isEqualTo(1);
        assertThat(disk.list("/t/log")).isEmpty();
      }
    }
  }

  @Test
  void aLinkThatHappenedButReportedAFailureIsFoundOut() throws IOException {
    var disk = disk();
    assertThat(new FaultInjectingFileStore(disk, FaultPlan.failAfter(4)).publish(FILE, NEW))
        .isTrue();
    var other = disk();
    var store = new FaultInjectingFileStore(other, FaultPlan.failBefore(4));
    assertThatThrownBy(() -> store.publish(FILE, NEW)).isInstanceOf(IOException.class);
    assertThat(other.list("/t/log")).isEmpty();
  }

  @Test
  void aLinkWhoseOutcomeCannotBeFoundOutIsUnknown() throws IOException {
    var store = new FaultInjectingFileStore(disk(), FaultPlan.stopAt(4));
    assertThatThrownBy(() -> store.publish(FILE, NEW))
        .isInstanceOf(CommitStateUnknownException.class)
        .hasMessageContaining(FILE);
  }

  @Test
  void aDirectoryThatCannotBeSyncedMakesTheOutcomeUnknown() throws IOException {
    var disk = disk();
    var store = new FaultInjectingFileStore(disk, FaultPlan.failBefore(6));
    assertThatThrownBy(() -> store.publish(FILE, NEW))
        .isInstanceOf(CommitStateUnknownException.class);
    assertThat(disk.readFully(FILE, 10_000)).isEqualTo(NEW);
  }

  @Test
  void aFullDiskPublishesNothing() throws IOException {
    for (int capacity : new int[] {0, 1, NEW.length - 1}) {
      var disk = disk();
      var store = new FaultInjectingFileStore(disk, FaultPlan.diskFull(capacity));
      assertThatThrownBy(() -> store.publish(FILE, NEW)).hasMessageContaining("No space left");
      assertThat(disk.list("/t/log")).isEmpty();
    }
    var store = new FaultInjectingFileStore(disk(), FaultPlan.diskFull(NEW.length));
    assertThat(store.publish(FILE, NEW)).isTrue();
  }

  @RandomizedTest
  void aCrashAtEachStepLeavesNothingOrAllOfIt(Random random) throws Exception {
    int steps =
        CrashSweep.run(
            random,
            50,
            store -> {
              store.createDirectories("/t/log");
              store.publish(FILE, NEW);
            },
            (survivors, completed) -> {
              boolean there = survivors.exists(FILE);
              assertThat(there || !completed).isTrue();
              if (there) {
                assertThat(survivors.readFully(FILE, 10_000)).isEqualTo(NEW);
              }
              for (FileStatus file : survivors.list("/t/log")) {
                assertThat(FilePaths.isTemporary(file.name()) || file.name().equals("1")).isTrue();
              }
            });
    assertThat(steps).isEqualTo(8);
  }

  /** Shows that the sweep would notice: without the syncs, crashes leave damage. */
  @Test
  void aCarelessPublicationIsCaught() {
    assertThatThrownBy(
            () ->
                CrashSweep.run(
                    new Random(1),
                    50,
                    store -> {
                      store.createDirectories("/t/log");
                      try (FileOutput output = store.create(FILE)) {
                        output.write(NEW);
                      }
                      store.syncDirectory("/t/log");
                    },
                    (survivors, completed) -> {
                      if (survivors.exists(FILE)) {
                        assertThat(survivors.readFully(FILE, 10_000)).isEqualTo(NEW);
                      }
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Wrong after a stop before operation");
  }

  @Test
  void randomFaultsNeverLie() {
    Seeds.run(
        300,
        random -> {
          var disk = disk();
          var store = new FaultInjectingFileStore(disk, FaultPlan.random(random.nextLong(), 0.3));
          boolean old = random.nextBoolean();
          if (old) {
            disk.publish(FILE, OLD);
          }
          try {
            assertThat(store.publish(FILE, NEW)).isEqualTo(!old);
          } catch (CommitStateUnknownException e) {
            // Then the file, if it is there, tells.
          } catch (IOException e) {
            assertThat(disk.exists(FILE)).isEqualTo(old);
          }
          if (old) {
            assertThat(disk.readFully(FILE, 10_000)).isEqualTo(OLD);
          } else if (disk.exists(FILE)) {
            assertThat(disk.readFully(FILE, 10_000)).isEqualTo(NEW);
          }
        });
  }
}
