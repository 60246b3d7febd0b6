package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each save mode by path, each layout that is refused, and tables made anew. */
class SaveModesTest {

  private final SparkSession shared = TestSession.get();
  private SparkSession spark;

  @TempDir Path directory;

  @BeforeEach
  void freshSession() {
    // Nothing that another test registered may help.
    spark = shared.newSession();
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  private String path() {
    return directory.resolve("table").toString();
  }

  private Dataset<Row> named(long from, long to, String name) {
    return spark.range(from, to).selectExpr("id", "'" + name + "' name");
  }

  private static DataFrameWriter<Row> keyed(Dataset<Row> rows) {
    return rows.write().format("alexstore").option("primaryKey", "id");
  }

  private Dataset<Row> load() {
    return spark.read().format("alexstore").load(path());
  }

  private String counts() {
    return load().groupBy("name").count().orderBy("name").collectAsList().toString();
  }

  // --- modes ---

  @Test
  void errorIfExistsIsTheDefault() {
    keyed(named(0, 3, "a")).save(path());
    assertThat(counts()).isEqualTo("[[a,3]]");
    assertThat(Errors.of(() -> keyed(named(5, 8, "b")).save(path())))
        .contains("TABLE_OR_VIEW_ALREADY_EXISTS", path());
    assertThat(Errors.of(() -> keyed(named(5, 8, "b")).mode(SaveMode.ErrorIfExists).save(path())))
        .contains("TABLE_OR_VIEW_ALREADY_EXISTS");
    assertThat(counts()).isEqualTo("[[a,3]]");
    assertThat(load().schema().apply("id").nullable()).isFalse();
  }

  @Test
  void ignoreLeavesWhatIsThere() throws IOException {
    keyed(named(0, 3, "a")).mode(SaveMode.Ignore).save(path());
    assertThat(counts()).isEqualTo("[[a,3]]");
    keyed(named(5, 8, "b")).mode(SaveMode.Ignore).save(path());
    assertThat(counts()).isEqualTo("[[a,3]]");
    try (AlexTable table = AlexTable.open(path())) {
      assertThat(table.snapshot().version()).isZero();
    }
  }

  @Test
  void appendMakesAndAdds() {
    keyed(named(0, 3, "a")).mode(SaveMode.Append).save(path());
    keyed(named(3, 5, "b")).mode(SaveMode.Append).save(path());
    assertThat(counts()).isEqualTo("[[a,3], [b,2]]");
  }

  @Test
  void overwriteMakesAndReplaces() {
    keyed(named(0, 3, "a")).mode(SaveMode.Overwrite).save(path());
    named(3, 5, "b").write().format("alexstore").mode(SaveMode.Overwrite).save(path());
    assertThat(counts()).isEqualTo("[[b,2]]");
    assertThat(spark.read().format("alexstore").option("versionAsOf", 0).load(path()).count())
        .isEqualTo(3);
  }

  @Test
  void eachCreatingModeNeedsAKeyAndLeavesNothingWithoutOne() {
    for (SaveMode mode : SaveMode.values()) {
      assertThat(
              Errors.of(() -> named(0, 1, "a").write().format("alexstore").mode(mode).save(path())))
          .as(mode.name())
          .contains("primaryKey", "sortKey", path(), "id, name");
    }
    assertThat(directory.resolve("table")).doesNotExist();
  }

  @Test
  void sparksPathOptionIsEnough() {
    keyed(named(0, 3, "a")).option("path", path()).save();
    assertThat(spark.read().format("alexstore").option("path", path()).load().count()).isEqualTo(3);
  }

  @Test
  void aReadOfNothingSaysSo() {
    assertThat(Errors.of(this::load)).contains("TableNotFound", path());
    assertThat(Errors.of(() -> spark.read().schema("id INT").format("alexstore").load(path())))
        .contains("schema");
  }

  @Test
  void aSessionThatIsNotTheActiveOneWritesToo() {
    SparkSession other = shared.newSession();
    SparkSession.setActiveSession(shared);
    Dataset<Row> rows = other.range(3).selectExpr("id", "'a' name");
    keyed(rows).save(path());
    assertThat(other.read().format("alexstore").load(path()).count()).isEqualTo(3);
  }

  @Test
  void aCatalogThatTheUserNamedAlexstoreStays() {
    spark.conf().set("spark.sql.catalog.alexstore", "com.example.TheirCatalog");
    keyed(named(0, 3, "a")).save(path());
    keyed(named(3, 5, "b")).mode(SaveMode.Append).save(path());
    assertThat(counts()).isEqualTo("[[a,3], [b,2]]");
    assertThat(spark.conf().get("spark.sql.catalog.alexstore"))
        .isEqualTo("com.example.TheirCatalog");
  }

  // --- layouts that a keyed table does not have ---

  @Test
  void refusesPartitionBy() {
    for (SaveMode mode : SaveMode.values()) {
      assertThat(
              Errors.of(() -> keyed(named(0, 1, "a")).mode(mode).partitionBy("name").save(path())))
          .as(mode.name())
          .contains("name", "make the column the first of primaryKey or sortKey");
    }
    assertThat(directory.resolve("table")).doesNotExist();
    keyed(named(0, 1, "a")).save(path());
    for (SaveMode mode : new SaveMode[] {SaveMode.Append, SaveMode.Overwrite}) {
      assertThat(
              Errors.of(() -> keyed(named(5, 6, "a")).mode(mode).partitionBy("name").save(path())))
          .as(mode.name())
          .contains("name", "make the column the first of primaryKey or sortKey");
    }
    assertThat(counts()).isEqualTo("[[a,1]]");
  }

  @Test
  void refusesClusterBy() {
    for (SaveMode mode : SaveMode.values()) {
      assertThat(Errors.of(() -> keyed(named(0, 1, "a")).mode(mode).clusterBy("name").save(path())))
          .as(mode.name())
          .contains("name", "make the column the first of primaryKey or sortKey");
    }
  }

  @Test
  void refusesBuckets() {
    // Spark itself, before it asks the source.
    assertThat(
            Errors.of(
                () -> keyed(named(0, 1, "a")).bucketBy(2, "name").sortBy("name").save(path())))
        .contains("bucketBy");
    assertThat(Errors.of(() -> keyed(named(0, 1, "a")).sortBy("name").save(path())))
        .contains("sortBy");
    assertThat(Errors.of(() -> keyed(named(0, 1, "a")).bucketBy(2, "name").save(path())))
        .contains("bucketBy");
  }

  // --- another schema, another key ---

  @Test
  void overwriteKeepsColumnsUnlessToldOtherwise() throws IOException {
    keyed(named(0, 3, "a")).save(path());
    Dataset<Row> other = spark.range(4).selectExpr("cast(id as string) code", "id", "1.5D x");
    assertThat(
            Errors.of(
                () -> other.write().format("alexstore").mode(SaveMode.Overwrite).save(path())))
        .contains("name");
    assertThat(
            Errors.of(
                () ->
                    named(0, 3, "b")
                        .write()
                        .format("alexstore")
                        .option("sortKey", "name")
                        .mode(SaveMode.Overwrite)
                        .save(path())))
        .contains("primaryKey 'id'", "overwriteSchema");
    other
        .write()
        .format("alexstore")
        .option("primaryKey", "code")
        .option("overwriteSchema", "true")
        .mode(SaveMode.Overwrite)
        .save(path());
    assertThat(load().orderBy("code").limit(2).collectAsList().toString())
        .isEqualTo("[[0,0,1.5], [1,1,1.5]]");
    assertThat(load().where("code = '3'").count()).isEqualTo(1);
    assertThat(
            spark
                .read()
                .format("alexstore")
                .option("versionAsOf", 0)
                .load(path())
                .orderBy("id")
                .collectAsList()
                .toString())
        .isEqualTo("[[0,a], [1,a], [2,a]]");
    try (AlexTable now = AlexTable.open(path());
        AlexTable before = now.asOf(0)) {
      // The column id is the one that it was, but a column of the key no longer.
      assertThat(now.schema().columns().get(1).id())
          .isEqualTo(before.schema().columns().get(0).id());
      assertThat(now.schema().lastColumnId()).isEqualTo(4);
      assertThat(now.schema().id()).isEqualTo(1);
    }
    // The key is the old one where none is given.
    spark
        .range(2)
        .selectExpr("cast(id as string) code")
        .write()
        .format("alexstore")
        .option("overwriteSchema", "true")
        .mode(SaveMode.Overwrite)
        .save(path());
    assertThat(load().schema().simpleString()).isEqualTo("struct<code:string>");
    assertThat(
            Errors.of(
                () ->
                    spark
                        .range(2)
                        .selectExpr("cast(id as string) code")
                        .write()
                        .format("alexstore")
                        .option("overwriteSchema", "true")
                        .mode(SaveMode.Append)
                        .save(path())))
        .contains("overwriteSchema");
    assertThat(
            Errors.of(
                () ->
                    spark
                        .range(2)
                        .write()
                        .format("alexstore")
                        .option("overwriteSchema", "true")
                        .mode(SaveMode.Overwrite)
                        .save(path())))
        .contains("'code'", "id");
  }

  @Test
  void keyOptionsFollowSparksCaseSensitivity() {
    keyed(named(0, 3, "a")).save(path());
    named(3, 4, "a")
        .write()
        .format("alexstore")
        .option("primaryKey", "ID")
        .mode(SaveMode.Append)
        .save(path());
    spark.conf().set("spark.sql.caseSensitive", "true");
    assertThat(
            Errors.of(
                () ->
                    named(4, 5, "a")
                        .write()
                        .format("alexstore")
                        .option("primaryKey", "ID")
                        .mode(SaveMode.Append)
                        .save(path())))
        .contains("'ID'");
    assertThat(
            Errors.of(
                () ->
                    spark
                        .range(4, 5)
                        .selectExpr("id ID", "'b' name")
                        .write()
                        .format("alexstore")
                        .mode(SaveMode.Append)
                        .save(path())))
        .contains("id");
    assertThat(counts()).isEqualTo("[[a,4]]");
  }
}
