package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** UPDATE, DELETE and MERGE in SQL. */
class RowLevelSqlTest {

  private final SparkSession shared = TestSession.get();
  private SparkSession spark;

  @TempDir Path directory;

  @BeforeEach
  void freshSession() {
    spark = parent().newSession();
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    SparkSession.setActiveSession(spark);
  }

  /** The session whose extensions the statements are planned with. */
  SparkSession parent() {
    return shared;
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  private String path() {
    return directory.resolve("table").toString();
  }

  private String sql(String text) {
    return spark.sql(text.replace("$t", "alexstore.`" + path() + "`")).collectAsList().toString();
  }

  private String rows() {
    return sql("SELECT * FROM $t ORDER BY ALL");
  }

  /** Keys 0 to 9 with the values of a tenth, in two segments. */
  private void create(String key) {
    for (int from : new int[] {0, 5}) {
      spark
          .range(from, from + 5)
          .selectExpr("id", "id * 10 AS v", "'a' AS s")
          .write()
          .format("alexstore")
          .mode("append")
          .option(key, "id")
          .save(path());
    }
  }

  private void source(String values) {
    spark.sql("CREATE OR REPLACE TEMPORARY VIEW src AS SELECT * FROM VALUES " + values);
  }

  private long files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(path(), "data"))) {
      return files.filter(file -> file.toString().endsWith(suffix)).count();
    }
  }

  private String operation() throws IOException {
    try (AlexTable table = AlexTable.open(path())) {
      return table.snapshot().operation();
    }
  }

  // --- DELETE ---

  @Test
  void deletesByKeyWithoutReadingOrWritingRows() throws Exception {
    create("primaryKey");
    long segments = files(".alexseg");
    assertThat(Jobs.during(spark, () -> sql("DELETE FROM $t WHERE id = 3"))).isZero();
    assertThat(Jobs.during(spark, () -> sql("DELETE FROM $t WHERE id >= 7 AND id <> 8"))).isZero();
    assertThat(Jobs.during(spark, () -> sql("DELETE FROM $t WHERE NOT id > 0"))).isZero();
    assertThat(files(".alexseg")).isEqualTo(segments);
    assertThat(operation()).isEqualTo("delete");
    assertThat(sql("SELECT id FROM $t ORDER BY id")).isEqualTo("[[1], [2], [4], [5], [6], [8]]");
    assertThat(sql("SELECT count(*), min(id), max(id) FROM $t")).isEqualTo("[[6,1,8]]");
    assertThat(sql("SELECT * FROM $t WHERE id = 3")).isEqualTo("[]");
    assertThat(sql("SELECT count(*) FROM $t WHERE id BETWEEN 2 AND 7")).isEqualTo("[[4]]");
    assertThat(sql("SELECT count(*) FROM $t VERSION AS OF 1")).isEqualTo("[[10]]");
    sql("DELETE FROM $t");
    assertThat(sql("SELECT count(*), min(id) FROM $t")).isEqualTo("[[0,null]]");
  }

  @Test
  void deletesByOtherColumnsAndSubqueries() {
    create("primaryKey");
    sql("DELETE FROM $t WHERE v IN (20, 30) OR id = 9");
    sql("DELETE FROM $t AS x WHERE x.id IN (SELECT v / 10 FROM $t WHERE v > 60)");
    assertThat(sql("SELECT v FROM $t ORDER BY v")).isEqualTo("[[0], [10], [40], [50], [60]]");
    sql("DELETE FROM $t WHERE s = 'none'");
    assertThat(sql("SELECT count(*) FROM $t")).isEqualTo("[[5]]");
  }

  @Test
  void aDeletedKeyCanBeInsertedAgain() {
    create("primaryKey");
    sql("DELETE FROM $t WHERE id < 8");
    sql("INSERT INTO $t VALUES (3, 1, 'new')");
    assertThat(rows()).isEqualTo("[[3,1,new], [8,80,a], [9,90,a]]");
    assertThat(Errors.of(() -> sql("INSERT INTO $t VALUES (9, 1, 'x')"))).contains("id=9");
  }

  // --- UPDATE ---

  @Test
  void updatesValues() throws Exception {
    create("primaryKey");
    sql("UPDATE $t SET v = v + 1, s = 'b' WHERE id IN (2, 4)");
    sql("UPDATE $t SET v = -1 WHERE v > 50 AND s = 'a'");
    sql("UPDATE $t SET v = 7 WHERE id = 77");
    assertThat(operation()).isEqualTo("update");
    assertThat(rows())
        .isEqualTo(
            "[[0,0,a], [1,10,a], [2,21,b], [3,30,a], [4,41,b], [5,50,a], [6,-1,a], [7,-1,a],"
                + " [8,-1,a], [9,-1,a]]");
  }

  @Test
  void movesKeys() {
    create("primaryKey");
    sql("UPDATE $t SET id = id + 1");
    assertThat(sql("SELECT id, v FROM $t WHERE id IN (1, 10)")).isEqualTo("[[1,0], [10,90]]");
    sql("UPDATE $t SET id = CASE id WHEN 1 THEN 10 ELSE 1 END WHERE id IN (1, 10)");
    assertThat(sql("SELECT id, v FROM $t WHERE id IN (1, 10) ORDER BY id"))
        .isEqualTo("[[1,90], [10,0]]");
    assertThat(Errors.of(() -> sql("UPDATE $t SET id = 5 WHERE id = 6"))).contains("id=5");
    assertThat(Errors.of(() -> sql("UPDATE $t SET id = 50 WHERE id > 3"))).contains("id=50");
    assertThat(Errors.of(() -> sql("UPDATE $t SET id = NULL WHERE id > 3"))).contains("NULL");
    assertThat(sql("SELECT count(*), sum(id), sum(v) FROM $t")).isEqualTo("[[10,55,450]]");
  }

  @Test
  void changesTablesWithASortKey() {
    create("sortKey");
    sql("INSERT INTO $t VALUES (3, 1, 'b'), (3, 2, 'b'), (NULL, 3, 'b')");
    sql("DELETE FROM $t WHERE id = 3 AND v = 1");
    sql("UPDATE $t SET id = 3 WHERE id IS NULL OR id = 4");
    sql("DELETE FROM $t WHERE id > 4");
    source("(3, 5), (100, 6) AS (k, n)");
    sql(
        "MERGE INTO $t USING src ON id = k AND s = 'b' WHEN MATCHED THEN UPDATE SET id = NULL"
            + " WHEN NOT MATCHED THEN INSERT (id, v, s) VALUES (k, n, 'c')");
    assertThat(rows())
        .isEqualTo(
            "[[null,2,b], [null,3,b], [0,0,a], [1,10,a], [2,20,a], [3,30,a], [3,40,a],"
                + " [100,6,c]]");
  }

  // --- MERGE ---

  @Test
  void mergesWithAllClauses() throws Exception {
    create("primaryKey");
    source("(2, 200), (3, 300), (4, 400), (5, NULL), (20, 2000), (21, 2100), (22, NULL) AS (k, n)");
    sql(
        "MERGE INTO $t AS t USING src ON t.id = src.k"
            + " WHEN MATCHED AND n IS NULL THEN DELETE"
            + " WHEN MATCHED AND k = 2 THEN UPDATE SET v = n, s = 'two'"
            + " WHEN MATCHED THEN UPDATE SET v = t.v + n"
            + " WHEN NOT MATCHED AND n > 2000 THEN INSERT (id, v, s) VALUES (k, n, 'big')"
            + " WHEN NOT MATCHED AND n IS NOT NULL THEN INSERT (id, v) VALUES (k, n)"
            + " WHEN NOT MATCHED BY SOURCE AND id > 7 THEN DELETE"
            + " WHEN NOT MATCHED BY SOURCE AND id = 0 THEN UPDATE SET s = 'alone'");
    assertThat(operation()).isEqualTo("merge");
    assertThat(rows())
        .isEqualTo(
            "[[0,0,alone], [1,10,a], [2,200,two], [3,330,a], [4,440,a], [6,60,a], [7,70,a],"
                + " [20,2000,null], [21,2100,big]]");
  }

  @Test
  void mergesWithStars() {
    create("primaryKey");
    source("(2L, 200L, 'x'), (20L, 2000L, 'y') AS (id, v, s)");
    sql(
        "MERGE INTO $t AS t USING src ON t.id = src.id WHEN MATCHED THEN UPDATE SET *"
            + " WHEN NOT MATCHED THEN INSERT *");
    assertThat(sql("SELECT * FROM $t WHERE id IN (1, 2, 20) ORDER BY id"))
        .isEqualTo("[[1,10,a], [2,200,x], [20,2000,y]]");
    source("(30L, 1L, 'only'), (1L, 1L, 'not') AS (id, v, s)");
    sql("MERGE INTO $t AS t USING src ON t.id = src.id WHEN NOT MATCHED THEN INSERT *");
    assertThat(sql("SELECT * FROM $t WHERE id IN (1, 30) ORDER BY id"))
        .isEqualTo("[[1,10,a], [30,1,only]]");
  }

  @Test
  void mergesWhereAnUpdateAndAnInsertMeetOnAKey() {
    create("primaryKey");
    // Row 3 goes to 100, and a new row takes its key.
    source("(30, 100), (-1, 3) AS (at, k)");
    sql(
        "MERGE INTO $t AS t USING src ON t.v = src.at"
            + " WHEN MATCHED THEN UPDATE SET id = k"
            + " WHEN NOT MATCHED THEN INSERT (id, v, s) VALUES (k, at, 'new')");
    assertThat(sql("SELECT * FROM $t WHERE id IN (3, 100) ORDER BY id"))
        .isEqualTo("[[3,-1,new], [100,30,a]]");
    // Both want the key 500; or one that a row has which stays.
    source("(40, 500), (-1, 500) AS (at, k)");
    String merge =
        "MERGE INTO $t AS t USING src ON t.v = src.at WHEN MATCHED THEN UPDATE SET id = k"
            + " WHEN NOT MATCHED THEN INSERT (id, v, s) VALUES (k, at, 'new')";
    assertThat(Errors.of(() -> sql(merge))).contains("Duplicate key", "500");
    source("(40, 5), (-1, 501) AS (at, k)");
    assertThat(Errors.of(() -> sql(merge))).contains("Duplicate key", "id=5");
    assertThat(sql("SELECT count(*), sum(id) FROM $t")).isEqualTo("[[11,145]]");
  }

  @Test
  void twoSourceRowsThatMatchAreAnErrorWhateverIsDoneWithThem() {
    // Of a sort key, whose sources are not gathered in one task, and rows in a task of their own.
    create("sortKey");
    spark.conf().set("spark.datasource.alexstore.lookupJoin", "always");
    spark
        .range(0, 2, 1, 2)
        .selectExpr("if(id < 9, 3, 0) AS k", "id AS n")
        .createOrReplaceTempView("twice");
    for (String clause :
        new String[] {
          "MATCHED AND n = 1 THEN DELETE",
          "MATCHED AND n > 5 THEN UPDATE SET v = n",
          "MATCHED THEN UPDATE SET v = n"
        }) {
      assertThat(Errors.of(() -> sql("MERGE INTO $t USING twice ON id = k WHEN " + clause)))
          .as(clause)
          .contains("MERGE_CARDINALITY_VIOLATION");
    }
    assertThat(sql("SELECT max(version) FROM $t.snapshots")).isEqualTo("[[1]]");
  }

  @Test
  void aRowThatTwoSourceRowsMatchIsAnErrorInOneTaskAndInSeveral() {
    create("primaryKey");
    source("(3, 1), (3, 2) AS (k, n)");
    String byKey = "MERGE INTO $t USING src ON id = k WHEN MATCHED THEN UPDATE SET v = n";
    assertThat(Errors.of(() -> sql(byKey))).containsIgnoringCase("MERGE");
    // The target is broadcast, so the matches of one row are found by several tasks.
    spark.range(0, 40, 1, 4).createOrReplaceTempView("many");
    String byRange =
        "MERGE INTO $t t USING many ON t.id < many.id - 35 AND t.id = 0"
            + " WHEN MATCHED THEN UPDATE SET t.id = many.id + 1000";
    String error = Errors.of(() -> sql(byRange));
    assertThat(error)
        .satisfiesAnyOf(
            e -> assertThat(e).contains("RowChangedTwice"),
            e -> assertThat(e).contains("MERGE_CARDINALITY_VIOLATION"));
    // To delete a row twice is to delete it.
    sql("MERGE INTO $t t USING many ON t.id < many.id - 35 WHEN MATCHED THEN DELETE");
    assertThat(sql("SELECT min(id), count(*) FROM $t")).isEqualTo("[[4,6]]");
  }

  @Test
  void aKeyThatIsNullEqualsOneThatIsNull() {
    create("sortKey");
    sql("INSERT INTO $t VALUES (NULL, 1, 'null'), (NULL, 2, 'null')");
    source("(CAST(NULL AS BIGINT), -1), (3, -3), (12, -12) AS (k, w)");
    sql(
        "MERGE INTO $t AS t USING src ON t.id <=> k WHEN MATCHED THEN UPDATE SET v = w"
            + " WHEN NOT MATCHED THEN INSERT (id, v, s) VALUES (k, w, 'new')");
    assertThat(sql("SELECT * FROM $t WHERE s <> 'a' OR v < 0 ORDER BY ALL"))
        .isEqualTo("[[null,-1,null], [null,-1,null], [3,-3,a], [12,-12,new]]");
  }

  /** What the plan of a MERGE shows that reads rows by the keys of the source. */
  String readsMatchesBy() {
    // An older Spark filters by rows of a file or a table, but not by those of the program.
    return SparkUnderTest.isAtLeast("4.2")
        ? "RuntimeFilters: [dynamicpruningexpression(id#"
        : "RuntimeFilters: []";
  }

  @Test
  void aMergeReadsTheKeysThatItMatches() {
    // Small tables are read on the driver, unless that is turned off.
    spark.conf().set("spark.datasource.alexstore.localScanRows", "0");
    for (String key : new String[] {"id", "id,v"}) {
      spark
          .range(0, 100)
          .selectExpr("id", "id * 10 AS v", "'a' AS s")
          .write()
          .format("alexstore")
          .mode("overwrite")
          .option("overwriteSchema", true)
          .option("sortKey", key)
          .save(path());
      source("(3, 30), (5, 50) AS (k, w)");
      String plan =
          sql(
              "EXPLAIN MERGE INTO $t AS t USING src ON t.id = k AND t.v = w"
                  + " WHEN MATCHED THEN DELETE");
      assertThat(plan).contains(readsMatchesBy());
      sql("MERGE INTO $t AS t USING src ON t.id = k AND t.v = w WHEN MATCHED THEN DELETE");
      assertThat(sql("SELECT count(*), sum(id) FROM $t")).isEqualTo("[[98,4942]]");
    }
  }

  @Test
  void theSourceMayBeTheTableItself() {
    create("primaryKey");
    sql(
        "MERGE INTO $t AS t USING (SELECT id + 5 AS k, v FROM $t) AS o ON t.id = o.k"
            + " WHEN MATCHED THEN UPDATE SET v = t.v + o.v"
            + " WHEN NOT MATCHED THEN INSERT (id, v) VALUES (k, o.v)");
    assertThat(sql("SELECT sum(id), sum(v), count(*) FROM $t")).isEqualTo("[[105,900,15]]");
    sql("UPDATE $t SET v = (SELECT max(v) FROM $t) WHERE id = 0");
    assertThat(sql("SELECT v FROM $t WHERE id = 0")).isEqualTo("[[130]]");
  }

  // --- what it stands on ---

  @Test
  void rowsTellTheirPlaces() {
    create("primaryKey");
    sql("DELETE FROM $t WHERE id = 0");
    assertThat(sql("SELECT count(DISTINCT _segment), count(_position), min(_position) FROM $t"))
        .isEqualTo("[[2,9,0]]");
    String places = sql("SELECT _position, id, _segment FROM $t WHERE id = 1");
    assertThat(places).startsWith("[[1,1,").hasSize("[[1,1,]]".length() + 36);
    assertThat(sql("SELECT id FROM $t WHERE _position = 1 ORDER BY id")).isEqualTo("[[1], [6]]");
    assertThat(sql("SELECT * FROM $t WHERE id = 1")).isEqualTo("[[1,10,a]]");
  }

  @Test
  void aTableWithAColumnOfThatNameIsReadButNotChanged() {
    spark
        .range(3)
        .selectExpr("id", "id AS _Position")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .save(path());
    assertThat(sql("SELECT _position FROM $t WHERE id = 2")).isEqualTo("[[2]]");
    assertThat(Errors.of(() -> sql("UPDATE $t SET id = 7 WHERE id = 2"))).contains("_Position");
  }

  @Test
  void oldVersionsAreNotChanged() {
    create("primaryKey");
    sql("DELETE FROM $t WHERE id = 0");
    assertThat(Errors.of(() -> sql("UPDATE $t VERSION AS OF 0 SET v = 1"))).isNotEmpty();
    assertThat(sql("SELECT count(*) FROM $t VERSION AS OF 1")).isEqualTo("[[10]]");
  }

  @Test
  void smallUpdatesTakeFewJobs() throws Exception {
    create("primaryKey");
    assertThat(Jobs.during(spark, () -> sql("UPDATE $t SET v = 5 WHERE id = 3")))
        .isLessThanOrEqualTo(2);
    assertThat(sql("SELECT v FROM $t WHERE id = 3")).isEqualTo("[[5]]");
  }
}
