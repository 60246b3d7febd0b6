package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.alexstore.row.ArrayRow;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commits that lose races: the other writer's comes between their last look and their own. */
class CommitRetriesTest {

  private static final String SETTING = "spark.datasource.alexstore.commitRetries";

  private final SparkSession shared = TestSession.get();
  private final String path = "racy:/" + UUID.randomUUID();
  private SparkSession spark;

  @BeforeEach
  void create() {
    spark = TestSession.extended().newSession();
    SparkSession.setActiveSession(spark);
    RacyStore.lose(0, null);
    create(path, "");
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  private void create(String table, String property) {
    spark.sql(
        "CREATE TABLE alexstore.`"
            + table
            + "` (id BIGINT NOT NULL, v BIGINT) TBLPROPERTIES ('primaryKey' = 'id'"
            + property
            + ")");
    spark.sql("INSERT INTO alexstore.`" + table + "` SELECT id, id * 10 FROM range(10)");
  }

  /** Adds a row of its own in each race. */
  private static void addRow(String table, int race) throws Exception {
    try (AlexTable other = AlexTable.open(RacyStore.QUIET, table);
        TableWriter writer = other.appender(SegmentOptions.defaults())) {
      writer.append(ArrayRow.of(other.schema(), 1000L + other.snapshot().version(), (long) race));
      writer.commit();
    }
  }

  private void sql(String statement) {
    spark.sql(statement.replace("$t", "alexstore.`" + path + "`"));
  }

  private static Map<String, String> statements() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("append", "INSERT INTO $t VALUES (100, 1)");
    all.put("upsert", "INSERT INTO $t WITH ('onConflict' = 'update') VALUES (3, 1), (101, 1)");
    all.put("update", "UPDATE $t SET v = v + 1 WHERE id = 4");
    all.put("delete", "DELETE FROM $t WHERE id = 5 AND v = 50");
    all.put("delete by key", "DELETE FROM $t WHERE id = 6");
    all.put(
        "merge",
        "MERGE INTO $t USING (SELECT id AS k FROM range(8, 12)) ON id = k WHEN MATCHED THEN UPDATE"
            + " SET v = -1 WHEN NOT MATCHED THEN INSERT (id, v) VALUES (k, -2)");
    return all;
  }

  @Test
  void everyStatementIsTriedAgainAsOftenAsTold() {
    spark.conf().set(SETTING, "2");
    statements()
        .forEach(
            (name, statement) -> {
              RacyStore.lose(3, race -> addRow(path, race));
              assertThat(Errors.of(() -> sql(statement)))
                  .as(name)
                  .contains(
                      "CommitConflictException",
                      "each of the 3 attempts",
                      "no more than 2 times",
                      "commitRetries",
                      "Nothing was written");
              assertThat(RacyStore.won()).as(name).isEqualTo(3);
              RacyStore.lose(2, race -> addRow(path, race));
              assertThatCode(() -> sql(statement)).as(name).doesNotThrowAnyException();
              assertThat(RacyStore.won()).as(name).isEqualTo(2);
            });
    RacyStore.lose(0, null);
    assertThat(
            spark
                .sql("SELECT * FROM alexstore.`" + path + "` WHERE id < 1000 ORDER BY id")
                .collectAsList()
                .toString())
        .isEqualTo(
            "[[0,0], [1,10], [2,20], [3,1], [4,41], [7,70], [8,-1], [9,-1], [10,-2], [11,-2],"
                + " [100,1], [101,1]]");
  }

  private int racesUntilError(String table, String option) {
    RacyStore.lose(Integer.MAX_VALUE, race -> addRow(table, race));
    String insert = "INSERT INTO alexstore.`" + table + "` " + option + "VALUES (200, 1)";
    assertThat(Errors.of(() -> spark.sql(insert))).contains("commitRetries");
    int races = RacyStore.won();
    RacyStore.lose(0, null);
    return races;
  }

  @Test
  void theWriteWinsOverTheSessionAndTheSessionOverTheTable() {
    String own = path + "/own";
    create(own, ", 'commitRetries' = '4'");
    assertThat(racesUntilError(own, "")).isEqualTo(5);
    spark.conf().set(SETTING, "1");
    assertThat(racesUntilError(own, "")).isEqualTo(2);
    assertThat(racesUntilError(own, "WITH ('commitRetries' = '0') ")).isEqualTo(1);
    assertThat(racesUntilError(path, "")).isEqualTo(2);
  }

  @Test
  void whatIsNoNumberOfTimesIsRefused() {
    for (String wrong : new String[] {"-1", "many", "1000001"}) {
      String insert = "INSERT INTO $t WITH ('commitRetries' = '" + wrong + "') VALUES (200, 1)";
      assertThat(Errors.of(() -> sql(insert))).contains("'commitRetries' is '" + wrong + "'", "0");
      spark.conf().set(SETTING, wrong);
      assertThat(Errors.of(() -> sql("UPDATE $t SET v = 0"))).contains("'" + wrong + "'");
      spark.conf().unset(SETTING);
    }
  }
}
