package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.DuplicateKeyException;
import io.alexstore.io.FileStore;
import io.alexstore.row.ArrayRow;
import io.alexstore.row.Row;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A primary key stands once, whichever tasks and commits its rows come from. */
class UniquenessTest {

  // In memory: what is tested here does not depend on the disk, which would wait for each fsync.
  private final FileStore store = new CrashSimulatingFileStore();

  private List<SegmentInfo> tasks(TableWrite write, List<List<Long>> keys) throws Exception {
    List<SegmentInfo> segments = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      segments.addAll(Tables.write(store, write, "task " + i, keys.get(i)));
    }
    return segments;
  }

  @Test
  void theSmallestOfManyDuplicatesIsNamed() throws Exception {
    // Enough rows that several threads look for it.
    try (AlexTable table = Tables.create(store, "t")) {
      Tables.append(table, "a", Tables.keys(0, 120_000).stream().filter(k -> k % 2 == 0).toList());
      table.refresh();
      TableWrite write = table.beginAppend();
      TreeSet<Long> keys =
          new TreeSet<>(Tables.keys(0, 120_000).stream().filter(k -> k % 2 == 1).toList());
      keys.addAll(Set.of(70_002L, 70_004L, 110_000L));
      List<SegmentInfo> segments = tasks(write, List.of(List.copyOf(keys)));
      assertThatThrownBy(() -> write.commit(segments))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=70002)");
      write.abort(segments);
    }
  }

  @Test
  void twoTasksWithOneKeyAreRefused() throws Exception {
    String path = "t";
    try (AlexTable table = Tables.create(store, path)) {
      // Ranges that touch, that overlap, that lie within each other, with the key at any end.
      for (List<List<Long>> keys :
          List.of(
              List.of(Tables.keys(0, 11), Tables.keys(10, 20)),
              List.of(List.of(1L, 10L, 21L), List.of(2L, 10L, 20L)),
              List.of(List.of(1L, 30L), List.of(0L, 31L), List.of(10L), List.of(9L, 10L, 11L)),
              List.of(List.of(10L), List.of(10L)))) {
        TableWrite write = table.beginAppend();
        List<SegmentInfo> segments = tasks(write, keys);
        assertThatThrownBy(() -> write.commit(segments))
            .isInstanceOf(DuplicateKeyException.class)
            .hasMessageContaining("(id=10)")
            .hasMessageContaining("among the rows to be written");
        write.abort(segments);
      }
      TableWrite fine = table.beginAppend();
      fine.commit(tasks(fine, List.of(List.of(1L, 3L, 5L), List.of(2L, 4L), List.of(0L, 6L))));
      assertThat(Tables.rows(store, path)).hasSize(7);
      assertThat(table.listOrphans()).isEmpty();
    }
  }

  @Test
  void aKeyThatIsInTheTableIsRefusedAndNothingIsWritten() throws Exception {
    String path = "t";
    try (AlexTable table = Tables.create(store, path)) {
      Tables.append(table, "a", Tables.keys(0, 1000));
      assertThatThrownBy(() -> Tables.append(table, "b", List.of(-5L, 500L, 2000L)))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=500)")
          .hasMessageContaining(path)
          .hasMessageContaining("onConflict");
      assertThat(Tables.rows(store, path)).isEqualTo(Tables.expected("a", Tables.keys(0, 1000)));
      assertThat(table.listOrphans()).isEmpty();
      // An overwrite may write keys again.
      table.refresh();
      Tables.overwrite(table, "c", Tables.keys(500, 510));
      assertThat(Tables.rows(store, path)).hasSize(10);
    }
  }

  @Test
  void theLoserOfARaceIsCheckedAgainstTheWinner() throws Exception {
    String path = "t";
    try (AlexTable table = Tables.create(store, path)) {
      TableWrite winner = table.beginAppend();
      TableWrite loser = table.beginAppend();
      TableWrite other = table.beginAppend();
      winner.commit(tasks(winner, List.of(List.of(1L, 5L, 9L))));
      List<SegmentInfo> late = tasks(loser, List.of(List.of(2L, 5L)));
      assertThatThrownBy(() -> loser.commit(late))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=5)");
      assertThat(other.commit(tasks(other, List.of(List.of(2L, 6L)))).version()).isEqualTo(2);
      assertThat(Tables.rows(store, path)).containsOnlyKeys(1L, 2L, 5L, 6L, 9L);
    }
  }

  /** Many random writes, of long and of text keys, against a set of keys. */
  @Test
  void randomWritesAreTakenOrRefusedAsAModelSays() {
    for (boolean text : new boolean[] {false, true}) {
      Schema schema =
          new SchemaBuilder()
              .column("id", text ? StringType.BINARY_ORDER : ScalarType.LONG)
              .column("by", ScalarType.INT)
              .primaryKey("id")
              .build();
      Seeds.run(4, random -> randomWrites(random, schema, text));
    }
  }

  private void randomWrites(Random random, Schema schema, boolean text) throws Exception {
    String path = "r" + random.nextLong();
    Set<Long> model = new TreeSet<>();
    int refused = 0;
    try (AlexTable table = AlexTable.create(store, path, schema, Map.of())) {
      for (int i = 0; i < 40; i++) {
        TableWrite write = table.beginAppend();
        Set<Long> keys = new TreeSet<>();
        boolean duplicate = false;
        List<TaskOutput> outputs = new ArrayList<>();
        boolean probed = random.nextInt(3) > 0;
        int tasks = 1 + random.nextInt(3);
        for (int task = 0; task < tasks; task++) {
          Set<Long> ofTask = randomKeys(random);
          for (long key : ofTask) {
            duplicate |= model.contains(key) || !keys.add(key);
          }
          outputs.add(write(write, ofTask, i, text));
        }
        if (duplicate) {
          refused++;
          assertThatThrownBy(() -> commit(write, outputs, probed))
              .isInstanceOf(DuplicateKeyException.class);
          write.abort(TaskOutput.segments(outputs));
        } else {
          commit(write, outputs, probed);
          model.addAll(keys);
        }
        if (random.nextBoolean()) {
          table.refresh();
        }
      }
      table.refresh();
      assertThat(table.snapshot().rows()).isEqualTo(model.size());
      assertThat(refused).isBetween(1, 39);
      List<Object> probes = new ArrayList<>();
      for (long key = 0; key < 4000; key++) {
        probes.add(text ? (Object) text(key) : (Object) key);
      }
      var found = table.getAll(probes);
      for (int key = 0; key < 4000; key++) {
        assertThat(found.get(key).isPresent()).isEqualTo(model.contains((long) key));
        assertThat(found.get(key).map(Row::size).orElse(2)).isEqualTo(2);
      }
    }
  }

  private static void commit(TableWrite write, List<TaskOutput> outputs, boolean probed)
      throws Exception {
    if (probed) {
      write.commitTasks(outputs);
    } else {
      write.commit(TaskOutput.segments(outputs));
    }
  }

  private static Set<Long> randomKeys(Random random) {
    Set<Long> keys = new TreeSet<>();
    int start = random.nextInt(3000);
    int span = 1 + random.nextInt(1000);
    int n = 1 + random.nextInt(random.nextInt(10) == 0 ? 300 : 8);
    for (int i = 0; i < n; i++) {
      keys.add((long) start + random.nextInt(span));
    }
    return keys;
  }

  private static String text(long key) {
    return "https://example.org/item/" + "0".repeat(4 - Long.toString(key).length()) + key;
  }

  private TaskOutput write(TableWrite write, Set<Long> keys, int by, boolean text)
      throws Exception {
    try (TaskWriter writer = write.target().openTask(store, Tables.SMALL)) {
      for (long key : keys) {
        writer.append(ArrayRow.of(write.schema(), text ? (Object) text(key) : (Object) key, by));
      }
      return writer.finish();
    }
  }
}
