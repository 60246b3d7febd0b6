package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes of few rows: with how little of Spark they are planned, and that they do the same. */
class SmallWritesTest {

  private static final String UPSERT =
      "MERGE INTO $t t USING src ON t.id = src.id WHEN MATCHED THEN UPDATE SET *"
          + " WHEN NOT MATCHED THEN INSERT *";

  private final SparkSession shared = TestSession.get();
  private SparkSession spark;

  @TempDir Path directory;

  @BeforeEach
  void extendedSession() {
    use(TestSession.extended());
  }

  private void use(SparkSession parent) {
    spark = parent.newSession();
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private String sql(String text) {
    return spark
        .sql(text.replace("$t", "alexstore.`" + path("table") + "`"))
        .collectAsList()
        .toString();
  }

  private String plan(String text) {
    return sql("EXPLAIN " + text);
  }

  private int jobs(String text) throws Exception {
    return Jobs.during(spark, () -> sql(text));
  }

  /** Keys 0 to 999 with the values of a tenth, in two segments. */
  private void create() {
    for (int from : new int[] {0, 500}) {
      spark
          .range(from, from + 500)
          .selectExpr("id", "id * 10 AS v")
          .write()
          .format("alexstore")
          .mode("append")
          .option("primaryKey", "id")
          .save(path("table"));
    }
  }

  private void source(String values) {
    spark.sql(
        "CREATE OR REPLACE TEMPORARY VIEW src AS SELECT id, v FROM VALUES "
            + values
            + " AS (id, v)");
  }

  private void sourceFile(String query) {
    spark.sql(query).write().mode("overwrite").parquet(path("src"));
    spark.read().parquet(path("src")).createOrReplaceTempView("src");
  }

  @Test
  void aMergeOfGivenRowsIsOneJob() throws Exception {
    create();
    source("(5L, 1L), (2000L, 2L), (CAST(NULL AS BIGINT), 3L)");
    String merge = UPSERT.replace("NOT MATCHED", "NOT MATCHED AND src.id IS NOT NULL");
    assertThat(plan(merge)).doesNotContain("Exchange", "BatchScan");
    assertThat(jobs(merge)).isOne();
    assertThat(sql("SELECT count(*), sum(v) FROM $t")).isEqualTo("[[1001,4994953]]");
    assertThat(sql("SELECT * FROM $t WHERE id IN (5, 2000)")).isEqualTo("[[5,1], [2000,2]]");
    String delete = "MERGE INTO $t USING (SELECT 7 AS k) ON id = k WHEN MATCHED THEN DELETE";
    assertThat(plan(delete)).doesNotContain("Exchange hash", "Exchange range");
    sql(delete);
    assertThat(sql("SELECT count(*), count_if(id = 7) FROM $t")).isEqualTo("[[1000,0]]");
  }

  @Test
  void anInsertOfGivenRowsIsOneJob() throws Exception {
    create();
    String upsert = "INSERT INTO $t WITH ('onConflict' = 'update') VALUES (9L, 1L), (2L, 1L)";
    assertThat(plan(upsert)).doesNotContain("Exchange");
    assertThat(jobs(upsert)).isOne();
    assertThat(jobs("INSERT INTO $t VALUES (3000L, 1L)")).isOne();
    assertThat(sql("SELECT count(*), sum(v) FROM $t")).isEqualTo("[[1001,4994893]]");
  }

  @Test
  void aMergeOfASmallFileReadsTheRowsOfItsKeys() {
    create();
    sourceFile("SELECT id * 30 AS id, -id AS v FROM range(40)");
    String plan = plan(UPSERT);
    assertThat(plan).contains("Exchange SinglePartition").doesNotContain("Exchange range");
    // The one scan of the table is the one that is filtered: the subquery reads the file alone.
    assertThat(plan.split("BatchScan")).hasSize(2);
    sql(UPSERT);
    assertThat(sql("SELECT count(*), sum(v) FROM $t")).isEqualTo("[[1006,4825920]]");
  }

  @Test
  void manyRowsAreDistributedByRanges() {
    create();
    assertThat(plan("INSERT INTO $t SELECT id + 5000, id FROM range(1000000)"))
        .contains("Exchange range");
    sourceFile("SELECT xxhash64(id) AS id, xxhash64(-id) AS v FROM range(300000)");
    assertThat(plan(UPSERT)).contains("Exchange range").doesNotContain("SinglePartition");
  }

  @Test
  void twoRowsForOneAreAnError() {
    create();
    source("(5L, 1L), (5L, 2L)");
    assertThat(Errors.of(() -> sql(UPSERT))).contains("MERGE_CARDINALITY_VIOLATION");
    sourceFile("SELECT 5 AS id, id AS v FROM range(2)");
    assertThat(Errors.of(() -> sql(UPSERT))).contains("MERGE_CARDINALITY_VIOLATION");
    source("(5000L, 1L), (5000L, 2L)");
    assertThat(Errors.of(() -> sql(UPSERT))).contains("Duplicate key");
    assertThat(sql("SELECT count(*), sum(v) FROM $t")).isEqualTo("[[1000,4995000]]");
  }

  @Test
  void random() {
    Seeds.run(3, this::oneTable);
  }

  /** The same MERGE of the same rows, planned by Spark alone and by this. */
  private void oneTable(Random random) {
    String key = random.nextBoolean() ? "primaryKey" : "sortKey";
    boolean isComposite = random.nextBoolean();
    List<String> results = new ArrayList<>();
    String name = "t" + random.nextLong();
    long seed = random.nextLong();
    for (SparkSession parent : List.of(shared, TestSession.extended())) {
      use(parent);
      spark.conf().set("spark.sql.shuffle.partitions", "2");
      results.add(run(new Random(seed), path(name + results.size()), key, isComposite));
    }
    assertThat(results.get(1)).as("%s, composite: %s", key, isComposite).isEqualTo(results.get(0));
  }

  private String run(Random random, String path, String key, boolean isComposite) {
    String table = "alexstore.`" + path + "`";
    spark
        .range(60)
        .selectExpr("CAST(id AS INT) a", "concat('b', id % 3) b", "id v")
        .write()
        .format("alexstore")
        .option(key, isComposite ? "a,b" : "a")
        .save(path);
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      List<String> rows = new ArrayList<>();
      for (int n = 1 + random.nextInt(6); n > 0; n--) {
        String a = random.nextInt(6) == 0 ? "CAST(NULL AS INT)" : "" + random.nextInt(90);
        rows.add("(" + a + ", 'b" + random.nextInt(3) + "', " + random.nextInt(100) + "L)");
      }
      spark
          .sql("SELECT * FROM VALUES " + String.join(", ", rows) + " AS (a, b, v)")
          .createOrReplaceTempView("src");
      if (random.nextBoolean()) {
        String file = path + "-src" + i;
        spark.table("src").write().parquet(file);
        spark.read().parquet(file).createOrReplaceTempView("src");
      }
      String merge = merge(random, isComposite);
      said.append(merge).append('\n').append(rows).append('\n');
      try {
        spark.sql(merge.replace("$t", table));
      } catch (Exception e) {
        said.append("fails\n");
      }
      said.append(spark.sql("SELECT * FROM " + table + " ORDER BY ALL").collectAsList())
          .append('\n');
    }
    return said.toString();
  }

  private static String merge(Random random, boolean isComposite) {
    StringBuilder sql = new StringBuilder("MERGE INTO $t t USING src s ON t.a = s.a");
    sql.append(isComposite || random.nextInt(4) == 0 ? " AND s.b = t.b" : "");
    sql.append(random.nextInt(4) == 0 ? " AND t.v < 50" : "");
    int clauses = 1 + random.nextInt(7);
    if ((clauses & 1) != 0) {
      sql.append(" WHEN MATCHED AND s.v % 3 = 0 THEN DELETE");
    }
    if ((clauses & 2) != 0) {
      sql.append(" WHEN MATCHED THEN UPDATE SET v = t.v + s.v");
    }
    if ((clauses & 4) != 0) {
      sql.append(" WHEN NOT MATCHED AND s.a IS NOT NULL THEN INSERT *");
    }
    return sql.toString();
  }
}
