package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a table says of itself, and the small compactions that it may ask for. */
class TablePropertiesTest extends SqlTest {

  private void create(String properties) {
    sql(
        "CREATE TABLE c.db.t (id BIGINT, name STRING, PRIMARY KEY (id)) TBLPROPERTIES ("
            + properties
            + ")");
  }

  private void insert(int from, int to) {
    for (int i = from; i < to; i++) {
      sql("INSERT INTO c.db.t VALUES (" + i + ", 'n" + i + "')");
    }
  }

  private long segments() {
    return spark.table("c.db.t.segments").count();
  }

  private long compactions() {
    return spark.table("c.db.t.history").where("operation = 'compact'").count();
  }

  @Test
  void misspeltNamesAndWrongValuesAreRefused() {
    for (String[] wrong :
        new String[][] {
          {"autocompact", "true", "'autoCompact'"},
          {"onConflit", "update", "'onConflict'"},
          {"retentionPeriods", "1d", "'retentionPeriod'"},
          {"primaryKeys", "id", "'primaryKey'"},
          {"autoCompact", "maybe", "true or false"},
          {"retentionPeriod", "long", "'7 days'"},
          {"retentionVersions", "0", "from 1"},
          {"targetSegmentSize", "huge", "'huge'"},
          {"onConflict", "replace", "'replace'"}
        }) {
      String property = "'" + wrong[0] + "'='" + wrong[1] + "'";
      assertThat(Errors.of(() -> create(property))).as(property).contains(wrong[0], wrong[2]);
    }
    create("'owner of'='us', 'my.autocompact'='x', 'retentionPeriod'='36 hours'");
    assertThat(Errors.of(() -> sql("ALTER TABLE c.db.t SET TBLPROPERTIES ('autocompact'='true')")))
        .contains("did you mean 'autoCompact'", "'my.autocompact'");
    assertThat(Errors.of(() -> sql("ALTER TABLE c.db.t SET TBLPROPERTIES ('autoCompact'='1')")))
        .contains("true or false");
    sql("ALTER TABLE c.db.t SET TBLPROPERTIES ('autoCompact'='true')");
    assertThat(sql("SHOW TBLPROPERTIES c.db.t ('autoCompact')")).contains("true");
  }

  @Test
  void theTablesOptionsCountLast() {
    create("'onConflict'='update', 'targetSegmentSize'='1m'");
    sql("INSERT INTO c.db.t VALUES (1, 'a')");
    sql("INSERT INTO c.db.t VALUES (1, 'b')");
    assertThat(sql("SELECT name FROM c.db.t")).isEqualTo("[[b]]");
    spark.conf().set("spark.datasource.alexstore.onConflict", "ignore");
    sql("INSERT INTO c.db.t VALUES (1, 'c')");
    assertThat(sql("SELECT name FROM c.db.t")).isEqualTo("[[b]]");
    assertThat(
            Errors.of(
                () -> sql("INSERT INTO c.db.t WITH ('onConflict' = 'error') VALUES (1, 'd')")))
        .contains("id=1");
    spark.conf().unset("spark.datasource.alexstore.onConflict");
  }

  @Test
  void aMisspeltSettingOfTheSessionIsRefused() {
    create("'onConflict'='update'");
    spark.conf().set("spark.datasource.alexstore.onConflit", "ignore");
    String meant = "did you mean spark.datasource.alexstore.onConflict?";
    assertThat(Errors.of(() -> sql("INSERT INTO c.db.t VALUES (1, 'a')"))).contains(meant);
    assertThat(Errors.of(() -> sql("SELECT * FROM c.db.t"))).contains(meant);
    spark.conf().unset("spark.datasource.alexstore.onConflit");
    spark.conf().set("spark.datasource.alexstore.ONCONFLICT", "ignore");
    sql("INSERT INTO c.db.t VALUES (1, 'a')");
    sql("INSERT INTO c.db.t VALUES (1, 'b')");
    assertThat(sql("SELECT name FROM c.db.t")).isEqualTo("[[a]]");
    spark.conf().unset("spark.datasource.alexstore.ONCONFLICT");
  }

  @Test
  void aSessionsSettingCountsForANewTable() {
    spark.conf().set("spark.datasource.alexstore.targetSegmentSize", "2m");
    sql("CREATE TABLE c.db.t TBLPROPERTIES ('primaryKey'='id') AS SELECT 1 id");
    assertThat(sql("SHOW TBLPROPERTIES c.db.t ('targetSegmentSize')")).contains("2097152");
    spark.conf().unset("spark.datasource.alexstore.targetSegmentSize");
  }

  @Test
  void nothingIsCompactedUnlessAsked() {
    create("'my.x'='y'");
    insert(0, 9);
    assertThat(segments()).isEqualTo(9);
    assertThat(compactions()).isZero();
  }

  @Test
  void commitsAreFollowedByASmallCompactionWhereAsked() {
    create("'autoCompact'='true'");
    insert(0, 7);
    assertThat(segments()).isEqualTo(7);
    insert(7, 8);
    assertThat(segments()).isOne();
    assertThat(compactions()).isOne();
    insert(8, 14);
    sql("UPDATE c.db.t SET name = 'u' WHERE name = 'n1'"); // Its row is the eighth segment.
    assertThat(compactions()).isEqualTo(2);
    assertThat(sql("SELECT count(*), count(DISTINCT id), count_if(name = 'u') FROM c.db.t"))
        .isEqualTo("[[14,14,1]]");
    sql("ALTER TABLE c.db.t UNSET TBLPROPERTIES ('autoCompact')");
    insert(14, 24);
    assertThat(compactions()).isEqualTo(2);
  }

  @Test
  void aCompactionThatFailsFailsNoCommit() throws Exception {
    create("'autoCompact'='true'");
    insert(0, 7);
    try (Stream<Path> files = Files.list(Path.of(path("t"), "data"))) {
      List<Path> all = files.toList();
      Files.delete(all.get(0)); // No commit has looked into it.
    }
    insert(7, 9);
    assertThat(segments()).isEqualTo(9);
    assertThat(compactions()).isZero();
  }
}
