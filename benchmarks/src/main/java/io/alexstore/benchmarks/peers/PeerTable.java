package io.alexstore.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** A table of events in one format, and what differs between formats. */
interface PeerTable {

  /** In how many files the peers have their rows, each of a range of ids and sorted by it. */
  int FILES = 16;

  /** A table in an empty directory, which is to have so many rows. */
  static PeerTable of(Peer peer, Path directory, long rows) {
    return switch (peer) {
      case ALEXSTORE, ALEXSTORE_SPARK_4_1 -> new AlexStoreTable(directory);
      case PARQUET, PARQUET_SPARK_4_1 -> new ParquetTable(directory, rows);
      case DELTA, DELTA_SPARK_4_1 -> new DeltaTable(directory);
      case ICEBERG -> new IcebergTable(directory);
    };
  }

  /** What the session must be set to. */
  Map<String, String> settings();

  /** Makes the table with its first rows. */
  void create(SparkSession spark, Dataset<Row> rows) throws IOException;

  /** The name of the table in SQL. */
  String name();

  /** The directory of the table's files. */
  Path directory();

  /** Makes the table what it was when it was created. */
  void rollBack(SparkSession spark) throws IOException;

  /**
   * Upserts rows without a MERGE.
   *
   * @throws UnsupportedOperationException if the format has no such way
   */
  default void append(Dataset<Row> rows) {
    throw new UnsupportedOperationException("only MERGE upserts into " + name());
  }

  /** Rows as the peers want them, so that their statistics tell ids apart. */
  static Dataset<Row> clustered(Dataset<Row> rows) {
    Column id = functions.col("id");
    return rows.repartitionByRange(FILES, id).sortWithinPartitions(id);
  }
}
