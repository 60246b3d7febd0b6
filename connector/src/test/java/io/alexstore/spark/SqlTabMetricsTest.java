package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ui.SQLAppStatusStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** The metrics of writes and of scans as the SQL tab of Spark's UI shows them. */
class SqlTabMetricsTest {

  private static final SparkSession SPARK = TestSession.get();

  @TempDir Path directory;

  /** What the SQL tab shows of the queries that an action runs, by the metrics' names. */
  private static Map<String, String> shown(Runnable action) throws Exception {
    SQLAppStatusStore store =
        ((org.apache.spark.sql.classic.SparkSession) SPARK).sharedState().statusStore();
    SPARK.sparkContext().listenerBus().waitUntilEmpty();
    long before = lastExecution(store);
    action.run();
    SPARK.sparkContext().listenerBus().waitUntilEmpty();
    Map<String, String> shown = new HashMap<>();
    for (var execution : CollectionConverters.asJava(store.executionsList())) {
      if (execution.executionId() > before) {
        var values = store.executionMetrics(execution.executionId());
        for (var metric : CollectionConverters.asJava(execution.metrics())) {
          if (values.contains(metric.accumulatorId())) {
            shown.put(metric.name(), values.apply(metric.accumulatorId()));
          }
        }
      }
    }
    return shown;
  }

  private static long lastExecution(SQLAppStatusStore store) {
    return CollectionConverters.asJava(store.executionsList()).stream()
        .mapToLong(execution -> execution.executionId())
        .max()
        .orElse(-1);
  }

  private void write(long from, long to, SaveMode mode) {
    SPARK
        .range(from, to)
        .selectExpr("id", "sha2(cast(id as string), 256) payload")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .option("targetSegmentSize", "100k")
        .mode(mode)
        .save(path());
  }

  private String path() {
    return directory.resolve("t").toString();
  }

  @Test
  void aWriteShowsItsRowsSegmentsBytesAndLookups() throws Exception {
    Map<String, String> created = shown(() -> write(0, 10_000, SaveMode.ErrorIfExists));
    assertThat(created).containsEntry("rows written", "10000");
    assertThat(created).containsEntry("new keys looked up in the table", "0");
    assertThat(Integer.parseInt(created.get("segments written"))).isBetween(5, 20);
    assertThat(Long.parseLong(created.get("bytes written"))).isBetween(350_000L, 900_000L);

    Map<String, String> appended = shown(() -> write(20_000, 20_300, SaveMode.Append));
    assertThat(appended).containsEntry("rows written", "300");
    assertThat(appended).containsEntry("new keys looked up in the table", "300");

    Map<String, String> replaced = shown(() -> write(0, 500, SaveMode.Overwrite));
    assertThat(replaced).containsEntry("rows written", "500");
    assertThat(replaced).containsEntry("new keys looked up in the table", "0");
  }

  @Test
  void aScanShowsWhatItPrunedSkippedAndRead() throws Exception {
    write(0, 10_000, SaveMode.ErrorIfExists);
    Dataset<Row> table = SPARK.read().format("alexstore").option("localScanRows", 0).load(path());
    Map<String, String> range =
        shown(() -> assertThat(table.where("id >= 8000").collectAsList()).hasSize(2000));
    assertThat(range).containsEntry("rows read", "2000");
    assertThat(range).containsEntry("keys and key ranges looked up", "1");
    int read = Integer.parseInt(range.get("segments read"));
    int pruned = Integer.parseInt(range.get("segments pruned by key"));
    assertThat(read).isBetween(1, 4);
    assertThat(pruned).isGreaterThan(3);
    assertThat(Integer.parseInt(range.get("row groups read"))).isGreaterThanOrEqualTo(read);
    assertThat(range).containsEntry("row groups skipped by statistics", "0");

    Map<String, String> skipped =
        shown(() -> assertThat(table.where("payload < ' '").collectAsList()).isEmpty());
    assertThat(skipped).containsEntry("rows read", "0");
    assertThat(Integer.parseInt(skipped.get("row groups skipped by statistics")))
        .isEqualTo(read + pruned);
  }
}
