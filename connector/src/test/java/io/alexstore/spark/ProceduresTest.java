package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** {@code CALL c.system...}: what each procedure does and says, and what it refuses. */
class ProceduresTest extends SqlTest {

  private String rows() {
    return sql("SELECT * FROM c.db.t ORDER BY id");
  }

  private List<Path> data() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(path("t"), "data"))) {
      return files.sorted().toList();
    }
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "SHOW PROCEDURES and DESCRIBE PROCEDURE")
  void showAndDescribe() {
    assertThat(sql("SHOW PROCEDURES IN c.system"))
        .contains("compact", "expire_snapshots", "remove_orphan_files", "rollback", "verify");
    assertThat(sql("SHOW PROCEDURES IN c.db")).isEqualTo("[]");
    assertThat(sql("SHOW PROCEDURES IN alexstore.system")).contains("compact");
    assertThat(sql("DESCRIBE PROCEDURE c.system.expire_snapshots"))
        .contains("older_than TIMESTAMP", "retain_last BIGINT", "dry_run BOOLEAN", "deleted_files");
  }

  @Test
  void compactMergesSmallSegments() {
    create();
    String before = rows();
    Row done = spark.sql("CALL c.system.compact(table => 'db.t')").head();
    assertThat(done.schema().fieldNames())
        .containsExactly(
            "version", "commits", "removed_segments", "added_segments", "rows", "bytes");
    assertThat(done.toString()).startsWith("[3,1,2,1,3,");
    assertThat(rows()).isEqualTo(before);
    assertThat(sql("CALL c.system.compact(table => 'db.t')")).isEqualTo("[[3,0,0,0,0,0]]");
    sql("DELETE FROM c.db.t WHERE id = 3");
    // A third is deleted.
    assertThat(sql("CALL c.system.compact(table => 'db.t', min_deleted_share => 0.5)"))
        .startsWith("[[4,0,");
    assertThat(sql("CALL c.system.compact('db.t', '1m', 0.3D)")).startsWith("[[5,1,1,1,2,");
    sql("DELETE FROM c.db.t WHERE id = 2");
    assertThat(
            sql(
                "CALL c.system.compact(rewrite_all => true, min_deleted_share => 2D, table =>"
                    + " 'db.t')"))
        .startsWith("[[7,1,1,1,1,");
    assertThat(rows()).isEqualTo("[[1,a]]");
  }

  @Test
  void expireGivesOldVersionsUp() throws Exception {
    create();
    sql("CALL c.system.compact(table => 'db.t')");
    int files = data().size();
    // All versions are younger than the default.
    assertThat(sql("CALL c.system.expire_snapshots(table => 'db.t')"))
        .isEqualTo("[[0,0,0,0,WrappedArray()]]".replace("WrappedArray()", "ArraySeq()"));
    Row dry =
        spark
            .sql(
                "CALL c.system.expire_snapshots(table => 'db.t', older_than => now(), dry_run =>"
                    + " true)")
            .head();
    assertThat(dry.getLong(0)).isEqualTo(3);
    assertThat(dry.getLong(1)).isEqualTo(3);
    assertThat(dry.getLong(2)).isEqualTo(2);
    assertThat(dry.getList(4)).hasSize(2);
    assertThat(data()).hasSize(files);
    assertThat(sql("SELECT count(*) FROM c.db.t VERSION AS OF 1")).isEqualTo("[[2]]");
    Row done =
        spark.sql("CALL c.system.expire_snapshots(table => 'db.t', older_than => now())").head();
    assertThat(done.toString()).isEqualTo(dry.toString());
    assertThat(data()).hasSize(files - 2);
    assertThat(Errors.of(() -> sql("SELECT * FROM c.db.t VERSION AS OF 1"))).contains("expired");
    assertThat(rows()).isEqualTo("[[1,a], [2,b], [3,c]]");
  }

  @Test
  void whatATableSaysOfItsRetentionCounts() throws Exception {
    create();
    sql(
        "ALTER TABLE c.db.t SET TBLPROPERTIES ('retentionPeriod'='0 seconds',"
            + " 'retentionVersions'='2')");
    // The table's own are versions 0 to 3; what is asked for wins.
    assertThat(
            sql(
                "SELECT 1 FROM c.db.t VERSION AS OF 0 UNION ALL SELECT 2 FROM c.db.t VERSION AS OF"
                    + " 3 LIMIT 1"))
        .isEqualTo("[[2]]");
    assertThat(
            spark
                .sql("CALL c.system.expire_snapshots(table => 'db.t', retain_last => 3)")
                .head()
                .getLong(0))
        .isEqualTo(1);
    assertThat(
            spark
                .sql(
                    "CALL c.system.expire_snapshots(table => 'db.t', older_than => TIMESTAMP"
                        + " '2000-01-01')")
                .head()
                .getLong(1))
        .isZero();
    assertThat(
            spark
                .sql("CALL c.system.expire_snapshots(table => 'db.t', retention_period => '1h')")
                .head()
                .getLong(1))
        .isZero();
    Row done = spark.sql("CALL c.system.expire_snapshots(table => 'db.t')").head();
    assertThat(done.getLong(0)).isEqualTo(3); // Versions 3 and 4, which the first call made.
  }

  @Test
  void rollbackGoesBack() throws Exception {
    create();
    String time =
        spark
            .sql("SELECT string(committed_at) FROM c.db.t.snapshots WHERE version = 1")
            .head()
            .getString(0);
    assertThat(sql("CALL c.system.rollback(table => 'db.t', version => 0)"))
        .isEqualTo("[[2,0,3,0,0]]");
    assertThat(rows()).isEqualTo("[]");
    assertThat(sql("CALL c.system.rollback(table => 'db.t', timestamp => '" + time + "')"))
        .isEqualTo("[[3,1,4,1,2]]");
    assertThat(rows()).isEqualTo("[[1,a], [2,b]]");
    assertThat(Errors.of(() -> sql("CALL c.system.rollback(table => 'db.t')")))
        .contains("version => <number> or timestamp => <time>", "neither");
    assertThat(
            Errors.of(
                () ->
                    sql(
                        "CALL c.system.rollback(table => 'db.t', version => 1, timestamp =>"
                            + " now())")))
        .contains("both");
    assertThat(Errors.of(() -> sql("CALL c.system.rollback(table => 'db.t', version => 77)")))
        .contains("has no version 77", "0 to 4");
    assertThat(
            Errors.of(
                () -> sql("CALL c.system.rollback(table => 'db.t', timestamp => '1999-01-01')")))
        .contains("was not there yet");
  }

  @Test
  void orphansGoWhenTheyAreOld() throws Exception {
    create();
    Path orphan = Files.copy(data().get(0), Path.of(path("t"), "data", "left.alexseg"));
    assertThat(sql("CALL c.system.remove_orphan_files(table => 'db.t')")).startsWith("[[0,0,");
    Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    assertThat(sql("CALL c.system.remove_orphan_files(table => 'db.t')")).startsWith("[[0,0,");
    String dayOld = ", grace_period => '1 day'";
    Row dry =
        spark
            .sql(
                "CALL c.system.remove_orphan_files(table => 'db.t'" + dayOld + ", dry_run => true)")
            .head();
    assertThat(dry.getLong(0)).isOne();
    assertThat(dry.getLong(1)).isEqualTo(Files.size(orphan));
    assertThat(dry.getList(2).toString()).contains("left.alexseg");
    assertThat(sql("CALL c.system.remove_orphan_files(table => 'db.t'" + dayOld + ")"))
        .startsWith("[[1,");
    assertThat(orphan).doesNotExist();
    assertThat(rows()).isEqualTo("[[1,a], [2,b], [3,c]]");
    assertThat(
            Errors.of(
                () ->
                    sql("CALL c.system.remove_orphan_files(table => 'db.t', older_than => now())")))
        .contains("older_than", "at least an hour");
    assertThat(
            Errors.of(
                () ->
                    sql(
                        "CALL c.system.remove_orphan_files(table => 'db.t', grace_period =>"
                            + " '59 minutes')")))
        .contains("'grace_period'", "59 minutes", "at least an hour");
    assertThat(
            Errors.of(
                () ->
                    sql(
                        "CALL c.system.remove_orphan_files(table => 'db.t', grace_period =>"
                            + " 'long')")))
        .contains("'grace_period'", "'long'", "'7 days'");
    assertThat(
            Errors.of(
                () ->
                    sql(
                        "CALL c.system.remove_orphan_files(table => 'db.t', grace_period =>"
                            + " '2 days', older_than => '2020-01-01')")))
        .contains("leave one of them out");
  }

  @Test
  void verifySaysWhatIsWrong() throws Exception {
    create();
    Row clean = spark.sql("CALL c.system.verify(table => 'db.t')").head();
    assertThat(clean.getLong(0)).isEqualTo(2);
    assertThat(clean.getInt(1)).isEqualTo(2);
    assertThat(clean.getLong(2)).isEqualTo(3);
    assertThat(clean.getBoolean(3)).isTrue();
    assertThat(clean.getList(4)).isEmpty();
    Path segment = data().get(0);
    byte[] bytes = Files.readAllBytes(segment);
    bytes[100] ^= 1;
    Files.delete(segment); // The map of who has it open must stay as it is.
    Files.write(segment, bytes);
    Row damaged = spark.sql("CALL c.system.verify(table => 'db.t')").head();
    assertThat(damaged.getBoolean(3)).isFalse();
    assertThat(damaged.getList(4).toString()).contains(segment.getFileName().toString());
  }

  @Test
  void tablesAreNamedInSeveralWays() {
    create();
    String verified = "[[2,2,3,true,ArraySeq()]]";
    for (String name :
        new String[] {
          "db.t",
          "c.db.t",
          "`db`.`t`",
          path("t"),
          "alexstore.`" + path("t") + "`",
          "`" + path("t") + "`"
        }) {
      assertThat(sql("CALL c.system.verify(table => '" + name + "')")).as(name).isEqualTo(verified);
    }
    for (String name : new String[] {path("t"), "alexstore.`" + path("t") + "`"}) {
      assertThat(sql("CALL alexstore.system.verify('" + name + "')")).as(name).isEqualTo(verified);
    }
    sql("USE c.db");
    assertThat(sql("CALL system.verify('db.t')")).isEqualTo(verified);
    sql("CREATE TABLE c.db.`odd.name` (id INT, PRIMARY KEY (id))");
    assertThat(sql("CALL c.system.verify('db.`odd.name`')")).startsWith("[[0,0,0,true");
  }

  @Test
  void badCallsAreRefused() {
    create();
    assertThat(Errors.of(() -> sql("CALL c.system.optimize(table => 'db.t')")))
        .contains("optimize", "compact, expire_snapshots, remove_orphan_files, rollback, verify");
    assertThat(Errors.of(() -> sql("CALL c.db.compact(table => 'db.t')"))).contains("namespace");
    assertThat(Errors.of(() -> sql("CALL c.system.compact()")))
        .contains("REQUIRED_PARAMETER_NOT_FOUND", "table");
    assertThat(Errors.of(() -> sql("CALL c.system.compact(tabel => 'db.t')")))
        .contains("UNRECOGNIZED_PARAMETER_NAME", "tabel");
    assertThat(Errors.of(() -> sql("CALL c.system.compact(table => NULL)")))
        .contains("'table'", "null");
    assertThat(Errors.of(() -> sql("CALL c.system.compact(table => 'db.none')")))
        .contains("no table 'db.none'", "catalog 'c'");
    assertThat(Errors.of(() -> sql("CALL c.system.compact(table => '/no/such/path')")))
        .contains("No alexstore table at /no/such/path");
    assertThat(Errors.of(() -> sql("CALL c.system.compact(table => 'db..t')")))
        .contains("no name of a table");
    assertThat(
            Errors.of(
                () -> sql("CALL c.system.compact(table => 'db.t', target_segment_size => 'big')")))
        .contains("targetSegmentSize", "'big'");
    assertThat(
            Errors.of(
                () -> sql("CALL c.system.compact(table => 'db.t', min_deleted_share => -1D)")))
        .contains("min_deleted_share", "above 0");
    assertThat(
            Errors.of(
                () -> sql("CALL c.system.expire_snapshots(table => 'db.t', retain_last => 0)")))
        .contains("retain_last", "from 1");
    assertThat(
            Errors.of(
                () ->
                    sql(
                        "CALL c.system.expire_snapshots(table => 'db.t', older_than =>"
                            + " '2999-01-01')")))
        .contains("older_than", "in the future");
    assertThat(
            Errors.of(
                () -> sql("CALL c.system.expire_snapshots(table => 'db.t', older_than => 'soon')")))
        .contains("CAST_INVALID_INPUT");
  }
}
