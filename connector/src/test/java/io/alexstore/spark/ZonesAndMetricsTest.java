package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** Row groups are skipped by statistics of other columns, and the scan's metrics tell of it. */
class ZonesAndMetricsTest {

  private static final SparkSession SPARK = TestSession.get();

  @TempDir static Path directory;

  @BeforeAll
  static void write() {
    SPARK
        .range(0, 20_000)
        .repartition(1)
        .selectExpr(
            "id",
            "id div 10 v",
            "concat('a prefix longer than a bound ', lpad(id, 6, '0')) longer",
            "lpad(id, 6, '0') s",
            "if(id < 10000, null, id) n",
            "if(id = 5, double('NaN'), if(id < 10000, -0.0d, double(id))) d",
            "cast(id as decimal(30, 2)) big",
            "if(id < 5000, null, named_struct('a', id, 'in', named_struct('b', lpad(id, 6, '0')))) st",
            "if(id < 10000, array(id), null) ar",
            "cast(lpad(id, 6, '0') as string) collate UTF8_LCASE l")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .option("targetSegmentSize", "64k")
        .mode(SaveMode.Append)
        .save(directory.resolve("t").toString());
  }

  private static Dataset<Row> table() {
    return SPARK.read().format("alexstore").load(directory.resolve("t").toString());
  }

  /** The metrics of the scan of a query, after it has run without adaptive planning. */
  private static Map<String, Long> metrics(String where) {
    Dataset<Row> query = table().where(where);
    query.collectAsList();
    SparkPlan plan = query.queryExecution().executedPlan();
    while (!plan.children().isEmpty()) {
      plan = plan.children().head();
    }
    Map<String, Long> metrics = new HashMap<>();
    CollectionConverters.asJava(plan.metrics()).forEach((name, m) -> metrics.put(name, m.value()));
    return metrics;
  }

  private static void check(String where, long rows, boolean skips) {
    assertThat(table().where(where).collectAsList()).as(where).hasSize((int) rows);
    Map<String, Long> metrics = metrics(where);
    assertThat(metrics.get("rowsRead")).as(where).isGreaterThanOrEqualTo(rows);
    if (skips) {
      assertThat(metrics.get("rowGroupsSkipped")).as(where + metrics).isGreaterThan(5);
      assertThat(metrics.get("rowsRead")).as(where).isLessThan(15_000);
    } else {
      assertThat(metrics.get("rowGroupsSkipped")).as(where + metrics).isZero();
    }
  }

  @Test
  void skipsRowGroups() {
    check("v = 77", 10, true);
    check("v in (77, 1990)", 20, true);
    check("v < 3", 30, true);
    check("not (v >= 3)", 30, true);
    check("v > 1997", 20, true);
    check("v = 77 or s = '000001'", 11, true);
    check("s like '0001%'", 100, true);
    check("n is null and v > 5", 9940, true);
    check("n is not null", 10_000, true);
    check("n <=> 15000", 1, true);
    check("big between 100 and 102.5", 3, true);
  }

  @Test
  void skipsRowGroupsByFieldsOfStructs() {
    check("st.a = 7777", 1, true);
    check("st.a < 5010 and st.in.b > '000001'", 10, true);
    check("ST.In.B = '012345'", 1, true);
    check("st.a is null", 5000, true);
    check("st.in.b is null and v > 3", 4960, true);
    check("st.a <=> 3", 0, true);
    check("st is null", 5000, true);
    check("ar is not null", 10_000, true);
    check("not (ar is not null) and st.a >= 19990", 10, true);
    check("st.in = named_struct('b', '012345') or v + 1 < 0", 1, false);
  }

  @Test
  void knowsTruncatedTextsAndOddNumbers() {
    check("longer = 'a prefix longer than a bound 000007'", 1, false);
    check("longer > 'b'", 0, true);
    check("longer < 'a prefix longer than a bound '", 0, false);
    // 0.0 is -0.0, and NaN is more than all others.
    check("d = 0.0d and v < 5000", 9999, true);
    check("d > 19998d", 2, true);
    check("d = double('NaN')", 1, true);
  }

  @Test
  void leavesCollatedTextsAndFunctionsToSpark() {
    check("l = '000007'", 1, false);
    check("v + 1 = 78", 10, false);
    check("v = 77 or v + 1 = 3", 20, false);
  }

  @Test
  void metricsTellOfSegmentsAndKeys() {
    Dataset<Row> some =
        SPARK
            .read()
            .format("alexstore")
            .option("localScanRows", 0)
            .load(directory.resolve("t").toString())
            .where("id in (1, 2, 19000)");
    assertThat(some.collectAsList()).hasSize(3);
    SparkPlan plan = some.queryExecution().executedPlan();
    while (!plan.children().isEmpty()) {
      plan = plan.children().head();
    }
    assertThat(plan.metrics().apply("segmentsRead").value()).isEqualTo(2);
    assertThat(plan.metrics().apply("segmentsPruned").value()).isGreaterThan(3);
    assertThat(plan.metrics().apply("keysLookedUp").value()).isEqualTo(2);
    assertThat(plan.metrics().apply("rowsRead").value()).isEqualTo(3);
    assertThat(plan.metrics().apply("rowGroupsRead").value()).isEqualTo(2);
  }
}
