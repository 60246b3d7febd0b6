package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.commit.OnConflict;
import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.io.FileStore;
import io.alexstore.maintain.TableVerifier;
import io.alexstore.row.ArrayRow;
import io.alexstore.row.Cursor;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWriter;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever file operation fails while Spark runs a MERGE or an upsert, and whenever the machine
 * stops: the table is at its old or its new version, the verifier finds nothing, and the statement
 * succeeds when it is run again.
 *
 * <p>Some operations, drawn from a seed; all of them with {@code -Dalexstore.faults=all}.
 */
class StatementFaultTest {

  private static final boolean ALL = "all".equals(System.getProperty("alexstore.faults"));
  private static final int SAMPLE = 3;

  private static final AtomicInteger STORES = new AtomicInteger();

  /** A statement, which comes to the same when it is run again, and the rows before and after. */
  private record Statement(
      String name, String sql, SortedMap<Long, Long> before, SortedMap<Long, Long> after) {}

  private final SparkSession spark = TestSession.extended().newSession();
  private final String store = "s" + STORES.incrementAndGet();
  private final String path = TestStores.path(store);

  @BeforeEach
  void configure() {
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    spark.conf().set("spark.sql.codegen.wholeStage", "false");
    spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    spark.conf().set("spark.sql.shuffle.partitions", "2");
    // Small tables would be read on the driver.
    spark.conf().set("spark.datasource.alexstore.localScanRows", "0");
    // What is made to fail would fill the log with its stack traces.
    spark.sparkContext().setLogLevel("FATAL");
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void restore() {
    spark.sparkContext().setLogLevel("WARN");
    TestStores.remove(store);
    SparkSession.setActiveSession(TestSession.get());
  }

  // --- statements ---

  private static SortedMap<Long, Long> rows(long count) {
    SortedMap<Long, Long> rows = new TreeMap<>();
    for (long id = 0; id < count; id++) {
      rows.put(id, id % 50);
    }
    return rows;
  }

  private static List<Statement> statements() {
    SortedMap<Long, Long> merged = rows(200);
    SortedMap<Long, Long> upserted = rows(200);
    for (long id = 150; id < 250; id++) {
      upserted.put(id, -id);
      if (id < 200 && id % 3 == 0) {
        merged.remove(id);
      } else {
        merged.put(id, -id);
      }
    }
    SortedMap<Long, Long> thinned = rows(6000);
    thinned.keySet().removeIf(id -> id % 2 == 0);
    thinned.put(7L, -7L);
    String source = "(SELECT id AS k, -id AS w FROM range(150, 250)) AS o";
    return List.of(
        new Statement(
            "merge",
            "MERGE INTO $t AS t USING "
                + source
                + " ON t.id = o.k WHEN MATCHED AND o.k < 200 AND o.k % 3 = 0 THEN DELETE"
                + " WHEN MATCHED THEN UPDATE SET v = o.w"
                + " WHEN NOT MATCHED AND (o.k >= 200 OR o.k % 3 <> 0) THEN"
                + " INSERT (id, v) VALUES (o.k, o.w)",
            rows(200),
            merged),
        new Statement(
            "merge with a deletion vector in a file of its own",
            "MERGE INTO $t AS t USING (SELECT 7L AS k, -7L AS w) AS o ON t.id = o.k"
                + " WHEN MATCHED THEN UPDATE SET v = o.w"
                + " WHEN NOT MATCHED BY SOURCE AND t.id % 2 = 0 THEN DELETE",
            rows(6000),
            thinned),
        new Statement(
            "upsert",
            "INSERT INTO $t WITH ('onConflict' = 'update') SELECT k, w FROM " + source,
            rows(200),
            upserted));
  }

  private static Schema schema() {
    return new SchemaBuilder()
        .column("id", ScalarType.LONG)
        .column("v", ScalarType.LONG)
        .primaryKey("id")
        .build();
  }

  /** A table with two segments, in files of which all is durable. */
  private CrashSimulatingFileStore withRows(SortedMap<Long, Long> rows) throws IOException {
    var disk = new CrashSimulatingFileStore();
    try (AlexTable table = AlexTable.create(disk, path, schema(), Map.of())) {
      long middle = rows.size() * 2L / 3;
      append(table, rows.headMap(middle));
      append(table, rows.tailMap(middle));
    }
    return disk;
  }

  private static void append(AlexTable table, SortedMap<Long, Long> rows) throws IOException {
    try (TableWriter writer = table.appender(OnConflict.ERROR, SegmentOptions.defaults())) {
      for (Map.Entry<Long, Long> row : rows.entrySet()) {
        writer.append(ArrayRow.of(table.schema(), row.getKey(), row.getValue()));
      }
      writer.commit();
    }
  }

  private SortedMap<Long, Long> read(FileStore disk) throws IOException {
    SortedMap<Long, Long> rows = new TreeMap<>();
    try (AlexTable table = AlexTable.open(disk, path);
        Cursor cursor = table.scan()) {
      while (cursor.next()) {
        assertThat(rows.put(cursor.row().getLong("id"), cursor.row().getLong("v"))).isNull();
      }
    }
    return rows;
  }

  /** Runs a statement by Spark; what it failed with, if it did. */
  private Optional<Throwable> run(Statement statement, FileStore files) {
    TestStores.put(store, files);
    try {
      spark.sql(statement.sql().replace("$t", "alexstore.`" + path + "`"));
      return Optional.empty();
    } catch (Throwable e) {
      return Optional.of(e);
    }
  }

  private static boolean isUnknown(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof CommitStateUnknownException) {
        return true;
      }
    }
    return false;
  }

  // --- what must hold ---

  private void requireClean(FileStore disk, String where) throws IOException {
    assertThat(TableVerifier.verify(disk, path).findings()).as(where).isEmpty();
  }

  private void requireAgain(Statement statement, FileStore disk, String where) throws IOException {
    assertThat(run(statement, disk)).as(where + ", again").isEmpty();
    assertThat(read(disk)).as(where + ", again").isEqualTo(statement.after());
    requireClean(disk, where + ", again");
  }

  private int operations(Statement statement) throws IOException {
    var files = new FaultInjectingFileStore(withRows(statement.before()), FaultPlan.none());
    assertThat(run(statement, files)).as(statement.name()).isEmpty();
    return files.operations().size();
  }

  private interface Disturbed {
    /** Runs the statement with the Nth operation disturbed; whether there was one. */
    boolean run(Statement statement, long n) throws IOException;
  }

  private void sweep(String what, Random random, Disturbed disturbed) throws IOException {
    for (Statement statement : statements()) {
      int operations = operations(statement);
      int done = 0;
      if (ALL) {
        // Tasks that run at once may come to some operations more or less than the first time.
        while (disturbed.run(statement, done)) {
          done++;
        }
        assertThat(done).isGreaterThan(20);
      } else {
        for (; done < SAMPLE; done++) {
          disturbed.run(statement, random.nextInt(operations));
        }
      }
      System.out.printf(
          "%s: %s in %d of about %d operations%n", statement.name(), what, done, operations);
    }
  }

  private boolean fault(Statement statement, FaultPlan plan, String where) throws IOException {
    CrashSimulatingFileStore disk = withRows(statement.before());
    var files = new FaultInjectingFileStore(disk, plan);
    Optional<Throwable> failure = run(statement, files);
    where = statement.name() + ", " + where + ": " + failure;
    SortedMap<Long, Long> rows = read(disk);
    if (failure.isEmpty()) {
      assertThat(rows).as(where).isEqualTo(statement.after());
    } else if (isUnknown(failure.get())) {
      assertThat(rows).as(where).isIn(statement.before(), statement.after());
    } else {
      assertThat(files.faults()).as(where).isPositive();
      assertThat(rows).as(where).isEqualTo(statement.before());
    }
    requireClean(disk, where);
    requireAgain(statement, disk, where);
    return files.faults() > 0;
  }

  private void sweepFaults(String what, LongFunction<FaultPlan> plans) {
    Seeds.run(
        1,
        random ->
            sweep(
                what,
                random,
                (statement, n) -> fault(statement, plans.apply(n), what + " in operation " + n)));
  }

  @Test
  void anyOperationMayFail() {
    sweepFaults("a fault", FaultPlan::failBefore);
  }

  @Test
  void anyOperationMayHappenAndReportAFailure() {
    sweepFaults("a fault after it happened", FaultPlan::failAfter);
  }

  @Test
  void anyWriteMayBeTorn() {
    sweepFaults("a torn write", n -> FaultPlan.tear(n, 7));
  }

  /** Also where the process is killed: a stopped program does not even clean up. */
  @Test
  void theMachineMayStopAnywhere() {
    Seeds.run(1, random -> sweep("a crash", random, (statement, n) -> crash(statement, n, random)));
  }

  private boolean crash(Statement statement, long n, Random random) throws IOException {
    CrashSimulatingFileStore disk = withRows(statement.before());
    var files = new FaultInjectingFileStore(disk, FaultPlan.stopAt(n));
    Optional<Throwable> failure = run(statement, files);
    String where = statement.name() + ", a crash before operation " + n + ": " + failure;
    List<SortedMap<Long, Long>> allowed = new ArrayList<>(List.of(statement.after()));
    if (failure.isPresent()) {
      assertThat(files.faults()).as(where).isPositive();
      allowed.add(statement.before());
    }
    for (int i = 0; i < (ALL ? 3 : 1); i++) {
      CrashSimulatingFileStore survivors = disk.crash(random);
      assertThat(read(survivors)).as(where).isIn(allowed);
      requireClean(survivors, where);
      requireAgain(statement, survivors, where);
    }
    return files.faults() > 0;
  }
}
