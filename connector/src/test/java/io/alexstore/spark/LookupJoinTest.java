package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.spark.plan.lookupjoin.AlexLookupJoinExec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

/** When a join looks keys up, what it says of itself, and what it counts. */
class LookupJoinTest {

  private static final int ROWS = 200_000;

  /** So many that a job, in which probes are counted, costs little beside a scan. */
  private static final int MANY_ROWS = 3_000_000;

  private final SparkSession shared = TestSession.get();
  private final SparkSession spark = TestSession.extended().newSession();

  @TempDir static Path sharedDirectory;

  @TempDir Path directory;

  @BeforeEach
  void useSession() {
    SparkSession.setActiveSession(spark);
    // Else rows of the program are looked up before there is an operator for it.
    spark.conf().set("spark.datasource.alexstore.localScanRows", "0");
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  /** A table of many rows, which no test changes. */
  private String large() {
    return Files.exists(sharedDirectory.resolve("t" + MANY_ROWS))
        ? "alexstore.`" + sharedDirectory.resolve("t" + MANY_ROWS) + "`"
        : table(sharedDirectory, MANY_ROWS);
  }

  private String table(long rows) {
    return table(directory, rows);
  }

  private String table(Path parent, long rows) {
    String path = parent.resolve("t" + rows).toString();
    spark
        .range(0, rows)
        .selectExpr("id", "id * 2 AS v", "concat('s', id) AS s")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .option("targetSegmentSize", rows > ROWS ? "256m" : "1m")
        .save(path);
    return "alexstore.`" + path + "`";
  }

  private void probes(Long... keys) {
    List<Row> rows = Stream.of(keys).map(key -> RowFactory.create(key)).toList();
    spark.createDataFrame(rows, StructType.fromDDL("k BIGINT")).createOrReplaceTempView("p");
  }

  private static List<SparkPlan> lookups(Dataset<Row> query) {
    SparkPlan plan = query.queryExecution().executedPlan();
    SparkPlan shown =
        plan instanceof AdaptiveSparkPlanExec adaptive ? adaptive.executedPlan() : plan;
    return all(shown).filter(node -> node instanceof AlexLookupJoinExec).toList();
  }

  private static Stream<SparkPlan> all(SparkPlan plan) {
    return Stream.concat(
        Stream.of(plan),
        CollectionConverters.asJava(plan.children()).stream().flatMap(LookupJoinTest::all));
  }

  private static long metric(Dataset<Row> query, String name) {
    return lookups(query).get(0).metrics().apply(name).value();
  }

  @Test
  void fewProbesAreLookedUpAndThePlanSaysWhy() {
    String table = table(ROWS);
    probes(5L, 7L, null, -1L, 5L);
    Dataset<Row> query =
        spark.sql("SELECT p.k, t.s FROM p JOIN " + table + " t ON p.k = t.id AND t.v < 14");
    assertThat(Plans.text(query))
        .contains("AlexLookupJoin Inner, [id = ")
        .doesNotContain("!AlexLookupJoin")
        .contains("primaryKey 'id'", "version 0", "ms of lookups or", "v < 14");
    assertThat(query.collectAsList())
        .containsExactly(RowFactory.create(5L, "s5"), RowFactory.create(5L, "s5"));
    // An inner join's null keys are filtered before.
    assertThat(metric(query, "probes")).isEqualTo(4);
    assertThat(metric(query, "hits")).isEqualTo(3);
    assertThat(metric(query, "numOutputRows")).isEqualTo(2);
    // Each task counts those that it opens.
    assertThat(metric(query, "segments")).isBetween(1L, 2L);
    assertThat(metric(query, "lookupTime")).isPositive();
  }

  @Test
  void fewProbesAreLookedUpInOneTaskSoThatAnAggregateNeedsNoShuffle() throws Exception {
    String table = table(ROWS);
    String file = directory.resolve("feed").toString();
    spark.range(0, 300, 1, 3).selectExpr("id * 3 AS k").write().parquet(file);
    String sql = "SELECT count(*), sum(t.v) FROM parquet.`" + file + "` p JOIN " + table + " t";
    Dataset<Row> query = spark.sql(sql + " ON p.k = t.id");
    assertThat(lookups(query)).hasSize(1);
    assertThat(Plans.text(query)).contains("Coalesce 1").doesNotContain("Exchange");
    assertThat(Jobs.during(spark, query::collectAsList)).isEqualTo(1);
    assertThat(query.collectAsList()).containsExactly(RowFactory.create(300L, 269_100L));
    probes();
    assertThat(spark.sql("SELECT count(*) FROM p JOIN " + table + " t ON p.k = t.id").first())
        .isEqualTo(RowFactory.create(0L));
  }

  @Test
  void oneSmallFileOfProbesIsOneTasksWorkHoweverManyTheyAre() throws Exception {
    String table = table(ROWS);
    spark.conf().set("spark.datasource.alexstore.lookupJoin", "always");
    String file = directory.resolve("feed").toString();
    spark.range(0, 200_000, 1, 1).selectExpr("id AS k").write().parquet(file);
    String sql = "SELECT count(*), sum(t.v) FROM parquet.`" + file + "` p JOIN " + table + " t";
    Dataset<Row> query = spark.sql(sql + " ON p.k = t.id");
    assertThat(Plans.text(query)).contains("Coalesce 1").doesNotContain("Exchange");
    assertThat(Jobs.during(spark, query::collectAsList)).isEqualTo(1);
    assertThat(query.first().getLong(0)).isEqualTo(200_000);
    spark.range(0, 200_000, 1, 2).selectExpr("id AS k").write().mode("append").parquet(file);
    Dataset<Row> more = spark.sql(sql + " ON p.k = t.id");
    assertThat(Plans.text(more)).doesNotContain("Coalesce 1");
    assertThat(more.first().getLong(0)).isEqualTo(400_000);
  }

  @Test
  void manyRowsOfTheProgramAreCountedAsTheyAreAndGoToTasks() {
    String table = table(ROWS);
    Long[] keys = LongStream.range(0, 20_000).map(i -> i % 400).boxed().toArray(Long[]::new);
    probes(keys);
    Dataset<Row> query =
        spark.sql(
            "SELECT /*+ LOOKUP_JOIN(t) */ count(*), count(t.id) FROM p LEFT JOIN "
                + (table + " t ON p.k = t.id"));
    assertThat(Plans.text(query)).contains("AlexLookupJoin LeftOuter");
    assertThat(query.collectAsList()).containsExactly(RowFactory.create(20_000L, 20_000L));
    spark.conf().set("spark.datasource.alexstore.lookupJoin", "auto");
    assertThat(Plans.text(spark.sql("SELECT t.s FROM p LEFT JOIN " + table + " t ON p.k = t.id")))
        .contains("for 20000 probes");
  }

  @Test
  void rowsOfTheProgramAreLookedUpOnTheDriver() throws Exception {
    spark.conf().unset("spark.datasource.alexstore.localScanRows");
    String table = table(ROWS);
    probes(5L, 7L, null, -1L, 5L);
    String join = " FROM p LEFT JOIN " + table + " t ON p.k = t.id AND t.v < 14";
    Dataset<Row> query = spark.sql("SELECT p.k, upper(t.s)" + join);
    assertThat(Plans.text(query)).contains("AlexStoreDriverRows", "AlexLookupJoin LeftOuter");
    assertThat(Jobs.during(spark, query::collectAsList)).isZero();
    assertThat(query.collectAsList())
        .containsExactlyInAnyOrder(
            RowFactory.create(5L, "S5"),
            RowFactory.create(7L, null),
            RowFactory.create(null, null),
            RowFactory.create(-1L, null),
            RowFactory.create(5L, "S5"));
    Dataset<Row> sum = spark.sql("SELECT count(*), sum(t.v), max(t.s)" + join);
    assertThat(Jobs.during(spark, sum::collectAsList)).isZero();
    assertThat(sum.first()).isEqualTo(RowFactory.create(5L, 20L, "s5"));
    spark.conf().set("spark.datasource.alexstore.localScanRows", "4");
    assertThat(Jobs.during(spark, spark.sql("SELECT t.s" + join)::collectAsList)).isPositive();
    spark.conf().set("spark.datasource.alexstore.localScanRows", "5");
    spark.conf().set("spark.datasource.alexstore.localScanBytes", "100");
    assertThat(Jobs.during(spark, spark.sql("SELECT t.s" + join)::collectAsList)).isPositive();
    assertThat(spark.sql("SELECT t.s" + join).count()).isEqualTo(5);
  }

  @Test
  void fewRowsOfASmallFileAreReadAndLookedUpOnTheDriver() throws Exception {
    spark.conf().unset("spark.datasource.alexstore.localScanRows");
    spark.conf().set("spark.sql.session.timeZone", "Asia/Tokyo");
    String table = table(ROWS);
    String file = directory.resolve("feed").toString();
    spark
        .range(0, 300, 1, 2)
        .selectExpr("id * 3 AS k", "timestamp'2026-01-01 00:00:00Z' + id * interval '1' hour AS t")
        .write()
        .parquet(file);
    String join = " FROM parquet.`" + file + "` p LEFT JOIN " + table + " t ON p.k = t.id";
    String sql = "SELECT count(*), sum(t.v), max(hour(p.t))" + join + " WHERE hour(p.t) < 6";
    Dataset<Row> query = spark.sql(sql);
    assertThat(Plans.text(query)).contains("AlexStoreDriverRows", "parquet", "AlexLookupJoin");
    assertThat(Jobs.during(spark, query::collectAsList)).isZero();
    spark.conf().set("spark.datasource.alexstore.lookupJoin", "never");
    Dataset<Row> bySpark = spark.sql(sql);
    assertThat(Jobs.during(spark, bySpark::collectAsList)).isPositive();
    assertThat(query.collectAsList()).isEqualTo(bySpark.collectAsList());
    assertThat(TaskContext.get()).isNull();
  }

  @Test
  void aSmallFileOfManyRowsOrOfBadOnesIsLeftToTasks() throws Exception {
    spark.conf().unset("spark.datasource.alexstore.localScanRows");
    spark.conf().set("spark.sql.ansi.enabled", "true");
    String table = table(ROWS);
    String file = directory.resolve("feed").toString();
    // Ones compress to next to nothing.
    spark.range(0, 50_000, 1, 1).selectExpr("id - id AS k").write().parquet(file);
    String join = " FROM parquet.`" + file + "` p JOIN " + table + " t ON p.k = t.id";
    Dataset<Row> query = spark.sql("SELECT count(*), sum(t.v)" + join);
    assertThat(Jobs.during(spark, query::collectAsList)).isEqualTo(1);
    assertThat(query.first()).isEqualTo(RowFactory.create(50_000L, 0L));
    assertThatThrownBy(() -> spark.sql("SELECT t.v" + join + " WHERE 1 / p.k = 1").collect())
        .hasMessageContaining("DIVIDE_BY_ZERO");
    assertThat(TaskContext.get()).isNull();
    try (Stream<Path> files = Files.walk(Path.of(file))) {
      files
          .filter(path -> path.toString().endsWith(".parquet"))
          .forEach(path -> path.toFile().delete());
    }
    assertThatThrownBy(query.select("*")::collect).hasMessageContaining("feed");
  }

  @Test
  void manyProbesAreJoinedBySpark() {
    String table = table(1000);
    Dataset<Row> query =
        spark.sql("SELECT count(t.s) FROM range(0, 5000000) p JOIN " + table + " t ON p.id = t.id");
    assertThat(Plans.text(query)).doesNotContain("AlexLookupJoin");
  }

  @Test
  void theHintWinsOverTheOptionAndTheOptionOverTheEstimate() {
    String table = table(1000);
    String join = "p.id, t.s FROM range(0, 30000) p LEFT JOIN " + table + " t ON p.id = t.id";
    assertThat(lookups(spark.sql("SELECT " + join))).isEmpty();
    Dataset<Row> hinted = spark.sql("SELECT /*+ LOOKUP_JOIN(t) */ " + join);
    assertThat(Plans.text(hinted)).contains("by the hint LOOKUP_JOIN");
    assertThat(hinted.collectAsList()).hasSize(30_000);
    assertThat(lookups(spark.sql("SELECT /*+ LOOKUP_JOIN(p) */ " + join))).isEmpty();
    spark.conf().set("spark.datasource.alexstore.lookupJoin", "always");
    assertThat(Plans.text(spark.sql("SELECT " + join))).contains("by lookupJoin=always");
    spark.conf().set("spark.datasource.alexstore.lookupJoin", "never");
    assertThat(lookups(spark.sql("SELECT " + join))).isEmpty();
    assertThat(lookups(spark.sql("SELECT /*+ LOOKUP_JOIN(t) */ " + join))).hasSize(1);
    String path = directory.resolve("t1000").toString();
    Dataset<Row> right = spark.read().format("alexstore").load(path);
    Dataset<Row> left = spark.range(10).toDF("id");
    assertThat(lookups(left.join(right.hint("lookup_join"), "id"))).hasSize(1);
    assertThat(
            lookups(
                left.join(
                    spark.read().format("alexstore").option("lookupJoin", "always").load(path),
                    "id")))
        .hasSize(1);
    assertThatThrownBy(
            () -> spark.read().format("alexstore").option("lookupJoin", "no").load(path).count())
        .hasMessageContaining("'lookupJoin' is 'no'")
        .hasMessageContaining("auto");
  }

  @Test
  void sparksOwnHintsAreHonoured() {
    String table = table(1000);
    probes(1L);
    String join = " t.s FROM p JOIN " + table + " t ON p.k = t.id";
    assertThat(lookups(spark.sql("SELECT" + join))).hasSize(1);
    assertThat(lookups(spark.sql("SELECT /*+ MERGE(t) */" + join))).isEmpty();
    assertThat(lookups(spark.sql("SELECT /*+ BROADCAST(p) */" + join))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whereSizesDoNotTellProbesAreCountedFirst(boolean adaptive) {
    spark.conf().set("spark.sql.adaptive.enabled", Boolean.toString(adaptive));
    spark.conf().set("spark.sql.autoBroadcastJoinThreshold", "1g");
    String table = large();
    String file = directory.resolve("feed").toString();
    spark.range(0, 400_000, 1, 3).selectExpr("id * 3 AS k", "id % 100 AS x").write().parquet(file);
    String join =
        "SELECT p.k, p.x, t.s FROM parquet.`" + file + "` p JOIN " + table + " t ON p.k = t.id";
    Dataset<Row> few = spark.sql(join + " WHERE p.x = 4");
    assertThat(Plans.text(few)).contains("probes are counted first: up to ");
    assertThat(few.collectAsList()).hasSize(4000).contains(RowFactory.create(312L, 4L, "s312"));
    assertThat(Plans.text(few)).contains("; 4000 were counted and looked up");
    assertThat(metric(few, "hits")).isEqualTo(4000);

    Dataset<Row> many = spark.sql(join + " WHERE p.x >= 0");
    assertThat(Plans.text(many)).contains("probes are counted first");
    assertThat(many.collectAsList()).hasSize(400_000).contains(RowFactory.create(312L, 4L, "s312"));
    assertThat(Plans.text(many)).contains("; there were more, and Spark's own plan ran");
    assertThat(metric(many, "probes")).isZero();
    // As a part of something larger, too.
    Dataset<Row> grouped =
        spark.sql("SELECT x, count(*) FROM (" + join + " WHERE p.x >= 0) GROUP BY x ORDER BY x");
    assertThat(grouped.collectAsList()).hasSize(100).contains(RowFactory.create(4L, 4000L));
    Dataset<Row> groupedFew =
        spark.sql("SELECT x, count(*) FROM (" + join + " WHERE p.x < 3) GROUP BY x ORDER BY x");
    assertThat(groupedFew.collectAsList())
        .containsExactly(
            RowFactory.create(0L, 4000L),
            RowFactory.create(1L, 4000L),
            RowFactory.create(2L, 4000L));
  }

  @Test
  void anErrorInCountingIsTheQuerys() {
    String table = table(ROWS);
    String file = directory.resolve("feed").toString();
    spark.range(0, 20_000).selectExpr("id AS k", "id % 100 AS x").write().parquet(file);
    spark.conf().set("spark.sql.ansi.enabled", "true");
    Dataset<Row> query =
        spark.sql(
            "SELECT p.k, t.s FROM (SELECT k, x FROM parquet.`"
                + file
                + "` WHERE 10 / (x - 50) < 100) p JOIN "
                + table
                + " t ON p.k = t.id");
    assertThatThrownBy(query::collectAsList).hasMessageContaining("DIVIDE_BY_ZERO");
  }

  @Test
  void onlyConditionsThatPinTheKeyAsItIsAreLookups() {
    String table = table(1000);
    probes(1L, 2L);
    spark.conf().set("spark.datasource.alexstore.lookupJoin", "always");
    for (String on :
        List.of(
            "p.k = t.v",
            "CAST(t.id AS STRING) = CAST(p.k AS STRING)",
            "CAST(t.id AS DOUBLE) = p.k",
            "CAST(t.id AS INT) = CAST(p.k AS INT)",
            "t.id * 2 = p.k",
            "t.id <=> p.k",
            "t.id = p.k OR t.v = p.k",
            "t.id > p.k")) {
      assertThat(lookups(spark.sql("SELECT * FROM p JOIN " + table + " t ON " + on)))
          .as(on)
          .isEmpty();
    }
    for (String on :
        List.of(
            "t.id = p.k",
            "t.id = CAST(p.k AS INT)",
            "t.id = CAST(CAST(p.k AS STRING) AS BIGINT)",
            "t.id = p.k + 1 AND t.v <> p.k",
            "t.id = p.k AND t.v = p.k")) {
      assertThat(lookups(spark.sql("SELECT * FROM p JOIN " + table + " t ON " + on)))
          .as(on)
          .hasSize(1);
    }
    assertThat(lookups(spark.sql("SELECT * FROM p FULL JOIN " + table + " t ON t.id = p.k")))
        .isEmpty();
    assertThat(lookups(spark.sql("SELECT * FROM " + table + " t LEFT JOIN p ON t.id = p.k")))
        .isEmpty();
  }

  @Test
  void aPlanStaysWithTheVersionThatItWasMadeFor() {
    String table = table(1000);
    probes(1L, 2L, 3L);
    Dataset<Row> before = spark.sql("SELECT t.id FROM p JOIN " + table + " t ON p.k = t.id");
    assertThat(lookups(before)).hasSize(1);
    spark.sql("DELETE FROM " + table + " WHERE id = 2");
    assertThat(before.collectAsList()).hasSize(3);
    assertThat(spark.sql("SELECT t.id FROM p JOIN " + table + " t ON p.k = t.id").collectAsList())
        .containsExactlyInAnyOrder(RowFactory.create(1L), RowFactory.create(3L));
  }

  @Test
  void aMergeStillSeesThatTwoRowsOfItsSourceMatch() {
    String table = table(1000);
    spark.conf().set("spark.datasource.alexstore.lookupJoin", "always");
    spark.range(0, 1010, 1, 4).selectExpr("id % 1005 AS k").createOrReplaceTempView("source");
    String merge = "MERGE INTO " + table + " t USING source p ON t.id = p.k ";
    assertThatThrownBy(() -> spark.sql(merge + "WHEN MATCHED THEN UPDATE SET v = -1"))
        .hasMessageContaining("MERGE_CARDINALITY_VIOLATION");
    spark.range(998, 1002, 1, 4).selectExpr("id AS k").createOrReplaceTempView("source");
    spark.sql(merge + "WHEN NOT MATCHED THEN INSERT (id, v, s) VALUES (k, 0, 'new')");
    assertThat(spark.sql("SELECT id, s FROM " + table + " WHERE id > 998").collectAsList())
        .containsExactlyInAnyOrder(
            RowFactory.create(999L, "s999"),
            RowFactory.create(1000L, "new"),
            RowFactory.create(1001L, "new"));
  }

  @Test
  void whoWantsFewRowsOfManyDoesNotWaitForAll() {
    String table = table(ROWS);
    spark.conf().set("spark.datasource.alexstore.lookupJoin", "always");
    Dataset<Row> query =
        spark.sql(
            "SELECT t.s FROM range(0, 1000000, 1, 1) p JOIN "
                + table
                + " t ON p.id = t.id LIMIT 5");
    assertThat(query.collectAsList()).hasSize(5);
    assertThat(metric(query, "probes")).isBetween(5L, 2048L);
  }

  @Test
  void joinsOfJoinsAreLookedUpOneAfterTheOther() {
    String table = large();
    probes(10L, 20L, 3_000_000L);
    Dataset<Row> query =
        spark.sql(
            "SELECT p.k, a.s, b.s FROM p JOIN "
                + table
                + " a ON p.k = a.id LEFT JOIN "
                + table
                + " b ON a.v = b.id");
    assertThat(query.collectAsList())
        .containsExactlyInAnyOrder(
            RowFactory.create(10L, "s10", "s20"), RowFactory.create(20L, "s20", "s40"));
    assertThat(lookups(query)).hasSize(2);
  }
}
