package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of alexstore in the session's own catalog, beside those of others. */
class SessionCatalogTest {

  private static final String KEY = " USING alexstore TBLPROPERTIES ('primaryKey'='id') ";

  private final SparkSession shared = TestSession.get();
  private SparkSession spark;

  @TempDir Path directory;

  @BeforeEach
  void freshSession() {
    spark = shared.newSession();
    spark.conf().set("spark.sql.catalog.spark_catalog", AlexStoreSessionCatalog.class.getName());
    SparkSession.setActiveSession(spark);
    sql("CREATE DATABASE s LOCATION '" + directory.resolve("s") + "'");
    sql("USE s");
  }

  @AfterEach
  void sharedSession() {
    sql("DROP DATABASE s CASCADE");
    SparkSession.setActiveSession(shared);
  }

  private String sql(String text) {
    return spark.sql(text).collectAsList().toString();
  }

  private void refused(String text, String... message) {
    assertThat(Errors.of(() -> sql(text))).as(text).contains(message);
  }

  private String rows() {
    return sql("SELECT * FROM t ORDER BY id");
  }

  private Path place(String table) {
    return directory.resolve("s").resolve(table);
  }

  @Test
  void aTableWithAKey() {
    sql(
        "CREATE TABLE t (id BIGINT, v STRING DEFAULT 'd', PRIMARY KEY (id),"
            + " CONSTRAINT short CHECK (length(v) < 4)) USING alexstore COMMENT 'ours'");
    sql("INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    sql("INSERT INTO t (id) VALUES (3)");
    refused("INSERT INTO t VALUES (2, 'x')", "id=2");
    refused("INSERT INTO t VALUES (4, 'long')", "short");
    sql("UPDATE t SET v = 'B' WHERE id = 2");
    sql("DELETE FROM t WHERE id = 1");
    sql(
        "MERGE INTO t USING (SELECT 3L id, 'm' v) s ON t.id = s.id"
            + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *");
    assertThat(rows()).isEqualTo("[[2,B], [3,m]]");
    assertThat(sql("SELECT count(*) FROM t VERSION AS OF 1")).isEqualTo("[[2]]");
    assertThat(sql("SELECT count(*) FROM t TIMESTAMP AS OF current_timestamp()"))
        .isEqualTo("[[2]]");
    assertThat(Errors.of(() -> sql("SELECT * FROM t TIMESTAMP AS OF '1999-01-01'")))
        .contains("was not there yet");
    // The same table by its path.
    String byPath = place("t").toString();
    assertThat(spark.read().format("alexstore").load(byPath).count()).isEqualTo(2);
    spark.sql("SELECT 9L id, 'p' v").write().format("alexstore").mode("append").save(byPath);
    assertThat(rows()).isEqualTo("[[2,B], [3,m], [9,p]]");
    assertThat(sql("DESCRIBE EXTENDED t")).contains("alexstore.rows=3", "MANAGED", byPath);
    sql("ALTER TABLE t SET TBLPROPERTIES ('onConflict'='ignore')");
    sql("INSERT INTO t VALUES (9, 'q')");
    sql("ALTER TABLE t DROP CONSTRAINT short");
    sql("INSERT INTO t VALUES (4, 'long')");
    assertThat(rows()).isEqualTo("[[2,B], [3,m], [4,long], [9,p]]");
    refused("CREATE TABLE t (id BIGINT, PRIMARY KEY (id)) USING alexstore", "ALREADY_EXISTS");
    refused("CREATE TABLE u (id BIGINT) USING alexstore", "PRIMARY KEY (<columns>)");
  }

  @Test
  void fromQueriesAndInPlaceOfOthers() {
    sql("CREATE TABLE t" + KEY + "AS SELECT id, 'a' v FROM range(3)");
    sql("CREATE OR REPLACE TABLE t" + KEY + "AS SELECT id + 1 id FROM t");
    assertThat(rows()).isEqualTo("[[1], [2], [3]]");
    assertThat(sql("SELECT count(*) FROM t VERSION AS OF 0")).isEqualTo("[[3]]");
    refused("CREATE OR REPLACE TABLE t" + KEY + "AS SELECT 1 id FROM range(2)", "id=1");
    refused("CREATE TABLE failed" + KEY + "AS SELECT 1 id FROM range(2)", "id=1");
    assertThat(rows()).isEqualTo("[[1], [2], [3]]");
    assertThat(sql("SHOW TABLES")).isEqualTo("[[s,t,false]]");
    sql("CREATE TABLE failed" + KEY + "AS SELECT 1 id");
    spark.range(2).write().format("alexstore").option("primaryKey", "id").saveAsTable("s.saved");
    sql("CREATE TABLE l LIKE t");
    sql("INSERT INTO l SELECT * FROM saved");
    refused("INSERT INTO l VALUES (1)", "id=1");
  }

  @Test
  void namesAndPlaces() {
    sql("CREATE TABLE t" + KEY + "AS SELECT 1 id");
    sql("ALTER TABLE t RENAME TO u");
    assertThat(sql("SELECT * FROM u")).isEqualTo("[[1]]");
    sql("CREATE TABLE t" + KEY + "AS SELECT 2 id");
    assertThat(rows()).isEqualTo("[[2]]");
    assertThat(sql("SELECT * FROM u")).isEqualTo("[[1]]");
    sql("DROP TABLE u");
    assertThat(place("t")).doesNotExist();
    assertThat(rows()).isEqualTo("[[2]]");
    Path outside = directory.resolve("outside");
    sql("CREATE TABLE x (id BIGINT, PRIMARY KEY (id)) USING alexstore LOCATION '" + outside + "'");
    sql("INSERT INTO x VALUES (5)");
    sql("DROP TABLE x");
    assertThat(Files.isDirectory(outside)).isTrue();
    sql("CREATE TABLE y USING alexstore LOCATION '" + outside + "'");
    assertThat(sql("SELECT * FROM y")).isEqualTo("[[5]]");
    assertThat(sql("DESCRIBE EXTENDED y")).contains("EXTERNAL");
    refused("DROP TABLE none", "NOT_FOUND");
    sql("DROP TABLE IF EXISTS none");
  }

  @Test
  void othersAreLeftAlone() {
    sql("CREATE TABLE p (id BIGINT, v STRING) USING parquet");
    sql("INSERT INTO p VALUES (1, 'p'), (1, 'q')");
    sql("CREATE TABLE j USING json AS SELECT 1 id");
    sql("CREATE TABLE t" + KEY + "AS SELECT DISTINCT id FROM p");
    assertThat(sql("SELECT count(*) FROM t JOIN p USING (id) JOIN j USING (id)"))
        .isEqualTo("[[2]]");
    sql("CREATE VIEW v AS SELECT * FROM t");
    assertThat(sql("SELECT * FROM v")).isEqualTo("[[1]]");
    refused("CREATE TABLE c (id BIGINT, PRIMARY KEY (id)) USING parquet", "CONSTRAINT");
    refused("CREATE OR REPLACE TABLE p" + KEY + "AS SELECT 1 id", "is not one of alexstore");
    assertThat(sql("SHOW CREATE TABLE p")).contains("USING parquet");
    sql("ALTER TABLE p SET TBLPROPERTIES ('a'='b')");
    sql("ALTER TABLE p RENAME TO q");
    assertThat(sql("SELECT count(*) FROM q")).isEqualTo("[[2]]");
    sql("DROP TABLE q");
    sql("DROP VIEW v");
    assertThat(sql("SHOW TABLES")).isEqualTo("[[s,j,false], [s,t,false]]");
  }
}
