package io.alexstore.benchmarks.peers;

import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Plain Parquet files: rows sorted by id in 16 files, with a Bloom filter on the id. */
record ParquetTable(Path directory) implements PeerTable {

  private static final int ROWS_OF_FILTER = 1_000_000;

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }

  @Override
  public void create(SparkSession spark, Dataset<Row> rows) {
    PeerTable.clustered(rows)
        .write()
        .option("parquet.bloom.filter.enabled#id", true)
        .option("parquet.bloom.filter.expected.ndv#id", ROWS_OF_FILTER)
        .parquet(directory.toString());
  }

  @Override
  public String name() {
    return "parquet.`" + directory + "`";
  }

  @Override
  public void rollBack(SparkSession spark) {
    throw new UnsupportedOperationException("Parquet files have no versions");
  }
}
