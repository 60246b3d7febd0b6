package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the plans of ORDER BY key LIMIT, OFFSET and TABLESAMPLE read, and what comes out. */
class FirstRowsTest {

  private static SparkSession spark;

  @TempDir static Path directory;

  @BeforeAll
  static void write() {
    spark = TestSession.extended().newSession();
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    SparkSession.setActiveSession(spark);
    // Two runs of segments that overlap everywhere.
    for (int odd : new int[] {0, 1}) {
      spark
          .range(0, 30_000)
          .selectExpr("id * 2 + " + odd + " id", "hash(id) v")
          .write()
          .format("alexstore")
          .option("primaryKey", "id")
          .option("targetSegmentSize", "60k")
          .mode("append")
          .save(path());
    }
    sql("DELETE FROM $t WHERE id BETWEEN 3 AND 5 OR id BETWEEN 59990 AND 59995");
  }

  @BeforeEach
  void activate() {
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void sharedSession() {
    spark.conf().unset("spark.datasource.alexstore.localScanRows");
    SparkSession.setActiveSession(TestSession.get());
  }

  private static String path() {
    return directory.resolve("t").toString();
  }

  private static Dataset<Row> sql(String text) {
    return spark.sql(text.replace("$t", "alexstore.`" + path() + "`"));
  }

  private static List<Long> ids(String text) {
    return sql(text).collectAsList().stream().map(row -> row.getLong(0)).toList();
  }

  @Test
  void theFirstByKeyAreReadOnTheDriver() throws Exception {
    assertThat(ids("SELECT id FROM $t ORDER BY id LIMIT 5")).containsExactly(0L, 1L, 2L, 6L, 7L);
    assertThat(ids("SELECT id FROM $t ORDER BY id DESC LIMIT 6"))
        .containsExactly(59999L, 59998L, 59997L, 59996L, 59989L, 59988L);
    assertThat(ids("SELECT id FROM $t WHERE id > 4 ORDER BY id LIMIT 3 OFFSET 2"))
        .containsExactly(8L, 9L, 10L);
    assertThat(ids("SELECT id FROM $t WHERE id IN (9, 2, 4, 7) ORDER BY id DESC, v LIMIT 2"))
        .containsExactly(9L, 7L);
    Dataset<Row> query = sql("SELECT id, v + 1 w FROM $t ORDER BY id LIMIT 100");
    assertThat(Plans.text(query)).contains("limit 100 by key", "answered on the driver");
    assertThat(Jobs.during(spark, query::collectAsList)).isZero();
  }

  @Test
  void ofManyFirstByKeyNoMoreSegmentsAreReadThanHaveSome() {
    spark.conf().set("spark.datasource.alexstore.localScanRows", "1000");
    Dataset<Row> query = sql("SELECT id FROM $t ORDER BY id LIMIT 5000");
    String plan = Plans.text(query);
    assertThat(plan).contains("TakeOrderedAndProject", "limit 5000 by key at least");
    assertThat(plan).doesNotContainPattern("rows [3-9]\\d{4} of");
    List<Row> rows = query.collectAsList();
    assertThat(rows).hasSize(5000);
    assertThat(rows.get(4999).getLong(0)).isEqualTo(5002);
    List<Row> last = sql("SELECT id FROM $t ORDER BY id DESC LIMIT 5000").collectAsList();
    assertThat(last.get(4999).getLong(0)).isEqualTo(59999 - 4999 - 6);
  }

  @Test
  void otherOrdersAreSparks() {
    for (String order : List.of("-id", "v", "v, id", "id % 3, id")) {
      String plan = Plans.text(sql("SELECT * FROM $t ORDER BY " + order + " LIMIT 5"));
      assertThat(plan).as(order).contains("TakeOrdered").doesNotContain("by key");
    }
  }

  @Test
  void aLimitIsNotLimitedAgain() {
    Dataset<Row> query = sql("SELECT v FROM (SELECT * FROM $t LIMIT 20000) WHERE v > 0");
    assertThat(Plans.text(query)).doesNotContain("GlobalLimit", "Exchange");
    assertThat(sql("SELECT id FROM $t LIMIT 20000").distinct().count()).isEqualTo(20_000);
    assertThat(sql("SELECT id FROM $t LIMIT 20000 OFFSET 19990").collectAsList()).hasSize(20_000);
    assertThat(sql("SELECT id FROM $t OFFSET 59000").collectAsList()).hasSize(991);
    assertThat(Plans.text(sql("SELECT id FROM $t OFFSET 59000")))
        .contains("offset 59000", "rows 991 of 59991");
    assertThat(sql("SELECT id FROM $t LIMIT 10 OFFSET 59990").collectAsList()).hasSize(1);
  }

  @Test
  void otherFiltersDoNotReachBelowALimit() {
    // A join could tell the scan which keys it wants: of all rows, not of the first ones.
    spark.range(50_000, 50_010).createOrReplaceTempView("wanted");
    for (String from :
        List.of(
            "(SELECT id FROM $t LIMIT 20000)",
            "(SELECT id FROM $t ORDER BY id LIMIT 2000)",
            "(SELECT id FROM $t ORDER BY id LIMIT 900)")) {
      String join =
          "SELECT count(*) FROM " + from + " t JOIN wanted w ON t.id = w.id WHERE w.id > 3";
      assertThat(sql(join).head().getLong(0)).as(from).isZero();
    }
  }

  @Test
  @RequiresSpark(value = "4.2", feature = "TABLESAMPLE SYSTEM")
  void aSampleIsOfBlocks() {
    String sample = "SELECT id FROM $t TABLESAMPLE SYSTEM (%d PERCENT)";
    List<Long> some = ids(String.format(sample, 30));
    assertThat(some).hasSizeBetween(1_000, 50_000).doesNotHaveDuplicates();
    // Of each segment's every other number whole blocks are there, but at its ends.
    assertThat(some.stream().filter(id -> some.contains(id + 2)).limit(500).count()).isEqualTo(500);
    assertThat(ids(String.format(sample, 100))).hasSize(59_991);
    assertThat(ids(String.format(sample, 0))).isEmpty();
    Dataset<Row> count =
        sql(String.format(sample, 30).replace("SELECT id", "SELECT count(*), min(id)"));
    assertThat(count.head().getLong(0)).isBetween(1_000L, 50_000L);
    assertThat(ids(String.format(sample, 50) + " WHERE id BETWEEN 1000 AND 30000"))
        .allMatch(id -> id >= 1000 && id <= 30000);
    assertThat(ids(String.format(sample, 50) + " ORDER BY id LIMIT 50"))
        .hasSize(50)
        .isSorted()
        .doesNotHaveDuplicates();
    // A sample is joined with, not looked up in.
    spark.range(0, 60_000).createOrReplaceTempView("probes");
    Dataset<Row> joined =
        sql(
            "SELECT /*+ LOOKUP_JOIN(s) */ count(*) FROM probes p JOIN ("
                + String.format(sample, 30)
                + ") s ON p.id = s.id");
    assertThat(joined.head().getLong(0)).isBetween(1_000L, 50_000L);
    // By rows it is Spark's.
    assertThat(sql("SELECT id FROM $t TABLESAMPLE (10 PERCENT) REPEATABLE (1)").count())
        .isBetween(4_000L, 8_000L);
  }
}
