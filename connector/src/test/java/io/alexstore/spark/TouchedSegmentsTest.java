package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements about some keys open the segments that these are in, and no others. */
class TouchedSegmentsTest {

  private static final String STORE = "touched";

  private final CrashSimulatingFileStore disk = new CrashSimulatingFileStore();
  private final Set<String> opened = ConcurrentHashMap.newKeySet();
  private final String table = "alexstore.`" + TestStores.path(STORE) + "`";
  private SparkSession spark;
  private Set<String> before;

  @BeforeEach
  void create() {
    spark = TestSession.extended().newSession();
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    SparkSession.setActiveSession(spark);
    TestStores.put(STORE, disk);
    spark
        .range(0, 40_000, 1, 1)
        .selectExpr("id", "id * 10 v")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .option("targetSegmentSize", "16k")
        .mode("append")
        .save(TestStores.path(STORE));
    before =
        Set.copyOf(
            spark.sql("SELECT path FROM " + table + ".segments").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList());
    assertThat(before).hasSizeGreaterThan(15);
    watch();
  }

  @AfterEach
  void forget() {
    TestStores.remove(STORE);
    SparkSession.setActiveSession(TestSession.get());
  }

  /** A store of its own for each statement, for which nothing is open yet. */
  private void watch() {
    opened.clear();
    TestStores.put(
        STORE,
        new FaultInjectingFileStore(
            disk,
            operation -> {
              if (operation.kind() == Operation.Kind.MAP && operation.path().endsWith(".alexseg")) {
                opened.add(operation.path());
              }
              return FaultPlan.PROCEED;
            }));
  }

  /** How many segments of those that were there first a statement opens. */
  private long touched(String statement) {
    watch();
    spark.sql(statement.replace("$t", table)).collectAsList();
    return opened.stream().filter(path -> before.stream().anyMatch(path::endsWith)).count();
  }

  private void check(Map<Long, Long> rows) {
    rows.forEach(
        (id, v) ->
            assertThat(
                    spark
                        .sql("SELECT v FROM " + table + " WHERE id = " + id)
                        .collectAsList()
                        .toString())
                .as("id %s", id)
                .isEqualTo(v == null ? "[]" : "[[" + v + "]]"));
  }

  @Test
  void anUpdateByKey() {
    assertThat(touched("UPDATE $t SET v = -1 WHERE id = 7")).isOne();
    assertThat(touched("UPDATE $t SET v = v - 1 WHERE id IN (8, 9, 50000)")).isOne();
    check(Map.of(7L, -1L, 8L, 79L, 9L, 89L, 10L, 100L));
    // What stands between keys that are written, and has none of them, is not opened.
    assertThat(touched("UPDATE $t SET v = v + 1 WHERE id IN (8, 20000, 39999)")).isEqualTo(3);
    check(Map.of(8L, 80L, 20000L, 200001L, 39999L, 399991L));
    // The count is what tells that openings are seen.
    assertThat(touched("UPDATE $t SET v = 0 WHERE v = 100")).isEqualTo(before.size());
  }

  @Test
  void anUpdateByKeyOfMoreThanTheDriverReads() {
    spark.conf().set("spark.datasource.alexstore.localScanRows", "0");
    assertThat(touched("UPDATE $t SET v = -1 WHERE id IN (8, 12)")).isOne();
    check(Map.of(8L, -1L, 12L, -1L, 9L, 90L));
  }

  @Test
  void aDeleteByKey() {
    assertThat(touched("DELETE FROM $t WHERE id = 7")).isOne();
    assertThat(touched("DELETE FROM $t WHERE id IN (8, 20000, 39999, 50000)")).isEqualTo(3);
    assertThat(touched("DELETE FROM $t WHERE id IN (9, 20001) AND v % 2 = 0")).isEqualTo(2);
    HashMap<Long, Long> gone = new HashMap<>();
    for (long id : new long[] {7, 8, 20000, 39999, 9, 20001}) {
      gone.put(id, null);
    }
    check(gone);
    check(Map.of(6L, 60L, 39998L, 399980L));
    assertThat(touched("DELETE FROM $t WHERE id > 100000")).isZero();
  }

  @Test
  void aMergeByKey() {
    String merge = "MERGE INTO $t t USING (SELECT id k FROM VALUES (5L), (12L) AS (id)) ON id = k";
    assertThat(touched(merge + " WHEN MATCHED THEN UPDATE SET v = -5")).isOne();
    assertThat(touched(merge.replace("12L", "30000L") + " WHEN MATCHED THEN UPDATE SET v = -5"))
        .isEqualTo(2);
    assertThat(touched(merge + " WHEN MATCHED THEN DELETE")).isOne();
    HashMap<Long, Long> gone = new HashMap<>();
    gone.put(5L, null);
    gone.put(12L, null);
    check(gone);
    assertThat(
            touched(
                merge.replace("5L", "6L")
                    + " WHEN MATCHED THEN UPDATE SET v = -6"
                    + " WHEN NOT MATCHED THEN INSERT (id, v) VALUES (k, 1)"))
        .isOne();
    check(Map.of(6L, -6L, 12L, 1L));
  }
}
