package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CommitConflictException;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.DuplicateKeyException;
import io.alexstore.error.TableExistsException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.io.FileStatus;
import io.alexstore.io.LocalFileStore;
import io.alexstore.key.KeyRange;
import io.alexstore.log.SegmentEntry;
import io.alexstore.row.ArrayRow;
import io.alexstore.row.Cursor;
import io.alexstore.row.Row;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.Seeds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a table says is what was written into the version that it reads. */
class AlexTableTest {

  @TempDir Path directory;

  private String path() {
    return directory.resolve("t").toString();
  }

  private AlexTable create() throws Exception {
    return Tables.create(LocalFileStore.INSTANCE, path());
  }

  @Test
  void rowsComeBackByKeyAndByRange() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", Tables.keys(0, 1000));
      assertThat(table.get(5L)).isEmpty();
      assertThat(table.refresh()).isTrue();
      assertThat(table.refresh()).isFalse();
      assertThat(table.snapshot().segments()).hasSizeGreaterThan(1);

      assertThat(table.get(999L).orElseThrow().getString("by")).isEqualTo("a");
      assertThat(table.get((Object) 7).orElseThrow().getLong("id")).isEqualTo(7);
      assertThat(table.get(1000L)).isEmpty();
      assertThat(table.get(Long.MIN_VALUE)).isEmpty();
      List<Optional<Row>> found = table.getAll(new long[] {999, -1, 3, 3});
      assertThat(found).extracting(Optional::isPresent).containsExactly(true, false, true, true);
      assertThat(found.get(3).orElseThrow().getLong("id")).isEqualTo(3);
      assertThat(ids(table.scan(KeyRange.between(10L, 12L)))).containsExactly(10L, 11L, 12L);
      assertThat(ids(table.scan(KeyRange.greaterThan(998L)))).containsExactly(999L);
      assertThat(ids(table.scan(KeyRange.between(12L, 10L)))).isEmpty();
      assertThat(ids(table.scan())).isEqualTo(Tables.keys(0, 1000));
      assertThatThrownBy(() -> table.get(1, 2)).hasMessageContaining("'id'");
    }
  }

  private static List<Long> ids(Cursor cursor) {
    List<Long> ids = new ArrayList<>();
    try (cursor) {
      while (cursor.next()) {
        ids.add(cursor.row().getLong("id"));
      }
      assertThat(cursor.next()).isFalse();
    }
    return ids;
  }

  @Test
  void anOpenTableKeepsItsVersionWhileOthersOverwrite() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "old", Tables.keys(0, 500));
      table.refresh();
      Cursor cursor = table.scan();
      assertThat(cursor.next()).isTrue();
      try (AlexTable writer = AlexTable.open(path())) {
        Tables.overwrite(writer, "new", Tables.keys(200, 300));
      }
      int rows = 1;
      while (cursor.next()) {
        assertThat(cursor.row().getString("by")).isEqualTo("old");
        rows++;
      }
      assertThat(rows).isEqualTo(500);
      assertThat(Tables.rows(table)).isEqualTo(Tables.expected("old", Tables.keys(0, 500)));
      assertThat(table.get(250L).orElseThrow().getString("by")).isEqualTo("old");

      assertThat(table.refresh()).isTrue();
      assertThat(Tables.rows(table)).isEqualTo(Tables.expected("new", Tables.keys(200, 300)));
      try (AlexTable old = table.asOf(1);
          AlexTable empty = table.asOf(0)) {
        assertThat(Tables.rows(old)).isEqualTo(Tables.expected("old", Tables.keys(0, 500)));
        assertThat(Tables.rows(empty)).isEmpty();
      }
      assertThatThrownBy(() -> table.asOf(3)).isInstanceOf(TableNotFoundException.class);
    }
  }

  @Test
  void aTableIsCreatedTogetherWithItsFirstRowsOrNotAtAll() throws Exception {
    var store = LocalFileStore.INSTANCE;
    TableWrite write = AlexTable.beginCreate(path(), Tables.schema(), Map.of("p", "q"));
    List<SegmentInfo> segments = Tables.write(store, write, "a", Tables.keys(0, 300));
    assertThat(AlexTable.exists(path())).isFalse();
    assertThatThrownBy(() -> AlexTable.open(path())).isInstanceOf(TableNotFoundException.class);
    write.commit(segments);
    try (AlexTable table = AlexTable.open(path())) {
      assertThat(table.snapshot().version()).isZero();
      assertThat(table.snapshot().properties()).isEqualTo(Map.of("p", "q"));
      assertThat(Tables.rows(table)).hasSize(300);
    }
    assertThatThrownBy(() -> AlexTable.beginCreate(path(), Tables.schema(), Map.of()))
        .isInstanceOf(TableExistsException.class)
        .hasMessageContaining(path());
    assertThatThrownBy(() -> write.commit(segments)).isInstanceOf(IllegalStateException.class);
    write.abort(segments);
    assertThat(Tables.rows(store, path())).hasSize(300);
  }

  @Test
  void ofTwoCreationsOneWins() throws Exception {
    var store = LocalFileStore.INSTANCE;
    TableWrite one = AlexTable.beginCreate(path(), Tables.schema(), Map.of());
    TableWrite two = AlexTable.beginCreate(path(), Tables.schema(), Map.of());
    List<SegmentInfo> first = Tables.write(store, one, "one", Tables.keys(0, 10));
    List<SegmentInfo> second = Tables.write(store, two, "two", Tables.keys(0, 10));
    two.commit(second);
    assertThatThrownBy(() -> one.commit(first)).isInstanceOf(TableExistsException.class);
    one.abort(first);
    assertThat(Tables.rows(store, path())).isEqualTo(Tables.expected("two", Tables.keys(0, 10)));
    try (AlexTable table = AlexTable.open(path())) {
      assertThat(table.listOrphans()).isEmpty();
    }
  }

  @Test
  void anOverwriteDoesNotHideWhatItNeverSaw() throws Exception {
    try (AlexTable table = create();
        AlexTable other = AlexTable.open(path())) {
      Tables.append(other, "other", List.of(1L));
      assertThatThrownBy(() -> Tables.overwrite(table, "x", List.of(2L)))
          .isInstanceOf(CommitConflictException.class)
          .hasMessageContaining("version 1")
          .hasMessageContaining("replaces version 0");
      assertThat(table.listOrphans()).isEmpty();
      table.refresh();
      Tables.overwrite(table, "x", List.of(2L));
      table.refresh();
      assertThat(Tables.rows(table)).isEqualTo(Tables.expected("x", List.of(2L)));
    }
  }

  @Test
  void leftoversAreListedAndNotRead() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", Tables.keys(0, 10));
      table.refresh();
      Tables.overwrite(table, "b", Tables.keys(0, 5));
      TableWrite dead = table.beginAppend();
      List<SegmentInfo> left =
          Tables.write(LocalFileStore.INSTANCE, dead, "dead", Tables.keys(100, 200));
      Path torn = Path.of(dead.target().dataDirectory()).resolve("torn.alexseg");
      Files.writeString(torn, "half a segm");
      List<String> names = new ArrayList<>(List.of("torn.alexseg"));
      left.forEach(s -> names.add(Path.of(s.path()).getFileName().toString()));
      assertThat(table.listOrphans())
          .extracting(FileStatus::name)
          .containsExactlyInAnyOrderElementsOf(names);
      assertThat(Tables.rows(LocalFileStore.INSTANCE, path()))
          .isEqualTo(Tables.expected("b", Tables.keys(0, 5)));
      dead.abort(left);
      assertThat(table.listOrphans()).extracting(FileStatus::name).containsExactly("torn.alexseg");
    }
  }

  @Test
  void aMissingOrExchangedSegmentIsNamed() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", List.of(1L));
      Tables.append(table, "b", List.of(2L));
    }
    try (AlexTable table = AlexTable.open(path())) {
      SegmentEntry one = table.snapshot().segments().get(0);
      SegmentEntry two = table.snapshot().segments().get(1);
      Path file = Path.of(one.pathIn(path()));
      Files.delete(file);
      assertThatThrownBy(() -> table.get(1L))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("missing");
      Files.copy(Path.of(two.pathIn(path())), file);
      assertThatThrownBy(() -> table.get(1L))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("holds segment " + two.id());
      assertThat(table.get(2L)).isPresent();
    }
  }

  @Test
  void whatTasksNeedCanBeSentToThem() throws Exception {
    try (AlexTable table = create()) {
      TableWrite write = table.beginAppend();
      WriteTarget sent = throughTheWire(write.target());
      assertThat(sent).isEqualTo(write.target());
      assertThat(sent.schema()).isEqualTo(table.schema());
      try (TaskWriter writer = sent.openTask(Tables.SMALL)) {
        writer.append(ArrayRow.of(sent.schema(), 1L, "task"));
        write.commitTasks(List.of(throughTheWire(writer.finish())));
      }
      assertThat(Tables.rows(LocalFileStore.INSTANCE, path())).containsOnlyKeys(1L);
      table.refresh();
      TableWrite again = table.beginAppend();
      WriteTarget probing = throughTheWire(again.target());
      assertThat(probing).isEqualTo(again.target());
      try (TaskWriter writer = probing.openTask(Tables.SMALL)) {
        writer.append(ArrayRow.of(sent.schema(), 1L, "task"));
        List<TaskOutput> outputs = List.of(throughTheWire(writer.finish()));
        assertThat(outputs.get(0).probe().undecided()).hasSize(1);
        assertThatThrownBy(() -> again.commitTasks(outputs))
            .isInstanceOf(DuplicateKeyException.class)
            .hasMessageContaining("(id=1)");
        again.abort(TaskOutput.segments(outputs));
      }
    }
  }

  @SuppressWarnings({"unchecked", "BanSerializableRead"})
  private static <T> T throughTheWire(T object) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }

  /** A sort key of two columns: duplicates, overlapping segments, nulls. */
  @Test
  void aSortKeyTableAnswersAsAModelDoes() {
    Schema schema =
        new SchemaBuilder()
            .column("name", StringType.BINARY_ORDER, true)
            .column("n", ScalarType.INT, false)
            .column("by", ScalarType.LONG)
            .sortKey("name", "n")
            .build();
    Seeds.run(
        5,
        random -> {
          var store = new CrashSimulatingFileStore();
          NavigableMap<String, List<Long>> model = new TreeMap<>();
          long rows = 0;
          try (AlexTable table = AlexTable.create(store, "t", schema, Map.of())) {
            for (int commit = 0; commit < 4; commit++) {
              NavigableMap<String, Object[]> sorted = new TreeMap<>();
              for (int i = 0; i < 150; i++) {
                int name = random.nextInt(10);
                int n = random.nextInt(10);
                String order = name + "," + n + "," + i;
                sorted.put(order, new Object[] {name == 0 ? null : "n" + name, n, rows++});
              }
              try (TableWriter writer = table.appender(Tables.SMALL)) {
                for (Object[] row : sorted.values()) {
                  writer.append(ArrayRow.of(schema, row));
                  model
                      .computeIfAbsent(row[0] + "," + row[1], k -> new ArrayList<>())
                      .add((Long) row[2]);
                }
                writer.commit();
              }
            }
            table.refresh();
            assertThat(table.snapshot().rows()).isEqualTo(rows);
            checkAgainst(model, table);
          }
        });
  }

  private static void checkAgainst(Map<String, List<Long>> model, AlexTable table)
      throws Exception {
    List<List<Object>> keys = new ArrayList<>();
    for (int name = 0; name < 11; name++) {
      for (int n = 0; n < 11; n++) {
        List<Object> key = new ArrayList<>();
        key.add(name == 0 ? null : "n" + name);
        key.add(n);
        keys.add(key);
      }
    }
    List<Optional<Row>> all = table.getAll(keys);
    for (int i = 0; i < keys.size(); i++) {
      Object[] parts = keys.get(i).toArray();
      List<Long> expected = model.getOrDefault(parts[0] + "," + parts[1], List.of());
      List<Long> found = new ArrayList<>();
      try (Cursor cursor = table.scan(KeyRange.of(parts))) {
        while (cursor.next()) {
          found.add(cursor.row().getLong("by"));
        }
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
      for (Optional<Row> row : List.of(table.get(parts), all.get(i))) {
        assertThat(row.isPresent()).isEqualTo(!expected.isEmpty());
        row.ifPresent(r -> assertThat(expected).contains(r.getLong("by")));
      }
    }
  }
}
