package io.alexstore.benchmarks.peers;

import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Plain Parquet files: rows sorted by id in 16 files, with a Bloom filter on the id.
 *
 * @param count how many rows there will be, which the filters are made for
 */
record ParquetTable(Path directory, long count) implements PeerTable {

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }

  @Override
  public void create(SparkSession spark, Dataset<Row> rows) {
    PeerTable.clustered(rows)
        .write()
        .option("parquet.bloom.filter.enabled#id", true)
        .option("parquet.bloom.filter.expected.ndv#id", count / FILES)
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
