package io.alexstore.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.commit.OnConflict;
import io.alexstore.error.AlexStoreException;
import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.io.FileStore;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.CrashSweep;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** Whatever fails, and whenever the machine stops: the rows stay, and trying again succeeds. */
class MaintenanceFaultTest {

  private interface Step {
    void run(FileStore store) throws IOException;
  }

  private static void fill(FileStore store) throws IOException {
    Kit.create(store);
    Kit.write(store, OnConflict.ERROR, "a", Kit.keys(0, 60));
    Kit.write(store, OnConflict.UPDATE, "b", Kit.keys(40, 80));
    Kit.delete(store, Kit.keys(5, 9));
    Kit.write(store, OnConflict.UPDATE, "c", Kit.keys(78, 90));
  }

  private static final Step COMPACT = store -> Kit.compaction(store).all().run();
  private static final Step EXPIRE = store -> SnapshotExpiry.of(store, Kit.PATH).run();
  private static final Step ROLL_BACK = store -> Rollback.to(store, Kit.PATH, 2);

  private static Map<String, Step> steps() {
    Map<String, Step> steps = new LinkedHashMap<>();
    steps.put("compaction", COMPACT);
    steps.put(
        "expiry",
        store -> {
          COMPACT.run(store);
          EXPIRE.run(store);
        });
    steps.put("rollback", ROLL_BACK);
    return steps;
  }

  private static void sweep(String name, Step step, LongFunction<FaultPlan> plans)
      throws IOException {
    var untouched = new CrashSimulatingFileStore();
    fill(untouched);
    SortedMap<Long, String> before = Kit.rows(untouched);
    step.run(untouched);
    SortedMap<Long, String> after = Kit.rows(untouched);
    for (int n = 0; ; n++) {
      var disk = new CrashSimulatingFileStore();
      fill(disk);
      var store = new FaultInjectingFileStore(disk, plans.apply(n));
      Exception failure = null;
      try {
        step.run(store);
      } catch (IOException | AlexStoreException | UncheckedIOException e) {
        failure = e;
      }
      String where = name + " with a fault in operation " + n + ": " + failure;
      if (store.faults() == 0) {
        assertThat(failure).as(where).isNull();
        assertThat(n).isGreaterThan(10);
        return;
      }
      Kit.requireClean(disk, where);
      SortedMap<Long, String> rows = Kit.rows(disk);
      if (failure == null) {
        assertThat(rows).as(where).isEqualTo(after);
      } else if (failure instanceof CommitStateUnknownException) {
        assertThat(rows).as(where).isIn(before, after);
      } else {
        assertThat(rows).as(where).isEqualTo(before);
      }
      step.run(disk);
      assertThat(Kit.rows(disk)).as(where + ", again").isEqualTo(after);
      Kit.requireClean(disk, where + ", again");
    }
  }

  @Test
  void anyOperationMayFail() throws Exception {
    for (var step : steps().entrySet()) {
      sweep(step.getKey(), step.getValue(), FaultPlan::failBefore);
    }
  }

  @Test
  void anyOperationMayHappenAndReportAFailure() throws Exception {
    for (var step : steps().entrySet()) {
      sweep(step.getKey(), step.getValue(), FaultPlan::failAfter);
    }
  }

  @Test
  void anyWriteMayBeTorn() throws Exception {
    for (var step : steps().entrySet()) {
      sweep(step.getKey(), step.getValue(), n -> FaultPlan.tear(n, 7));
    }
  }

  /** A compaction that certainly failed leaves no file. */
  @Test
  void aFailedCompactionCleansUp() throws Exception {
    for (int n = 0; ; n++) {
      var disk = new CrashSimulatingFileStore();
      fill(disk);
      int files = disk.list(Kit.PATH + "/data").size();
      var store = new FaultInjectingFileStore(disk, FaultPlan.failBefore(n));
      try {
        COMPACT.run(store);
      } catch (CommitStateUnknownException e) {
        continue;
      } catch (IOException | AlexStoreException e) {
        assertThat(disk.list(Kit.PATH + "/data")).as("fault %d: %s", n, e).hasSize(files);
      }
      if (store.faults() == 0) {
        return;
      }
    }
  }

  @Test
  void theMachineMayStopAnywhere() {
    Seeds.run(
        1,
        random ->
            CrashSweep.run(
                random,
                2,
                store -> {
                  fill(store);
                  COMPACT.run(store);
                  SnapshotExpiry.of(store, Kit.PATH).keepLast(2).run();
                  Rollback.to(store, Kit.PATH, 4);
                  EXPIRE.run(store);
                },
                MaintenanceFaultTest::checkSurvivors));
  }

  private static void checkSurvivors(FileStore store, boolean completed) throws IOException {
    long version;
    try {
      version = Kit.version(store);
    } catch (TableNotFoundException e) {
      assertThat(completed).isFalse();
      return;
    }
    Kit.requireClean(store, "after a crash in version " + version);
    if (version >= 4) {
      assertThat(Kit.rows(store)).hasSize(86).containsEntry(78L, "c");
      COMPACT.run(store);
      EXPIRE.run(store);
      assertThat(Kit.rows(store)).hasSize(86).containsEntry(78L, "c");
      Kit.requireClean(store, "again");
    }
  }
}
