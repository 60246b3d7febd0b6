package io.alexstore.spark;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.DuplicateKeyException;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.hadoop.HadoopFileStore;
import io.alexstore.io.hadoop.Hdfs;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.TableStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tables on an HDFS that nothing but Spark's settings tell of: {@code hdfs://main/} is known to the
 * Spark that these tests start, by {@code spark.hadoop.*}.
 */
class HdfsTest {

  private static SparkSession shared;

  @TempDir Path directory;

  private SparkSession spark;
  private String path;

  @BeforeAll
  static void start() throws IOException {
    TestSession.stop();
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .appName("alexstore HDFS tests")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.sql.extensions", AlexStoreExtensions.class.getName());
    Hdfs.alias("main").forEach((name, value) -> builder.config("spark.hadoop." + name, value));
    shared = builder.getOrCreate();
  }

  @AfterAll
  static void stop() {
    shared.stop();
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
  }

  @BeforeEach
  void freshSession() {
    spark = shared.newSession();
    SparkSession.setActiveSession(spark);
    path = "hdfs://main/" + UUID.randomUUID();
  }

  private Dataset<Row> rows(long from, long to) {
    return spark.range(from, to).selectExpr("id", "concat('name', id) name");
  }

  private Dataset<Row> load(String table) {
    return spark.read().format("alexstore").load(table);
  }

  private long count(String sql) {
    return spark.sql(sql).head().getLong(0);
  }

  // --- where the configuration must arrive ---

  @Test
  void sparksOwnSettingsReachDriverAndTasks() {
    rows(0, 3000).write().format("alexstore").option("primaryKey", "id").save(path);
    rows(3000, 5000).write().format("alexstore").mode("append").save(path);
    // Tasks read, since there are too many rows for the driver and a column that only they have.
    assertThat(load(path).where("name LIKE '%7'").count()).isEqualTo(500);
    assertThat(load(path).where("id = 4242").head().getString(1)).isEqualTo("name4242");
    assertThatThrownBy(() -> rows(10, 11).write().format("alexstore").mode("append").save(path))
        .hasStackTraceContaining(DuplicateKeyException.class.getSimpleName());
    rows(0, 10).write().format("alexstore").mode("overwrite").save(path);
    assertThat(load(path).count()).isEqualTo(10);
    assertThat(load(path).selectExpr("max(name)").head().getString(0)).isEqualTo("name9");
  }

  @Test
  void sqlByPathWorksFromTheFirstQueryOn() {
    String table = "alexstore.`" + path + "`";
    spark.sql("CREATE TABLE " + table + " (id BIGINT, n INT) TBLPROPERTIES ('primaryKey'='id')");
    spark.sql("INSERT INTO " + table + " SELECT id, CAST(id % 7 AS INT) FROM range(1000)");
    assertThat(count("SELECT count(*) FROM " + table + " WHERE n = 3")).isEqualTo(143);
    SparkSession another = shared.newSession();
    SparkSession.setActiveSession(another);
    assertThat(another.sql("SELECT n FROM " + table + " WHERE id = 12").head().getInt(0))
        .isEqualTo(5);
  }

  @Test
  void aCatalogHasItsWarehouseThere() throws IOException {
    Hdfs.alias("catalog")
        .forEach((name, value) -> spark.conf().set("spark.sql.catalog.c." + name, value));
    spark.conf().set("spark.sql.catalog.c", AlexStoreCatalog.class.getName());
    spark.conf().set("spark.sql.catalog.c.warehouse", "hdfs://catalog/" + UUID.randomUUID());
    spark.sql("CREATE NAMESPACE c.db WITH DBPROPERTIES ('a'='1')");
    spark.sql(SparkUnderTest.sql("CREATE TABLE c.db.`t ü` (id BIGINT, n INT, PRIMARY KEY (id))"));
    spark.sql("INSERT INTO c.db.`t ü` SELECT id, CAST(id % 7 AS INT) FROM range(1000)");
    spark.sql("UPDATE c.db.`t ü` SET n = 9 WHERE n = 3 AND id < 500");
    assertThat(count("SELECT count(*) FROM c.db.`t ü` WHERE n = 3")).isEqualTo(72);
    spark.sql("ALTER TABLE c.db.`t ü` RENAME TO db.u");
    assertThat(spark.sql("SHOW TABLES IN c.db").head().getString(1)).isEqualTo("u");
    assertThat(count("SELECT count(*) FROM c.db.u WHERE id < 10")).isEqualTo(10);
    spark.sql(SparkUnderTest.sql("CREATE TABLE c.db.v (id BIGINT, PRIMARY KEY (id))"));
    assertThatThrownBy(() -> spark.sql("ALTER TABLE c.db.v RENAME TO db.u"))
        .hasMessageContaining("ALREADY_EXISTS");
    spark.sql("DROP TABLE c.db.u");
    assertThat(spark.sql("SHOW TABLES IN c.db").count()).isEqualTo(1);
    spark.sql("DROP NAMESPACE c.db CASCADE");
    assertThat(spark.sql("SHOW NAMESPACES IN c").count()).isZero();
  }

  @Test
  void proceduresRunThere() throws IOException {
    spark.conf().set("spark.sql.catalog.c", AlexStoreCatalog.class.getName());
    spark.conf().set("spark.sql.catalog.c.warehouse", path);
    spark.sql("CREATE NAMESPACE c.db");
    spark.sql("CREATE TABLE c.db.t (id BIGINT) TBLPROPERTIES ('primaryKey'='id')");
    for (int i = 0; i < 3; i++) {
      spark.sql("INSERT INTO c.db.t SELECT id FROM range(" + i * 100 + ", " + (i + 1) * 100 + ")");
    }
    spark.sql("DELETE FROM c.db.t WHERE id = 7");
    assertThat(count("SELECT count(*) FROM c.db.t.segments")).isEqualTo(3);
    assertThat(call("compact(table => 'db.t')").toString()).startsWith("[5,1,3,1,299,");
    assertThat(call("rollback(table => 'db.t', version => 2)").toString())
        .isEqualTo("[5,2,6,2,200]");
    String table = path + "/db/t";
    org.apache.hadoop.fs.Path orphan = new org.apache.hadoop.fs.Path(table + "/data/left.alexseg");
    FileSystem files = orphan.getFileSystem(TableStorage.configuration(spark));
    files.create(orphan).close();
    files.setTimes(orphan, Instant.now().minus(Duration.ofDays(2)).toEpochMilli(), -1);
    Row removed = call("remove_orphan_files(table => '" + table + "', grace_period => '1 day')");
    assertThat(removed.getLong(0)).isOne();
    assertThat(files.exists(orphan)).isFalse();
    Row expired = call("expire_snapshots(table => 'db.t', older_than => now())");
    assertThat(expired.getLong(0)).isEqualTo(6);
    // The third segment, and the one that compaction made.
    assertThat(expired.getLong(2)).isEqualTo(2);
    assertThat(files.listStatus(new org.apache.hadoop.fs.Path(table + "/data"))).hasSize(2);
    Row verified = call("verify(table => 'db.t')");
    assertThat(verified.getLong(2)).isEqualTo(200);
    assertThat(verified.getBoolean(3)).isTrue();
    assertThat(count("SELECT sum(id) FROM c.db.t")).isEqualTo(199 * 100);
  }

  private Row call(String procedure) {
    return spark.sql("CALL c.system." + procedure).head();
  }

  @Test
  void aSessionsOwnSettingsCount() throws IOException {
    String there = "hdfs://session/" + UUID.randomUUID();
    // Before the settings are known: Hadoop keeps a file system that it once found for a name.
    assertThatThrownBy(() -> load(there).count()).hasStackTraceContaining("UnknownHost");
    Hdfs.alias("session").forEach((name, value) -> spark.conf().set(name, value));
    rows(0, 2000).write().format("alexstore").option("primaryKey", "id").save(there);
    assertThat(count("SELECT count(*) FROM alexstore.`" + there + "` WHERE name LIKE '%1'"))
        .isEqualTo(200);
  }

  @Test
  void optionsOfOneReadOrWriteCount() throws IOException {
    String there = "hdfs://option/" + UUID.randomUUID();
    Map<String, String> alias = Hdfs.alias("option");
    assertThatThrownBy(() -> load(there).count()).hasStackTraceContaining("UnknownHost");
    var writer = rows(0, 2000).write().format("alexstore").options(alias);
    writer.option("primaryKey", "id").save(there);
    assertThatThrownBy(() -> writer.save(there)).hasMessageContaining("already exists");
    rows(2000, 3000).write().format("alexstore").options(alias).mode("append").save(there);
    Dataset<Row> table = spark.read().format("alexstore").options(alias).load(there);
    assertThat(table.where("name LIKE '%1'").count()).isEqualTo(300);
    assertThat(table.where("id = 2500").head().getString(1)).isEqualTo("name2500");
    rows(0, 10).write().format("alexstore").options(alias).mode("overwrite").save(there);
    rows(0, 20).write().format("alexstore").options(alias).mode("ignore").save(there);
    assertThat(spark.read().format("alexstore").options(alias).load(there).count()).isEqualTo(10);
  }

  @Test
  void aPathWithoutASchemeIsInTheDefaultFileSystem() throws IOException {
    spark.conf().set("fs.defaultFS", "hdfs://main");
    String bare = path.substring("hdfs://main".length());
    rows(0, 100).write().format("alexstore").option("primaryKey", "id").save(bare);
    assertThat(count("SELECT count(*) FROM alexstore.`" + bare + "` WHERE name LIKE '%1'"))
        .isEqualTo(10);
    assertThat(load(path).count()).isEqualTo(100);
    String local = "file:" + directory.resolve("local");
    rows(0, 7).write().format("alexstore").option("primaryKey", "id").save(local);
    assertThat(directory.resolve("local")).exists();
    assertThat(load(local).count()).isEqualTo(7);
  }

  // --- what it costs ---

  private HadoopFileStore store() {
    AlexStoreOptions none = new AlexStoreOptions(Map.of());
    return (HadoopFileStore) TableStorage.of(spark, path, none).store();
  }

  private long fileBytes() throws IOException {
    FileStore store = store();
    return store.list(path + "/data").stream().mapToLong(FileStatus::size).sum();
  }

  private record Cost(long reads, long bytes) {}

  /** What is read of segments in a query on files that nothing was read of before. */
  private Cost cost(String what, Callable<List<Row>> query, List<Row> expected) throws Exception {
    HadoopFileStore store = store();
    long reads = store.statistics().reads();
    long bytes = store.statistics().bytesRead();
    assertThat(query.call()).containsExactlyInAnyOrderElementsOf(expected);
    Cost cost =
        new Cost(store.statistics().reads() - reads, store.statistics().bytesRead() - bytes);
    System.out.printf(
        "HDFS, %s: %d reads, %d KiB of %d KiB%n",
        what, cost.reads(), cost.bytes() >> 10, fileBytes() >> 10);
    return cost;
  }

  /** Half a million rows with random keys in four segments, the same each time. */
  private Dataset<Row> big() {
    Dataset<Row> rows =
        spark
            .range(0, 500_000, 1, 4)
            .selectExpr("xxhash64(id) k", "id n", "sha2(string(id), 256) payload");
    rows.write().format("alexstore").option("primaryKey", "k").save(path);
    return rows;
  }

  private Dataset<Row> table() {
    return load(path);
  }

  @Test
  void aPointQueryTakesFewReads() throws Exception {
    Dataset<Row> rows = big();
    List<Row> expected = rows.where("n = 123456").collectAsList();
    long key = expected.get(0).getLong(0);
    Cost cost =
        cost("one key", () -> table().where(col("k").equalTo(key)).collectAsList(), expected);
    // The segment's start, its end and what of index and directory is missing; the keys; the
    // number; where the payload is, and the payload.
    assertThat(cost.reads()).isLessThanOrEqualTo(8);
    assertThat(cost.bytes()).isLessThan(fileBytes() / 10);
  }

  /** One row: its blocks. More: the row groups that have them, a fourth of this table each. */
  @ParameterizedTest
  @RequiresSpark(value = "4.2", feature = "runtime filters of a MERGE")
  @CsvSource({"1, 0.01", "500, 0.25", "25000, 0.25", "150000, 0.5"})
  void aMergeReadsTheRowsThatMatch(int matches, double share) throws Exception {
    big();
    String changes = directory.resolve("changes" + matches).toString();
    table().orderBy("k").limit(matches).selectExpr("k", "-n AS n").write().parquet(changes);
    spark.read().parquet(changes).createOrReplaceTempView("changes");
    Cost cost =
        cost(
            "MERGE of " + matches,
            () ->
                spark
                    .sql(
                        "MERGE INTO alexstore.`"
                            + path
                            + "` t USING changes s ON t.k = s.k"
                            + " WHEN MATCHED THEN UPDATE SET n = s.n"
                            + " WHEN NOT MATCHED THEN INSERT (k, n) VALUES (s.k, s.n)")
                    .collectAsList(),
            List.of());
    assertThat(cost.bytes()).isBetween(40L * matches, (long) (share * fileBytes()));
    assertThat(table().where("n < 0").count()).isBetween(matches - 1L, (long) matches);
  }

  @Test
  void tenThousandKeysByInTakeFewReads() throws Exception {
    Dataset<Row> rows = big();
    Dataset<Row> some = rows.where("n % 50 = 7");
    List<Row> expected = some.collectAsList();
    assertThat(expected).hasSize(10_000);
    Object[] keys = expected.stream().map(row -> row.get(0)).toArray();
    Cost cost = cost("10,000 keys by IN", () -> in(keys).collectAsList(), expected);
    assertBounded(cost);
  }

  private Dataset<Row> in(Object... keys) {
    return table().where(col("k").isin(keys));
  }

  /** Each byte once at most, in reads of hundreds of KiB. */
  private void assertBounded(Cost cost) throws IOException {
    assertThat(cost.bytes()).isLessThanOrEqualTo(fileBytes());
    assertThat(cost.reads()).isLessThanOrEqualTo(4 * 5 + fileBytes() / (256 << 10));
  }

  @Test
  void tenThousandKeysByJoinAreLookedUp() throws Exception {
    Dataset<Row> rows = big();
    String keys = directory.resolve("keys").toString();
    rows.where("n % 50 = 7").selectExpr("k key", "n").write().parquet(keys);
    Dataset<Row> probe = spark.read().parquet(keys).where("n >= 0").drop("n");
    List<Row> expected = rows.where("n % 50 = 7").collectAsList();
    Dataset<Row> join = table().join(broadcast(probe), col("k").equalTo(col("key"))).drop("key");
    Cost cost = cost("10,000 keys by join", join::collectAsList, expected);
    assertBounded(cost);
    assertThat(join.queryExecution().executedPlan().toString())
        .contains("RuntimeFilters: [dynamic");
  }

  @Test
  void aJoinWithFewKeysReadsLittle() throws Exception {
    Dataset<Row> rows = big();
    String keys = directory.resolve("few").toString();
    long from = new Random(1).nextInt(400_000);
    String wanted = "n >= " + from + " AND n < " + (from + 5);
    rows.where(wanted).selectExpr("k key", "n").write().parquet(keys);
    Dataset<Row> probe = spark.read().parquet(keys).where("n >= 0").drop("n");
    List<Row> expected = rows.where(wanted).collectAsList();
    Dataset<Row> join = table().join(broadcast(probe), col("k").equalTo(col("key"))).drop("key");
    Cost cost = cost("5 keys by join", join::collectAsList, expected);
    assertThat(cost.reads()).isLessThanOrEqualTo(5 * 8);
    assertThat(cost.bytes()).isLessThan(fileBytes() / 4);
  }
}
