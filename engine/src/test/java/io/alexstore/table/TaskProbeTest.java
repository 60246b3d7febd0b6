package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.DuplicateKeyException;
import io.alexstore.io.FileStore;
import io.alexstore.log.SegmentEntry;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.Seeds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tasks look their keys up in the table as they write; the commit judges what they found. */
class TaskProbeTest {

  private final FileStore store = new CrashSimulatingFileStore();

  private TaskOutput task(TableWrite write, Collection<Long> keys) throws Exception {
    try (TaskWriter writer = write.target().openTask(store, Tables.SMALL)) {
      for (long key : new TreeSet<>(keys)) {
        writer.append(ArrayRow.of(write.schema(), key, "task"));
      }
      return writer.finish();
    }
  }

  @Test
  void theCommitDoesNotLookAgain() throws Exception {
    try (AlexTable table = Tables.create(store, "t")) {
      Tables.append(table, "a", Tables.keys(0, 5000).stream().filter(k -> k % 2 == 0).toList());
      table.refresh();
      assertThat(table.snapshot().segments()).hasSizeGreaterThan(3);
      TableWrite write = table.beginAppend();
      List<TaskOutput> outputs =
          List.of(
              task(write, List.of(1L, 3L, 999L)), task(write, List.of()), task(write, List.of(7L)));
      for (SegmentEntry entry : table.snapshot().segments()) {
        store.delete(entry.pathIn("t"));
      }
      assertThat(write.commitTasks(outputs).rows()).isEqualTo(2504);
    }
  }

  @Test
  void ofAllThatTasksFoundTheSmallestIsNamed() throws Exception {
    try (AlexTable table = Tables.create(store, "t")) {
      Tables.append(table, "a", Tables.keys(0, 5000));
      table.refresh();
      TableWrite write = table.beginAppend();
      List<TaskOutput> outputs =
          List.of(task(write, List.of(-9L, 4000L, 4001L)), task(write, List.of(700L, 70L, 9000L)));
      assertThatThrownBy(() -> write.commitTasks(outputs))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=70)")
          .hasMessageContaining("is in the table at t already")
          .hasMessageContaining("version 1");
      write.abort(TaskOutput.segments(outputs));
      assertThat(table.listOrphans()).isEmpty();
      assertThat(Tables.rows(store, "t")).hasSize(5000);
    }
  }

  @Test
  void aRowThatHasLeftTheTableIsNoDuplicate() throws Exception {
    try (AlexTable table = Tables.create(store, "t")) {
      Tables.append(table, "a", Tables.keys(0, 1000));
      table.refresh();
      TableWrite write = table.beginAppend();
      List<TaskOutput> outputs = List.of(task(write, List.of(500L, 2000L)));
      assertThat(outputs.get(0).probe().undecided()).hasSize(1);
      Tables.overwrite(table, "b", List.of(1L));
      write.commitTasks(outputs);
      assertThat(Tables.rows(store, "t")).containsOnlyKeys(1L, 500L, 2000L);
    }
  }

  @Test
  void whatOthersAddedMeanwhileIsLookedAtByTheCommit() throws Exception {
    try (AlexTable table = Tables.create(store, "t")) {
      Tables.append(table, "a", Tables.keys(0, 1000));
      table.refresh();
      TableWrite write = table.beginAppend();
      List<TaskOutput> outputs = List.of(task(write, List.of(2000L, 3000L)));
      Tables.append(table, "b", List.of(3000L));
      assertThatThrownBy(() -> write.commitTasks(outputs))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=3000)")
          .hasMessageContaining("version 2");
    }
  }

  @Test
  void outputsOfAnotherWriteAreCheckedInFull() throws Exception {
    try (AlexTable table = Tables.create(store, "t")) {
      TableWrite early = table.beginAppend();
      TaskOutput unaware = task(early, List.of(500L));
      Tables.append(table, "a", Tables.keys(0, 1000));
      table.refresh();
      TableWrite write = table.beginAppend();
      assertThatThrownBy(() -> write.commitTasks(List.of(task(write, List.of(7000L)), unaware)))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=500)");
    }
  }

  /** Few keys among many, many among few, and about as many, in tables of long and of text keys. */
  @Test
  void findsTheOneKeyThatIsThere() {
    for (boolean text : new boolean[] {false, true}) {
      Schema schema =
          new SchemaBuilder()
              .column("id", text ? StringType.BINARY_ORDER : ScalarType.LONG)
              .primaryKey("id")
              .build();
      Seeds.run(3, random -> findOne(random, schema, text));
    }
  }

  private void findOne(Random random, Schema schema, boolean text) throws Exception {
    String path = "r" + random.nextLong();
    SegmentOptions options =
        SegmentOptions.defaults().withTargetSegmentSize(1000L << random.nextInt(10));
    try (AlexTable table = AlexTable.create(store, path, schema, Map.of())) {
      NavigableSet<Long> there = keys(random, 20_000, 0);
      TableWrite first = table.beginAppend();
      first.commitTasks(List.of(write(first, there, options, text)));
      table.refresh();
      for (int count : new int[] {1, 10, 300, 5000, 50_000}) {
        TableWrite write = table.beginAppend();
        NavigableSet<Long> added = keys(random, count, 1);
        TaskOutput fine = write(write, added, options, text);
        assertThat(fine.probe().version()).isEqualTo(1);
        assertThat(fine.probe().undecided()).isEmpty();
        List<Long> all = new ArrayList<>(there);
        long duplicate =
            switch (random.nextInt(4)) {
              case 0 -> there.first();
              case 1 -> there.last();
              default -> all.get(random.nextInt(all.size()));
            };
        added.add(duplicate);
        TaskOutput found = write(write, added, options, text);
        assertThat(found.probe().undecided()).hasSize(1);
        assertThatThrownBy(() -> write.commitTasks(List.of(found)))
            .isInstanceOf(DuplicateKeyException.class)
            .hasMessageContaining(text ? text(duplicate) : "(id=" + duplicate + ")");
        write.abort(TaskOutput.segments(List.of(fine, found)));
      }
    }
  }

  /** Even keys, or odd ones: some ranges are full of them, others are not. */
  private static NavigableSet<Long> keys(Random random, int count, int odd) {
    TreeSet<Long> keys = new TreeSet<>();
    while (keys.size() < count) {
      long start = random.nextInt(1_000_000);
      int step = 1 << random.nextInt(10);
      for (int i = 0; i < 100 && keys.size() < count; i++) {
        keys.add(2 * (start + (long) i * step) + odd);
      }
    }
    return keys;
  }

  private static String text(long key) {
    String digits = Long.toString(key);
    return "https://example.org/item/" + "0".repeat(8 - digits.length()) + digits;
  }

  private TaskOutput write(
      TableWrite write, Collection<Long> keys, SegmentOptions options, boolean text)
      throws Exception {
    try (TaskWriter writer = write.target().openTask(store, options)) {
      for (long key : keys) {
        writer.append(ArrayRow.of(write.schema(), text ? (Object) text(key) : (Object) key));
      }
      return writer.finish();
    }
  }
}
