package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of rows whose keys are there already. */
class OnConflictTest {

  private final SparkSession shared = TestSession.get();
  private SparkSession spark;

  @TempDir Path directory;

  @BeforeEach
  void freshSession() {
    spark = shared.newSession();
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    SparkSession.setActiveSession(spark);
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

  private Dataset<Row> values(String values) {
    return spark.sql("SELECT * FROM VALUES " + values + " AS (id, v, at)");
  }

  private DataFrameWriter<Row> append(String values) {
    return values(values).write().format("alexstore").mode("append");
  }

  private void create(String key) {
    append("(1, 'a', 1), (2, 'b', 1), (3, 'c', 1)").option(key, "id").save(path());
  }

  @Test
  void isAnErrorUnlessTold() {
    create("primaryKey");
    assertThat(Errors.of(() -> append("(3, 'x', 2), (4, 'x', 2)").save(path())))
        .contains("id=3", "onConflict");
    assertThat(Errors.of(() -> append("(3, 'x', 2)").option("onConflict", "error").save(path())))
        .contains("id=3");
    assertThat(rows()).isEqualTo("[[1,a,1], [2,b,1], [3,c,1]]");
  }

  @Test
  void updatesOrIgnores() {
    create("primaryKey");
    append("(3, 'x', 2), (4, 'x', 2)").option("onConflict", "update").save(path());
    assertThat(rows()).isEqualTo("[[1,a,1], [2,b,1], [3,x,2], [4,x,2]]");
    append("(4, 'y', 3), (5, 'y', 3)").option("onConflict", "IGNORE").save(path());
    assertThat(rows()).isEqualTo("[[1,a,1], [2,b,1], [3,x,2], [4,x,2], [5,y,3]]");
    append("(4, 'z', 4)").option("onConflict", "ignore").save(path());
    assertThat(sql("SELECT count(*) FROM $t")).isEqualTo("[[5]]");
  }

  @Test
  void isSetForSqlInsertsByClauseSessionAndTable() {
    create("primaryKey");
    sql("INSERT INTO $t WITH ('onConflict' = 'update') VALUES (1, 'clause', 2)");
    spark.conf().set("spark.datasource.alexstore.onConflict", "update");
    sql("INSERT INTO $t VALUES (2, 'session', 2)");
    sql("INSERT INTO $t WITH ('onConflict' = 'ignore') VALUES (3, 'not', 2)");
    spark.conf().unset("spark.datasource.alexstore.onConflict");
    assertThat(rows()).isEqualTo("[[1,clause,2], [2,session,2], [3,c,1]]");
    assertThat(Errors.of(() -> sql("INSERT INTO $t VALUES (2, 'no', 2)"))).contains("id=2");
    sql(
        "CREATE OR REPLACE TABLE $t (id INT NOT NULL, v STRING)"
            + " TBLPROPERTIES ('primaryKey' = 'id', 'onConflict' = 'update')");
    sql("INSERT INTO $t VALUES (1, 'first')");
    sql("INSERT INTO $t VALUES (1, 'second')");
    assertThat(rows()).isEqualTo("[[1,second]]");
  }

  @Test
  void duplicatesInOneBatchAreAnErrorThatNamesTheKey() {
    create("primaryKey");
    for (String onConflict : new String[] {"error", "update", "ignore"}) {
      assertThat(
              Errors.of(
                  () ->
                      append("(9, 'x', 1), (8, 'x', 1), (9, 'y', 2)")
                          .option("onConflict", onConflict)
                          .save(path())))
          .contains("Duplicate key", "id=9");
    }
    assertThat(sql("SELECT count(*) FROM $t")).isEqualTo("[[3]]");
  }

  @Test
  void ofDuplicatesTheGreatestWinsByAColumn() {
    create("primaryKey");
    append("(9, 'x', 1), (1, 'old', 5), (9, 'z', 3), (9, 'y', 2), (9, 'n', NULL), (1, 'new', 6)")
        .option("onConflict", "update")
        .option("orderBy", "AT")
        .save(path());
    assertThat(rows()).isEqualTo("[[1,new,6], [2,b,1], [3,c,1], [9,z,3]]");
    // In many tasks.
    spark
        .range(0, 20_000, 1, 4)
        .selectExpr("CAST(id % 500 AS INT) AS id", "'m' AS v", "CAST(id AS INT) AS at")
        .write()
        .format("alexstore")
        .mode("append")
        .option("onConflict", "update")
        .option("orderBy", "at")
        .save(path());
    assertThat(sql("SELECT count(*), min(at), max(at), sum(at - id) FROM $t"))
        .isEqualTo("[[500,19500,19999,9750000]]");
  }

  @Test
  void ofDuplicatesTheGreatestWinsWithACompositeKeyAndANewTable() {
    spark
        .sql(
            "SELECT * FROM VALUES ('a', 1, 1), ('a', 1, 2), ('a', 2, 1), ('b', 1, 7), ('b', 1, 3)"
                + " AS (k, n, at)")
        .write()
        .format("alexstore")
        .option("primaryKey", "k,n")
        .option("onConflict", "update")
        .option("orderBy", "at")
        .save(path());
    assertThat(rows()).isEqualTo("[[a,1,2], [a,2,1], [b,1,7]]");
  }

  @Test
  void refusesWhatDoesNotGoTogether() {
    create("sortKey");
    assertThat(Errors.of(() -> append("(3, 'x', 2)").option("onConflict", "update").save(path())))
        .contains("onConflict=update", "sortKey 'id'", "primaryKey");
    append("(3, 'x', 2)").option("onConflict", "error").save(path());
    assertThat(sql("SELECT count(*) FROM $t WHERE id = 3")).isEqualTo("[[2]]");
    assertThat(Errors.of(() -> append("(3, 'x', 2)").option("onConflict", "no").save(path())))
        .contains("'no'", "error", "update", "ignore");
    assertThat(Errors.of(() -> append("(3, 'x', 2)").option("orderBy", "at").save(path())))
        .contains("onConflict=update");
    assertThat(
            Errors.of(
                () ->
                    append("(3, 'x', 2)")
                        .option("primaryKey", "id")
                        .option("onConflict", "update")
                        .option("orderBy", "nope")
                        .save(path() + "2")))
        .contains("nope", "orderBy", "id, v, at");
  }
}
