package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.Change;
import io.alexstore.commit.DeletionVectors;
import io.alexstore.commit.OnConflict;
import io.alexstore.commit.ProbeOutcome;
import io.alexstore.commit.Transaction;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.DuplicateKeyException;
import io.alexstore.error.RowChangedTwiceException;
import io.alexstore.io.FileStore;
import io.alexstore.key.EncodedRange.OfLongs;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.CommitSource;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.TableLog;
import io.alexstore.row.ArrayRow;
import io.alexstore.row.Cursor;
import io.alexstore.row.Row;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.RandomizedTest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Upserts, deletes and updates: one row, one place. */
class RowChangesTest {

  private final FileStore store = new CrashSimulatingFileStore();

  private AlexTable create() throws Exception {
    return Tables.create(store, "t");
  }

  private void write(AlexTable table, OnConflict onConflict, String by, Collection<Long> keys)
      throws Exception {
    table.refresh();
    commit(table.beginAppend(onConflict), by, keys);
  }

  private Snapshot commit(TableWrite write, String by, Collection<Long> keys) throws Exception {
    List<SegmentInfo> segments = Tables.write(store, write, by, keys);
    try {
      return write.commit(segments);
    } finally {
      write.abort(segments);
    }
  }

  /** The rows with some keys, by their places, as a statement that has read them knows them. */
  private Map<UUID, DeletionVector> places(AlexTable table, Collection<Long> keys)
      throws Exception {
    Map<UUID, DeletionVector> places = new HashMap<>();
    for (SegmentEntry entry : table.snapshot().segments()) {
      DeletionVector deleted = entry.deletions().read(store, "t", entry);
      DeletionVector.Builder rows = new DeletionVector.Builder();
      try (Segment segment = Segment.open(store, entry.pathIn("t"))) {
        for (long key : keys) {
          int position = segment.find(key);
          if (position >= 0 && !deleted.contains(position)) {
            rows.add(position);
          }
        }
      }
      places.put(entry.id(), rows.build());
    }
    return places;
  }

  private static TaskOutput output(List<SegmentInfo> segments, Map<UUID, DeletionVector> deleted) {
    return new TaskOutput(segments, ProbeOutcome.NONE).deleting(deleted);
  }

  /** Updates rows, moving their keys, as an UPDATE statement does. */
  private Snapshot update(
      AlexTable table, Collection<Long> keys, String by, Collection<Long> newKeys)
      throws Exception {
    TableWrite write = table.beginRowChange(Operation.UPDATE, Optional.empty());
    return update(write, places(table, keys), by, newKeys);
  }

  private Snapshot update(
      TableWrite write, Map<UUID, DeletionVector> places, String by, Collection<Long> newKeys)
      throws Exception {
    List<SegmentInfo> segments = Tables.write(store, write, by, newKeys);
    try {
      return write.commitTasks(List.of(output(segments, places)));
    } finally {
      write.abort(segments);
    }
  }

  @RandomizedTest(iterations = 10)
  void agreesWithAMap(Random random) throws Exception {
    Map<Long, SortedMap<Long, String>> versions = new HashMap<>();
    SortedMap<Long, String> model = new TreeMap<>();
    try (AlexTable table = create()) {
      for (int step = 0; step < 15; step++) {
        table.refresh();
        NavigableMap<Long, String> next = new TreeMap<>(model);
        TreeSet<Long> keys = new TreeSet<>();
        for (int i = random.nextInt(random.nextInt(4) == 0 ? 900 : 60); i > 0; i--) {
          keys.add((long) random.nextInt(2000));
        }
        String by = "step " + step;
        boolean isDuplicate = false;
        switch (random.nextInt(6)) {
          case 0, 1 -> {
            write(table, OnConflict.UPDATE, by, keys);
            keys.forEach(key -> next.put(key, by));
          }
          case 2 -> {
            write(table, OnConflict.IGNORE, by, keys);
            keys.forEach(key -> next.putIfAbsent(key, by));
          }
          case 3 -> {
            isDuplicate = keys.stream().anyMatch(next::containsKey);
            if (isDuplicate) {
              assertThatThrownBy(() -> write(table, OnConflict.ERROR, by, keys))
                  .isInstanceOf(DuplicateKeyException.class);
            } else {
              write(table, OnConflict.ERROR, by, keys);
              keys.forEach(key -> next.put(key, by));
            }
          }
          case 4 -> {
            table.delete(List.copyOf(keys));
            keys.forEach(next::remove);
          }
          default -> {
            // UPDATE t SET id = id + 1 WHERE id IN (...)
            keys.retainAll(next.keySet());
            TreeSet<Long> moved = new TreeSet<>();
            keys.forEach(key -> moved.add(key + 1));
            NavigableMap<Long, String> after = new TreeMap<>(next);
            after.keySet().removeAll(keys);
            isDuplicate = moved.stream().anyMatch(after::containsKey);
            if (isDuplicate) {
              assertThatThrownBy(() -> update(table, keys, by, moved))
                  .isInstanceOf(DuplicateKeyException.class);
            } else {
              update(table, keys, by, moved);
              next.clear();
              next.putAll(after);
              moved.forEach(key -> next.put(key, by));
            }
          }
        }
        table.refresh();
        model = next;
        checkReads(random, table, model);
        versions.put(table.snapshot().version(), model);
      }
      for (Map.Entry<Long, SortedMap<Long, String>> version : versions.entrySet()) {
        try (AlexTable old = table.asOf(version.getKey())) {
          assertThat(Tables.rows(old)).isEqualTo(version.getValue());
        }
      }
    }
  }

  private static void checkReads(Random random, AlexTable table, SortedMap<Long, String> model)
      throws Exception {
    assertThat(Tables.rows(table)).isEqualTo(model);
    assertThat(table.snapshot().rows()).isEqualTo(model.size());
    long[] probes = random.longs(60, -5, 2005).toArray();
    List<Optional<Row>> found = table.getAll(probes);
    for (int i = 0; i < probes.length; i++) {
      Optional<String> expected = Optional.ofNullable(model.get(probes[i]));
      assertThat(table.get(probes[i]).map(r -> r.getString("by"))).isEqualTo(expected);
      assertThat(found.get(i).map(r -> r.getString("by"))).isEqualTo(expected);
    }
    long from = random.nextInt(2000);
    long to = from + random.nextInt(500);
    List<Long> scanned = new ArrayList<>();
    try (Cursor rows = table.scan(KeyRange.between(from, to))) {
      while (rows.next()) {
        scanned.add(rows.row().getLong("id"));
      }
    }
    scanned.sort(null);
    assertThat(scanned).containsExactlyElementsOf(model.subMap(from, to + 1).keySet());
  }

  @Test
  void swappedKeysAreNoDuplicates() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", Tables.keys(0, 10));
      table.refresh();
      update(table, List.of(3L, 7L), "swapped", List.of(7L, 3L));
      table.refresh();
      assertThat(Tables.rows(table)).hasSize(10).containsEntry(3L, "swapped");
      update(table, Tables.keys(0, 10), "up", Tables.keys(1, 11));
      table.refresh();
      assertThat(Tables.rows(table)).isEqualTo(Tables.expected("up", Tables.keys(1, 11)));
    }
  }

  @Test
  void aSegmentOfWhichNoRowIsLeftLeavesTheTable() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", Tables.keys(0, 5000));
      table.refresh();
      int segments = table.snapshot().segments().size();
      assertThat(segments).isGreaterThan(2);
      table
          .beginDelete(KeyRanges.of(KeyForm.LONG, List.of(new OfLongs(100, 4999))))
          .commit(List.of());
      table.refresh();
      assertThat(table.snapshot().segments()).hasSizeLessThan(segments);
      assertThat(table.snapshot().rows()).isEqualTo(100);
      assertThat(table.snapshot().operation()).isEqualTo(Operation.DELETE);
      write(table, OnConflict.IGNORE, "nothing new", Tables.keys(0, 50));
      table.refresh();
      assertThat(Tables.rows(table)).isEqualTo(Tables.expected("a", Tables.keys(0, 100)));
    }
  }

  @Test
  void manyDeletedRowsStandInAFileOfTheirOwn() throws Exception {
    try (AlexTable table = create()) {
      try (TableWriter writer = table.appender(io.alexstore.segment.SegmentOptions.defaults())) {
        for (long key = 0; key < 100_000; key++) {
          writer.append(ArrayRow.of(table.schema(), key, "a"));
        }
        writer.commit();
      }
      table.refresh();
      Random random = new Random(1);
      TreeSet<Long> gone = new TreeSet<>();
      while (gone.size() < 20_000) {
        gone.add((long) random.nextInt(100_000));
      }
      table.delete(List.copyOf(gone));
      table.refresh();
      SegmentEntry segment = table.snapshot().segments().get(0);
      assertThat(segment.deletions().path()).endsWith(".alexdv");
      assertThat(table.snapshot().rows()).isEqualTo(80_000);
      assertThat(Tables.rows(table).keySet()).doesNotContainAnyElementsOf(gone);
      assertThat(table.listOrphans()).isEmpty();
    }
  }

  @Test
  void writersOfDifferentRowsOfOneSegmentDoNotConflict() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", Tables.keys(0, 100));
      table.refresh();
      TableWrite first = table.beginRowChange(Operation.UPDATE, Optional.empty());
      TableWrite second = table.beginRowChange(Operation.UPDATE, Optional.empty());
      TableWrite late = table.beginRowChange(Operation.DELETE, Optional.empty());
      Map<UUID, DeletionVector> one = places(table, List.of(1L, 2L));
      Map<UUID, DeletionVector> two = places(table, List.of(3L, 4L));
      Map<UUID, DeletionVector> both = places(table, List.of(2L, 9L));
      update(first, one, "first", List.of(1L, 2L));
      update(second, two, "second", List.of(3L, 4L));
      assertThatThrownBy(() -> late.commitTasks(List.of(output(List.of(), both))))
          .isInstanceOf(CommitConflictException.class)
          .hasMessageContaining("changed a row");
      table.refresh();
      assertThat(Tables.rows(table))
          .hasSize(100)
          .containsEntry(2L, "first")
          .containsEntry(3L, "second")
          .containsEntry(9L, "a");
    }
  }

  @Test
  void theLoserOfARaceLooksItsKeysUpInWhatTheWinnerAdded() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", Tables.keys(0, 10));
      table.refresh();
      TableWrite update = table.beginAppend(OnConflict.UPDATE);
      TableWrite ignore = table.beginAppend(OnConflict.IGNORE);
      TableWrite error = table.beginAppend();
      TableWrite moving = table.beginRowChange(Operation.UPDATE, Optional.empty());
      Map<UUID, DeletionVector> five = places(table, List.of(5L));
      write(table, OnConflict.ERROR, "winner", Tables.keys(10, 20));
      commit(update, "update", Tables.keys(8, 12));
      commit(ignore, "ignore", Tables.keys(18, 22));
      assertThatThrownBy(() -> commit(error, "error", List.of(15L)))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=15)");
      assertThatThrownBy(() -> update(moving, five, "moved", List.of(16L)))
          .isInstanceOf(DuplicateKeyException.class);
      table.refresh();
      SortedMap<Long, String> expected = Tables.expected("a", Tables.keys(0, 8));
      expected.putAll(Tables.expected("update", Tables.keys(8, 12)));
      expected.putAll(Tables.expected("winner", Tables.keys(12, 20)));
      expected.putAll(Tables.expected("ignore", Tables.keys(20, 22)));
      assertThat(Tables.rows(table)).isEqualTo(expected);
    }
  }

  @Test
  void aKeyIsFreeOnceItsRowWasDeletedAlsoMeanwhile() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", Tables.keys(0, 10));
      table.refresh();
      TableWrite append = table.beginAppend();
      table.delete(List.of(5L));
      commit(append, "again", List.of(5L));
      table.refresh();
      table.delete(List.of(6L));
      write(table, OnConflict.ERROR, "again", List.of(6L));
      table.refresh();
      assertThat(Tables.rows(table))
          .hasSize(10)
          .containsEntry(5L, "again")
          .containsEntry(6L, "again");
    }
  }

  /** Not even where the other's new rows, in place of the segment, have the same keys. */
  @Test
  void aRowIsNotFollowedWhereAnotherReplacedItsWholeSegment() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", List.of(1L, 2L));
      table.refresh();
      TableWrite late = table.beginRowChange(Operation.UPDATE, Optional.empty());
      Map<UUID, DeletionVector> one = places(table, List.of(1L));
      write(table, OnConflict.UPDATE, "other", List.of(1L, 2L));
      table.refresh();
      assertThat(table.snapshot().segments()).hasSize(1);
      assertThatThrownBy(() -> update(late, one, "late", List.of(1L)))
          .isInstanceOf(CommitConflictException.class)
          .hasMessageContaining("replaced rows");
    }
  }

  @Test
  void aSegmentThatIsTakenOutMayNotHaveChanged() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", List.of(1L, 2L));
      table.refresh();
      Snapshot base = table.snapshot();
      table.delete(List.of(1L));
      Change change =
          Change.of(Operation.OVERWRITE, List.of(), OnConflict.ERROR)
              .removing(Set.of(base.segments().get(0).id()));
      Transaction transaction =
          new Transaction(
              store,
              new TableLog(store, "t"),
              base,
              table::segment,
              new DeletionVectors(store, "t"),
              0);
      assertThatThrownBy(() -> transaction.commit(change, ProbeOutcome.NONE))
          .isInstanceOf(CommitConflictException.class)
          .hasMessageContaining("changed rows of a segment that this write replaces");
    }
  }

  @Test
  void whatWasReadMayNotHaveGrown() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", Tables.keys(0, 10));
      table.refresh();
      KeyRanges read = KeyRanges.of(KeyForm.LONG, List.of(new OfLongs(0, 50)));
      TableWrite near = table.beginRowChange(Operation.DELETE, Optional.of(read));
      TableWrite far = table.beginRowChange(Operation.DELETE, Optional.of(read));
      Map<UUID, DeletionVector> rows = places(table, List.of(1L));
      write(table, OnConflict.ERROR, "far", List.of(60L));
      far.commitTasks(List.of(output(List.of(), rows)));
      write(table, OnConflict.ERROR, "near", List.of(40L));
      assertThatThrownBy(
              () -> near.commitTasks(List.of(output(List.of(), places(table, List.of(2L))))))
          .isInstanceOf(CommitConflictException.class)
          .hasMessageContaining("added rows");
    }
  }

  @Test
  void oneRowIsNotChangedByTwoTasks() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", Tables.keys(0, 10));
      table.refresh();
      Map<UUID, DeletionVector> rows = places(table, List.of(1L));
      TableWrite write = table.beginRowChange(Operation.MERGE, Optional.empty());
      assertThatThrownBy(
              () -> write.commitTasks(List.of(output(List.of(), rows), output(List.of(), rows))))
          .isInstanceOf(RowChangedTwiceException.class)
          .hasMessageContaining("MERGE");
      table.refresh();
      assertThat(table.snapshot().version()).isEqualTo(1);
    }
  }

  @Test
  void aWriterThatCountsCommitsOnce() throws Exception {
    try (AlexTable table = create()) {
      for (int attempt = 0; attempt < 3; attempt++) {
        commit(
            table.beginAppend(OnConflict.ERROR).withSource(new CommitSource("stream", 1)),
            "one",
            Tables.keys(0, 10));
      }
      commit(
          table.beginAppend(OnConflict.ERROR).withSource(new CommitSource("stream", 2)),
          "two",
          Tables.keys(10, 20));
      table.refresh();
      assertThat(table.snapshot().version()).isEqualTo(2);
      assertThat(Tables.rows(table)).hasSize(20).containsEntry(3L, "one");
      assertThat(table.listOrphans()).isEmpty();
    }
  }

  @Test
  void aSortKeysRowsAreKnownByTheirPlaces() throws Exception {
    Schema schema =
        new SchemaBuilder()
            .column("k", StringType.BINARY_ORDER)
            .column("v", ScalarType.LONG)
            .sortKey("k")
            .build();
    try (AlexTable table = AlexTable.create(store, "s", schema, Map.of())) {
      try (TableWriter writer = table.appender(Tables.SMALL)) {
        for (String k : List.of("a", "b", "b", "b", "c")) {
          writer.append(ArrayRow.of(schema, k, 1L));
        }
        writer.commit();
      }
      assertThatThrownBy(() -> table.beginAppend(OnConflict.UPDATE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("primary key");
      for (int gone = 1; gone <= 3; gone++) {
        table.refresh();
        assertThat(table.get("b")).isPresent();
        assertThat(table.getAll(List.of("b")).get(0)).isPresent();
        UUID segment = table.snapshot().segments().get(0).id();
        table
            .beginRowChange(Operation.DELETE, Optional.empty())
            .commitTasks(List.of(output(List.of(), Map.of(segment, DeletionVector.of(gone)))));
      }
      table.refresh();
      assertThat(table.get("b")).isEmpty();
      assertThat(table.getAll(List.of("b")).get(0)).isEmpty();
      assertThat(table.snapshot().rows()).isEqualTo(2);
    }
  }

  @Test
  void rowsThatAreNotThereCannotBeDeleted() throws Exception {
    try (AlexTable table = create()) {
      Tables.append(table, "a", Tables.keys(0, 10));
      table.refresh();
      UUID segment = table.snapshot().segments().get(0).id();
      for (Map<UUID, DeletionVector> wrong :
          List.of(
              Map.of(UUID.randomUUID(), DeletionVector.of(1)),
              Map.of(segment, DeletionVector.of(10)))) {
        TableWrite write = table.beginRowChange(Operation.DELETE, Optional.empty());
        assertThatThrownBy(() -> write.commitTasks(List.of(output(List.of(), wrong))))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> table.delete(List.of(List.of(1L, 2L))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1 column");
    }
  }
}
