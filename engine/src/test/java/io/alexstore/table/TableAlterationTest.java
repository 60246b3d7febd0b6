package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CommitConflictException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.error.UncheckedRowsException;
import io.alexstore.io.FileStatus;
import io.alexstore.log.Operation;
import io.alexstore.log.Snapshot;
import io.alexstore.maintain.Compaction;
import io.alexstore.maintain.Rollback;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.CheckConstraint;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.testkit.CrashSimulatingFileStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TableAlterationTest {

  private static final String PATH = "t";
  private static final CheckConstraint SMALL =
      new CheckConstraint("small", CheckConstraint.SPARK, "n < 100", List.of(2));

  private final CrashSimulatingFileStore store = new CrashSimulatingFileStore();
  private final TableAlteration alteration = TableAlteration.of(store, PATH);

  private static Schema schema() {
    return new SchemaBuilder()
        .column("id", ScalarType.LONG, false)
        .column("n", ScalarType.INT)
        .primaryKey("id")
        .build();
  }

  @BeforeEach
  void create() throws IOException {
    AlexTable.create(store, PATH, schema(), Map.of("a", "1")).close();
  }

  private Snapshot newest() throws IOException {
    try (AlexTable table = AlexTable.open(store, PATH)) {
      return table.snapshot();
    }
  }

  private Snapshot append(AlexTable table, boolean isChecked, long id, int n) throws IOException {
    TableWrite write = table.beginAppend();
    if (isChecked) {
      write.withCheckedRows();
    }
    try (TableWriter writer = new TableWriter(write, SegmentOptions.defaults())) {
      writer.append(ArrayRow.of(table.schema(), id, n));
      return writer.commit();
    }
  }

  private Snapshot append(boolean isChecked, long id, int n) throws IOException {
    try (AlexTable table = AlexTable.open(store, PATH)) {
      return append(table, isChecked, id, n);
    }
  }

  @Test
  void propertiesAreChangedOnTopOfOthers() throws IOException {
    Snapshot made =
        alteration.properties(
            properties -> {
              properties.put("b", "2");
              properties.remove("a");
            });
    assertThat(made.properties()).isEqualTo(Map.of("b", "2"));
    assertThat(made.operation()).isEqualTo(Operation.ALTER);
    assertThat(alteration.properties(properties -> {}).version()).isEqualTo(made.version());
    // A writer that began before does not mind.
    try (AlexTable table = AlexTable.open(store, PATH)) {
      alteration.properties(properties -> properties.put("c", "3"));
      assertThat(append(table, false, 1, 1).properties()).isEqualTo(Map.of("b", "2", "c", "3"));
    }
  }

  @Test
  void rowsNeedAPromiseWhereThereAreConstraints() throws IOException {
    append(false, 1, 1);
    alteration.addCheck(newest(), SMALL);
    assertThat(newest().schema().checks()).containsExactly(SMALL);
    assertThat(newest().writerFeatures()).contains("checkConstraints");
    assertThat(newest().readerFeatures()).doesNotContain("checkConstraints");
    assertThatThrownBy(() -> append(false, 2, 2))
        .isInstanceOf(UncheckedRowsException.class)
        .hasMessageContaining("small: n < 100");
    append(true, 2, 2);
    try (AlexTable table = AlexTable.open(store, PATH)) {
      table.delete(List.of(1L));
      TableWrite overwrite = table.beginOverwrite();
      assertThatThrownBy(overwrite::target).isInstanceOf(UncheckedRowsException.class);
    }
    append(true, 3, 3);
    Compaction.of(store, PATH).run();
    try (AlexTable table = AlexTable.open(store, PATH)) {
      assertThat(table.snapshot().rows()).isEqualTo(2);
      assertThat(table.get(3L)).isPresent();
    }
    assertThat(alteration.dropCheck("SMALL")).isPresent();
    assertThat(alteration.dropCheck("small")).isEmpty();
    append(false, 4, 400);
    // The constraints of an earlier version come back with its rows.
    Rollback.to(store, PATH, 2);
    assertThat(newest().schema().checks()).containsExactly(SMALL);
    assertThatThrownBy(() -> append(false, 5, 5)).isInstanceOf(UncheckedRowsException.class);
  }

  @Test
  void aConstraintAndRowsThatItWasNotSeenToHoldForDoNotMeet() throws IOException {
    Snapshot seen = newest();
    append(false, 1, 1000);
    assertThatThrownBy(() -> alteration.addCheck(seen, SMALL))
        .isInstanceOf(CommitConflictException.class)
        .hasMessageContaining("small");
    assertThat(newest().schema().checks()).isEmpty();
    // Rows that only went are no matter.
    Snapshot later = newest();
    try (AlexTable table = AlexTable.open(store, PATH)) {
      table.delete(List.of(1L));
    }
    try (AlexTable table = AlexTable.open(store, PATH);
        TableWriter writer = table.appender(SegmentOptions.defaults())) {
      writer.append(ArrayRow.of(table.schema(), 7L, 7));
      alteration.addCheck(later, SMALL);
      assertThatThrownBy(writer::commit).isInstanceOf(CommitConflictException.class);
    }
    assertThat(newest().rows()).isZero();
    CheckConstraint sameName =
        new CheckConstraint("Small", CheckConstraint.SPARK, "n < 1", List.of(2));
    assertThatThrownBy(() -> alteration.addCheck(newest(), sameName))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two constraints");
  }

  @Test
  void aWriteToATableThatWasDroppedDoesNotReachTheNextOne() throws IOException {
    try (AlexTable old = AlexTable.open(store, PATH);
        TableWriter writer = old.appender(SegmentOptions.defaults())) {
      writer.append(ArrayRow.of(old.schema(), 1L, 1));
      store.move(PATH, "gone");
      AlexTable.create(store, PATH, schema(), Map.of()).close();
      assertThatThrownBy(writer::commit)
          .isInstanceOf(TableNotFoundException.class)
          .hasMessageContaining("was dropped or renamed");
    }
    assertThat(newest().version()).isZero();
    assertThat(newest().rows()).isZero();
    assertThat(store.list(PATH + "/_alexstore/log")).extracting(FileStatus::name).hasSize(1);
  }

  @Test
  void replacingATableReplacesItsConstraints() throws IOException {
    append(false, 1, 1);
    alteration.addCheck(newest(), SMALL);
    Schema fresh = schema();
    CheckConstraint other = new CheckConstraint("o", "spark", "n > 1", List.of(2));
    try (AlexTable table = AlexTable.open(store, PATH)) {
      table.beginOverwrite(fresh.withChecks(0, List.of(other)), Map.of()).commit(List.of());
    }
    assertThat(newest().schema().checks()).containsExactly(other);
    try (AlexTable table = AlexTable.open(store, PATH)) {
      table.beginOverwrite(fresh, Map.of()).commit(List.of());
    }
    assertThat(newest().schema().checks()).isEmpty();
  }
}
