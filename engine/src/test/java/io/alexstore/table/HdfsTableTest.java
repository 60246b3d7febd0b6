package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.hadoop.HadoopFileStore;
import io.alexstore.io.hadoop.Hdfs;
import io.alexstore.row.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table on HDFS. */
class HdfsTableTest {

  private HadoopFileStore store;
  private String path;

  @BeforeEach
  void findHdfs() throws IOException {
    store = new HadoopFileStore(Hdfs.configuration());
    path = Hdfs.directory();
  }

  @Test
  void rowsComeBackByKeyAndInOrder() throws IOException {
    try (AlexTable table = Tables.create(store, path)) {
      Tables.append(table, "one", Tables.keys(0, 1000));
      Tables.append(table, "two", Tables.keys(2000, 2500));
    }
    SortedMap<Long, String> expected = new TreeMap<>();
    expected.putAll(Tables.expected("one", Tables.keys(0, 1000)));
    expected.putAll(Tables.expected("two", Tables.keys(2000, 2500)));
    assertThat(Tables.rows(store, path)).isEqualTo(expected);
    // By the path alone, with Hadoop's default configuration.
    try (AlexTable table = AlexTable.open(path)) {
      assertThat(table.get(2001).orElseThrow().getString("by")).isEqualTo("two");
      assertThat(table.get(1001)).isEmpty();
      long[] keys = new Random(1).longs(300, 0, 3000).toArray();
      List<Optional<Row>> rows = table.getAll(keys);
      for (int i = 0; i < keys.length; i++) {
        assertThat(rows.get(i).map(row -> row.getString("by")).orElse(null))
            .isEqualTo(expected.get(keys[i]));
      }
    }
  }

  @Test
  void concurrentAppendsAllGetIn() throws Exception {
    Tables.create(store, path).close();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> results = new ArrayList<>();
      SortedMap<Long, String> expected = new TreeMap<>();
      for (int w = 0; w < 4; w++) {
        String by = "writer" + w;
        List<Long> keys = Tables.keys(w * 100L, w * 100L + 50);
        expected.putAll(Tables.expected(by, keys));
        results.add(
            pool.submit(
                () -> {
                  try (AlexTable table = AlexTable.open(store, path)) {
                    Tables.append(table, by, keys);
                  }
                  return null;
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
      assertThat(Tables.rows(store, path)).isEqualTo(expected);
      try (AlexTable table = AlexTable.open(store, path)) {
        assertThat(table.snapshot().version()).isEqualTo(4);
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
