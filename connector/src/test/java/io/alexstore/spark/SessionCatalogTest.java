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
    return spark.sql(SparkUnderTest.sql(text)).collectAsList().toString();
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
  @RequiresSpark(value = "4.1", feature = "writes that leave columns out")
  void aTableWithAKey() {
    sql(
        "CREATE TABLE t (id BIGINT, v STRING DEFAULT 'd', PRIMARY KEY (id)) USING alexstore"
            + " COMMENT 'ours'");
    sql("INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    sql("INSERT INTO t (id) VALUES (3)");
    refused("INSERT INTO t VALUES (2, 'x')", "id=2");
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
    assertThat(rows()).isEqualTo("[[2,B], [3,m], [9,p]]");
    refused("CREATE TABLE t (id BIGINT, PRIMARY KEY (id)) USING alexstore", "ALREADY_EXISTS");
    refused("CREATE TABLE u (id BIGINT) USING alexstore", "PRIMARY KEY (<columns>)");
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "CHECK constraints")
  void constraintsHold() {
    sql(
        "CREATE TABLE t (id BIGINT, v STRING, PRIMARY KEY (id),"
            + " CONSTRAINT short CHECK (length(v) < 4)) USING alexstore");
    refused("INSERT INTO t VALUES (4, 'long')", "short");
    sql("ALTER TABLE t DROP CONSTRAINT short");
    sql("INSERT INTO t VALUES (4, 'long')");
    assertThat(rows()).isEqualTo("[[4,long]]");
    refused("CREATE TABLE c (id BIGINT, PRIMARY KEY (id)) USING parquet", "CONSTRAINT");
  }

  @Test
  @RequiresSpark(value = "4.2", feature = "CREATE TABLE LIKE")
  void aTableLikeAnother() {
    sql("CREATE TABLE t" + KEY + "AS SELECT id FROM range(3)");
    sql("CREATE TABLE l LIKE t");
    sql("INSERT INTO l SELECT * FROM t");
    refused("INSERT INTO l VALUES (1)", "id=1");
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
    refused("INSERT INTO saved VALUES (1)", "id=1");
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
  void proceduresAndWhatIsToldOfTables() {
    sql("CREATE TABLE t" + KEY + "AS SELECT 1 id");
    sql("INSERT INTO t VALUES (2)");
    sql("CREATE TABLE p USING parquet AS SELECT 1 id");
    assertThat(sql("SELECT version, rows FROM s.t.snapshots")).isEqualTo("[[0,1], [1,2]]");
    assertThat(sql("SELECT rows FROM s.t.snapshots VERSION AS OF 0")).isEqualTo("[[1]]");
    assertThat(sql("SELECT count(*) FROM s.t.segments")).isEqualTo("[[2]]");
    assertThat(sql("SELECT count(*) FROM s.t.history TIMESTAMP AS OF current_timestamp()"))
        .isEqualTo("[[2]]");
    refused("SELECT * FROM s.t.nothing", "NOT_FOUND");
    refused("SELECT * FROM s.p.snapshots", "NOT_FOUND");
    assertThat(sql("CALL spark_catalog.system.compact(table => 's.t')")).startsWith("[[2,1,2,1,2,");
    String verified = "[[2,1,2,true,ArraySeq()]]";
    for (String name : new String[] {"s.t", "spark_catalog.s.t", place("t").toString()}) {
      assertThat(sql("CALL spark_catalog.system.verify('" + name + "')")).isEqualTo(verified);
    }
    assertThat(sql("CALL system.rollback('s.t', 0)")).isEqualTo("[[2,0,3,1,1]]");
    assertThat(rows()).isEqualTo("[[1]]");
    refused("CALL spark_catalog.system.compact('s.p')", "no table 's.p' of alexstore");
    refused("CALL spark_catalog.system.compact('t')", "no table 't'", "'db.orders'");
    refused("CALL spark_catalog.system.optimize('s.t')", "optimize", "compact, expire_snapshots");
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "SHOW PROCEDURES and DESCRIBE PROCEDURE")
  void proceduresAreShown() {
    assertThat(sql("SHOW PROCEDURES IN spark_catalog.system")).contains("compact", "verify");
  }

  @Test
  @RequiresSpark(
      value = "4.2",
      feature = "metadata tables behind the name spark_catalog (without it they are found)")
  void whatIsToldOfTablesByTheCatalogsName() {
    sql("CREATE TABLE t" + KEY + "AS SELECT 1 id");
    assertThat(sql("SELECT version FROM spark_catalog.s.t.snapshots")).isEqualTo("[[0]]");
  }

  @Test
  void propertiesForWhoeverMaintainsATable() {
    sql(
        "CREATE TABLE t (id BIGINT) USING alexstore TBLPROPERTIES ('primaryKey'='id',"
            + " 'autoCompact'='true', 'retentionPeriod'='0 seconds', 'retentionVersions'='2')");
    for (int i = 0; i < 8; i++) {
      sql("INSERT INTO t VALUES (" + i + ")");
    }
    assertThat(sql("SELECT count(*) FROM s.t.history WHERE operation = 'compact'"))
        .isEqualTo("[[1]]");
    assertThat(sql("CALL spark_catalog.system.expire_snapshots('s.t')")).startsWith("[[8,8,");
    sql("ALTER TABLE t SET TBLPROPERTIES ('autoCompact'='false')");
    sql("ALTER TABLE t UNSET TBLPROPERTIES ('retentionVersions')");
    assertThat(sql("SHOW TBLPROPERTIES t"))
        .contains("autoCompact,false")
        .doesNotContain("Versions");
    refused("ALTER TABLE t SET TBLPROPERTIES ('autoCompact'='often')", "true or false");
    refused("ALTER TABLE t SET TBLPROPERTIES ('retentionPeriods'='1 day')", "retentionPeriod'");
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
