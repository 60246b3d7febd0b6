package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CommitConflictException;
import io.alexstore.error.DuplicateKeyException;
import io.alexstore.io.FileStore;
import io.alexstore.key.EncodedRange;
import io.alexstore.key.EncodedRange.OfLongs;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRanges;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.RandomizedTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Overwrites of ranges of keys, and of a whole table with another schema. */
class RangeOverwriteTest {

  private final FileStore store = new CrashSimulatingFileStore();

  private static KeyRanges ranges(EncodedRange... ranges) {
    return KeyRanges.of(KeyForm.LONG, List.of(ranges));
  }

  private void overwrite(AlexTable table, KeyRanges ranges, String by, List<Long> keys)
      throws Exception {
    table.refresh();
    TableWrite write = table.beginOverwrite(ranges);
    List<SegmentInfo> segments = Tables.write(store, write, by, keys);
    try {
      write.commit(segments);
    } finally {
      write.abort(segments);
    }
  }

  @RandomizedTest(iterations = 20)
  void agreesWithAMap(Random random) throws Exception {
    NavigableMap<Long, String> model = new TreeMap<>();
    try (AlexTable table = Tables.create(store, "t")) {
      for (int step = 0; step < 12; step++) {
        List<EncodedRange> list = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          long from = random.nextInt(2_000);
          list.add(new OfLongs(from, from + random.nextInt(600)));
        }
        if (random.nextInt(6) == 0) {
          list.add(new OfLongs(Long.MIN_VALUE, random.nextInt(300)));
        }
        KeyRanges ranges = KeyRanges.of(KeyForm.LONG, list);
        TreeSet<Long> keys = new TreeSet<>();
        for (int i = random.nextInt(700); i > 0; i--) {
          keys.add((long) random.nextInt(2_600));
        }
        NavigableMap<Long, String> next = new TreeMap<>(model);
        next.keySet().removeIf(ranges::contains);
        boolean duplicate = keys.stream().anyMatch(next::containsKey);
        if (duplicate && random.nextBoolean()) {
          assertThatThrownBy(() -> overwrite(table, ranges, "x", List.copyOf(keys)))
              .isInstanceOf(DuplicateKeyException.class);
        } else {
          keys.removeIf(next::containsKey);
          overwrite(table, ranges, "step " + step, List.copyOf(keys));
          for (long key : keys) {
            next.put(key, "step " + step);
          }
          model = next;
        }
        assertThat(Tables.rows(store, "t")).isEqualTo(model);
        table.refresh();
        assertThat(table.listOrphans()).isEmpty();
      }
    }
  }

  @Test
  void conflictsOnlyWithWritesIntoItsRanges() throws Exception {
    try (AlexTable table = Tables.create(store, "t")) {
      Tables.append(table, "a", Tables.keys(0, 100));
      table.refresh();
      TableWrite write = table.beginOverwrite(ranges(new OfLongs(10, 19)));
      List<SegmentInfo> segments = Tables.write(store, write, "b", Tables.keys(10, 12));
      Tables.append(table, "c", Tables.keys(200, 210));
      write.commit(segments);
      assertThat(Tables.rows(store, "t")).hasSize(102).containsEntry(10L, "b");

      table.refresh();
      TableWrite late = table.beginOverwrite(ranges(new OfLongs(250, 259)));
      List<SegmentInfo> more = Tables.write(store, late, "d", Tables.keys(250, 252));
      Tables.append(table, "e", List.of(255L));
      assertThatThrownBy(() -> late.commit(more))
          .isInstanceOf(CommitConflictException.class)
          .hasMessageContaining("overwrite replaces");
      late.abort(more);

      table.refresh();
      TableWrite again = table.beginOverwrite(ranges(new OfLongs(300, 310)));
      List<SegmentInfo> twice = Tables.write(store, again, "f", List.of(400L));
      Tables.append(table, "g", List.of(400L));
      assertThatThrownBy(() -> again.commit(twice))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining("(id=400)");
      again.abort(twice);
      table.refresh();
      assertThat(table.listOrphans()).isEmpty();
    }
  }

  @Test
  void aSortKeyKeepsItsDuplicates() throws Exception {
    Schema schema =
        new SchemaBuilder()
            .column("k", StringType.BINARY_ORDER)
            .column("v", ScalarType.LONG)
            .sortKey("k")
            .build();
    try (AlexTable table = AlexTable.create(store, "s", schema, Map.of())) {
      for (int i = 0; i < 2; i++) {
        table.refresh();
        TableWrite write = table.beginAppend();
        try (RollingSegmentWriter writer = write.target().openWriter(store, Tables.SMALL)) {
          for (String k : List.of("a", "a", "b", "c")) {
            writer.append(ArrayRow.of(schema, k, 1L));
          }
          write.commit(writer.finish());
        }
      }
      table.refresh();
      KeyRanges onlyB = table.keyCodec().ranges(io.alexstore.key.KeyRange.between("b", "b"));
      table.beginOverwrite(onlyB).commit(List.of());
      table.refresh();
      assertThat(table.snapshot().rows()).isEqualTo(6);
      assertThat(table.get("b")).isEmpty();
      assertThat(table.get("a")).isPresent();
    }
  }

  @Test
  void replacesTheSchemaAndKeepsOldVersions() throws Exception {
    try (AlexTable table = Tables.create(store, "t")) {
      Tables.append(table, "a", Tables.keys(0, 10));
      table.refresh();
      Schema other =
          new SchemaBuilder()
              .column("n", ScalarType.DOUBLE)
              .column("by", StringType.BINARY_ORDER)
              .primaryKey("by")
              .build();
      TableWrite write = table.beginOverwrite(other, Map.of("p", "q"));
      try (RollingSegmentWriter writer = write.target().openWriter(store, Tables.SMALL)) {
        writer.append(ArrayRow.of(write.schema(), 1.5, "x"));
        write.commit(writer.finish());
      }
      // A write that began before knows other columns.
      TableWrite stale = table.beginAppend();
      assertThatThrownBy(() -> stale.commit(List.of()))
          .isInstanceOf(CommitConflictException.class)
          .hasMessageContaining("another schema");
      try (AlexTable now = AlexTable.open(store, "t")) {
        assertThat(now.get("x").orElseThrow().getDouble("n")).isEqualTo(1.5);
        assertThat(now.snapshot().properties()).containsEntry("p", "q");
        assertThat(now.schema().id()).isEqualTo(1);
        // "by" is the column that it was; "n" is new.
        assertThat(now.schema().columns().get(1).id()).isEqualTo(2);
        assertThat(now.schema().columns().get(0).id()).isEqualTo(3);
        // The same once more changes no schema.
        now.beginOverwrite(other, Map.of("p", "q")).commit(List.of());
        now.refresh();
        assertThat(now.schema().id()).isEqualTo(1);
        try (AlexTable before = now.asOf(1)) {
          assertThat(Tables.rows(before)).isEqualTo(Tables.expected("a", Tables.keys(0, 10)));
        }
      }
    }
  }
}
