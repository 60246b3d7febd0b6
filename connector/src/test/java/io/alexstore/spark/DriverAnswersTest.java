package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries for few keys launch no job, and their rows are those that a job would give. */
class DriverAnswersTest {

  private static final SparkSession PLAIN = TestSession.get();
  private static final SparkSession EXTENDED = TestSession.extended();

  @TempDir static Path directory;

  @BeforeAll
  static void write() {
    save("t", 0, 10_000);
  }

  @BeforeEach
  void activate() {
    SparkSession.setActiveSession(EXTENDED);
  }

  @AfterEach
  void restore() {
    SparkSession.setActiveSession(PLAIN);
  }

  private static void save(String name, long from, long to) {
    PLAIN
        .range(from, to)
        .selectExpr(
            "id",
            "concat('name ', id) name",
            "id * 0.5d amount",
            "if(id % 10 = 0, null, named_struct('x', id, 'y', array(cast(id as string), null))) s",
            "map('k', id, 'n', null) m",
            "array(named_struct('f', float(id), 'd', date'2020-01-01')) i")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .option("targetSegmentSize", "100k")
        .mode(SaveMode.Append)
        .save(directory.resolve(name).toString());
  }

  private static Dataset<Row> table(SparkSession session, String name, String... options) {
    var reader = session.read().format("alexstore");
    for (int i = 0; i < options.length; i += 2) {
      reader = reader.option(options[i], options[i + 1]);
    }
    return reader.load(directory.resolve(name).toString());
  }

  private static Dataset<Row> table() {
    return table(EXTENDED, "t");
  }

  private static int jobs(Dataset<Row> query) throws Exception {
    return Jobs.during(EXTENDED, query::collectAsList);
  }

  private static String plan(Dataset<Row> query) {
    return query.queryExecution().executedPlan().toString();
  }

  @Test
  void fewKeysLaunchNoJob() throws Exception {
    assertThat(jobs(table().where("id = 42"))).isZero();
    assertThat(jobs(table().where("id in (1, 5000, 9999, 20000)"))).isZero();
    assertThat(jobs(table().where("id between 100 and 300"))).isZero();
    assertThat(jobs(table().where("id = 42 and id = 43"))).isZero();
    // The count is what tells that jobs are seen.
    assertThat(jobs(table(EXTENDED, "t", "localScanRows", "1000").where("id > 42"))).isPositive();
    assertThat(jobs(table(EXTENDED, "t", "localScanRows", "0").where("id = 42"))).isPositive();
    assertThat(jobs(table(EXTENDED, "t", "localScanBytes", "100").where("id = 42"))).isPositive();
  }

  @Test
  void withoutTheExtensionsPlainColumnsLaunchNoJob() throws Exception {
    SparkSession.setActiveSession(PLAIN);
    Dataset<Row> plain = table(PLAIN, "t").where("id in (3, 4)");
    assertThat(Jobs.during(PLAIN, () -> plain.select("id", "name").collectAsList())).isZero();
    assertThat(plan(plain)).contains("LocalTableScan");
    assertThat(plain.selectExpr("id + 1").collectAsList()).hasSize(2);
  }

  @Test
  void operatorsAboveLaunchNoJob() throws Exception {
    Dataset<Row> some = table().where("id in (7, 30, 20, 8)");
    assertThat(jobs(some.selectExpr("upper(name)", "s.x + 1", "m['k']"))).isZero();
    assertThat(jobs(some.where("name like '%0' or amount > 100"))).isZero();
    assertThat(jobs(some.orderBy("name").limit(2))).isZero();
    assertThat(Jobs.during(EXTENDED, () -> some.takeAsList(3))).isZero();
    assertThat(Jobs.during(EXTENDED, some::head)).isZero();
    assertThat(Jobs.during(EXTENDED, () -> some.tail(1))).isZero();
    assertThat(some.orderBy(some.col("name").desc()).limit(2).select("name").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("name 8", "name 7");
    assertThat(some.where("name like '%0' or amount > 100").select("id").collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactlyInAnyOrder(20L, 30L);
  }

  @Test
  void aFewRowsOfAllLaunchNoJob() throws Exception {
    assertThat(jobs(table().limit(10))).isZero();
    assertThat(jobs(table().where("id > 5000").selectExpr("upper(name)").limit(10))).isZero();
    assertThat(Jobs.during(EXTENDED, () -> table().takeAsList(20))).isZero();
    assertThat(Jobs.during(EXTENDED, () -> table().head())).isZero();
    assertThat(Jobs.during(EXTENDED, () -> table().isEmpty())).isZero();
    assertThat(Jobs.during(PLAIN, () -> table(PLAIN, "t").select("id").takeAsList(20))).isZero();
    // More than the driver reads, or rows that only a filter finds.
    assertThat(jobs(table(EXTENDED, "t", "localScanRows", "1000").limit(1001))).isPositive();
    assertThat(jobs(table().where("amount > 7").limit(10))).isPositive();
  }

  @Test
  void joinsOfFewRowsNeedOneTask() throws Exception {
    Dataset<Row> few = table().where("id between 100 and 300").as("l");
    Dataset<Row> others = table().where("id between 200 and 400").selectExpr("id", "name n");
    Dataset<Row> query = few.join(others, "id").groupBy("n").count();
    assertThat(plan(query)).doesNotContain("Exchange hashpartitioning");
    assertThat(jobs(query)).isEqualTo(1);
    assertThat(query.collectAsList()).hasSize(101);
    // Beside rows that are not of the driver, too.
    for (String hint : List.of("broadcast", "merge", "shuffle_hash")) {
      for (boolean left : new boolean[] {true, false}) {
        Dataset<Row> all = table(EXTENDED, "t", "localScanRows", "0").selectExpr("id", "name n");
        Dataset<Row> joined =
            left ? few.hint(hint).join(all, "id") : all.hint(hint).join(few, "id");
        assertThat(joined.groupBy("n").count().collectAsList()).as(hint).hasSize(201);
      }
    }
    assertThat(few.selectExpr("id").union(others.selectExpr("id")).distinct().count())
        .isEqualTo(301);
  }

  @Test
  void limitsReadNoMore() {
    for (String rows : List.of("1000", "0")) {
      Dataset<Row> all = table(EXTENDED, "t", "localScanRows", rows);
      Dataset<Row> some = all.limit(7);
      assertThat(plan(some)).contains("rows 7 of 10000, limit 7");
      assertThat(some.select("id").distinct().collectAsList()).hasSize(7);
      assertThat(all.where("id in (1, 2, 3, 5000, 9000)").limit(4).collectAsList()).hasSize(4);
      assertThat(all.where("id in (1, 2)").limit(4).collectAsList()).hasSize(2);
      assertThat(all.where("id > 9995").limit(100).collectAsList()).hasSize(4);
      assertThat(all.offset(9_990).limit(20).collectAsList()).hasSize(10);
      assertThat(all.where("id >= 9000").limit(20).offset(5).collectAsList()).hasSize(15);
      assertThat(all.limit(3000).where("amount >= 0").count()).isEqualTo(3000);
      assertThat(all.where("amount % 2 = 0").limit(100).collectAsList())
          .hasSize(100)
          .allMatch(row -> row.<Double>getAs("amount") % 2 == 0);
      assertThat(all.limit(5).groupBy().count().head().getLong(0)).isEqualTo(5);
      assertThat(all.groupBy().count().limit(1).head().getLong(0)).isEqualTo(10_000);
      assertThat(all.orderBy(all.col("id").desc()).limit(2).collectAsList().get(1).getLong(0))
          .isEqualTo(9998);
    }
  }

  @Test
  void rowsAreThoseOfAJob() {
    String predicate = "id in (10, 11, 12, 500, 9999) or id between 700 and 720";
    String[] columns = {"id", "name", "s", "m", "cast(i as string) i", "amount"};
    List<String> expected =
        table(EXTENDED, "t", "localScanRows", "0")
            .where(predicate)
            .selectExpr(columns)
            .toJSON()
            .collectAsList();
    assertThat(expected).hasSize(26);
    assertThat(table().where(predicate).selectExpr(columns).toJSON().collectAsList())
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(table(PLAIN, "t").where(predicate).selectExpr(columns).toJSON().collectAsList())
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(table().where(predicate).groupBy("name").count().count()).isEqualTo(26);
    Dataset<Row> joined = table().as("a").join(table().where("id in (5, 6)").as("b"), "id");
    assertThat(joined.count()).isEqualTo(2);
  }

  @Test
  void explainShowsWhereItIsAnsweredAndTheVersion() {
    assertThat(plan(table().where("id = 42").selectExpr("name")))
        .contains("answered on the driver", "version 0", "rows 1 of 10000", "id=42");
    assertThat(plan(table().where("id = 42").selectExpr("length(name) n"))).contains("Project [");
    assertThat(plan(table(EXTENDED, "t", "localScanRows", "1000").where("id > 42")))
        .doesNotContain("answered on the driver");
  }

  @Test
  void seesTheNextCommitAndKeepsWhatItHas() {
    save("growing", 0, 10);
    Dataset<Row> table = table(EXTENDED, "growing");
    Dataset<Row> before = table.where("id = 42");
    assertThat(before.collectAsList()).isEmpty();
    save("growing", 40, 50);
    assertThat(table.where("id = 42").collectAsList()).hasSize(1);
    assertThat(plan(table.where("id = 42"))).contains("version 1");
    // A DataFrame is a query of one version, however often it is collected.
    assertThat(before.collectAsList()).isEmpty();
    assertThat(table(EXTENDED, "growing", "versionAsOf", "0").where("id = 42").collectAsList())
        .isEmpty();
  }

  @Test
  void seesATableThatWasMadeAnew() throws Exception {
    save("anew", 0, 10);
    save("anew", 10, 20);
    assertThat(table(EXTENDED, "anew").where("id = 15").collectAsList()).hasSize(1);
    org.apache.commons.io.FileUtils.deleteDirectory(directory.resolve("anew").toFile());
    save("anew", 100, 110);
    assertThat(table(EXTENDED, "anew").where("id = 15").collectAsList()).isEmpty();
    save("anew", 10, 20);
    assertThat(table(EXTENDED, "anew").where("id in (5, 15, 105)").collectAsList()).hasSize(2);
  }

  @Test
  void errorsOfTheQueryAreReportedWhenItRuns() {
    Dataset<Row> query = table().where("id = 42").selectExpr("id div (id - 42)");
    assertThat(plan(query)).contains("Project");
    assertThatThrownBy(query::collectAsList).hasMessageContaining("DIVIDE_BY_ZERO");
  }

  @Test
  void refusesOptionsThatAreNoNumbers() {
    assertThatThrownBy(() -> table(EXTENDED, "t", "localScanRows", "some").where("id = 1").count())
        .hasMessageContaining("'localScanRows' is 'some'");
  }

  @Test
  void countsAndEndsOfKeysLaunchNoJob() throws Exception {
    for (String where :
        List.of("true", "id >= 9000", "id in (5, 77, 20000)", "id > 20000", "id < 5 or id = 80")) {
      Dataset<Row> query = table().where(where).selectExpr("count(*)", "min(id)", "max(id) + 1");
      Row tasks =
          table(EXTENDED, "t", "localScanRows", "0")
              .where(where)
              .selectExpr("count(*)", "min(id)", "max(id) + 1")
              .head();
      assertThat(jobs(query)).as(where).isZero();
      assertThat(query.head()).as(where).isEqualTo(tasks);
      assertThat(table(PLAIN, "t").where(where).count()).isEqualTo(tasks.getLong(0));
    }
    assertThat(Jobs.during(EXTENDED, () -> table().count())).isZero();
    assertThat(plan(table().selectExpr("count(id)"))).contains("count(*), answered on the driver");
    // What is left to Spark is not counted here.
    Dataset<Row> filtered = table().where("id > 10 and name like '%1'");
    assertThat(filtered.count()).isEqualTo(999);
    assertThat(jobs(table().selectExpr("count(s)"))).isZero();
    assertThat(jobs(table().selectExpr("sum(amount)"))).isPositive();
    assertThat(table().selectExpr("count(s)").head().getLong(0)).isEqualTo(9000);
    assertThat(table().selectExpr("count(distinct id)").head().getLong(0)).isEqualTo(10_000);
    assertThat(table().groupBy("id").count().count()).isEqualTo(10_000);
  }

  @Test
  void countsAndEndsOfOtherKeys() {
    PLAIN
        .range(1000)
        .selectExpr("concat('k', id % 100) a", "if(id % 3 = 0, null, id) b", "double(id) v")
        .write()
        .format("alexstore")
        .option("sortKey", "a,b")
        .mode(SaveMode.Append)
        .save(directory.resolve("sorted").toString());
    for (String where : List.of("true", "a = 'k7'", "a > 'k90' and a < 'k95'")) {
      String[] all = {"count(*)", "count(b)", "min(a)", "max(a)", "min(b)", "max(v)"};
      assertThat(table(EXTENDED, "sorted").where(where).selectExpr(all).head())
          .isEqualTo(
              table(EXTENDED, "sorted", "localScanRows", "0").where(where).selectExpr(all).head());
    }
  }
}
