package io.alexstore.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables by name, in a catalog with a warehouse. */
class CatalogTest {

  private final SparkSession shared = TestSession.get();
  private SparkSession spark;

  @TempDir Path directory;

  @BeforeEach
  void freshSession() {
    spark = shared.newSession();
    catalog("c", warehouse().toString());
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  private Path warehouse() {
    return directory.resolve("warehouse");
  }

  private void catalog(String name, String warehouse) {
    spark.conf().set("spark.sql.catalog." + name, AlexStoreCatalog.class.getName());
    spark.conf().set("spark.sql.catalog." + name + ".warehouse", warehouse);
  }

  private String sql(String text) {
    return spark.sql(SparkUnderTest.sql(text)).collectAsList().toString();
  }

  private String rows() {
    return sql("SELECT * FROM c.db.t ORDER BY ALL");
  }

  private void create() {
    sql("CREATE NAMESPACE c.db");
    sql("CREATE TABLE c.db.t (id BIGINT NOT NULL, name STRING, PRIMARY KEY (id))");
    sql("INSERT INTO c.db.t VALUES (1, 'a'), (2, 'b')");
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Dataset<Row> named(long from, long to, String name) {
    return spark.range(from, to).selectExpr("id", "'" + name + "' name");
  }

  // --- tables that change ---

  @Test
  void theKeyIsEnforced() throws Exception {
    create();
    assertThat(rows()).isEqualTo("[[1,a], [2,b]]");
    assertThat(Errors.of(() -> sql("INSERT INTO c.db.t VALUES (2, 'x')"))).contains("id=2");
    assertThat(Errors.of(() -> sql("INSERT INTO c.db.t VALUES (null, 'x')"))).contains("NULL");
    assertThat(rows()).isEqualTo("[[1,a], [2,b]]");
    // The same table is where a program without Spark expects it.
    try (AlexTable table = AlexTable.open(warehouse().resolve("db/t").toString())) {
      assertThat(table.get(2L)).isPresent();
      assertThat(table.schema().keyColumns().get(0).name()).isEqualTo("id");
    }
  }

  @Test
  void everyStatementThatChangesRows() throws Exception {
    create();
    sql("INSERT INTO c.db.t BY NAME SELECT 'c' name, 3L id");
    sql("UPDATE c.db.t SET name = 'B' WHERE id = 2");
    sql("DELETE FROM c.db.t WHERE id = 1");
    sql(
        "MERGE INTO c.db.t USING (SELECT * FROM VALUES (3L, 'm'), (4L, 'n') AS s(id, name)) s"
            + " ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *");
    assertThat(rows()).isEqualTo("[[2,B], [3,m], [4,n]]");
    named(5, 6, "e").writeTo("c.db.t").append();
    named(3, 5, "u").writeTo("c.db.t").option("onConflict", "update").append();
    named(6, 7, "f").write().insertInto("c.db.t");
    named(7, 8, "g").write().format("alexstore").mode("append").saveAsTable("c.db.t");
    assertThat(rows()).isEqualTo("[[2,B], [3,u], [4,u], [5,e], [6,f], [7,g]]");
    assertThat(spark.table("c.db.t").where("id = 5").head().getString(1)).isEqualTo("e");
    named(5, 6, "o").writeTo("c.db.t").overwrite(col("id").gt(3));
    assertThat(rows()).isEqualTo("[[2,B], [3,u], [5,o]]");
    sql("INSERT OVERWRITE c.db.t VALUES (9, 'z')");
    assertThat(rows()).isEqualTo("[[9,z]]");
    assertThat(sql("SELECT * FROM c.db.t VERSION AS OF 1 ORDER BY id")).isEqualTo("[[1,a], [2,b]]");
    assertThat(spark.read().option("versionAsOf", "0").table("c.db.t").count()).isZero();
    assertThat(Errors.of(() -> sql("SELECT * FROM c.db.t VERSION AS OF 99"))).contains("99");
    assertThat(Errors.of(() -> sql("SELECT * FROM c.db.t TIMESTAMP AS OF '2026-01-01'")))
        .contains("was not there yet");
    sql("TRUNCATE TABLE c.db.t");
    assertThat(rows()).isEqualTo("[]");
  }

  @Test
  void optionsOfAReadAndOfTheSessionCount() throws Exception {
    create();
    assertThat(Jobs.during(spark, () -> spark.table("c.db.t").where("id = 1").collectAsList()))
        .isZero();
    Dataset<Row> byJob = spark.read().option("localScanRows", "0").table("c.db.t").where("id = 1");
    assertThat(Jobs.during(spark, byJob::collectAsList)).isOne();
    spark.conf().set("spark.datasource.alexstore.localScanRows", "0");
    assertThat(Jobs.during(spark, () -> spark.table("c.db.t").where("id = 1").collectAsList()))
        .isOne();
    assertThat(Errors.of(() -> spark.read().option("localScanRow", "0").table("c.db.t").count()))
        .contains("localScanRow");
    spark.conf().set("spark.datasource.alexstore.onConflict", "ignore");
    sql("INSERT INTO c.db.t VALUES (2, 'x'), (3, 'c')");
    assertThat(rows()).isEqualTo("[[1,a], [2,b], [3,c]]");
  }

  // --- tables that are made ---

  @Test
  @RequiresSpark(value = "4.1", feature = "PRIMARY KEY in CREATE TABLE")
  void constraintsAndTheirErrors() {
    sql("CREATE NAMESPACE c.db");
    assertThat(
            Errors.of(
                () ->
                    sql(
                        "CREATE TABLE c.db.t (id BIGINT, PRIMARY KEY (id))"
                            + " TBLPROPERTIES ('primarykey'='id,id2')")))
        .contains("given twice");
    assertThat(
            Errors.of(
                () -> sql("CREATE TABLE c.db.t (id BIGINT, n INT, PRIMARY KEY (id), UNIQUE (n))")))
        .contains("UNIQUE", "no other constraints");
    assertThat(sql("SHOW TABLES IN c.db")).isEqualTo("[]");
    sql("CREATE TABLE c.db.t (id BIGINT PRIMARY KEY) TBLPROPERTIES ('primaryKey'='id')");
    assertThat(sql("SHOW TBLPROPERTIES c.db.t ('primaryKey')")).contains("id");
  }

  @Test
  void keysAndTheirErrors() {
    sql("CREATE NAMESPACE c.db");
    assertThat(Errors.of(() -> sql("CREATE TABLE c.db.t (id BIGINT)")))
        .contains("PRIMARY KEY (<columns>)", "primaryKey", "sortKey");
    assertThat(Errors.of(() -> sql("CREATE TABLE c.db.t (id BIGINT, PRIMARY KEY (nix))")))
        .contains("nix");
    assertThat(
            Errors.of(
                () ->
                    sql(
                        "CREATE TABLE c.db.t (id BIGINT, PRIMARY KEY (id))"
                            + " TBLPROPERTIES ('sortKey'='id')")))
        .contains("a table has one key");
    assertThat(sql("SHOW TABLES IN c.db")).isEqualTo("[]");

    sql("CREATE TABLE c.db.t (`a,b` INT, id BIGINT, v STRING, PRIMARY KEY (id, `a,b`))");
    sql("INSERT INTO c.db.t VALUES (1, 7, 'x'), (2, 7, 'y')");
    assertThat(Errors.of(() -> sql("INSERT INTO c.db.t VALUES (2, 7, 'z')"))).contains("id=7");
    assertThat(spark.table("c.db.t").schema().apply("a,b").nullable()).isFalse();
    assertThat(sql("SHOW TBLPROPERTIES c.db.t ('primaryKey')")).contains("id,`a,b`");
    sql("CREATE TABLE c.db.s (k INT, v STRING) TBLPROPERTIES ('sortKey'='k')");
    sql("INSERT INTO c.db.s VALUES (1, 'a'), (1, 'b'), (null, 'c')");
    assertThat(sql("SELECT count(*) FROM c.db.s WHERE k = 1")).isEqualTo("[[2]]");
    // By path, too.
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    String byPath = "alexstore.`" + directory.resolve("p") + "`";
    sql("CREATE TABLE " + byPath + " (id BIGINT, PRIMARY KEY (id))");
    assertThat(sql("SHOW TBLPROPERTIES " + byPath + " ('primaryKey')")).contains("id");
  }

  @Test
  void aTableThatIsThereIsNotMadeTwice() {
    create();
    String again = "(id BIGINT, PRIMARY KEY (id))";
    assertThat(Errors.of(() -> sql("CREATE TABLE c.db.t " + again))).contains("ALREADY_EXISTS");
    sql("CREATE TABLE IF NOT EXISTS c.db.t " + again);
    assertThat(rows()).isEqualTo("[[1,a], [2,b]]");
    assertThat(Errors.of(() -> sql("CREATE TABLE c.none.t " + again)))
        .contains("NOT_FOUND", "none");
    assertThat(Errors.of(() -> sql("CREATE TABLE c.db.t.x " + again))).contains("NOT_FOUND");
    assertThat(Errors.of(() -> sql("SELECT * FROM c.db.nothing"))).contains("NOT_FOUND");
    assertThat(spark.catalog().tableExists("c.db.nothing")).isFalse();
    assertThat(spark.catalog().tableExists("c.db.t")).isTrue();
  }

  @Test
  void tablesFromQueriesAndInPlaceOfOthers() throws Exception {
    sql("CREATE NAMESPACE c.db");
    String key = " TBLPROPERTIES ('primaryKey'='id') ";
    sql("CREATE TABLE c.db.t" + key + "AS SELECT id, 'a' name FROM range(3)");
    assertThat(rows()).isEqualTo("[[0,a], [1,a], [2,a]]");
    sql("CREATE OR REPLACE TABLE c.db.t" + key + "AS SELECT id + 1 id, name FROM c.db.t");
    assertThat(rows()).isEqualTo("[[1,a], [2,a], [3,a]]");
    sql("REPLACE TABLE c.db.t (k STRING, PRIMARY KEY (k))");
    sql("INSERT INTO c.db.t VALUES ('x')");
    assertThat(rows()).isEqualTo("[[x]]");
    assertThat(sql("SELECT count(*) FROM c.db.t VERSION AS OF 0")).isEqualTo("[[3]]");
    assertThat(Errors.of(() -> sql("REPLACE TABLE c.db.none (k STRING, PRIMARY KEY (k))")))
        .contains("NOT_FOUND");
    sql("CREATE OR REPLACE TABLE c.db.other (k STRING, PRIMARY KEY (k))");
    // A query that fails makes no table, and leaves none of its files in the way of another.
    assertThat(
            Errors.of(
                () ->
                    sql("CREATE TABLE c.db.failed" + key + "AS SELECT id DIV 2 id FROM range(10)")))
        .contains("id=");
    assertThat(sql("SHOW TABLES IN c.db")).isEqualTo("[[db,other,false], [db,t,false]]");
    named(0, 2, "w").writeTo("c.db.failed").tableProperty("primaryKey", "id").create();
    named(0, 3, "w").writeTo("c.db.failed").option("primaryKey", "id").createOrReplace();
    named(0, 1, "s").write().format("alexstore").option("primaryKey", "id").saveAsTable("c.db.s");
    assertThat(sql("SELECT count(*) FROM c.db.failed JOIN c.db.s USING (id)")).isEqualTo("[[1]]");
  }

  @Test
  void whatATableCannotHaveIsRefusedWithAHint() {
    sql("CREATE NAMESPACE c.db");
    String columns = "CREATE TABLE c.db.t (id BIGINT, d DATE, PRIMARY KEY (id)) ";
    for (String layout :
        new String[] {"PARTITIONED BY (d)", "CLUSTERED BY (d) INTO 4 BUCKETS", "CLUSTER BY (d)"}) {
      assertThat(Errors.of(() -> sql(columns + layout)))
          .as(layout)
          .contains("make the column the first of primaryKey");
    }
    assertThat(Errors.of(() -> sql(columns + "USING parquet"))).contains("parquet", "'c'");
    sql(columns + "USING alexstore COMMENT 'of days'");
    assertThat(sql("DESCRIBE TABLE EXTENDED c.db.t"))
        .contains("[id,bigint,null]", "of days", warehouse().resolve("db/t").toString());
  }

  @Test
  void whatShowCreateTableShowsMakesTheTable() {
    create();
    sql(
        "CREATE TABLE c.db.u (id INT, `b c` STRING COMMENT 'it\\'s', PRIMARY KEY (`b c`, id))"
            + " COMMENT 'two' TBLPROPERTIES ('targetSegmentSize'='1m')");
    String shown = spark.sql("SHOW CREATE TABLE c.db.u").head().getString(0);
    sql("DROP TABLE c.db.u");
    sql(shown);
    assertThat(spark.sql("SHOW CREATE TABLE c.db.u").head().getString(0)).isEqualTo(shown);
    assertThat(shown).contains("`b c`,id", "it\\'s", "COMMENT 'two'").doesNotContain("LOCATION");
  }

  // --- tables that go ---

  @Test
  void dropDeletesTheTableAndNothingElse() throws Exception {
    create();
    sql("CREATE TABLE c.db.t2 (id BIGINT, PRIMARY KEY (id))");
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Files.createSymbolicLink(warehouse().resolve("db/t/link"), outside);
    sql("DROP TABLE c.db.t");
    assertThat(files(outside)).containsExactly("precious");
    assertThat(files(warehouse().resolve("db"))).containsExactly("_namespace", "t2");
    assertThat(Errors.of(() -> sql("SELECT * FROM c.db.t"))).contains("NOT_FOUND");
    assertThat(Errors.of(() -> sql("DROP TABLE c.db.t"))).contains("NOT_FOUND");
    sql("DROP TABLE IF EXISTS c.db.t");
    sql("DROP TABLE c.db.t2 PURGE");
    assertThat(sql("SHOW TABLES IN c.db")).isEqualTo("[]");
    // A new table of the name has nothing of the old one.
    sql("CREATE TABLE c.db.t (id BIGINT, other INT, PRIMARY KEY (id))");
    assertThat(rows()).isEqualTo("[]");
    sql("INSERT INTO c.db.t VALUES (1, 5)");
    assertThat(rows()).isEqualTo("[[1,5]]");
  }

  @Test
  void renameMovesATable() {
    create();
    sql("CREATE NAMESPACE c.e");
    sql("ALTER TABLE c.db.t RENAME TO db.t2");
    sql("ALTER TABLE c.db.t2 RENAME TO e.t3");
    assertThat(sql("SELECT * FROM c.e.t3 ORDER BY id")).isEqualTo("[[1,a], [2,b]]");
    assertThat(sql("SHOW TABLES IN c.db")).isEqualTo("[]");
    sql("INSERT INTO c.e.t3 VALUES (3, 'c')");
    sql("CREATE TABLE c.db.t (id BIGINT, PRIMARY KEY (id))");
    assertThat(rows()).isEqualTo("[]");
    assertThat(Errors.of(() -> sql("ALTER TABLE c.e.t3 RENAME TO db.t")))
        .contains("ALREADY_EXISTS");
    assertThat(Errors.of(() -> sql("ALTER TABLE c.e.t3 RENAME TO none.t")))
        .contains("CREATE NAMESPACE");
    sql("CREATE NAMESPACE c.db.sub");
    assertThat(Errors.of(() -> sql("ALTER TABLE c.e.t3 RENAME TO db.sub")))
        .contains("something is at");
    assertThat(sql("SELECT count(*) FROM c.e.t3")).isEqualTo("[[3]]");
  }

  // --- namespaces ---

  @Test
  void namespacesAreMadeShownAndDropped() throws Exception {
    assertThat(sql("SHOW NAMESPACES IN c")).isEqualTo("[]");
    sql("CREATE NAMESPACE c.db COMMENT 'ours' WITH DBPROPERTIES ('a'='1', 'b'='2')");
    sql("CREATE NAMESPACE c.db.inner");
    sql("CREATE TABLE c.db.inner.t (id BIGINT, PRIMARY KEY (id))");
    sql("CREATE TABLE c.top (id BIGINT, PRIMARY KEY (id))");
    assertThat(sql("SHOW NAMESPACES IN c")).isEqualTo("[[db]]");
    assertThat(sql("SHOW NAMESPACES IN c.db")).isEqualTo("[[db.inner]]");
    assertThat(sql("SHOW TABLES IN c")).isEqualTo("[[,top,false]]");
    assertThat(sql("SHOW TABLES IN c.db.inner")).isEqualTo("[[db.inner,t,false]]");
    assertThat(sql("SHOW TABLES IN c.db.inner LIKE 'x*'")).isEqualTo("[]");
    sql("ALTER NAMESPACE c.db SET DBPROPERTIES ('b'='3', 'c'='4')");
    sql("ALTER NAMESPACE c.db UNSET DBPROPERTIES ('a')");
    assertThat(sql("DESCRIBE NAMESPACE EXTENDED c.db")).contains("ours", "((b,3), (c,4))");
    assertThat(Errors.of(() -> sql("CREATE NAMESPACE c.db"))).contains("ALREADY_EXISTS");
    sql("CREATE NAMESPACE IF NOT EXISTS c.db");
    assertThat(Errors.of(() -> sql("CREATE NAMESPACE c.x LOCATION '/y'"))).contains("warehouse");
    assertThat(Errors.of(() -> sql("CREATE NAMESPACE c.x.y"))).contains("create it first");
    assertThat(Errors.of(() -> sql("CREATE NAMESPACE c.top"))).contains("is a table");
    assertThat(Errors.of(() -> sql("CREATE TABLE c.db (id BIGINT, PRIMARY KEY (id))")))
        .contains("is a namespace");
    assertThat(Errors.of(() -> sql("SHOW TABLES IN c.none"))).contains("NOT_FOUND");

    sql("USE c.db");
    sql("CREATE TABLE u (id BIGINT, PRIMARY KEY (id))");
    assertThat(sql("SELECT count(*) FROM u")).isEqualTo("[[0]]");
    sql("USE spark_catalog.default");

    assertThat(Errors.of(() -> sql("DROP NAMESPACE c.db"))).contains("SCHEMA_NOT_EMPTY");
    Files.writeString(warehouse().resolve("db/inner/notes.txt"), "not the catalog's");
    sql("DROP NAMESPACE c.db CASCADE");
    assertThat(sql("SHOW NAMESPACES IN c")).isEqualTo("[]");
    assertThat(files(warehouse().resolve("db/inner"))).containsExactly("notes.txt");
    assertThat(files(warehouse().resolve("db"))).containsExactly("inner");
    sql("DROP NAMESPACE IF EXISTS c.db");
    assertThat(sql("SELECT count(*) FROM c.top")).isEqualTo("[[0]]");
    sql("CREATE NAMESPACE c.db");
    assertThat(sql("SHOW NAMESPACES IN c.db")).isEqualTo("[]");
  }

  @Test
  void aDirectoryThatIsNoTable() throws Exception {
    sql("CREATE NAMESPACE c.db");
    Files.createDirectories(warehouse().resolve("db/other"));
    Files.writeString(warehouse().resolve("db/other/notes.txt"), "x");
    Files.writeString(warehouse().resolve("db/file"), "x");
    assertThat(sql("SHOW TABLES IN c.db")).isEqualTo("[]");
    assertThat(sql("SHOW NAMESPACES IN c.db")).isEqualTo("[]");
    assertThat(Errors.of(() -> sql("SELECT * FROM c.db.other"))).contains("NOT_FOUND");
    assertThat(Errors.of(() -> sql("DROP TABLE c.db.other"))).contains("NOT_FOUND");
    for (String create :
        new String[] {
          "CREATE TABLE c.db.other (id BIGINT, PRIMARY KEY (id))",
          "CREATE OR REPLACE TABLE c.db.other TBLPROPERTIES ('primaryKey'='id') AS SELECT 1 id"
        }) {
      assertThat(Errors.of(() -> sql(create))).contains("notes.txt", "choose another name");
    }
    assertThat(files(warehouse().resolve("db/other"))).containsExactly("notes.txt");
  }

  // --- names ---

  @Test
  void oddNamesStayInTheirNamespace() throws Exception {
    create();
    String[] odd = {"..", "../../x", "/etc", "a b", "ü-Ö", "a.b", "_alexstore", "%2e%2e", "a:b"};
    sql("CREATE NAMESPACE c.`..`");
    for (String name : odd) {
      sql("CREATE TABLE c.`..`.`" + name + "` (id BIGINT, PRIMARY KEY (id))");
      sql("INSERT INTO c.`..`.`" + name + "` VALUES (" + name.length() + ")");
    }
    for (String name : odd) {
      assertThat(sql("SELECT id FROM c.`..`.`" + name + "`"))
          .isEqualTo("[[" + name.length() + "]]");
    }
    assertThat(spark.sql("SHOW TABLES IN c.`..`").collectAsList().stream().map(r -> r.getString(1)))
        .containsExactlyInAnyOrder(odd);
    assertThat(files(warehouse())).containsExactly(".2e.2e", "db");
    assertThat(files(directory)).containsExactly("warehouse");
    sql("DROP NAMESPACE c.`..` CASCADE");
    assertThat(files(warehouse())).containsExactly("db");
    assertThat(rows()).isEqualTo("[[1,a], [2,b]]");
    assertThat(Errors.of(() -> sql("SELECT * FROM c.db.`" + "x".repeat(300) + "`")))
        .contains("choose a shorter one");
  }

  @Test
  void namesAreToldApartByCase() {
    create();
    sql("CREATE TABLE c.db.T (id BIGINT, PRIMARY KEY (ID))");
    assertThat(sql("SELECT count(*) FROM c.db.T")).isEqualTo("[[0]]");
    assertThat(sql("SELECT count(*) FROM c.db.t")).isEqualTo("[[2]]");
    assertThat(Errors.of(() -> sql("SELECT * FROM c.DB.t"))).contains("NOT_FOUND");
    assertThat(sql("SELECT ID FROM c.db.t WHERE ID = 1")).isEqualTo("[[1]]");
    spark.conf().set("spark.sql.caseSensitive", "true");
    assertThat(Errors.of(() -> sql("CREATE TABLE c.db.u (id BIGINT, PRIMARY KEY (ID))")))
        .contains("ID");
  }

  // --- the catalog's own settings ---

  @Test
  void settingsAndTheirErrors() throws Exception {
    spark.conf().set("spark.sql.catalog.lost", AlexStoreCatalog.class.getName());
    assertThat(Errors.of(() -> sql("SHOW TABLES IN lost.db")))
        .contains("spark.sql.catalog.lost.warehouse");
    catalog("typo", warehouse().toString());
    spark.conf().set("spark.sql.catalog.typo.warehose", "x");
    assertThat(Errors.of(() -> sql("SHOW TABLES IN typo.db")))
        .contains("spark.sql.catalog.typo.warehose");
    // As a URI, with an odd directory, and a setting of Hadoop.
    Path other = directory.resolve("other warehouse");
    catalog("d", other.toUri().toString());
    spark.conf().set("spark.sql.catalog.d.dfs.replication", "1");
    sql("CREATE NAMESPACE d.db");
    sql("CREATE TABLE d.db.t (id BIGINT, PRIMARY KEY (id))");
    sql("INSERT INTO d.db.t VALUES (1)");
    assertThat(sql("SELECT * FROM d.db.t")).isEqualTo("[[1]]");
    assertThat(files(other.resolve("db"))).containsExactly("_namespace", "t");
    sql("DROP TABLE d.db.t");
    assertThat(files(other.resolve("db"))).containsExactly("_namespace");
  }
}
