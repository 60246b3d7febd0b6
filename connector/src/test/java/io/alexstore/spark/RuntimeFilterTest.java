package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** The keys of a join's other side narrow a scan: one by one, or as ranges if they are many. */
class RuntimeFilterTest {

  private SparkSession spark;

  @TempDir Path directory;

  @BeforeEach
  void session() {
    spark = TestSession.get().newSession();
    spark.conf().set("spark.sql.adaptive.enabled", "false");
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void restore() {
    SparkSession.setActiveSession(TestSession.get());
  }

  private static SparkPlan scan(SparkPlan plan) {
    if (plan instanceof BatchScanExec && plan.toString().contains("alexstore")) {
      return plan;
    }
    for (SparkPlan child : CollectionConverters.asJava(plan.children())) {
      SparkPlan found = scan(child);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private void check(String option, long lookups, long leastRows, long mostRows) {
    Dataset<Row> table =
        spark
            .read()
            .format("alexstore")
            .option("runtimeFilterKeys", option)
            .load(directory.resolve("t").toString());
    Dataset<Row> probes = spark.read().parquet(directory.resolve("probes").toString());
    Dataset<Row> joined =
        table.join(probes.where("w >= 0"), table.col("a").equalTo(probes.col("k"))).select("v");
    // Two groups of ten keys, ten apart from each other, each with ten rows.
    assertThat(joined.collectAsList()).as(option).hasSize(200);
    SparkPlan scan = scan(joined.queryExecution().executedPlan());
    assertThat(scan.metrics().apply("keysLookedUp").value()).as(option).isEqualTo(lookups);
    assertThat(scan.metrics().apply("rowsRead").value()).as(option).isBetween(leastRows, mostRows);
  }

  @Test
  void manyKeysBecomeRanges() {
    spark
        .range(0, 40_000)
        .selectExpr("id div 10 a", "id % 10 b", "id v")
        .write()
        .format("alexstore")
        .option("primaryKey", "a,b")
        .save(directory.resolve("t").toString());
    spark
        .sql("SELECT if(id < 10, id * 10, 3000 + id * 10) k, id w FROM range(0, 20, 1, 1)")
        .write()
        .parquet(directory.resolve("probes").toString());
    check("100000", 20, 200, 200);
    check("20", 20, 200, 200);
    // Between the groups nothing is read.
    check("2", 2, 1820, 1820);
    check("7", 7, 201, 1819);
    check("0", 1, 1820, 40_000);
  }
}
