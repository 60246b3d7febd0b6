package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.TableOwnedException;
import io.alexstore.store.AlexStore;
import io.alexstore.store.StoreOptions;
import io.alexstore.store.WriteBatch;
import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark and an embedded store in one directory, while the store is open. */
class LiveStoreTest {

  private static final int READS = 10;

  /** Keys that each batch gives its number. */
  private static final int KEYS = 40;

  /** And one more, of its own. */
  private static final int RECORDS = KEYS + 1;

  @TempDir Path directory;

  private final SparkSession spark = TestSession.get();

  private List<Row> read() {
    return spark
        .read()
        .format("alexstore")
        .load(directory.toString())
        .orderBy("key")
        .collectAsList();
  }

  private static byte[] value(long batch) {
    return ByteBuffer.allocate(100).putLong(batch).array();
  }

  private static WriteBatch batch(long number) {
    WriteBatch batch = new WriteBatch();
    for (int key = 0; key < KEYS; key++) {
      batch.put(key, value(number));
    }
    return batch.put(KEYS + number, value(number));
  }

  @Test
  void eachReadIsTheStateOfSomeSeal() throws Exception {
    ExecutorService writer = Executors.newSingleThreadExecutor();
    // Little memory, so that it seals and compacts all the time by itself.
    StoreOptions options = StoreOptions.defaults().withMemoryBudget(4 << 20).withMaxLevels(2);
    try (AlexStore store = AlexStore.open(directory, options)) {
      store.write(batch(0));
      store.flush();
      AtomicBoolean done = new AtomicBoolean();
      Future<?> writing =
          writer.submit(
              () -> {
                for (long number = 1; !done.get(); number++) {
                  store.write(batch(number));
                  if (number % 500 == 0) {
                    store.flush();
                  }
                }
                return null;
              });
      Set<Long> seen = new HashSet<>();
      for (int i = 0; i < READS; i++) {
        long batch = check(read());
        assertThat(sealed()).contains((batch + 1) * RECORDS);
        seen.add(batch);
        // The next read is to see another seal.
        long version = store.statistics().version();
        while (store.statistics().version() == version && !writing.isDone()) {
          Thread.onSpinWait();
        }
      }
      done.set(true);
      writing.get();
      assertThat(seen).hasSize(READS);
    } finally {
      writer.shutdownNow();
    }
    check(read());
  }

  /** Asserts that rows are just those after some batch, and gives its number. */
  private static long check(List<Row> rows) {
    long batch = (long) rows.size() - RECORDS;
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).getLong(0)).isEqualTo(i);
      byte[] value = rows.get(i).getAs(1);
      assertThat(value).isEqualTo(value(i < KEYS ? batch : i - KEYS));
    }
    return batch;
  }

  /** The sequences of the records that seals ended with. */
  private Set<Long> sealed() throws IOException {
    Set<Long> sequences = new HashSet<>();
    try (AlexTable table = AlexTable.open(directory.toString())) {
      table.history().forEach(e -> e.source().ifPresent(s -> sequences.add(s.sequence())));
    }
    return sequences;
  }

  @Test
  void sparkMayWriteWhenTheStoreIsClosed() throws IOException {
    var rows =
        spark.sql("SELECT id AS key, CAST(CAST(id AS STRING) AS BINARY) AS value FROM range(100)");
    try (AlexStore store = AlexStore.open(directory)) {
      store.put(1000, new byte[] {7});
      store.flush();
      assertThatThrownBy(
              () ->
                  rows.write().format("alexstore").mode(SaveMode.Append).save(directory.toString()))
          .satisfies(LiveStoreTest::isRefused);
      assertThat(read()).hasSize(1);
    }
    rows.write().format("alexstore").mode(SaveMode.Append).save(directory.toString());
    try (AlexStore store = AlexStore.open(directory)) {
      assertThat(store.get(1000)).containsExactly(7);
      assertThat(store.get(42)).containsExactly('4', '2');
    }
  }

  private static void isRefused(Throwable error) {
    Throwable cause = error;
    while (cause != null && !(cause instanceof TableOwnedException)) {
      cause = cause.getCause();
    }
    assertThat(cause).as("a cause of " + error).isNotNull();
    assertThat(cause).hasMessageContaining("embedded store");
  }

  @Test
  void aLiveStoresTableIsNotDroppedOrRenamed() throws Exception {
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.catalog.live", AlexStoreCatalog.class.getName());
    session.conf().set("spark.sql.catalog.live.warehouse", directory.toString());
    session.sql("CREATE NAMESPACE live.db");
    Path table = directory.resolve("db").resolve("t");
    try (AlexStore store = AlexStore.open(table)) {
      store.put(1, value(1));
      assertThatThrownBy(() -> session.sql("DROP TABLE live.db.t"))
          .isInstanceOf(TableOwnedException.class)
          .hasMessageContaining("embedded store");
      assertThatThrownBy(() -> session.sql("ALTER TABLE live.db.t RENAME TO db.u"))
          .isInstanceOf(TableOwnedException.class);
      store.put(2, value(2));
      store.flush();
      assertThat(session.table("live.db.t").count()).isEqualTo(2);
    }
    session.sql("DROP TABLE live.db.t");
    assertThat(table).doesNotExist();
  }
}
