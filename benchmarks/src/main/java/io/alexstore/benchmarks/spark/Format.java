package io.alexstore.benchmarks.spark;

import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * A way to keep a table. The peers get what helps them: rows in the order of the key in {@value
 * #FILES} files, whose statistics then tell key ranges apart, and a Bloom filter on the key's first
 * column. Otherwise each has its defaults.
 */
enum Format {
  ALEXSTORE,
  PARQUET,
  ORC;

  private static final int FILES = 16;

  /** The name that Spark knows. */
  String id() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Writes a table that is not there. */
  void write(Dataset<Row> rows, long count, String[] key, Path path) {
    if (this == ALEXSTORE) {
      rows.write()
          .format(id())
          .mode(SaveMode.Append)
          .option("primaryKey", String.join(",", key))
          .save(path.toString());
      return;
    }
    Column[] columns = Arrays.stream(key).map(functions::col).toArray(Column[]::new);
    var writer =
        rows.repartitionByRange(FILES, columns)
            .sortWithinPartitions(columns)
            .write()
            .format(id())
            .mode(SaveMode.Append);
    if (this == PARQUET) {
      writer
          .option("parquet.bloom.filter.enabled#" + key[0], true)
          .option("parquet.bloom.filter.expected.ndv#" + key[0], count / FILES)
          .save(path.toString());
    } else {
      writer.option("orc.bloom.filter.columns", key[0]).save(path.toString());
    }
  }

  /** Makes a table known as a view. */
  void register(SparkSession spark, Path path, String view) {
    spark.read().format(id()).load(path.toString()).createOrReplaceTempView(view);
  }
}
