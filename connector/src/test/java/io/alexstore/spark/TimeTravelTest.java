package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Older versions, by number and by time, in SQL and as DataFrames. */
class TimeTravelTest extends SqlTest {

  private String time(int version) {
    return spark
        .sql("SELECT string(committed_at) FROM c.db.t.snapshots WHERE version = " + version)
        .head()
        .getString(0);
  }

  private String byPath() {
    return "alexstore.`" + path("t") + "`";
  }

  private String count(String table, String asOf) {
    return sql("SELECT count(*) FROM " + table + " " + asOf);
  }

  private Dataset<Row> load(String option, String value) {
    return spark.read().format("alexstore").option(option, value).load(path("t"));
  }

  @Test
  void everyVersionByNumberAndByTimeOfNameAndPath() {
    create();
    String[] expected = {"[[0]]", "[[2]]", "[[3]]"};
    for (int v = 0; v < expected.length; v++) {
      for (String table : new String[] {"c.db.t", byPath()}) {
        assertThat(count(table, "VERSION AS OF " + v)).isEqualTo(expected[v]);
        assertThat(count(table, "FOR SYSTEM_VERSION AS OF '" + v + "'")).isEqualTo(expected[v]);
        assertThat(count(table, "TIMESTAMP AS OF '" + time(v) + "'")).isEqualTo(expected[v]);
        assertThat(count(table, "WITH ('versionAsOf' = '" + v + "')")).isEqualTo(expected[v]);
        assertThat(count(table, "WITH ('timestampAsOf' = '" + time(v) + "')"))
            .isEqualTo(expected[v]);
        Dataset<Row> named = spark.read().option("timestampAsOf", time(v)).table(table);
        assertThat("[[" + named.count() + "]]").isEqualTo(expected[v]);
        named = spark.read().option("versionAsOf", v).table(table);
        assertThat("[[" + named.count() + "]]").isEqualTo(expected[v]);
      }
      assertThat("[[" + load("versionAsOf", "" + v).count() + "]]").isEqualTo(expected[v]);
      assertThat("[[" + load("timestampAsOf", time(v)).count() + "]]").isEqualTo(expected[v]);
    }
    assertThat(count("c.db.t", "TIMESTAMP AS OF current_timestamp()")).isEqualTo("[[3]]");
    assertThat(
            sql(
                "SELECT id FROM c.db.t WHERE id NOT IN (SELECT id FROM c.db.t VERSION AS OF 1)"
                    + " AND id = 3"))
        .isEqualTo("[[3]]");
    assertThat(sql("SELECT name FROM c.db.t VERSION AS OF 1 WHERE id = 2")).isEqualTo("[[b]]");
    assertThat(sql("SELECT name FROM c.db.t VERSION AS OF 1 WHERE id = 3")).isEqualTo("[]");
  }

  @Test
  void aFunctionSaysTheTime() {
    create();
    assertThat(count("c.db.t", "TIMESTAMP AS OF now()")).isEqualTo("[[3]]");
    SparkSession extended = TestSession.extended().newSession();
    SparkSession.setActiveSession(extended);
    for (String time : new String[] {"now()", "current_timestamp() - INTERVAL 0 SECONDS"}) {
      String some = " FROM " + byPath() + " TIMESTAMP AS OF " + time;
      assertThat(extended.sql("SELECT count(*)" + some).head().getLong(0)).isEqualTo(3);
      assertThat(
              extended
                  .sql(
                      "WITH s AS (SELECT id"
                          + some
                          + ") SELECT count(*) FROM s WHERE id IN (SELECT id"
                          + some
                          + " WHERE id > 1)")
                  .head()
                  .getLong(0))
          .isEqualTo(2);
    }
    assertThat(
            Errors.of(
                () ->
                    extended.sql(
                        "SELECT * FROM "
                            + byPath()
                            + " TIMESTAMP AS OF current_timestamp() + INTERVAL 1 DAY")))
        .contains("in the future");
    assertThat(
            Errors.of(
                () -> extended.sql("SELECT * FROM " + byPath() + " TIMESTAMP AS OF nothing()")))
        .contains("nothing");
  }

  @Test
  void anOlderVersionHasItsColumns() {
    create();
    String old = time(2);
    sql("REPLACE TABLE c.db.t (k STRING, PRIMARY KEY (k))");
    assertThat(sql("SELECT * FROM c.db.t VERSION AS OF 1 ORDER BY id")).isEqualTo("[[1,a], [2,b]]");
    assertThat(sql("SELECT * FROM c.db.t TIMESTAMP AS OF '" + old + "' WHERE id = 3"))
        .isEqualTo("[[3,c]]");
    assertThat(load("timestampAsOf", old).columns()).containsExactly("id", "name");
    assertThat(spark.table("c.db.t").columns()).containsExactly("k");
  }

  @Test
  void whatCannotBeReadIsSaidToBeWhy() throws Exception {
    create();
    String first = time(0);
    String second = time(1);
    assertThat(Errors.of(() -> count("c.db.t", "VERSION AS OF 9")))
        .contains("has no version 9", "0 to 2");
    assertThat(Errors.of(() -> count("c.db.t", "VERSION AS OF 'x'")))
        .contains("versionAsOf", "'x'", "a number from 0");
    assertThat(Errors.of(() -> load("versionAsOf", "-1"))).contains("a number from 0");
    for (String table : new String[] {"c.db.t", byPath()}) {
      assertThat(Errors.of(() -> count(table, "TIMESTAMP AS OF '1999-01-01'")))
          .contains("was not there yet", "1999-01-01", "first version was made at");
      assertThat(Errors.of(() -> count(table, "TIMESTAMP AS OF '2999-01-01'")))
          .contains("in the future", "2999-01-01");
    }
    assertThat(Errors.of(() -> load("timestampAsOf", "2999-01-01"))).contains("in the future");
    assertThat(Errors.of(() -> load("timestampAsOf", "soon"))).contains("INVALID_TIME_TRAVEL");
    assertThat(Errors.of(() -> count("c.db.t", "TIMESTAMP AS OF 'soon'")))
        .contains("INVALID_TIME_TRAVEL");
    String both = "Cannot specify both version and timestamp";
    assertThat(
            Errors.of(
                () ->
                    spark
                        .read()
                        .format("alexstore")
                        .option("versionAsOf", "1")
                        .option("timestampAsOf", first)
                        .load(path("t"))))
        .contains(both);
    assertThat(
            Errors.of(
                () -> count("c.db.t", "VERSION AS OF 1 WITH ('timestampAsOf' = '" + first + "')")))
        .isNotEmpty();
    assertThat(
            Errors.of(
                () ->
                    spark
                        .read()
                        .option("versionAsOf", "1")
                        .option("timestampAsOf", first)
                        .table("c.db.t")
                        .count()))
        .contains(both);
    sql("CALL c.system.expire_snapshots(table => 'db.t', older_than => now(), retain_last => 1)");
    assertThat(Errors.of(() -> count("c.db.t", "VERSION AS OF 1"))).contains("has expired");
    assertThat(Errors.of(() -> count("c.db.t", "TIMESTAMP AS OF '" + second + "'")))
        .contains("has expired", "can be read");
  }

  @Test
  void onlyReadsTravel() {
    create();
    for (String option : new String[] {"versionAsOf", "timestampAsOf"}) {
      assertThat(
              Errors.of(
                  () ->
                      spark
                          .range(9, 10)
                          .selectExpr("id", "'x' name")
                          .write()
                          .format("alexstore")
                          .mode("append")
                          .option(option, "1")
                          .save(path("t"))))
          .contains(option, "for reading");
      assertThat(
              Errors.of(
                  () -> sql("INSERT INTO c.db.t WITH ('" + option + "' = '1') VALUES (9, 'x')")))
          .isNotEmpty();
    }
    assertThat(count("c.db.t", "")).isEqualTo("[[3]]");
  }
}
