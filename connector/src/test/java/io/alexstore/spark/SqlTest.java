package io.alexstore.spark;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A session with a catalog {@code c} and a namespace {@code c.db}, and paths. */
abstract class SqlTest {

  private final SparkSession shared = TestSession.get();
  SparkSession spark;

  @TempDir Path directory;

  @BeforeEach
  final void freshSession() {
    spark = shared.newSession();
    spark.conf().set("spark.sql.catalog.c", AlexStoreCatalog.class.getName());
    spark.conf().set("spark.sql.catalog.c.warehouse", directory.resolve("warehouse").toString());
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    SparkSession.setActiveSession(spark);
    sql("CREATE NAMESPACE c.db");
  }

  @AfterEach
  final void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  final String sql(String text) {
    return spark.sql(SparkUnderTest.sql(text)).collectAsList().toString();
  }

  /** The directory of a table of {@code c.db}. */
  final String path(String table) {
    return directory.resolve("warehouse/db").resolve(table).toString();
  }

  /** A table with three versions: empty, with two rows, with three. */
  final void create() {
    sql("CREATE TABLE c.db.t (id BIGINT NOT NULL, name STRING, PRIMARY KEY (id))");
    sql("INSERT INTO c.db.t VALUES (1, 'a'), (2, 'b')");
    sql("INSERT INTO c.db.t VALUES (3, 'c')");
  }
}
