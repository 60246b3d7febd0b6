package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import io.alexstore.error.CommitConflictException;
import io.alexstore.io.FileStore;
import io.alexstore.key.KeyRange;
import io.alexstore.log.Snapshot;
import io.alexstore.maintain.Compaction;
import io.alexstore.maintain.Rollback;
import io.alexstore.maintain.TableVerifier;
import io.alexstore.row.ArrayRow;
import io.alexstore.row.Cursor;
import io.alexstore.row.Row;
import io.alexstore.schema.Column;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.SchemaChange;
import io.alexstore.schema.StringType;
import io.alexstore.schema.StructType;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.RandomizedTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Random changes of columns between random writes, 25 in each run: every version, under its own
 * schema, must read as a model that rewrites all rows at each change.
 */
class SchemaEvolutionRandomTest {

  private static final int CHANGES = 25;

  private final FileStore store = new CrashSimulatingFileStore();
  private final TreeMap<Long, EvolvingModel> versions = new TreeMap<>();
  private Random random;
  private RandomChanges changes;
  private EvolvingModel model;
  private AlexTable table;

  @RandomizedTest(iterations = 12)
  void everyVersionReadsAsIfAllRowsWereRewritten(Random seeded) throws Exception {
    random = seeded;
    changes = new RandomChanges(random);
    Schema schema = firstSchema();
    List<String> key = schema.keyColumns().stream().map(Column::name).toList();
    model = new EvolvingModel(schema.columns(), key);
    try (AlexTable created = AlexTable.create(store, "t", schema, Map.of())) {
      table = created;
      known(table.snapshot());
      for (int done = 0; done < CHANGES; ) {
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> write(random.nextInt(4) == 0 ? 300 : 40);
          case 3 -> delete();
          case 4 -> compact();
          case 5 -> refuse();
          case 6 -> rollBack();
          default -> done += random.nextInt(4) == 0 ? changeBesideWriter() : change();
        }
        if (random.nextInt(5) == 0) {
          check(table, model);
        }
      }
      for (Map.Entry<Long, EvolvingModel> version : versions.entrySet()) {
        try (AlexTable old = table.asOf(version.getKey())) {
          check(old, version.getValue());
        }
      }
    }
    assertThat(TableVerifier.verify(store, "t").findings()).isEmpty();
  }

  private Schema firstSchema() {
    SchemaBuilder builder = new SchemaBuilder();
    boolean composite = random.nextBoolean();
    builder.column("k", random.nextBoolean() ? ScalarType.BYTE : ScalarType.INT, false);
    if (composite) {
      builder.column("k2", random.nextBoolean() ? StringType.BINARY_ORDER : ScalarType.SHORT);
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      builder.column("v" + i, changes.type(2));
    }
    return composite ? builder.primaryKey("k2", "k").build() : builder.primaryKey("k").build();
  }

  private void known(Snapshot made) throws Exception {
    table.refresh();
    assertThat(table.snapshot().version()).isEqualTo(made.version());
    versions.put(made.version(), model.copy());
  }

  // ---- steps

  private List<List<Object>> newRows(int count) {
    EvolvingModel some = model.copy();
    some.rows.clear();
    for (int i = 1 + random.nextInt(count); i > 0; i--) {
      List<Object> row = new ArrayList<>();
      for (EvolvingModel.Field field : model.root.parts) {
        row.add(model.isKey(List.of(field.name)) ? keyValue(field) : changes.value(field));
      }
      some.put(row);
    }
    return List.copyOf(some.rows.values());
  }

  private Object keyValue(EvolvingModel.Field field) {
    if (field.leaf instanceof StringType) {
      return "s" + random.nextInt(5);
    }
    // Those that a wider type has room for, too.
    long wide = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(200) - 100;
    return switch ((ScalarType) field.leaf) {
      case BYTE -> (Object) (byte) wide;
      case SHORT -> (short) wide;
      case INT -> (int) wide;
      default -> wide;
    };
  }

  private List<SegmentInfo> segments(TableWrite write, List<List<Object>> rows) throws Exception {
    try (RollingSegmentWriter writer = write.target().openWriter(store, Tables.SMALL)) {
      for (List<Object> row : rows) {
        writer.append(ArrayRow.of(write.schema(), row.toArray()));
      }
      return writer.finish();
    }
  }

  private void write(int count) throws Exception {
    List<List<Object>> rows = newRows(count);
    TableWrite write = table.beginAppend(OnConflict.UPDATE);
    Snapshot made = write.commit(segments(write, rows));
    rows.forEach(model::put);
    known(made);
  }

  private void delete() throws Exception {
    List<Object> keys = new ArrayList<>();
    for (List<Object> key : List.copyOf(model.rows.keySet())) {
      if (random.nextInt(6) == 0) {
        keys.add(key);
        model.rows.remove(key);
      }
    }
    known(table.delete(keys));
  }

  private void compact() throws Exception {
    Compaction compaction = Compaction.of(store, "t").options(Tables.SMALL);
    if (random.nextBoolean()) {
      compaction.all();
    }
    Compaction.Result result = compaction.run();
    if (result.commits() > 0) {
      // Each group of segments is a version with the same rows.
      for (long v = result.snapshot().version() - result.commits() + 1;
          v <= result.snapshot().version();
          v++) {
        versions.put(v, model.copy());
      }
    }
    known(result.snapshot());
  }

  private void refuse() throws Exception {
    SchemaChange change = changes.refused(model);
    assertThatThrownBy(() -> table.alter(List.of(change)))
        .as("%s", change)
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(table.refresh()).isFalse();
  }

  private void rollBack() throws Exception {
    if (random.nextInt(3) == 0) {
      List<Long> all = List.copyOf(versions.keySet());
      long version = all.get(random.nextInt(all.size()));
      model = versions.get(version).copy();
      known(Rollback.to(store, "t", version));
    }
  }

  private int change() throws Exception {
    List<SchemaChange> some = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      SchemaChange change = changes.allowed(model);
      some.add(change);
      model.apply(change);
    }
    known(table.alter(some));
    return count;
  }

  /** Another writer began before the change, and commits after it: as if it had come first. */
  private int changeBesideWriter() throws Exception {
    List<List<Object>> rows = newRows(40);
    TableWrite write = table.beginAppend(OnConflict.UPDATE);
    List<SegmentInfo> segments = segments(write, rows);
    Snapshot seen = table.snapshot();
    EvolvingModel before = model.copy();
    Schema schema = table.schema();
    SchemaChange change = changes.allowed(model);
    model.apply(change);
    Snapshot altered = table.alter(List.of(change));
    known(altered);
    model = before;
    rows.forEach(model::put);
    model.apply(change);
    known(write.commit(segments));
    if (!altered.schema().equals(schema)) {
      assertThatThrownBy(
              () -> table.at(seen).alter(List.of(new SchemaChange.Add("too", ScalarType.INT))))
          .isInstanceOf(CommitConflictException.class);
    }
    return 1;
  }

  // ---- comparing

  private void check(AlexTable actual, EvolvingModel expected) throws Exception {
    StructType columns = new StructType(actual.schema().columns());
    assertThat(EvolvingModel.Field.of("", columns, false)).hasToString(expected.root.toString());
    List<String> rows = new ArrayList<>();
    try (Cursor cursor = actual.scan()) {
      while (cursor.next()) {
        rows.add(text(cursor.row()));
      }
    }
    assertThat(rows)
        .as("version %d", actual.snapshot().version())
        .containsExactlyInAnyOrderElementsOf(expected.texts());
    List<List<Object>> keys = new ArrayList<>(expected.rows.keySet());
    for (int i = 0; i < 5 && !keys.isEmpty(); i++) {
      List<Object> key = keys.get(random.nextInt(keys.size()));
      String row = EvolvingModel.text(expected.rows.get(key));
      assertThat(actual.get(key.toArray()).map(SchemaEvolutionRandomTest::text)).contains(row);
      try (Cursor cursor = actual.scan(KeyRange.of(key.toArray()))) {
        assertThat(cursor.next()).isTrue();
        assertThat(text(cursor.row())).isEqualTo(row);
      }
    }
    List<Optional<Row>> found = actual.getAll(keys);
    for (int i = 0; i < keys.size(); i++) {
      assertThat(found.get(i).map(SchemaEvolutionRandomTest::text))
          .contains(EvolvingModel.text(expected.rows.get(keys.get(i))));
    }
  }

  private static String text(Row row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      values.add(row.get(i));
    }
    return EvolvingModel.text(values);
  }
}
