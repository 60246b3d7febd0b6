package io.alexstore.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import io.alexstore.commit.ProbeOutcome;
import io.alexstore.error.CommitConflictException;
import io.alexstore.io.FileStore;
import io.alexstore.key.EncodedRange.OfLongs;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.row.ArrayRow;
import io.alexstore.row.Cursor;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWrite;
import io.alexstore.table.TaskOutput;
import io.alexstore.table.TaskWriter;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Two that are at work on one table, and every interleaving in which one runs whole between two
 * file operations of the other.
 */
class CompactionRaceTest {

  private interface Step {
    void run(FileStore store) throws IOException;
  }

  /** A statement, and what it makes of the rows. */
  private record Statement(Step step, UnaryOperator<SortedMap<Long, String>> effect) {}

  private static CrashSimulatingFileStore table() throws IOException {
    var disk = new CrashSimulatingFileStore();
    Kit.create(disk);
    Kit.write(disk, OnConflict.ERROR, "a", Kit.keys(0, 40));
    Kit.write(disk, OnConflict.UPDATE, "b", Kit.keys(30, 60));
    Kit.write(disk, OnConflict.UPDATE, "c", List.of(5L, 55L, 70L));
    Kit.delete(disk, List.of(7L, 8L));
    return disk;
  }

  private static final Step COMPACT =
      store -> Kit.compaction(store).targetSegmentSize(400).all().run();

  private static UnaryOperator<SortedMap<Long, String>> put(String by, List<Long> keys) {
    return rows -> {
      keys.forEach(key -> rows.put(key, by));
      return rows;
    };
  }

  private static Map<String, Statement> statements() {
    List<Long> some = List.of(5L, 35L, 55L, 80L);
    Map<String, Statement> all = new LinkedHashMap<>();
    all.put(
        "upsert",
        new Statement(store -> Kit.write(store, OnConflict.UPDATE, "u", some), put("u", some)));
    all.put(
        "upsert of all rows of a segment",
        new Statement(
            store -> Kit.write(store, OnConflict.UPDATE, "u", List.of(5L, 55L, 70L)),
            put("u", List.of(5L, 55L, 70L))));
    all.put(
        "append",
        new Statement(
            store -> Kit.write(store, OnConflict.ERROR, "n", List.of(7L, 90L)),
            put("n", List.of(7L, 90L))));
    all.put(
        "ignore",
        new Statement(
            store -> Kit.write(store, OnConflict.IGNORE, "i", some), put("i", List.of(80L))));
    all.put(
        "delete",
        new Statement(
            store -> Kit.delete(store, some),
            rows -> {
              rows.keySet().removeAll(some);
              return rows;
            }));
    all.put(
        "overwrite",
        new Statement(store -> Kit.overwrite(store, "o", some), rows -> Kit.expected("o", some)));
    all.put(
        "overwrite of a range",
        new Statement(CompactionRaceTest::overwriteRange, CompactionRaceTest::overwritten));
    return all;
  }

  private static void overwriteRange(FileStore store) throws IOException {
    KeyRanges range = KeyRanges.of(KeyForm.LONG, List.of(new OfLongs(20, 50)));
    try (AlexTable table = AlexTable.open(store, Kit.PATH)) {
      TableWrite write = table.beginOverwrite(range);
      write.commit(segments(store, write, "r", List.of(25L)));
    }
  }

  private static SortedMap<Long, String> overwritten(SortedMap<Long, String> rows) {
    rows.keySet().removeAll(Kit.keys(20, 51));
    rows.put(25L, "r");
    return rows;
  }

  private static List<SegmentInfo> segments(
      FileStore store, TableWrite write, String by, List<Long> keys) throws IOException {
    try (var writer = write.target().openWriter(store, Kit.SMALL)) {
      for (long key : keys) {
        writer.append(ArrayRow.of(write.schema(), key, by));
      }
      return writer.finish();
    }
  }

  /**
   * Runs {@code inner} whole before operation {@code n} of {@code outer}; whether it came to it.
   */
  private static boolean interleave(CrashSimulatingFileStore disk, Step outer, Step inner, int n)
      throws IOException {
    boolean[] ran = {false};
    FaultPlan plan =
        operation -> {
          if (operation.number() == n) {
            ran[0] = true;
            try {
              inner.run(disk);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
          return FaultPlan.PROCEED;
        };
    outer.run(new FaultInjectingFileStore(disk, plan));
    return ran[0];
  }

  private static int everyInterleaving(String name, Statement statement, boolean isCompactionOuter)
      throws IOException {
    for (int n = 0; ; n++) {
      CrashSimulatingFileStore disk = table();
      SortedMap<Long, String> expected = statement.effect().apply(new TreeMap<>(Kit.rows(disk)));
      String where = name + (isCompactionOuter ? " in a compaction" : " around one") + " at " + n;
      boolean ran;
      try {
        ran =
            isCompactionOuter
                ? interleave(disk, COMPACT, statement.step(), n)
                : interleave(disk, statement.step(), COMPACT, n);
        if (!ran && isCompactionOuter) {
          statement.step().run(disk);
        }
      } catch (IOException | RuntimeException e) {
        throw new AssertionError(where + ": " + e, e);
      }
      assertThat(Kit.rows(disk)).as(where).isEqualTo(expected);
      Kit.requireClean(disk, where);
      if (!ran) {
        return n;
      }
    }
  }

  @Test
  void aCompactionGoesOnWhateverOthersCommit() throws Exception {
    for (var statement : statements().entrySet()) {
      assertThat(everyInterleaving(statement.getKey(), statement.getValue(), true))
          .isGreaterThan(10);
    }
  }

  @Test
  void noWriterFailsForACompaction() throws Exception {
    for (var statement : statements().entrySet()) {
      assertThat(everyInterleaving(statement.getKey(), statement.getValue(), false))
          .isGreaterThan(5);
    }
  }

  @Test
  void twoCompactionsOfTheSameSegmentsBothSucceed() throws Exception {
    Statement second = new Statement(COMPACT, rows -> rows);
    assertThat(everyInterleaving("compaction", second, true)).isGreaterThan(10);
  }

  @Test
  void aRollbackWinsOverACompactionAndTheOtherWayRound() throws Exception {
    Step back = store -> Rollback.to(store, Kit.PATH, 2);
    Statement rollback =
        new Statement(
            back,
            rows -> {
              SortedMap<Long, String> old = Kit.expected("a", Kit.keys(0, 30));
              old.putAll(Kit.expected("b", Kit.keys(30, 60)));
              return old;
            });
    assertThat(everyInterleaving("rollback", rollback, true)).isGreaterThan(10);
    assertThat(everyInterleaving("rollback", rollback, false)).isGreaterThan(3);
  }

  @Test
  void anExpiryDisturbsNobody() throws Exception {
    Statement expiry =
        new Statement(store -> SnapshotExpiry.of(store, Kit.PATH).run(), rows -> rows);
    assertThat(everyInterleaving("expiry", expiry, true)).isGreaterThan(10);
    assertThat(everyInterleaving("expiry", expiry, false)).isGreaterThan(3);
    // Nor one that replaces everything, which else allows nothing beside it.
    CrashSimulatingFileStore disk = table();
    try (AlexTable table = AlexTable.open(disk, Kit.PATH)) {
      TableWrite overwrite = table.beginOverwrite();
      SnapshotExpiry.of(disk, Kit.PATH).run();
      overwrite.commit(segments(disk, overwrite, "o", List.of(1L)));
    }
    assertThat(Kit.rows(disk)).isEqualTo(Kit.expected("o", List.of(1L)));
  }

  /** By their keys alone, other rows than these would be found in what the compaction writes. */
  @Test
  void aSortKeysSegmentThatLosesAllRowsMakesACompactionBeginAgain() throws Exception {
    for (int n = 0; ; n++) {
      CrashSimulatingFileStore disk = new CrashSimulatingFileStore();
      Schema schema =
          new SchemaBuilder()
              .column("id", ScalarType.LONG)
              .column("by", StringType.BINARY_ORDER)
              .sortKey("id")
              .build();
      AlexTable.create(disk, Kit.PATH, schema, Map.of()).close();
      for (String by : List.of("a", "b", "c")) {
        Kit.write(disk, OnConflict.ERROR, by, List.of(1L, 2L));
      }
      boolean ran = interleave(disk, COMPACT, CompactionRaceTest::deleteRowsOfB, n);
      if (!ran) {
        deleteRowsOfB(disk);
      }
      List<String> left = new ArrayList<>();
      try (AlexTable table = AlexTable.open(disk, Kit.PATH);
          Cursor rows = table.scan()) {
        while (rows.next()) {
          left.add(rows.row().getLong("id") + rows.row().getString("by"));
        }
      }
      assertThat(left).as("at " + n).containsExactlyInAnyOrder("1a", "2a", "1c", "2c");
      Kit.requireClean(disk, "at " + n);
      if (!ran) {
        return;
      }
    }
  }

  private static void deleteRowsOfB(FileStore store) throws IOException {
    try (AlexTable table = AlexTable.open(store, Kit.PATH)) {
      Map<UUID, DeletionVector> rows = new HashMap<>();
      for (SegmentEntry entry : table.snapshot().segments()) {
        DeletionVector.Builder places = new DeletionVector.Builder();
        Segment segment = table.segment(entry);
        for (int row = 0; row < segment.rowCount(); row++) {
          if (segment.row(row).getString("by").equals("b")) {
            places.add(row);
          }
        }
        rows.put(entry.id(), places.build());
      }
      table
          .beginRowChange(Operation.DELETE, Optional.empty())
          .commitTasks(List.of(new TaskOutput(List.of(), ProbeOutcome.NONE).deleting(rows)));
    }
  }

  /** Keys that tasks did not find, since their rows were deleted, may be back at the commit. */
  @Test
  void anAppendSeesRowsThatARollbackBroughtBack() throws Exception {
    CrashSimulatingFileStore disk = table();
    try (AlexTable table = AlexTable.open(disk, Kit.PATH)) {
      TableWrite write = table.beginAppend();
      List<TaskOutput> outputs = new ArrayList<>();
      try (TaskWriter task = write.target().openTask(disk, Kit.SMALL)) {
        task.append(ArrayRow.of(write.schema(), 7L, "again"));
        outputs.add(task.finish());
      }
      Rollback.to(disk, Kit.PATH, 3);
      assertThatThrownBy(() -> write.commitTasks(outputs)).hasMessageContaining("(id=7)");
    }
    Kit.requireClean(disk, "after");
  }

  @Test
  void whoHoldsRowsThatARollbackReplacedGetsAConflict() throws Exception {
    CrashSimulatingFileStore disk = table();
    try (AlexTable table = AlexTable.open(disk, Kit.PATH)) {
      TableWrite overwrite = table.beginOverwrite();
      Rollback.to(disk, Kit.PATH, 1);
      assertThatThrownBy(() -> overwrite.commit(segments(disk, overwrite, "o", List.of(1L))))
          .isInstanceOf(CommitConflictException.class);
    }
  }

  /**
   * Rows that others change are followed, also where none of a segment is left: at the first try.
   */
  @Test
  void changesOfRowsDoNotMakeACompactionBeginAgain() throws Exception {
    for (var statement : statements().entrySet()) {
      if (statement.getKey().startsWith("overwrite")) {
        continue;
      }
      for (int n = 0; ; n++) {
        CrashSimulatingFileStore disk = table();
        Step once = store -> Kit.compaction(store).all().maxAttempts(1).run();
        if (!interleave(disk, once, statement.getValue().step(), n)) {
          break;
        }
      }
    }
  }
}
