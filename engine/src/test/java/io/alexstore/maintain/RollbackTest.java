package io.alexstore.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.io.FileStore;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.TableLog;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.Column;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.table.AlexTable;
import io.alexstore.testkit.CrashSimulatingFileStore;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RollbackTest {

  private final FileStore store = new CrashSimulatingFileStore();

  @BeforeEach
  void create() throws IOException {
    Kit.create(store);
  }

  private Snapshot newest() throws IOException {
    return new TableLog(store, Kit.PATH).load();
  }

  @Test
  void deletedRowsComeBackAndMayGoAgain() throws Exception {
    Kit.write(store, OnConflict.ERROR, "a", Kit.keys(0, 100));
    Kit.delete(store, Kit.keys(0, 10));
    Kit.delete(store, Kit.keys(10, 40));
    SegmentEntry before = newest().segments().get(0);
    Snapshot made = Rollback.to(store, Kit.PATH, 2);
    assertThat(made.operation()).isEqualTo(Operation.ROLLBACK);
    assertThat(made.summary()).containsEntry("version", "2");
    assertThat(Kit.rows(store)).isEqualTo(Kit.expected("a", Kit.keys(10, 100)));
    SegmentEntry again = newest().segments().get(0);
    assertThat(again.id()).isEqualTo(before.id());
    assertThat(again.addedIn()).isEqualTo(4);
    Kit.delete(store, Kit.keys(50, 60));
    Rollback.to(store, Kit.PATH, 1);
    assertThat(newest().deletedRows()).isZero();
    assertThat(Kit.rows(store)).hasSize(100);
    // And forward again, to a version that was rolled back.
    Rollback.to(store, Kit.PATH, 3);
    assertThat(Kit.rows(store)).isEqualTo(Kit.expected("a", Kit.keys(40, 100)));
    assertThat(Kit.rows(store, 5)).hasSize(80);
    Kit.requireClean(store, "after");
  }

  @Test
  void compactedAndOverwrittenSegmentsComeBack() throws Exception {
    Kit.write(store, OnConflict.ERROR, "a", Kit.keys(0, 50));
    Kit.write(store, OnConflict.UPDATE, "b", Kit.keys(20, 70));
    Compaction.of(store, Kit.PATH).run();
    Kit.overwrite(store, "c", Kit.keys(0, 5));
    Rollback.to(store, Kit.PATH, 2);
    assertThat(Kit.rows(store)).isEqualTo(Kit.rows(store, 3)).isEqualTo(Kit.rows(store, 2));
    Rollback.to(store, Kit.PATH, 0);
    assertThat(newest().segments()).isEmpty();
    Kit.requireClean(store, "after");
  }

  @Test
  void theNewestVersionNeedsNoCommit() throws Exception {
    Kit.write(store, OnConflict.ERROR, "a", List.of(1L));
    assertThat(Rollback.to(store, Kit.PATH, 1).version()).isEqualTo(1);
    assertThat(Kit.version(store)).isEqualTo(1);
  }

  @Test
  void versionsThatAreNotThereAreRefused() throws Exception {
    Kit.write(store, OnConflict.ERROR, "a", List.of(1L));
    for (long version : new long[] {-1, 2}) {
      assertThatThrownBy(() -> Rollback.to(store, Kit.PATH, version))
          .isInstanceOf(TableNotFoundException.class)
          .hasMessageContaining("versions are 0 to 1");
    }
    SnapshotExpiry.of(store, Kit.PATH).run();
    assertThatThrownBy(() -> Rollback.to(store, Kit.PATH, 0))
        .isInstanceOf(TableNotFoundException.class)
        .hasMessageContaining("has expired")
        .hasMessageContaining("Versions 1 to 2 can be read");
  }

  @Test
  void aVersionWhoseFilesAreGoneIsRefusedBeforeAnythingChanges() throws Exception {
    Kit.write(store, OnConflict.ERROR, "a", Kit.keys(0, 5));
    SegmentEntry lost = newest().segments().get(0);
    Kit.overwrite(store, "b", Kit.keys(0, 3));
    store.delete(lost.pathIn(Kit.PATH));
    assertThatThrownBy(() -> Rollback.to(store, Kit.PATH, 1))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("the rollback needs it");
    assertThat(Kit.version(store)).isEqualTo(2);
  }

  /** The schema comes back, but ids of columns that were added after it are never used again. */
  @Test
  void schemaAndPropertiesComeBackAndColumnIdsStayUsed() throws Exception {
    Kit.write(store, OnConflict.ERROR, "a", List.of(1L));
    Schema other =
        new SchemaBuilder()
            .column("id", ScalarType.LONG)
            .column("x", ScalarType.INT)
            .column("y", ScalarType.INT)
            .primaryKey("id")
            .build();
    try (AlexTable table = AlexTable.open(store, Kit.PATH)) {
      table.beginOverwrite(other, Map.of("k", "v")).commit(List.of());
    }
    Set<Integer> used = columnIds(newest().schema());
    Rollback.to(store, Kit.PATH, 1);
    Snapshot back = newest();
    assertThat(back.schema().columns()).isEqualTo(Kit.schema(false).columns());
    assertThat(back.properties()).isEmpty();
    assertThat(Kit.rows(store)).isEqualTo(Kit.expected("a", List.of(1L)));
    Schema third =
        new SchemaBuilder()
            .column("id", ScalarType.LONG)
            .column("z", StringType.BINARY_ORDER)
            .primaryKey("id")
            .build();
    try (AlexTable table = AlexTable.open(store, Kit.PATH)) {
      table.beginOverwrite(third, Map.of()).commit(List.of());
    }
    int fresh = newest().schema().columns().get(1).id();
    assertThat(used).doesNotContain(fresh);
    Rollback.to(store, Kit.PATH, 2);
    assertThat(newest().schema().columns())
        .extracting(Column::name)
        .containsExactly("id", "x", "y");
    assertThat(newest().properties()).containsEntry("k", "v");
    try (AlexTable table = AlexTable.open(store, Kit.PATH);
        var writer = table.appender(Kit.SMALL)) {
      writer.append(ArrayRow.of(table.schema(), 5L, 6, 7));
      writer.commit();
    }
    Compaction.of(store, Kit.PATH).all().run();
    Kit.requireClean(store, "after");
  }

  private static Set<Integer> columnIds(Schema schema) {
    Set<Integer> ids = new HashSet<>();
    schema.columns().forEach(c -> ids.add(c.id()));
    return ids;
  }
}
