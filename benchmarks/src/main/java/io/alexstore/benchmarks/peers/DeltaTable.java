package io.alexstore.benchmarks.peers;

import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The table in Delta's format: rows sorted by id in 16 files, deletion vectors on, and the log's
 * state in two partitions rather than 50, which is what so few files want.
 */
record DeltaTable(Path directory) implements PeerTable {

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.databricks.delta.snapshotPartitions", "2");
  }

  @Override
  public void create(SparkSession spark, Dataset<Row> rows) {
    PeerTable.clustered(rows)
        .write()
        .format("delta")
        .option("delta.enableDeletionVectors", "true")
        .save(directory.toString());
  }

  @Override
  public String name() {
    return "delta.`" + directory + "`";
  }

  @Override
  public void rollBack(SparkSession spark) {
    spark.sql("RESTORE TABLE " + name() + " TO VERSION AS OF 0").collectAsList();
  }
}
