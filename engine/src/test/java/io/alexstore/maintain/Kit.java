package io.alexstore.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.commit.OnConflict;
import io.alexstore.io.FileStore;
import io.alexstore.row.ArrayRow;
import io.alexstore.row.Cursor;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Small tables: a key and a text that says who wrote the row. Each step opens the table anew. */
final class Kit {

  static final String PATH = "t";

  /** Segments of a few hundred rows. */
  static final SegmentOptions SMALL =
      SegmentOptions.defaults().withTargetSegmentSize(2_000).withRowGroup(64, 1 << 16);

  private Kit() {}

  static Schema schema(boolean isText) {
    return new SchemaBuilder()
        .column("id", isText ? StringType.BINARY_ORDER : ScalarType.LONG)
        .column("by", StringType.BINARY_ORDER)
        .primaryKey("id")
        .build();
  }

  static void create(FileStore store) throws IOException {
    AlexTable.create(store, PATH, schema(false), Map.of()).close();
  }

  private static Object key(AlexTable table, long key) {
    boolean isText = table.schema().columns().get(0).type() instanceof StringType;
    return isText ? String.format("key-%06d", key) : (Object) key;
  }

  static void write(FileStore store, OnConflict onConflict, String by, Collection<Long> keys)
      throws IOException {
    try (AlexTable table = AlexTable.open(store, PATH)) {
      fill(table, table.appender(onConflict, SMALL), by, keys);
    }
  }

  static void overwrite(FileStore store, String by, Collection<Long> keys) throws IOException {
    try (AlexTable table = AlexTable.open(store, PATH)) {
      fill(table, table.overwriter(SMALL), by, keys);
    }
  }

  private static void fill(AlexTable table, TableWriter writer, String by, Collection<Long> keys)
      throws IOException {
    try (writer) {
      for (long key : new TreeSet<>(keys)) {
        writer.append(ArrayRow.of(table.schema(), key(table, key), by));
      }
      writer.commit();
    }
  }

  static void delete(FileStore store, Collection<Long> keys) throws IOException {
    try (AlexTable table = AlexTable.open(store, PATH)) {
      List<Object> all = new ArrayList<>();
      keys.forEach(key -> all.add(key(table, key)));
      table.delete(all);
    }
  }

  static List<Long> keys(long from, long to) {
    List<Long> keys = new ArrayList<>();
    for (long key = from; key < to; key++) {
      keys.add(key);
    }
    return keys;
  }

  static SortedMap<Long, String> expected(String by, Collection<Long> keys) {
    SortedMap<Long, String> rows = new TreeMap<>();
    keys.forEach(key -> rows.put(key, by));
    return rows;
  }

  /** The rows of a version; fails on a key that comes twice. */
  static SortedMap<Long, String> rows(AlexTable table) {
    SortedMap<Long, String> rows = new TreeMap<>();
    try (Cursor cursor = table.scan()) {
      while (cursor.next()) {
        String text = cursor.row().get(0).toString().replace("key-", "");
        if (rows.put(Long.parseLong(text), cursor.row().getString("by")) != null) {
          throw new AssertionError("key " + text + " comes twice");
        }
      }
    }
    return rows;
  }

  static SortedMap<Long, String> rows(FileStore store) throws IOException {
    try (AlexTable table = AlexTable.open(store, PATH)) {
      return rows(table);
    }
  }

  static SortedMap<Long, String> rows(FileStore store, long version) throws IOException {
    try (AlexTable table = AlexTable.open(store, PATH);
        AlexTable old = table.asOf(version)) {
      return rows(old);
    }
  }

  static long version(FileStore store) throws IOException {
    try (AlexTable table = AlexTable.open(store, PATH)) {
      return table.snapshot().version();
    }
  }

  static Compaction compaction(FileStore store) {
    return Compaction.of(store, PATH).options(SMALL);
  }

  static void requireClean(FileStore store, String where) throws IOException {
    assertThat(TableVerifier.verify(store, PATH).findings()).as(where).isEmpty();
  }
}
