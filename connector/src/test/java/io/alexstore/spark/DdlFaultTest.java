package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.row.Cursor;
import io.alexstore.table.AlexTable;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.RandomizedTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Statements of a catalog that fail, or whose machine stops, at each of their file operations: the
 * tables are as before or as after, never between, and the statement can be run again.
 */
class DdlFaultTest {

  private static final String KEY = " TBLPROPERTIES ('primaryKey'='id') ";

  private static final AtomicLong NUMBER = new AtomicLong();
  private static final int CRASHES = 2;
  private static final int ROUNDS = 4;

  private final SparkSession shared = TestSession.get();
  private SparkSession spark;
  private String name;
  private String root;

  @BeforeEach
  void freshSession() {
    name = "ddl" + NUMBER.incrementAndGet();
    root = "test://" + name + "/warehouse";
    TestStores.put(name, new CrashSimulatingFileStore());
    spark = session();
    SparkSession.setActiveSession(spark);
  }

  private SparkSession session() {
    SparkSession session = shared.newSession();
    session.conf().set("spark.sql.catalog.c", AlexStoreCatalog.class.getName());
    session.conf().set("spark.sql.catalog.c.warehouse", root);
    return session;
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
    TestStores.remove(name);
  }

  /** The tables of all namespaces, with their columns, key and rows. */
  private Map<String, String> tables(FileStore store) throws IOException {
    Map<String, String> tables = new TreeMap<>();
    for (String namespace : List.of("db", "e")) {
      for (FileStatus entry : store.list(root + "/" + namespace)) {
        String path = root + "/" + namespace + "/" + entry.name();
        if (!entry.name().startsWith(".") && AlexTable.exists(store, path)) {
          tables.put(namespace + "." + entry.name(), content(store, path));
        }
      }
    }
    return tables;
  }

  private static String content(FileStore store, String path) throws IOException {
    StringBuilder content = new StringBuilder();
    try (AlexTable table = AlexTable.open(store, path);
        Cursor cursor = table.scan()) {
      content.append(table.schema().key()).append(table.schema().columns());
      while (cursor.next()) {
        content.append('\n');
        for (int i = 0; i < table.schema().columns().size(); i++) {
          content.append(cursor.row().get(i)).append(' ');
        }
      }
    }
    return content.toString();
  }

  private void run(FileStore store, String... statements) {
    TestStores.put(name, store);
    for (String statement : statements) {
      spark.sql(SparkUnderTest.sql(statement)).collectAsList();
    }
  }

  /** A warehouse with a table of three versions. */
  private CrashSimulatingFileStore before() {
    CrashSimulatingFileStore disk = new CrashSimulatingFileStore();
    run(
        disk,
        "CREATE NAMESPACE c.db",
        "CREATE NAMESPACE c.e",
        "CREATE TABLE c.db.t" + KEY + "AS SELECT id, 'old' v FROM range(0, 20, 1, 1)",
        "DELETE FROM c.db.t WHERE id = 7",
        "INSERT INTO c.db.t VALUES (30, 'x')");
    return disk;
  }

  /** A plan for the {@code n}th operation that changes something; reads are passed over. */
  private static FaultPlan atChange(long n, boolean andAllAfter, boolean happened) {
    AtomicLong changes = new AtomicLong();
    return operation -> {
      long number = operation.kind().isMutation() ? changes.getAndIncrement() : changes.get() - 1;
      if (andAllAfter ? number >= n : operation.kind().isMutation() && number == n) {
        return happened
            ? new FaultPlan.FailAfter("fails after")
            : new FaultPlan.FailBefore("fails");
      }
      return FaultPlan.PROCEED;
    };
  }

  private void sweep(Random random, String statement) throws Exception {
    CrashSimulatingFileStore template = before();
    Map<String, String> old = tables(template);
    CrashSimulatingFileStore whole = template.crash(random);
    run(whole, statement);
    Map<String, String> now = tables(whole);
    assertThat(now).isNotEqualTo(old);
    LongFunction<FaultPlan> dies = n -> atChange(n, true, false);
    LongFunction<FaultPlan> fails = n -> atChange(n, false, false);
    LongFunction<FaultPlan> loses = n -> atChange(n, false, true);
    for (LongFunction<FaultPlan> way : List.of(dies, fails, loses)) {
      for (int n = 0; ; n++) {
        // A crash of a moment at which all is durable is a copy.
        CrashSimulatingFileStore disk = template.crash(random);
        FaultInjectingFileStore store = new FaultInjectingFileStore(disk, way.apply(n));
        Throwable failure = failureOf(store, statement);
        String where = statement + " with a fault at change " + n + ": " + failure;
        if (store.faults() == 0) {
          assertThat(failure).as(where).isNull();
          assertThat(n).as("operations of " + statement).isGreaterThan(2);
          for (int crash = 0; crash < 4 * CRASHES; crash++) {
            check(disk.crash(random), null, old, now, statement, "crash after " + statement);
          }
          break;
        }
        // What the running system shows, and what a machine shows that stops now.
        check(disk, failure, old, now, statement, where);
        for (int crash = 0; crash < CRASHES; crash++) {
          check(disk.crash(random), failure, old, now, statement, "crash after " + where);
        }
      }
    }
  }

  private Throwable failureOf(FileStore store, String statement) {
    try {
      run(store, statement);
      return null;
    } catch (Exception e) {
      return e;
    }
  }

  private void check(
      CrashSimulatingFileStore disk,
      Throwable failure,
      Map<String, String> old,
      Map<String, String> now,
      String statement,
      String where)
      throws IOException {
    Map<String, String> left = tables(disk);
    assertThat(left).as(where).isIn(old, now);
    if (failure == null) {
      assertThat(left).as(where).isEqualTo(now);
    } else if (left.equals(old)) {
      run(disk, statement);
      assertThat(tables(disk)).as("again, after " + where).isEqualTo(now);
    }
  }

  @RandomizedTest
  void createAsSelect(Random random) throws Exception {
    sweep(random, "CREATE TABLE c.db.n" + KEY + "AS SELECT id, 'new' w FROM range(0, 10, 1, 1)");
  }

  @RandomizedTest
  void replaceAsSelect(Random random) throws Exception {
    sweep(random, "REPLACE TABLE c.db.t" + KEY + "AS SELECT id, id n FROM range(5, 9, 1, 1)");
  }

  @RandomizedTest
  void replace(Random random) throws Exception {
    sweep(random, "CREATE OR REPLACE TABLE c.db.t (id INT, n INT, PRIMARY KEY (id))");
  }

  @RandomizedTest
  void rename(Random random) throws Exception {
    sweep(random, "ALTER TABLE c.db.t RENAME TO e.u");
  }

  @RandomizedTest
  void drop(Random random) throws Exception {
    sweep(random, "DROP TABLE c.db.t");
  }

  @Test
  void ofTwoSessionsThatMakeATableOneWins() throws Exception {
    // Each stage is there before either is committed.
    CrashSimulatingFileStore disk = before();
    TestStores.put(name, disk);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        String table = "c.db.race" + round;
        CyclicBarrier start = new CyclicBarrier(2);
        List<Future<String>> ends = new ArrayList<>();
        for (String value : List.of("a", "b")) {
          SparkSession own = session();
          ends.add(
              threads.submit(
                  () -> {
                    start.await();
                    try {
                      own.sql("CREATE TABLE " + table + KEY + "AS SELECT 1 id, '" + value + "' v")
                          .collectAsList();
                      return value;
                    } catch (Exception e) {
                      assertThat(Errors.messages(e))
                          .containsAnyOf("ALREADY_EXISTS", "There is an alexstore table at");
                      return "";
                    }
                  }));
        }
        String winners = ends.get(0).get() + ends.get(1).get();
        assertThat(winners).hasSize(1);
        assertThat(spark.table(table).collectAsList()).hasToString("[[1," + winners + "]]");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whatAKilledDropLeftGoesWithTheNext() throws Exception {
    CrashSimulatingFileStore disk = before();
    FaultInjectingFileStore store = new FaultInjectingFileStore(disk, atChange(2, true, false));
    // The table is gone; that files are left is no failure.
    assertThat(failureOf(store, "DROP TABLE c.db.t")).isNull();
    assertThat(store.faults()).isPositive();
    assertThat(tables(disk)).isEmpty();
    assertThat(disk.list(root + "/db")).hasSize(2);
    run(disk, "CREATE TABLE c.db.u (id BIGINT, PRIMARY KEY (id))", "DROP TABLE c.db.u");
    assertThat(disk.list(root + "/db")).extracting(FileStatus::name).containsExactly("_namespace");
  }
}
