package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that stand in the order of the key are not distributed and sorted again. */
class KeyOrderTest {

  private static SparkSession spark;
  private static SparkSession plain;

  @TempDir static Path directory;

  @BeforeAll
  static void write() {
    spark = TestSession.extended().newSession();
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    plain = TestSession.get().newSession();
    plain.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    // Tables so small are one partition otherwise.
    spark.conf().set("spark.sql.files.maxPartitionBytes", "20k");
    spark.conf().set("spark.sql.files.openCostInBytes", "1");
    SparkSession.setActiveSession(spark);
    save("one", "id a, id % 7 b", "a");
    // Each order has up to seven lines, so that a cut at any row would part some.
    save("lines", "id div 7 a, id % 7 b", "a,b");
    save("few", "id div 5000 a, id b", "a,b");
  }

  @BeforeEach
  void activate() {
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void restore() {
    SparkSession.setActiveSession(TestSession.get());
  }

  @AfterAll
  static void forget() {
    SparkSession.setActiveSession(TestSession.get());
  }

  private static void save(String name, String columns, String key) {
    spark
        .sql("SELECT " + columns + ", hash(id) c FROM range(0, 20000)")
        .write()
        .format("alexstore")
        .option("primaryKey", key)
        .option("targetSegmentSize", "60k")
        .mode("append")
        .save(directory.resolve(name).toString());
  }

  private static Dataset<Row> query(String sql) {
    return query(spark, sql);
  }

  private static Dataset<Row> query(SparkSession session, String sql) {
    return session.sql(sql.replaceAll("\\$(\\w+)", "alexstore.`" + directory + "/$1`"));
  }

  private static void check(String sql, boolean shuffles, boolean sorts) {
    Dataset<Row> query = query(sql);
    String plan = Plans.text(query);
    assertThat(plan.contains("Exchange")).as("an exchange in %s", plan).isEqualTo(shuffles);
    assertThat(plan.contains("Sort ")).as("a sort in %s", plan).isEqualTo(sorts);
    assertThat(plan.contains("AlexStoreKeyOrder")).as("the order in %s", plan).isEqualTo(!shuffles);
    // What Spark makes of the same by itself.
    SparkSession.setActiveSession(plain);
    List<Row> expected;
    try {
      expected = query(plain, sql).collectAsList();
    } finally {
      SparkSession.setActiveSession(spark);
    }
    List<Row> actual = query.collectAsList();
    if (sql.contains("ORDER BY a") && !sql.contains("OVER")) {
      assertThat(actual).as(sql).isEqualTo(expected);
    } else {
      assertThat(actual).as(sql).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void severalPartitionsAreRead() {
    assertThat(query("SELECT * FROM $lines").rdd().getNumPartitions()).isGreaterThan(5);
    assertThat(query("SELECT * FROM $lines ORDER BY a").rdd().getNumPartitions()).isGreaterThan(5);
  }

  @Test
  void aSortByTheKeyIsNone() {
    check("SELECT * FROM $one ORDER BY a", false, false);
    check("SELECT a, c FROM $lines ORDER BY a, b", false, false);
    check("SELECT a, b + 1 d FROM $lines WHERE c > 0 ORDER BY a, b", false, false);
    check("SELECT * FROM $lines WHERE a BETWEEN 500 AND 2500 ORDER BY a, b", false, false);
    // Equal keys are in one partition, where the rest is sorted.
    check("SELECT * FROM $lines ORDER BY a, c", false, true);
    check("SELECT * FROM $one ORDER BY a DESC", true, true);
    check("SELECT * FROM $lines ORDER BY b", true, true);
  }

  @Test
  void aGroupByOverTheKeyDistributesNothing() {
    check("SELECT a, count(*), sum(c) FROM $one GROUP BY a", false, false);
    check("SELECT a, count(*), sum(c) FROM $lines GROUP BY a", false, false);
    check("SELECT a, b, max(c) FROM $lines WHERE c < 0 GROUP BY a, b", false, false);
    check("SELECT c, a, count(*) FROM $lines GROUP BY c, a", false, false);
    check("SELECT DISTINCT a FROM $lines", false, false);
    check("SELECT b, count(*) FROM $lines GROUP BY b", true, false);
    // So few groups would be so few tasks.
    check("SELECT a, count(*) FROM $few GROUP BY a", true, false);
    check("SELECT a, b, count(*) FROM $few GROUP BY a, b", false, false);
  }

  @Test
  void aWindowOverTheKeySortsNothing() {
    check("SELECT a, b, row_number() OVER (PARTITION BY a ORDER BY b) r FROM $lines", false, false);
    check("SELECT a, sum(c) OVER (PARTITION BY a) s FROM $lines", false, false);
    check("SELECT a, b, rank() OVER (PARTITION BY a ORDER BY c) r FROM $lines", false, true);
    check("SELECT a, b, rank() OVER (PARTITION BY b ORDER BY a) r FROM $lines", true, true);
  }

  @Test
  void overlappingSegmentsAreNotInOrder() {
    save("two", "id a, id b", "a");
    query("UPDATE $two SET b = -1 WHERE a % 100 = 5").collectAsList();
    query("DELETE FROM $two WHERE a % 50 = 7").collectAsList();
    check("SELECT a, b FROM $two ORDER BY a", true, true);
    check("SELECT a, count(*) FROM $two GROUP BY a", true, false);
    // A range of the key without them, or rows that are merely gone.
    save("gone", "id a, id b", "a");
    query("DELETE FROM $gone WHERE a % 50 = 7").collectAsList();
    check("SELECT a, b FROM $gone ORDER BY a", false, false);
    check("SELECT a, count(*) FROM $gone GROUP BY a", false, false);
  }

  @Test
  void duplicatesOfASortKeyStayTogether() {
    spark
        .sql("SELECT if(id < 30, null, id div 3) a, id b FROM range(0, 20000)")
        .write()
        .format("alexstore")
        .option("sortKey", "a")
        .option("targetSegmentSize", "30k")
        .mode("append")
        .save(directory.resolve("dup").toString());
    check("SELECT a, count(*), sum(b) FROM $dup GROUP BY a", false, false);
    check("SELECT a FROM $dup ORDER BY a", false, false);
    check("SELECT a FROM $dup ORDER BY a NULLS LAST", true, true);
  }

  @Test
  void oneScanServesSeveral() {
    check(
        "SELECT a, n, row_number() OVER (PARTITION BY a ORDER BY n) r"
            + " FROM (SELECT a, b, count(*) n FROM $lines GROUP BY a, b)",
        false,
        true);
    check("SELECT a, count(*) n FROM $lines GROUP BY a ORDER BY a", false, true);
    Dataset<Row> both =
        query(
            "SELECT l.a, l.n, o.c FROM (SELECT a, count(*) n FROM $lines GROUP BY a) l"
                + " JOIN $one o ON l.a = o.a");
    assertThat(both.count()).isEqualTo(2858);
  }
}
