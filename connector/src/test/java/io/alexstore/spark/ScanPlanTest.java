package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark plans: ranges, pruned segments and columns, statistics, filters that are left. */
class ScanPlanTest {

  private static final SparkSession SPARK = TestSession.get();

  @TempDir static Path directory;

  @BeforeAll
  static void write() {
    SPARK
        .range(0, 10_000)
        .selectExpr(
            "cast(id / 100 as int) a",
            "id % 100 b",
            "named_struct('x', id, 'y', array(cast(id as string), null)) s",
            "map('k', id) m",
            "uuid() v")
        .write()
        .format("alexstore")
        .option("primaryKey", "a,b")
        .option("targetSegmentSize", "32k")
        .mode(SaveMode.Append)
        .save(directory.resolve("t").toString());
  }

  /** The table, read by tasks always. */
  private static Dataset<Row> table() {
    return SPARK
        .read()
        .format("alexstore")
        .option("localScanRows", 0)
        .load(directory.resolve("t").toString());
  }

  private static String plan(Dataset<Row> query) {
    return query.queryExecution().executedPlan().toString();
  }

  @Test
  void showsVersionRangesAndSegments() {
    String plan = plan(table().where("a = 42 and b >= 97"));
    assertThat(plan)
        .contains("version 0", "primaryKey 'a,b'", "a=42", "b=97", "rows 3 of 10000")
        .containsPattern("segments 1 of \\d\\d");
    // The ranges answer it all: nothing is left for Spark.
    assertThat(plan).doesNotContain("Filter (");
    assertThat(table().where("a = 42 and b >= 97").count()).isEqualTo(3);
  }

  @Test
  void leavesToSparkWhatRangesDoNotAnswer() {
    Dataset<Row> gap = table().where("a > 90 and b = 5");
    assertThat(plan(gap)).contains("Filter (", "b#", "rows 900 of 10000");
    assertThat(gap.count()).isEqualTo(9);
    Dataset<Row> other = table().where("a = 3 and v is not null and not (b in (1, 2))");
    assertThat(plan(other)).contains("rows 100 of 10000");
    assertThat(other.count()).isEqualTo(98);
    assertThat(plan(table().where("b = 5"))).contains("key ranges: all");
  }

  @Test
  void unitesRanges() {
    Dataset<Row> query = table().where("(a = 1 and b in (5, 6)) or (a = 2 and b < 2) or a > 98");
    assertThat(plan(query)).contains("rows 104 of 10000").doesNotContain("Filter (");
    assertThat(query.count()).isEqualTo(104);
    assertThat(plan(table().where("a = 1 and a = 2"))).doesNotContain("rows 100 ");
    assertThat(table().where("a > 5 and a < 5").count()).isZero();
  }

  @Test
  void readsOnlyTheColumnsAskedFor() {
    assertThat(plan(table().select("b"))).contains("b#").doesNotContain("v#");
    assertThat(
            table()
                .where("a = 7 and b = 9")
                .selectExpr("s.y[0]", "m['k']", "s.x")
                .head()
                .toString())
        .isEqualTo("[709,709,709]");
    assertThat(table().selectExpr("sum(s.x)", "sum(size(s.y))", "sum(m['k'])").head().toString())
        .isEqualTo("[49995000,20000,49995000]");
  }

  @Test
  void tellsTheOptimizerHowMuchItIs() {
    var all = table().queryExecution().optimizedPlan().stats();
    var some = table().where("a = 42").queryExecution().optimizedPlan().stats();
    assertThat(all.rowCount().get().toLong()).isEqualTo(10_000);
    assertThat(some.rowCount().get().toLong()).isEqualTo(100);
    assertThat(some.sizeInBytes().toLong()).isLessThan(all.sizeInBytes().toLong() / 50);
  }

  @Test
  void cutsAndGroupsSegmentsBySparksSettings() {
    int grouped = table().rdd().getNumPartitions();
    assertThat(grouped).isLessThanOrEqualTo(3);
    SparkSession session = SPARK.newSession();
    session.conf().set("spark.sql.files.maxPartitionBytes", "8k");
    session.conf().set("spark.sql.files.openCostInBytes", "1");
    SparkSession.setActiveSession(session);
    try {
      Dataset<Row> table =
          session.read().format("alexstore").load(directory.resolve("t").toString());
      assertThat(table.rdd().getNumPartitions()).isGreaterThan(20);
      assertThat(table.selectExpr("sum(s.x)", "count(*)").head().toString())
          .isEqualTo("[49995000,10000]");
      assertThat(table.where("a in (3, 50, 51, 99) and b > 7").count()).isEqualTo(368);
    } finally {
      SparkSession.setActiveSession(SPARK);
    }
  }

  @Test
  void joinsItself() {
    Dataset<Row> left = table().where("a = 5").as("l");
    Dataset<Row> right = table().where("a = 5").as("r");
    assertThat(left.join(right, "b").count()).isEqualTo(100);
  }

  @Test
  void stringsOutliveTheirBatch() {
    // Sorting and collecting keep what the batches handed out.
    assertThat(table().select("v").distinct().count()).isEqualTo(10_000);
    assertThat(table().orderBy("v").select("v").collectAsList()).hasSize(10_000);
  }
}
