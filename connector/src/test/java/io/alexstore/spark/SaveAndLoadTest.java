package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writing and reading by path: modes, keys, options, and what fails. */
class SaveAndLoadTest {

  private final SparkSession spark = TestSession.get();

  @TempDir Path directory;

  private String path() {
    return directory.resolve("table").toString();
  }

  private Dataset<Row> load() {
    return spark.read().format("alexstore").load(path());
  }

  private static DataFrameWriter<Row> append(Dataset<Row> rows) {
    return rows.write().format("alexstore").mode(SaveMode.Append);
  }

  private void create(Dataset<Row> rows) {
    append(rows).option("primaryKey", "id").save(path());
  }

  private Dataset<Row> named(long from, long to, String name) {
    return spark.range(from, to).selectExpr("id", "'" + name + "' name");
  }

  private long segmentFiles() throws IOException {
    Path data = directory.resolve("table/data");
    if (!Files.exists(data)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(data)) {
      return files.count();
    }
  }

  @Test
  void appendsAndOverwrites() {
    create(spark.range(10).selectExpr("id", "concat('n', id) name"));
    assertThat(load().schema().apply("id").nullable()).isFalse();
    assertThat(load().schema().apply("name").nullable()).isTrue();

    append(spark.range(10, 20).selectExpr("'b' name", "id")).save(path());
    assertThat(load().where("id in (3, 13)").orderBy("id").collectAsList().toString())
        .isEqualTo("[[3,n3], [13,b]]");

    named(0, 5, "c").write().format("alexstore").mode(SaveMode.Overwrite).save(path());
    assertThat(load().groupBy("name").count().collectAsList().toString()).isEqualTo("[[c,5]]");
    assertThat(spark.read().format("alexstore").option("versionAsOf", 1).load(path()).count())
        .isEqualTo(20);
  }

  @Test
  void overwriteCreatesToo() {
    named(0, 5, "a")
        .write()
        .format("alexstore")
        .option("sortKey", "name")
        .mode(SaveMode.Overwrite)
        .save("file://" + path());
    assertThat(load().where("name = 'a'").count()).isEqualTo(5);
  }

  @Test
  void needsAKeyForANewTable() {
    assertThat(Errors.of(() -> append(named(0, 1, "a")).save(path())))
        .contains("primaryKey", "sortKey", path(), "id, name");
    assertThat(
            Errors.of(
                () ->
                    append(named(0, 1, "a"))
                        .option("primaryKey", "id")
                        .option("sortKey", "name")
                        .save(path())))
        .contains("primaryKey='id'", "sortKey='name'");
    assertThat(Errors.of(() -> append(named(0, 1, "a")).option("primaryKey", "ix").save(path())))
        .contains("'ix'", "id, name");
    assertThat(
            Errors.of(() -> append(named(0, 1, "a")).option("primaryKey", "id, ID").save(path())))
        .contains("twice");
    assertThat(directory.resolve("table")).doesNotExist();
  }

  @Test
  void keepsItsKey() {
    create(named(0, 3, "a"));
    append(named(3, 4, "a")).option("primaryKey", "ID").save(path());
    assertThat(load().count()).isEqualTo(4);
    assertThat(Errors.of(() -> append(named(4, 5, "a")).option("sortKey", "id").save(path())))
        .contains("primaryKey 'id'", "sortKey 'id'");
    assertThat(Errors.of(() -> append(named(4, 5, "a")).option("primaryKey", "name").save(path())))
        .contains("primaryKey 'id'", "'name'");
  }

  @Test
  void columnNamesFollowSparksCaseSensitivity() {
    SparkSession sensitive = spark.newSession();
    sensitive.conf().set("spark.sql.caseSensitive", "true");
    SparkSession.setActiveSession(sensitive);
    try {
      Dataset<Row> rows = sensitive.range(3).selectExpr("id", "id + 1 ID");
      append(rows).option("primaryKey", "ID").save(path());
      Dataset<Row> table = sensitive.read().format("alexstore").load(path());
      assertThat(table.where("ID = 3").select("id").collectAsList().toString()).isEqualTo("[[2]]");
      assertThat(table.where("id = 2").select("ID").collectAsList().toString()).isEqualTo("[[3]]");
    } finally {
      SparkSession.setActiveSession(spark);
    }
  }

  @Test
  void refusesUnknownOptionsPartitionsAndPaths() {
    assertThat(
            Errors.of(
                () ->
                    append(named(0, 1, "a"))
                        .option("primaryKey", "id")
                        .option("primarykeys", "id")
                        .save(path())))
        .contains("primarykeys", "targetSegmentSize");
    assertThat(
            Errors.of(
                () ->
                    append(named(0, 1, "a"))
                        .option("primaryKey", "id")
                        .option("targetSegmentSize", "3 apples")
                        .save(path())))
        .contains("3 apples", "256MB");
    assertThat(
            Errors.of(
                () ->
                    append(named(0, 1, "a"))
                        .option("primaryKey", "id")
                        .partitionBy("name")
                        .save(path())))
        .contains("partitionBy", "primaryKey");
    assertThat(Errors.of(this::load)).contains(path());
    assertThat(Errors.of(() -> spark.read().format("alexstore").load("/a", "/b"))).contains("/b");
  }

  @Test
  void refusesNullKeys() {
    Dataset<Row> rows = spark.sql("select if(id = 3, null, id) id, 'x' name from range(10)");
    assertThat(Errors.of(() -> create(rows))).contains("'id'", "sortKey");
    create(named(0, 3, "a"));
    // Spark itself refuses it here: the table says NOT NULL.
    assertThat(Errors.of(() -> append(rows).save(path()))).contains("NOT_NULL_ASSERT", "id");
    assertThat(load().count()).isEqualTo(3);
  }

  @Test
  void refusesDuplicateKeys() throws IOException {
    Dataset<Row> twice = named(0, 50, "a").union(named(42, 43, "b"));
    assertThat(Errors.of(() -> create(twice))).contains("DuplicateKeyException", "id=42");
    assertThat(Errors.of(this::load)).contains("TableNotFound");
    assertThat(segmentFiles()).isZero();

    create(named(0, 50, "a"));
    long files = segmentFiles();
    assertThat(Errors.of(() -> append(named(49, 60, "b")).save(path())))
        .contains("DuplicateKeyException", "id=49");
    assertThat(load().count()).isEqualTo(50);
    assertThat(segmentFiles()).isEqualTo(files);
  }

  @Test
  void aSortKeyTakesDuplicatesAndNulls() {
    Dataset<Row> rows =
        spark.sql("select if(id % 3 = 0, null, id % 3) k, cast(id as string) v from range(30)");
    append(rows).option("sortKey", "k").save(path());
    append(rows).save(path());
    assertThat(load().where("k is null").count()).isEqualTo(20);
    assertThat(load().where("k = 2").count()).isEqualTo(20);
    assertThat(load().where("k <=> null or k > 1").count()).isEqualTo(40);
  }

  @Test
  void aTaskThatFailsLeavesTheTableAsItWas() throws IOException {
    create(named(0, 10, "a"));
    long files = segmentFiles();
    Dataset<Row> failing =
        spark.range(100, 20_000).selectExpr("id", "if(id = 15000, raise_error('stop'), 'b') name");
    assertThat(Errors.of(() -> append(failing).option("targetSegmentSize", "4k").save(path())))
        .contains("stop");
    assertThat(load().count()).isEqualTo(10);
    assertThat(segmentFiles()).isEqualTo(files);
  }

  @Test
  void rowsMustHaveTheTablesColumns() {
    create(named(0, 3, "a"));
    assertThat(Errors.of(() -> append(spark.range(5, 6).selectExpr("'x' name")).save(path())))
        .contains("id");
    assertThat(
            Errors.of(
                () ->
                    append(spark.range(5, 6).selectExpr("id", "'x' name", "1 more")).save(path())))
        .contains("more");
    assertThat(
            Errors.of(
                () -> append(spark.range(5, 6).selectExpr("id", "array(1) name")).save(path())))
        .contains("name");
    // An int fits a bigint.
    append(spark.range(5, 6).selectExpr("cast(id as int) id", "'x' name")).save(path());
    assertThat(load().count()).isEqualTo(4);
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "writes that leave columns out")
  void aColumnThatIsLeftOutIsNull() {
    create(named(0, 3, "a"));
    // But not one of the key.
    append(spark.range(4, 5).selectExpr("id")).save(path());
    assertThat(load().where("id = 4 and name is null").count()).isEqualTo(1);
  }

  @Test
  void readsOneVersionWhileOthersWrite() {
    Dataset<Row> many = spark.range(0, 30_000).selectExpr("id", "concat('n', id) name");
    append(many).option("primaryKey", "id").option("targetSegmentSize", "64k").save(path());
    Dataset<Row> table = load();
    var rows = table.where("id >= 0").toLocalIterator();
    assertThat(rows.hasNext()).isTrue();
    rows.next();
    named(0, 5, "b").write().format("alexstore").mode(SaveMode.Overwrite).save(path());
    long count = 1;
    while (rows.hasNext()) {
      rows.next();
      count++;
    }
    assertThat(count).isEqualTo(30_000);
    // The same DataFrame, asked again, is a new query, and sees the newest version.
    assertThat(table.count()).isEqualTo(5);
  }

  @Test
  void overwritesWhatItReads() {
    create(named(0, 100, "a"));
    load()
        .where("id % 2 = 0")
        .selectExpr("id", "'b' name")
        .write()
        .format("alexstore")
        .mode(SaveMode.Overwrite)
        .save(path());
    assertThat(load().count()).isEqualTo(50);
  }

  @Test
  void holdsManySegments() throws IOException {
    Dataset<Row> rows =
        spark.range(0, 20_000).selectExpr("id * 7 id", "repeat('x', cast(id % 50 as int)) v");
    append(rows).option("primaryKey", "id").option("targetSegmentSize", "8k").save(path());
    assertThat(segmentFiles()).isGreaterThan(20);
    assertThat(load().selectExpr("sum(id)", "sum(length(v))", "count(*)").head().toString())
        .isEqualTo("[1399930000,490000,20000]");
    assertThat(load().where("id between 70000 and 70070").count()).isEqualTo(11);
    assertThat(load().where("id in (7, 8, 14, 139993)").count()).isEqualTo(3);
  }

  @Test
  void anEmptyTableHasAVersion() {
    create(named(0, 0, "a"));
    assertThat(load().count()).isZero();
    assertThat(load().where("id = 3").collectAsList()).isEmpty();
    append(named(0, 2, "a")).save(path());
    assertThat(load().count()).isEqualTo(2);
  }
}
