package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CommitConflictException;
import io.alexstore.error.UncheckedRowsException;
import io.alexstore.row.ArrayRow;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What statements say of a table beside its rows: constraints, defaults, properties, places. */
class DdlTest {

  private final SparkSession shared = TestSession.get();
  private SparkSession spark;

  @TempDir Path directory;

  @BeforeEach
  void freshSession() {
    spark = shared.newSession();
    spark.conf().set("spark.sql.catalog.c", AlexStoreCatalog.class.getName());
    spark.conf().set("spark.sql.catalog.c.warehouse", directory.resolve("warehouse").toString());
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    SparkSession.setActiveSession(spark);
    sql("CREATE NAMESPACE c.db");
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  private String sql(String text) {
    return spark.sql(SparkUnderTest.sql(text)).collectAsList().toString();
  }

  private void refused(String text, String... message) {
    assertThat(Errors.of(() -> sql(text))).as(text).contains(message);
  }

  private String rows() {
    return sql("SELECT * FROM c.db.t ORDER BY ALL");
  }

  private String path() {
    return directory.resolve("warehouse/db/t").toString();
  }

  private Dataset<Row> values(String values, String names) {
    return spark.sql("SELECT * FROM VALUES " + values + " AS v(" + names + ")");
  }

  private static String of(List<Row> rows, String name) {
    return rows.stream()
        .filter(row -> name.equals(row.getString(0)))
        .map(row -> row.getString(1))
        .collect(Collectors.joining(";"));
  }

  // --- CHECK ---

  private void createChecked() {
    sql(
        "CREATE TABLE c.db.t (id BIGINT, n INT, v STRING, PRIMARY KEY (id),"
            + " CONSTRAINT small CHECK (n < 100), CONSTRAINT named CHECK (v IS NOT NULL))");
    sql("INSERT INTO c.db.t VALUES (1, 10, 'a'), (2, NULL, 'b')");
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "CHECK constraints")
  void checksHoldOnEveryWayIn() {
    createChecked();
    String old = rows();
    String broken = "CHECK_CONSTRAINT_VIOLATION";
    refused("INSERT INTO c.db.t VALUES (3, 100, 'c')", broken, "small", "n < 100");
    refused("INSERT INTO c.db.t VALUES (3, 5, NULL)", broken, "named");
    refused("INSERT OVERWRITE c.db.t VALUES (3, 100, 'c')", broken);
    refused("INSERT INTO c.db.t WITH ('onConflict'='update') VALUES (1, 200, 'c')", broken);
    refused("UPDATE c.db.t SET n = 100 WHERE id = 1", broken);
    refused("UPDATE c.db.t SET n = n + 95", broken);
    String merge = "MERGE INTO c.db.t t USING (SELECT 1L id, 500 n, 'm' v) s ON t.id = s.id ";
    refused(merge + "WHEN MATCHED THEN UPDATE SET *", broken);
    refused(
        "MERGE INTO c.db.t t USING (SELECT 9L id, 500 n, 'm' v) s ON t.id = s.id"
            + " WHEN NOT MATCHED THEN INSERT *",
        broken);
    Dataset<Row> bad = values("(7L, 700, 'x')", "id, n, v");
    String[] ways = {"append", "overwrite"};
    for (String mode : ways) {
      assertThat(Errors.of(() -> bad.write().format("alexstore").mode(mode).save(path())))
          .contains(broken);
    }
    assertThat(Errors.of(() -> bad.writeTo("c.db.t").append())).contains(broken);
    assertThat(Errors.of(() -> bad.write().insertInto("c.db.t"))).contains(broken);
    assertThat(Errors.of(() -> bad.writeTo("alexstore.`" + path() + "`").append()))
        .contains(broken);
    assertThat(
            Errors.of(
                () ->
                    bad.write()
                        .format("alexstore")
                        .mode("overwrite")
                        .option("overwriteSchema", "true")
                        .save(path())))
        .contains(broken);
    assertThat(rows()).isEqualTo(old);
    // What fulfils them, or is null, goes in; so do statements that only delete.
    sql("INSERT INTO c.db.t VALUES (3, 99, 'c'), (4, NULL, 'd')");
    sql("UPDATE c.db.t SET n = n + 1 WHERE id = 1");
    sql("DELETE FROM c.db.t WHERE id = 2");
    sql("DELETE FROM c.db.t WHERE v = 'd'");
    assertThat(rows()).isEqualTo("[[1,11,a], [3,99,c]]");
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "CHECK constraints")
  void aMergeThatDeletesBreaksNoConstraint() {
    createChecked();
    String merge =
        "MERGE INTO c.db.t t USING (SELECT * FROM VALUES (1L, 5), (9L, 6) AS s(id, n)) s"
            + " ON t.id = s.id WHEN MATCHED THEN DELETE"
            + " WHEN NOT MATCHED THEN INSERT (id, n, v) VALUES (s.id, s.n, 'm')";
    // Spark evaluates conditions on what it deletes, too, as if all columns were null: one that is
    // false then stands in the way. The README says so.
    refused(merge, "named");
    assertThat(rows()).isEqualTo("[[1,10,a], [2,null,b]]");
    sql("ALTER TABLE c.db.t DROP CONSTRAINT named");
    sql(merge);
    assertThat(rows()).isEqualTo("[[2,null,b], [9,6,m]]");
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "CHECK constraints")
  void checksComeAndGo() throws Exception {
    createChecked();
    refused("ALTER TABLE c.db.t ADD CONSTRAINT big CHECK (n > 50)", "n > 50");
    sql("ALTER TABLE c.db.t ADD CONSTRAINT positive CHECK (n > 0)");
    refused("INSERT INTO c.db.t VALUES (3, -1, 'c')", "positive");
    refused("ALTER TABLE c.db.t ADD CONSTRAINT Positive CHECK (n > 1)", "two constraints");
    assertThat(sql("DESCRIBE EXTENDED c.db.t"))
        .contains(
            "[small,CHECK (n < 100) ENFORCED",
            "[positive,",
            "[primary_key,PRIMARY KEY (id) ENFORCED");
    // A version has the constraints that it had.
    assertThat(sql("SELECT count(*) FROM c.db.t VERSION AS OF 0")).isEqualTo("[[0]]");
    sql("ALTER TABLE c.db.t DROP CONSTRAINT positive");
    sql("INSERT INTO c.db.t VALUES (3, -1, 'c')");
    refused(
        "ALTER TABLE c.db.t DROP CONSTRAINT positive", "positive", "IF EXISTS", "[small, named]");
    sql("ALTER TABLE c.db.t DROP CONSTRAINT IF EXISTS positive");
    refused("ALTER TABLE c.db.t DROP CONSTRAINT primary_key", "keeps the key", "sortKey");
    refused("ALTER TABLE c.db.t ADD CONSTRAINT k PRIMARY KEY (n)", "keeps the key");
    refused("ALTER TABLE c.db.t ADD CONSTRAINT u UNIQUE (n)", "no other constraints");
    refused(
        "CREATE TABLE c.db.f (id BIGINT, PRIMARY KEY (id), FOREIGN KEY (id) REFERENCES c.db.t (id))",
        "FOREIGN KEY",
        "no other constraints");
    refused("CREATE TABLE c.db.f (id BIGINT, PRIMARY KEY (id), CHECK (nix > 1))", "nix");
    refused(
        "CREATE TABLE c.db.f (id BIGINT, PRIMARY KEY (id), CHECK (rand() > 1))", "DETERMINISTIC");
    sql("CREATE TABLE c.db.f (id BIGINT PRIMARY KEY, s STRUCT<f: INT>, n INT CHECK (n > s.f))");
    refused("INSERT INTO c.db.f VALUES (1, struct(5), 5)", "n > s.f");
    sql("INSERT INTO c.db.f VALUES (1, struct(5), 6)");
    // Replacing a table replaces its constraints.
    sql(
        "REPLACE TABLE c.db.t (id BIGINT, n INT, PRIMARY KEY (id), CONSTRAINT odd CHECK (n % 2 = 1))");
    sql("INSERT INTO c.db.t VALUES (1, 301)");
    refused("INSERT INTO c.db.t VALUES (2, 2)", "odd");
    sql("CREATE OR REPLACE TABLE c.db.t AS SELECT id, 2 n FROM range(2)");
    sql("INSERT INTO c.db.t VALUES (5, 4)");
    assertThat(rows()).isEqualTo("[[0,2], [1,2], [5,4]]");
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "CHECK constraints")
  void aWriterThatDoesNotKnowAConstraintAddsNoRow() throws Exception {
    createChecked();
    try (AlexTable table = AlexTable.open(path())) {
      assertThatThrownBy(() -> table.appender(SegmentOptions.defaults()).close())
          .isInstanceOf(UncheckedRowsException.class)
          .hasMessageContaining("small: n < 100")
          .hasMessageContaining("withCheckedRows");
      table.delete(List.of(1L));
      assertThat(table.snapshot().writerFeatures()).contains("checkConstraints");
    }
    assertThat(rows()).isEqualTo("[[2,null,b]]");
    // One that began before the constraint was added fails at its commit.
    sql("CREATE TABLE c.db.u (id BIGINT, n INT, PRIMARY KEY (id))");
    try (AlexTable table = AlexTable.open(directory.resolve("warehouse/db/u").toString());
        TableWriter writer = table.appender(SegmentOptions.defaults())) {
      writer.append(ArrayRow.of(table.schema(), 1L, -5));
      sql("ALTER TABLE c.db.u ADD CONSTRAINT positive CHECK (n > 0)");
      assertThatThrownBy(writer::commit).isInstanceOf(CommitConflictException.class);
    }
    assertThat(sql("SELECT * FROM c.db.u")).isEqualTo("[]");
  }

  // --- defaults, NOT NULL, comments, properties ---

  @Test
  @RequiresSpark(value = "4.1", feature = "writes that leave columns out")
  void defaultsFillWhatAnInsertLeavesOut() {
    sql(
        "CREATE TABLE c.db.t (id BIGINT, n INT DEFAULT 42 COMMENT 'how many',"
            + " v STRING DEFAULT concat('a', 'b'), w STRING, PRIMARY KEY (id))");
    sql("INSERT INTO c.db.t (id) VALUES (1)");
    sql("INSERT INTO c.db.t VALUES (2, DEFAULT, DEFAULT, 'w'), (3, 7, NULL, DEFAULT)");
    sql("INSERT INTO c.db.t (w, id) VALUES ('x', 4)");
    assertThat(rows()).isEqualTo("[[1,42,ab,null], [2,42,ab,w], [3,7,null,null], [4,42,ab,x]]");
    sql("UPDATE c.db.t SET n = DEFAULT WHERE id = 3");
    sql(
        "MERGE INTO c.db.t t USING (SELECT 5L id) s ON t.id = s.id"
            + " WHEN NOT MATCHED THEN INSERT (id, n) VALUES (s.id, DEFAULT)");
    assertThat(sql("SELECT id, n, v FROM c.db.t WHERE id IN (3, 5)"))
        .isEqualTo("[[3,42,null], [5,42,ab]]");
    assertThat(sql("DESCRIBE EXTENDED c.db.t"))
        .contains("[n,int,how many]", "# Column Default Values", "concat('a', 'b')");
    refused("CREATE TABLE c.db.u (id BIGINT, n INT DEFAULT rand(), PRIMARY KEY (id))", "DEFAULT");
    refused("CREATE TABLE c.db.u (id BIGINT, n INT DEFAULT 'x', PRIMARY KEY (id))", "DEFAULT");
    String shown = spark.sql("SHOW CREATE TABLE c.db.t").head().getString(0);
    assertThat(shown).contains("DEFAULT 42", "COMMENT 'how many'");
  }

  @Test
  void whatIsComputedIsRefusedWithAHint() {
    refused(
        "CREATE TABLE c.db.t (id BIGINT, n BIGINT GENERATED ALWAYS AS (id + 1), PRIMARY KEY (id))",
        "'n'",
        "compute the value in the query");
    refused(
        "CREATE TABLE c.db.t (id BIGINT GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (id))",
        "'id'",
        "uuid()");
    // Spark says it itself, each version in its own words.
    assertThat(Errors.of(() -> sql("CREATE VIEW c.db.v AS SELECT 1")))
        .containsIgnoringCase("views");
    assertThat(sql("SHOW TABLES IN c.db")).isEqualTo("[]");
  }

  @Test
  void nullsAreRefusedWhereTheyMayNotBe() {
    sql("CREATE TABLE c.db.t (id BIGINT, v STRING NOT NULL, PRIMARY KEY (id))");
    refused("INSERT INTO c.db.t VALUES (1, NULL)", "NULL");
    refused("INSERT INTO c.db.t (id) VALUES (1)", "`v`");
    sql("INSERT INTO c.db.t VALUES (1, 'a')");
    refused("UPDATE c.db.t SET v = NULL", "NULL");
    assertThat(rows()).isEqualTo("[[1,a]]");
  }

  @Test
  void propertiesAndCommentsChange() {
    sql(
        "CREATE TABLE c.db.t (id BIGINT, v STRING, PRIMARY KEY (id)) COMMENT 'ours'"
            + " TBLPROPERTIES ('a'='1', 'onConflict'='update')");
    sql("ALTER TABLE c.db.t SET TBLPROPERTIES ('a'='2', 'b'='3', 'targetSegmentSize'='1m')");
    sql("ALTER TABLE c.db.t UNSET TBLPROPERTIES ('b')");
    sql("ALTER TABLE c.db.t UNSET TBLPROPERTIES IF EXISTS ('none')");
    sql("COMMENT ON TABLE c.db.t IS 'theirs'");
    List<Row> described = spark.sql("DESCRIBE EXTENDED c.db.t").collectAsList();
    assertThat(of(described, "Comment")).isEqualTo("theirs");
    assertThat(of(described, "Table Properties"))
        .contains("a=2", "onConflict=update", "targetSegmentSize=1m", "primaryKey=id")
        .doesNotContain("b=3");
    refused("ALTER TABLE c.db.t SET TBLPROPERTIES ('primaryKey'='v')", "keeps the key");
    refused("ALTER TABLE c.db.t SET TBLPROPERTIES ('onConflict'='maybe')", "maybe");
    refused("ALTER TABLE c.db.t SET TBLPROPERTIES ('alexstore.rows'='7')", "cannot be set");
    refused("ALTER TABLE c.db.t SET LOCATION '/x'", "cannot be set", "elsewhere");
    refused(
        "CREATE TABLE c.db.u (id BIGINT, PRIMARY KEY (id)) TBLPROPERTIES ('onConflict'='maybe')",
        "maybe");
    // What it is set to counts.
    sql("INSERT INTO c.db.t VALUES (1, 'a'), (2, 'b')");
    sql("INSERT INTO c.db.t VALUES (1, 'c')");
    assertThat(rows()).isEqualTo("[[1,c], [2,b]]");
  }

  @Test
  void describeSaysWhatTheTableIs() {
    sql("CREATE TABLE c.db.t (id BIGINT, v STRING, PRIMARY KEY (id))");
    sql("INSERT INTO c.db.t SELECT id, 'x' FROM range(0, 100, 1, 1)");
    sql("INSERT INTO c.db.t VALUES (200, 'y')");
    sql("DELETE FROM c.db.t WHERE id = 3");
    List<Row> described = spark.sql("DESCRIBE EXTENDED c.db.t").collectAsList();
    assertThat(of(described, "Table Properties"))
        .contains(
            "alexstore.version=3",
            "alexstore.segments=2",
            "alexstore.rows=100",
            "alexstore.deletedRows=1",
            "alexstore.bytes=",
            "alexstore.formatVersion=1",
            "primaryKey=id");
    assertThat(of(described, "Location")).isEqualTo(path());
    assertThat(of(described, "Type")).isEqualTo("MANAGED");
    assertThat(of(described, "Provider")).isEqualTo("alexstore");
    assertThat(of(described, "Statistics")).endsWith(" bytes, 100 rows");
    assertThat(sql("SHOW TABLE EXTENDED IN c.db LIKE 't*'")).contains("Type: MANAGED");
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "CHECK constraints")
  void whatShowCreateTableShowsMakesTheTable() {
    createChecked();
    String shown = spark.sql("SHOW CREATE TABLE c.db.t").head().getString(0);
    assertThat(shown)
        .contains("PRIMARY KEY (id)", "CONSTRAINT small CHECK (n < 100) ENFORCED")
        .doesNotContain("LOCATION");
    sql("DROP TABLE c.db.t");
    sql(shown);
    refused("INSERT INTO c.db.t VALUES (1, 100, 'a')", "small");
    refused("INSERT INTO c.db.t VALUES (1, 1, 'a'), (1, 2, 'b')", "id=1");
    assertThat(sql("SHOW TBLPROPERTIES c.db.t ('alexstore.rows')")).contains("0");
  }

  @Test
  @RequiresSpark(value = "4.2", feature = "CREATE TABLE LIKE")
  void aTableLikeAnother() {
    createChecked();
    sql("CREATE TABLE c.db.u LIKE c.db.t");
    refused("INSERT INTO c.db.u VALUES (1, 100, 'a')", "small");
    sql("INSERT INTO c.db.u VALUES (1, 1, 'a')");
    refused("INSERT INTO c.db.u VALUES (1, 1, 'a')", "id=1");
    refused("CREATE TABLE c.db.u LIKE c.db.t", "ALREADY_EXISTS");
    sql("CREATE TABLE IF NOT EXISTS c.db.u LIKE c.db.t");
  }

  // --- replacing ---

  @Test
  void replacingKeepsHistoryAndReaders() throws Exception {
    sql(
        "CREATE TABLE c.db.t TBLPROPERTIES ('primaryKey'='id', 'a'='1') AS SELECT id FROM range(3)");
    try (AlexTable reader = AlexTable.open(path())) {
      Dataset<Row> pinned = spark.read().option("versionAsOf", 0).table("c.db.t");
      sql("CREATE OR REPLACE TABLE c.db.t TBLPROPERTIES ('primaryKey'='k') AS SELECT 'x' k");
      assertThat(rows()).isEqualTo("[[x]]");
      assertThat(reader.get(2L)).isPresent();
      assertThat(pinned.count()).isEqualTo(3);
      assertThat(sql("SELECT sum(id) FROM c.db.t VERSION AS OF 0")).isEqualTo("[[3]]");
      // What the statement does not say is not any more, but the key and the rows of before.
      assertThat(sql("SHOW TBLPROPERTIES c.db.t")).doesNotContain("[a,1]");
    }
    refused("REPLACE TABLE c.db.t AS SELECT 1 other", "'k'");
    sql("CREATE OR REPLACE TABLE c.db.t AS SELECT 'z' k, 1 n");
    assertThat(rows()).isEqualTo("[[z,1]]");
    // A failed one leaves the old table.
    refused("CREATE OR REPLACE TABLE c.db.t AS SELECT 'd' k FROM range(2)", "k='d'");
    assertThat(rows()).isEqualTo("[[z,1]]");
    sql("CREATE TABLE IF NOT EXISTS c.db.t AS SELECT 'never' k");
    assertThat(rows()).isEqualTo("[[z,1]]");
    refused("CREATE TABLE c.db.t AS SELECT 'never' k", "ALREADY_EXISTS");
  }

  // --- places ---

  @Test
  void anExternalTableStaysWhereItIs() throws Exception {
    Path place = directory.resolve("else where");
    sql("CREATE TABLE c.db.t (id BIGINT, v STRING, PRIMARY KEY (id)) LOCATION '" + place + "'");
    sql("INSERT INTO c.db.t VALUES (1, 'a')");
    assertThat(rows()).isEqualTo("[[1,a]]");
    assertThat(sql("SHOW TABLES IN c.db")).isEqualTo("[[db,t,false]]");
    List<Row> described = spark.sql("DESCRIBE EXTENDED c.db.t").collectAsList();
    assertThat(of(described, "Type")).isEqualTo("EXTERNAL");
    assertThat(of(described, "Location")).contains("else");
    assertThat(spark.sql("SHOW CREATE TABLE c.db.t").head().getString(0)).contains("LOCATION");
    assertThat(spark.read().format("alexstore").load(place.toString()).count()).isEqualTo(1);
    refused("CREATE TABLE c.db.t (id BIGINT, PRIMARY KEY (id))", "ALREADY_EXISTS");
    sql("CREATE OR REPLACE TABLE c.db.t AS SELECT 5L id, 'r' v");
    refused(
        "CREATE OR REPLACE TABLE c.db.t LOCATION '/other' AS SELECT 5L id, 'r' v",
        "leave LOCATION out");
    assertThat(spark.sql("SELECT count(*) FROM c.db.t VERSION AS OF 1").head().getLong(0)).isOne();
    sql("ALTER TABLE c.db.t RENAME TO db.u");
    assertThat(sql("SELECT * FROM c.db.u")).isEqualTo("[[5,r]]");
    sql("DROP TABLE c.db.u PURGE");
    assertThat(sql("SHOW TABLES IN c.db")).isEqualTo("[]");
    // It can be taken up again, under any name, if it is what the statement says.
    refused("CREATE TABLE c.db.x (id INT, PRIMARY KEY (id)) LOCATION '" + place + "'", "columns");
    refused(
        "CREATE TABLE c.db.x LOCATION '" + place + "' TBLPROPERTIES ('primaryKey'='v')",
        "keeps its key");
    refused(
        "CREATE TABLE c.db.x LOCATION '" + place + "' AS SELECT 1 id", "already", "takes it up");
    sql("CREATE TABLE c.db.x LOCATION '" + place + "'");
    assertThat(sql("SELECT * FROM c.db.x")).isEqualTo("[[5,r]]");
    sql(
        "CREATE TABLE c.db.n TBLPROPERTIES ('primaryKey'='id') LOCATION '"
            + directory.resolve("n")
            + "' AS SELECT 1 id");
    assertThat(sql("SELECT * FROM c.db.n")).isEqualTo("[[1]]");
    sql("DROP NAMESPACE c.db CASCADE");
    assertThat(Files.isDirectory(place.resolve("_alexstore"))).isTrue();
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "CHECK constraints")
  void aConstraintThatIsAddedByPathHoldsByName() {
    sql("CREATE TABLE c.db.t (id BIGINT, v STRING, PRIMARY KEY (id))");
    sql("ALTER TABLE alexstore.`" + path() + "` ADD CONSTRAINT short CHECK (length(v) < 3)");
    refused("INSERT INTO c.db.t VALUES (3, 'long')", "short");
  }

  @Test
  void aPathAndANameAreOneTable() throws IOException {
    sql("CREATE TABLE c.db.t (id BIGINT, v STRING, PRIMARY KEY (id))");
    String byPath = "alexstore.`" + path() + "`";
    sql("INSERT INTO " + byPath + " VALUES (1, 'p')");
    sql("INSERT INTO c.db.t VALUES (2, 'n')");
    refused("INSERT INTO " + byPath + " VALUES (2, 'x')", "id=2");
    assertThat(sql("SELECT * FROM " + byPath + " ORDER BY id")).isEqualTo(rows());
    sql(
        "UPDATE c.db.t t SET v = (SELECT max(v) FROM "
            + byPath
            + " p WHERE p.id = t.id + 1)"
            + " WHERE id = 1");
    assertThat(rows()).isEqualTo("[[1,n], [2,n]]");
    sql("CREATE OR REPLACE TABLE " + byPath + " TBLPROPERTIES ('primaryKey'='k') AS SELECT 1 k");
    assertThat(rows()).isEqualTo("[[1]]");
  }
}
