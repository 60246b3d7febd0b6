package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What tables tell of a table: its versions, its segments, its history. */
class MetadataTablesTest extends SqlTest {

  @Test
  void snapshotsAreTheVersionsThatCanBeRead() {
    create();
    sql("DELETE FROM c.db.t WHERE id = 1");
    assertThat(
            sql(
                "SELECT version, operation, segments, rows, deleted_rows, schema_id"
                    + " FROM c.db.t.snapshots"))
        .isEqualTo(
            "[[0,create,0,0,0,0], [1,append,1,2,0,0], [2,append,2,3,0,0], [3,delete,2,2,1,0]]");
    assertThat(
            sql(
                "SELECT count(DISTINCT commit_id), min(bytes), count(committed_at) FROM c.db.t.snapshots"))
        .isEqualTo("[[4,0,4]]");
    assertThat(
            sql(
                "SELECT count(*) FROM (SELECT committed_at > lag(committed_at) OVER (ORDER BY"
                    + " version) later FROM c.db.t.snapshots) WHERE NOT later"))
        .isEqualTo("[[0]]");
    // A table of the metadata goes with its table: a new query sees the newest.
    var snapshots = spark.table("c.db.t.snapshots");
    assertThat(snapshots.count()).isEqualTo(4);
    sql("INSERT INTO c.db.t VALUES (7, 'x')");
    assertThat(spark.table("c.db.t.snapshots").count()).isEqualTo(5);
    sql("CALL c.system.expire_snapshots(table => 'db.t', older_than => now(), retain_last => 2)");
    assertThat(sql("SELECT version, operation FROM c.db.t.snapshots"))
        .isEqualTo("[[3,delete], [4,append], [5,expire]]");
    assertThat(sql("SELECT version FROM c.db.t.history WHERE is_readable ORDER BY version"))
        .isEqualTo("[[3], [4], [5]]");
  }

  @Test
  void segmentsAreThoseThatRowsSayTheyStandIn() {
    create();
    sql("DELETE FROM c.db.t WHERE id = 1");
    assertThat(
            sql(
                "SELECT rows, deleted_rows, min_key, max_key, added_in, schema_id, bytes > 0,"
                    + " path = concat('data/', segment, '.alexseg') FROM c.db.t.segments"))
        .isEqualTo("[[1,1,(id=1),(id=2),1,0,true,true], [1,0,(id=3),(id=3),2,0,true,true]]");
    assertThat(
            sql(
                "SELECT s.added_in, t.id FROM c.db.t t JOIN c.db.t.segments s"
                    + " ON t._segment = s.segment ORDER BY t.id"))
        .isEqualTo("[[1,2], [2,3]]");
    sql("CREATE TABLE c.db.s (a STRING, n INT, PRIMARY KEY (a, n))");
    sql("INSERT INTO c.db.s VALUES ('x', 1), ('y', 2)");
    assertThat(sql("SELECT min_key, max_key FROM c.db.s.SEGMENTS"))
        .isEqualTo("[[(a='x', n=1),(a='y', n=2)]]");
  }

  @Test
  void historyIsWhatEachCommitDid() {
    create();
    sql("DELETE FROM c.db.t WHERE id = 1");
    sql("CALL c.system.compact(table => 'db.t')");
    assertThat(
            sql(
                "SELECT version, operation, is_readable, added_segments, removed_segments,"
                    + " changed_segments, added_rows, added_bytes > 0 FROM c.db.t.history"))
        .isEqualTo(
            "[[0,create,true,0,0,0,0,false], [1,append,true,1,0,0,2,true],"
                + " [2,append,true,1,0,0,1,true], [3,delete,true,0,0,1,0,false],"
                + " [4,compact,true,1,2,0,2,true]]");
    Row row = spark.sql("SELECT writer, summary FROM c.db.t.history WHERE version = 4").head();
    assertThat(row.getString(0)).startsWith("alexstore");
    assertThat(row.getJavaMap(1)).isNotEmpty();
  }

  @Test
  void anOlderVersionTellsOfItself() {
    create();
    assertThat(sql("SELECT max_key FROM c.db.t.segments VERSION AS OF 1")).isEqualTo("[[(id=2)]]");
    assertThat(sql("SELECT max(version) FROM c.db.t.history VERSION AS OF 1")).isEqualTo("[[1]]");
    String time =
        spark
            .sql("SELECT string(committed_at) FROM c.db.t.snapshots VERSION AS OF 0")
            .head()
            .getString(0);
    assertThat(sql("SELECT version FROM c.db.t.snapshots TIMESTAMP AS OF '" + time + "'"))
        .isEqualTo("[[0]]");
  }

  @Test
  void tablesByPathHaveThemToo() {
    create();
    for (String kind : List.of("snapshots", "segments", "history")) {
      String expected = sql("SELECT * FROM c.db.t." + kind);
      assertThat(sql("SELECT * FROM alexstore.`" + path("t") + "`." + kind)).isEqualTo(expected);
      assertThat(
              spark
                  .read()
                  .format("alexstore")
                  .option("metadataTable", kind)
                  .load(path("t"))
                  .collectAsList()
                  .toString())
          .isEqualTo(expected);
    }
    assertThat(
            spark
                .read()
                .format("alexstore")
                .option("metadataTable", "segments")
                .option("versionAsOf", "1")
                .load(path("t"))
                .count())
        .isEqualTo(1);
  }

  @Test
  void theyAreReadWithoutAJob() throws Exception {
    create();
    assertThat(Jobs.during(spark, () -> spark.table("c.db.t.segments").collectAsList())).isZero();
  }

  @Test
  void whatTheyCannotBeIsRefused() {
    create();
    assertThat(Errors.of(() -> sql("SELECT * FROM c.db.t.nonsense")))
        .contains("TABLE_OR_VIEW_NOT_FOUND", "nonsense");
    assertThat(Errors.of(() -> sql("SELECT * FROM c.db.none.snapshots")))
        .contains("TABLE_OR_VIEW_NOT_FOUND");
    assertThat(Errors.of(() -> sql("INSERT INTO c.db.t.history SELECT * FROM c.db.t.history")))
        .contains("UNSUPPORTED_FEATURE.TABLE_OPERATION");
    assertThat(Errors.of(() -> sql("DELETE FROM c.db.t.history")))
        .contains("does not support deletes");
    assertThat(Errors.of(() -> sql("DROP TABLE c.db.t.history"))).contains("NOT_FOUND");
    assertThat(
            Errors.of(
                () ->
                    spark
                        .read()
                        .format("alexstore")
                        .option("metadataTable", "files")
                        .load(path("t"))))
        .contains("metadataTable", "files", "snapshots, segments, history");
    assertThat(
            Errors.of(
                () -> spark.read().option("metadataTable", "history").table("c.db.t").count()))
        .contains("metadataTable", "db.orders.snapshots");
    assertThat(
            Errors.of(
                () ->
                    spark
                        .range(3)
                        .write()
                        .format("alexstore")
                        .mode("append")
                        .option("metadataTable", "history")
                        .save(path("t"))))
        .contains("metadataTable", "for reading");
    // A table of such a name is a table.
    sql("CREATE TABLE c.db.snapshots (id INT, PRIMARY KEY (id))");
    assertThat(spark.table("c.db.snapshots").columns()).containsExactly("id");
    assertThat(sql("SELECT version FROM c.db.snapshots.snapshots")).isEqualTo("[[0]]");
  }
}
