package io.alexstore.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables named by path in SQL and in {@code writeTo}. */
class PathSqlTest {

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

  private String table() {
    return "alexstore.`" + path() + "`";
  }

  private String sql(String text) {
    return spark.sql(text.replace("$t", table())).collectAsList().toString();
  }

  private String counts() {
    return sql("SELECT name, count(*) FROM $t GROUP BY name ORDER BY name");
  }

  private Dataset<Row> named(long from, long to, String name) {
    return spark.range(from, to).selectExpr("id", "'" + name + "' name");
  }

  private void create() {
    named(0, 10, "a").write().format("alexstore").option("primaryKey", "id").save(path());
  }

  @Test
  void aSessionThatUsedThePathKnowsTheName() {
    SparkSession fresh = shared.newSession();
    SparkSession.setActiveSession(fresh);
    fresh.range(3).write().format("alexstore").option("primaryKey", "id").save(path());
    assertThat(fresh.sql("SELECT count(*) FROM " + table()).head().getLong(0)).isEqualTo(3);
  }

  @Test
  void aFreshSessionWithTheExtensionsKnowsTheName() {
    create();
    SparkSession fresh = TestSession.extended().newSession();
    SparkSession.setActiveSession(fresh);
    assertThat(fresh.conf().get("spark.sql.catalog.alexstore", null)).isNull();
    assertThat(fresh.sql("SELECT count(*) FROM " + table()).head().getLong(0)).isEqualTo(10);
    // Also where the user gave the name away: then it is theirs.
    SparkSession taken = TestSession.extended().newSession();
    taken.conf().set("spark.sql.catalog.alexstore", "no.such.Catalog");
    SparkSession.setActiveSession(taken);
    assertThat(taken.sql("SELECT 1").head().getInt(0)).isEqualTo(1);
    assertThat(taken.conf().get("spark.sql.catalog.alexstore")).isEqualTo("no.such.Catalog");
  }

  @Test
  void insertsByPositionAndByName() {
    create();
    sql("INSERT INTO $t VALUES (10, 'b'), (11, 'b')");
    sql("INSERT INTO $t (name, id) VALUES ('c', 12)");
    sql("INSERT INTO $t BY NAME SELECT 'd' name, 13 id");
    assertThat(counts()).isEqualTo("[[a,10], [b,2], [c,1], [d,1]]");
    named(15, 16, "e").write().insertInto(table());
    assertThat(sql("SELECT * FROM $t WHERE id = 15")).isEqualTo("[[15,e]]");
    assertThat(Errors.of(() -> sql("INSERT INTO $t VALUES (20, 'b', 1)"))).contains("column");
    assertThat(Errors.of(() -> sql("INSERT INTO $t VALUES ('x', 'b')"))).contains("CAST");
    assertThat(Errors.of(() -> sql("INSERT INTO $t VALUES (3, 'b')"))).contains("id=3");
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "writes that leave columns out")
  void columnsThatAnInsertLeavesOutAreNull() {
    create();
    sql("INSERT INTO $t (id) VALUES (14)");
    sql("INSERT INTO $t BY NAME SELECT 15 id");
    assertThat(counts()).isEqualTo("[[null,2], [a,10]]");
  }

  @Test
  void insertOverwriteReplaces() {
    create();
    sql("INSERT OVERWRITE $t SELECT id, 'b' FROM range(2)");
    assertThat(counts()).isEqualTo("[[b,2]]");
    spark.conf().set("spark.sql.sources.partitionOverwriteMode", "dynamic");
    sql("INSERT OVERWRITE $t SELECT id + 100, 'c' FROM range(3)");
    assertThat(counts()).isEqualTo("[[c,3]]");
    sql("INSERT INTO $t REPLACE WHERE id = 101 SELECT 5, 'd'");
    assertThat(counts()).isEqualTo("[[c,2], [d,1]]");
    assertThat(sql("SELECT count(*) FROM $t VERSION AS OF 0")).isEqualTo("[[10]]");
    assertThat(Errors.of(() -> sql("SELECT * FROM $t VERSION AS OF 77"))).contains("77");
  }

  @Test
  void keysThatBeginWithABooleanAreOverwrittenAndDeleted() throws Exception {
    sql("CREATE TABLE $t (b BOOLEAN, n INT, v INT) TBLPROPERTIES ('sortKey' = 'b,n')");
    sql("INSERT INTO $t VALUES (false, 1, 0), (false, 2, 0), (true, 1, 0), (NULL, 1, 0)");
    sql("INSERT INTO $t REPLACE WHERE b = false AND n = 1 VALUES (false, 3, 1)");
    sql("INSERT INTO $t REPLACE WHERE b <> false AND n >= 1 VALUES (true, 3, 1)");
    assertThat(sql("SELECT * FROM $t ORDER BY ALL"))
        .isEqualTo("[[null,1,0], [false,2,0], [false,3,1], [true,3,1]]");
    assertThat(Jobs.during(spark, () -> sql("DELETE FROM $t WHERE NOT b AND n > 2"))).isZero();
    assertThat(Jobs.during(spark, () -> sql("DELETE FROM $t WHERE b >= true AND n > 3"))).isZero();
    assertThat(sql("SELECT * FROM $t ORDER BY ALL"))
        .isEqualTo("[[null,1,0], [false,2,0], [true,3,1]]");
    assertThat(sql("SELECT count(*) FROM $t WHERE b < true AND n = 2")).isEqualTo("[[1]]");
  }

  @Test
  void truncates() {
    create();
    sql("TRUNCATE TABLE $t");
    assertThat(sql("SELECT count(*) FROM $t")).isEqualTo("[[0]]");
    assertThat(sql("SELECT count(*) FROM $t VERSION AS OF 0")).isEqualTo("[[10]]");
  }

  @Test
  void writeToAppendsAndOverwrites() throws Exception {
    create();
    named(10, 12, "b").writeTo(table()).append();
    named(20, 21, "c").writeTo(table()).overwrite(col("id").lt(4).or(col("id").equalTo(11)));
    assertThat(counts()).isEqualTo("[[a,6], [b,1], [c,1]]");
    assertThat(sql("SELECT id FROM $t ORDER BY id"))
        .isEqualTo("[[4], [5], [6], [7], [8], [9], [10], [20]]");
    named(30, 31, "d").writeTo(table()).overwrite(lit(false));
    assertThat(counts()).isEqualTo("[[a,6], [b,1], [c,1], [d,1]]");
    assertThat(
            Errors.of(() -> named(1, 2, "e").writeTo(table()).overwrite(col("name").equalTo("a"))))
        .contains("primaryKey 'id'", "name");
    assertThat(Errors.of(() -> named(5, 6, "e").writeTo(table()).overwrite(col("id").equalTo(4))))
        .contains("id=5", "condition");
    assertThat(counts()).isEqualTo("[[a,6], [b,1], [c,1], [d,1]]");
    named(0, 1, "f").writeTo(table()).overwrite(lit(true));
    assertThat(counts()).isEqualTo("[[f,1]]");
    named(0, 2, "g").writeTo(table()).overwritePartitions();
    assertThat(counts()).isEqualTo("[[g,2]]");
  }

  @Test
  void writeToCreatesAndReplaces() throws Exception {
    assertThat(Errors.of(() -> named(0, 3, "a").writeTo(table()).append()))
        .contains("TABLE_OR_VIEW_NOT_FOUND", path());
    assertThat(Errors.of(() -> named(0, 3, "a").writeTo(table()).create())).contains("primaryKey");
    named(0, 3, "a").writeTo(table()).tableProperty("primaryKey", "id").create();
    assertThat(counts()).isEqualTo("[[a,3]]");
    assertThat(Errors.of(() -> named(0, 3, "b").writeTo(table()).option("sortKey", "id").create()))
        .contains("ALREADY_EXISTS");
    spark
        .range(4)
        .selectExpr("id % 2 k", "id")
        .writeTo(table())
        .option("sortKey", "k")
        .createOrReplace();
    assertThat(sql("SELECT * FROM $t ORDER BY id")).isEqualTo("[[0,0], [1,1], [0,2], [1,3]]");
    named(0, 3, "c").writeTo(table()).using("alexstore").option("primaryKey", "id").replace();
    assertThat(counts()).isEqualTo("[[c,3]]");
    assertThat(sql("SELECT count(*) FROM $t VERSION AS OF 1")).isEqualTo("[[4]]");
    assertThat(
            Errors.of(
                () ->
                    named(0, 3, "c")
                        .writeTo(table())
                        .partitionedBy(col("name"))
                        .option("primaryKey", "id")
                        .createOrReplace()))
        .contains("make the column the first of primaryKey");
  }

  @Test
  void createsInSql() {
    assertThat(Errors.of(() -> sql("CREATE TABLE $t (id BIGINT)"))).contains("primaryKey");
    sql("CREATE TABLE $t (id BIGINT, name STRING COMMENT 'who') TBLPROPERTIES ('primaryKey'='id')");
    sql("INSERT INTO $t VALUES (1, 'a')");
    assertThat(counts()).isEqualTo("[[a,1]]");
    assertThat(spark.table(table()).schema().apply("name").getComment().get()).isEqualTo("who");
    assertThat(Errors.of(() -> sql("CREATE TABLE $t (id BIGINT)"))).contains("ALREADY_EXISTS");
    sql("CREATE TABLE IF NOT EXISTS $t (id BIGINT) TBLPROPERTIES ('primaryKey'='id')");
    sql("CREATE OR REPLACE TABLE $t (k INT) TBLPROPERTIES ('sortKey'='k', 'owner of'='us')");
    assertThat(sql("SELECT * FROM $t")).isEqualTo("[]");
    assertThat(sql("SHOW TBLPROPERTIES $t ('owner of')")).contains("us");
    String other = "alexstore.`" + directory.resolve("other") + "`";
    sql("CREATE TABLE " + other + " TBLPROPERTIES ('primaryKey'='id') AS SELECT 7L id, 'x' name");
    assertThat(sql("SELECT * FROM " + other)).isEqualTo("[[7,x]]");
    for (String layout :
        new String[] {"PARTITIONED BY (k)", "CLUSTERED BY (k) INTO 4 BUCKETS", "CLUSTER BY (k)"}) {
      assertThat(
              Errors.of(
                  () ->
                      sql(
                          "CREATE OR REPLACE TABLE $t (k INT) "
                              + layout
                              + " TBLPROPERTIES ('sortKey'='k')")))
          .as(layout)
          .contains("make the column the first of primaryKey");
    }
    assertThat(Errors.of(() -> sql("CREATE OR REPLACE TABLE $t (k INT) USING parquet")))
        .contains("parquet");
    assertThat(Errors.of(() -> sql("DROP TABLE $t"))).contains("Delete the directory");
    // Spark's message for what no catalog has, where the first part of the name is a source.
    assertThat(Errors.of(() -> sql("SELECT * FROM alexstore.nopath"))).contains("alexstore");
    assertThat(spark.catalog().tableExists("alexstore.`/nobody/nothing`")).isFalse();
    assertThat(spark.catalog().tableExists(table())).isTrue();
    assertThat(Errors.of(() -> sql("CREATE TABLE alexstore.nopath (k INT)"))).contains("no path");
  }
}
