package io.alexstore.benchmarks.peers;

import io.alexstore.benchmarks.spark.Events;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The table in Iceberg's format version 3: rows sorted by id in 16 files, changes merged on read,
 * which in this version means deletion vectors.
 */
final class IcebergTable implements PeerTable {

  private static final String CATALOG = "bench";
  private static final String TABLE = "db.events";

  private final Path warehouse;
  private long created;

  IcebergTable(Path directory) {
    this.warehouse = directory;
  }

  @Override
  public Map<String, String> settings() {
    String catalog = "spark.sql.catalog." + CATALOG;
    return Map.of(
        "spark.sql.extensions",
        "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog,
        "org.apache.iceberg.spark.SparkCatalog",
        catalog + ".type",
        "hadoop",
        catalog + ".warehouse",
        warehouse.toString());
  }

  @Override
  public void create(SparkSession spark, Dataset<Row> rows) {
    spark.sql(
        "CREATE TABLE "
            + name()
            + " ("
            + Events.SCHEMA.toDDL()
            + ") USING iceberg TBLPROPERTIES ('format-version' = '3',"
            + " 'write.delete.mode' = 'merge-on-read', 'write.update.mode' = 'merge-on-read',"
            + " 'write.merge.mode' = 'merge-on-read')");
    // The rows come as they are to lie; the catalog's next writes distribute theirs by default.
    try {
      PeerTable.clustered(rows).writeTo(name()).option("distribution-mode", "none").append();
    } catch (org.apache.spark.sql.catalyst.analysis.NoSuchTableException e) {
      throw new IllegalStateException(e);
    }
    created =
        spark
            .sql("SELECT snapshot_id FROM " + name() + ".snapshots")
            .collectAsList()
            .get(0)
            .getLong(0);
  }

  @Override
  public String name() {
    return CATALOG + "." + TABLE;
  }

  @Override
  public Path directory() {
    return warehouse.resolve("db/events");
  }

  @Override
  public void rollBack(SparkSession spark) {
    spark
        .sql("CALL " + CATALOG + ".system.rollback_to_snapshot('" + TABLE + "', " + created + ")")
        .collectAsList();
  }
}
