package io.alexstore.table;

import io.alexstore.io.FileStore;
import io.alexstore.row.ArrayRow;
import io.alexstore.row.Cursor;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.segment.SegmentOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Small tables for tests: a key and a text that says who wrote the row. */
final class Tables {

  /** Segments of a few hundred rows. */
  static final SegmentOptions SMALL =
      SegmentOptions.defaults().withTargetSegmentSize(2_000).withRowGroup(64, 1 << 16);

  private Tables() {}

  static Schema schema() {
    return new SchemaBuilder()
        .column("id", ScalarType.LONG)
        .column("by", StringType.BINARY_ORDER)
        .primaryKey("id")
        .build();
  }

  static AlexTable create(FileStore store, String path) throws IOException {
    return AlexTable.create(store, path, schema(), Map.of());
  }

  /** Writes segments, as a task does, without committing them. */
  static List<SegmentInfo> write(
      FileStore store, TableWrite write, String by, Collection<Long> keys) throws IOException {
    try (RollingSegmentWriter writer = write.target().openWriter(store, SMALL)) {
      for (long key : new TreeSet<>(keys)) {
        writer.append(ArrayRow.of(write.schema(), key, by));
      }
      return writer.finish();
    }
  }

  static void append(AlexTable table, String by, Collection<Long> keys) throws IOException {
    fill(table.appender(SMALL), table.schema(), by, keys);
  }

  static void overwrite(AlexTable table, String by, Collection<Long> keys) throws IOException {
    fill(table.overwriter(SMALL), table.schema(), by, keys);
  }

  private static void fill(TableWriter writer, Schema schema, String by, Collection<Long> keys)
      throws IOException {
    try (writer) {
      for (long key : new TreeSet<>(keys)) {
        writer.append(ArrayRow.of(schema, key, by));
      }
      writer.commit();
    }
  }

  static List<Long> keys(long from, long to) {
    List<Long> keys = new ArrayList<>();
    for (long key = from; key < to; key++) {
      keys.add(key);
    }
    return keys;
  }

  /** All rows of a table as a map; fails on a key that comes twice. */
  static SortedMap<Long, String> rows(AlexTable table) {
    SortedMap<Long, String> rows = new TreeMap<>();
    try (Cursor cursor = table.scan()) {
      while (cursor.next()) {
        long key = cursor.row().getLong("id");
        if (rows.put(key, cursor.row().getString("by")) != null) {
          throw new AssertionError("key " + key + " comes twice");
        }
      }
    }
    return rows;
  }

  /** All rows of the newest version at a path. */
  static SortedMap<Long, String> rows(FileStore store, String path) throws IOException {
    try (AlexTable table = AlexTable.open(store, path)) {
      return rows(table);
    }
  }

  static SortedMap<Long, String> expected(String by, Collection<Long> keys) {
    SortedMap<Long, String> rows = new TreeMap<>();
    keys.forEach(key -> rows.put(key, by));
    return rows;
  }
}
