package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import io.alexstore.error.AlexStoreException;
import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.log.TableLog;
import io.alexstore.row.ArrayRow;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.CrashSweep;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Operation;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** Whatever fails, and whenever the machine stops: a table is at its old or its new version. */
class TableFaultTest {

  private static final String PATH = "t";
  private static final List<Long> OLD = Tables.keys(0, 200);
  private static final List<Long> NEW = Tables.keys(200, 400);
  private static final List<Long> MIDDLE = Tables.keys(100, 300);
  private static final List<Long> MANY = Tables.keys(0, 6000);
  private static final List<Long> EVEN = MANY.stream().filter(key -> key % 2 == 0).toList();
  private static final List<Long> ODD = MANY.stream().filter(key -> key % 2 != 0).toList();

  /** A write that is to be disturbed, and the rows before and after it. */
  private record Scenario(
      String name, SortedMap<Long, String> before, SortedMap<Long, String> after, Step step) {}

  private interface Step {
    void run(FileStore store) throws IOException;
  }

  private static SortedMap<Long, String> both() {
    var rows = Tables.expected("old", OLD);
    rows.putAll(Tables.expected("new", NEW));
    return rows;
  }

  private static List<Scenario> scenarios() {
    return List.of(
        new Scenario(
            "append",
            Tables.expected("old", OLD),
            both(),
            store -> {
              try (AlexTable table = AlexTable.open(store, PATH)) {
                Tables.append(table, "new", NEW);
              }
            }),
        new Scenario(
            "overwrite",
            Tables.expected("old", OLD),
            Tables.expected("new", NEW),
            store -> {
              try (AlexTable table = AlexTable.open(store, PATH)) {
                Tables.overwrite(table, "new", NEW);
              }
            }),
        new Scenario(
            "upsert",
            Tables.expected("old", OLD),
            upserted(),
            store -> {
              try (AlexTable table = AlexTable.open(store, PATH);
                  TableWriter writer = table.appender(OnConflict.UPDATE, Tables.SMALL)) {
                for (long key : MIDDLE) {
                  writer.append(ArrayRow.of(table.schema(), key, "new"));
                }
                writer.commit();
              }
            }),
        new Scenario(
            "delete, with a vector in a file of its own",
            Tables.expected("old", MANY),
            Tables.expected("old", ODD),
            store -> {
              try (AlexTable table = AlexTable.open(store, PATH)) {
                table.delete(EVEN);
              }
            }));
  }

  private static SortedMap<Long, String> upserted() {
    var rows = Tables.expected("old", OLD);
    rows.putAll(Tables.expected("new", MIDDLE));
    return rows;
  }

  private static CrashSimulatingFileStore withOldRows() throws IOException {
    return withOldRows(OLD);
  }

  private static CrashSimulatingFileStore withOldRows(Collection<Long> keys) throws IOException {
    var disk = new CrashSimulatingFileStore();
    try (AlexTable table = Tables.create(disk, PATH);
        TableWriter writer = table.appender(SegmentOptions.defaults())) {
      for (long key : keys) {
        writer.append(ArrayRow.of(table.schema(), key, "old"));
      }
      writer.commit();
    }
    return disk;
  }

  /** Every operation of a write fails once; then the table is old or new, and the write goes. */
  private static int sweep(Scenario scenario, LongFunction<FaultPlan> plans) throws Exception {
    for (int n = 0; ; n++) {
      CrashSimulatingFileStore disk = withOldRows(scenario.before().keySet());
      var store = new FaultInjectingFileStore(disk, plans.apply(n));
      boolean unknown = false;
      Exception failure = null;
      try {
        scenario.step().run(store);
      } catch (IOException | AlexStoreException | UncheckedIOException e) {
        unknown = e instanceof CommitStateUnknownException;
        failure = e;
      }
      String where = scenario.name() + " with a fault in operation " + n + ": " + failure;
      if (store.faults() == 0) {
        assertThat(failure).as(where).isNull();
        return n;
      }
      SortedMap<Long, String> rows = Tables.rows(disk, PATH);
      if (failure == null) {
        assertThat(rows).as(where).isEqualTo(scenario.after());
      } else if (!unknown) {
        assertThat(rows).as(where).isEqualTo(scenario.before());
      } else {
        assertThat(rows).as(where).isIn(scenario.before(), scenario.after());
      }
      if (rows.equals(scenario.before())) {
        scenario.step().run(disk);
      }
      assertThat(Tables.rows(disk, PATH)).as(where + ", again").isEqualTo(scenario.after());
    }
  }

  @Test
  void anyOperationMayFail() throws Exception {
    for (Scenario scenario : scenarios()) {
      assertThat(sweep(scenario, FaultPlan::failBefore)).isGreaterThan(10);
    }
  }

  @Test
  void anyOperationMayHappenAndReportAFailure() throws Exception {
    for (Scenario scenario : scenarios()) {
      assertThat(sweep(scenario, FaultPlan::failAfter)).isGreaterThan(10);
    }
  }

  @Test
  void anyWriteMayBeTorn() throws Exception {
    for (Scenario scenario : scenarios()) {
      assertThat(sweep(scenario, n -> FaultPlan.tear(n, 7))).isGreaterThan(10);
    }
  }

  /** After a failure that is certain, the files of the write are gone: nothing piles up. */
  @Test
  void aFailedWriteCleansUp() throws Exception {
    Scenario scenario = scenarios().get(0);
    for (int n = 0; ; n++) {
      CrashSimulatingFileStore disk = withOldRows();
      var store = new FaultInjectingFileStore(disk, FaultPlan.failBefore(n));
      boolean failed = false;
      try {
        scenario.step().run(store);
      } catch (CommitStateUnknownException e) {
        continue;
      } catch (IOException | AlexStoreException e) {
        failed = true;
      }
      if (store.faults() == 0) {
        return;
      }
      try (AlexTable table = AlexTable.open(disk, PATH)) {
        assertThat(table.listOrphans()).as("fault %d, failed %s", n, failed).isEmpty();
      }
    }
  }

  /** Also where the process is killed: a stopped program does not even clean up. */
  @Test
  void theMachineMayStopAnywhere() {
    Seeds.run(
        1,
        random -> {
          int operations =
              CrashSweep.run(
                  random,
                  3,
                  store -> {
                    Tables.create(store, PATH).close();
                    for (Scenario scenario : scenarios()) {
                      // The table has its old rows before each of them.
                      try (AlexTable table = AlexTable.open(store, PATH)) {
                        Tables.overwrite(table, "old", scenario.before().keySet());
                      }
                      scenario.step().run(store);
                    }
                  },
                  TableFaultTest::checkSurvivors);
          assertThat(operations).isGreaterThan(80);
        });
  }

  private static void checkSurvivors(FileStore store, boolean completed) throws IOException {
    List<SortedMap<Long, String>> versions = new ArrayList<>();
    versions.add(Tables.expected("", List.of()));
    for (Scenario scenario : scenarios()) {
      versions.add(scenario.before());
      versions.add(scenario.after());
    }
    try (AlexTable table = AlexTable.open(store, PATH)) {
      int newest = (int) table.snapshot().version();
      assertThat(newest).isEqualTo(completed ? versions.size() - 1 : newest);
      for (int v = 0; v <= newest; v++) {
        try (AlexTable old = table.asOf(v)) {
          assertThat(Tables.rows(old)).as("version %d", v).isEqualTo(versions.get(v));
        }
      }
      Tables.overwrite(table, "after", List.of(1L, 2L));
      assertThat(Tables.rows(store, PATH)).isEqualTo(Tables.expected("after", List.of(1L, 2L)));
      // Left over or not, the data directory can be told apart.
      for (FileStatus orphan : table.listOrphans()) {
        assertThat(orphan.name()).matches(".*\\.(alexseg|alexdv)");
      }
    } catch (TableNotFoundException e) {
      assertThat(completed).isFalse();
      Tables.create(store, PATH).close();
    }
  }

  /** A commit whose outcome is unknown keeps its files, for it may have happened. */
  @Test
  void nothingIsDeletedWhileTheOutcomeIsUnknown() throws Exception {
    CrashSimulatingFileStore disk = withOldRows();
    boolean[] broken = {false};
    var store =
        new FaultInjectingFileStore(
            disk,
            operation -> {
              broken[0] |= operation.kind() == Operation.Kind.LINK;
              return broken[0] ? new FaultPlan.FailAfter("the network is gone") : FaultPlan.PROCEED;
            });
    try (AlexTable table = AlexTable.open(disk, PATH)) {
      TableWrite write =
          TableWrite.append(store, new TableLog(store, PATH), table.snapshot(), OnConflict.ERROR);
      List<SegmentInfo> segments = Tables.write(disk, write, "new", NEW);
      Exception failure = null;
      try {
        write.commit(segments);
      } catch (CommitStateUnknownException e) {
        failure = e;
      }
      assertThat(failure).isNotNull();
      write.abort(segments);
      for (SegmentInfo segment : segments) {
        assertThat(disk.exists(segment.path())).isTrue();
      }
      assertThat(Tables.rows(disk, PATH)).isEqualTo(both());
    }
  }

  /** Nor a deletion vector with a file of its own. */
  @Test
  void noVectorIsDeletedWhileTheOutcomeIsUnknown() throws Exception {
    var disk = new CrashSimulatingFileStore();
    List<Object> gone = new ArrayList<>();
    try (AlexTable table = Tables.create(disk, PATH);
        TableWriter writer = table.appender(SegmentOptions.defaults())) {
      for (long key = 0; key < 40_000; key++) {
        writer.append(ArrayRow.of(table.schema(), key, "old"));
        if (key % 3 == 0) {
          gone.add(key);
        }
      }
      writer.commit();
    }
    boolean[] broken = {false};
    var store =
        new FaultInjectingFileStore(
            disk,
            operation -> {
              broken[0] |= operation.kind() == Operation.Kind.LINK;
              return broken[0] ? new FaultPlan.FailAfter("the network is gone") : FaultPlan.PROCEED;
            });
    try (AlexTable table = AlexTable.open(store, PATH)) {
      assertThatThrownBy(() -> table.delete(gone)).isInstanceOf(CommitStateUnknownException.class);
    }
    try (AlexTable table = AlexTable.open(disk, PATH)) {
      assertThat(table.snapshot().segments().get(0).deletions().path()).isNotNull();
    }
    assertThat(Tables.rows(disk, PATH)).hasSize(40_000 - gone.size());
  }

  @Test
  void aCreationThatFailsLeavesNoTable() throws Exception {
    for (int n = 0; ; n++) {
      var disk = new CrashSimulatingFileStore();
      var store = new FaultInjectingFileStore(disk, FaultPlan.failBefore(n));
      try {
        TableWrite write = AlexTable.beginCreate(store, PATH, Tables.schema(), Map.of());
        write.commit(Tables.write(store, write, "new", NEW));
      } catch (IOException e) {
        assertThat(AlexTable.exists(disk, PATH)).as("fault %d: %s", n, e).isFalse();
        continue;
      }
      assertThat(Tables.rows(disk, PATH)).isEqualTo(Tables.expected("new", NEW));
      if (store.faults() == 0) {
        return;
      }
    }
  }
}
