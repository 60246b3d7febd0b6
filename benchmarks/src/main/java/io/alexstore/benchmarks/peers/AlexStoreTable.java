package io.alexstore.benchmarks.peers;

import io.alexstore.maintain.Rollback;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** The table in this project's format, with its defaults. */
record AlexStoreTable(Path directory) implements PeerTable {

  private static final String FORMAT = "alexstore";

  @Override
  public Map<String, String> settings() {
    return Map.of("spark.sql.extensions", "io.alexstore.spark.AlexStoreExtensions");
  }

  @Override
  public void create(SparkSession spark, Dataset<Row> rows) {
    rows.write().format(FORMAT).option("primaryKey", "id").save(directory.toString());
  }

  @Override
  public String name() {
    return FORMAT + ".`" + directory + "`";
  }

  @Override
  public void rollBack(SparkSession spark) throws IOException {
    Rollback.to(directory.toString(), 0);
  }

  @Override
  public void append(Dataset<Row> rows) {
    rows.write()
        .format(FORMAT)
        .option("onConflict", "update")
        .mode(SaveMode.Append)
        .save(directory.toString());
  }
}
