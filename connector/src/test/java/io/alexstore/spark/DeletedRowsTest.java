package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRanges;
import io.alexstore.table.AlexTable;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading tables of which rows are deleted: few, many, in runs and alone, at the ends. */
class DeletedRowsTest {

  private static final int ROWS = 20_000;

  private final SparkSession shared = TestSession.get();
  private final SparkSession spark = TestSession.extended().newSession();

  @TempDir Path directory;

  @BeforeEach
  void useSession() {
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  private String write(String name) {
    String path = directory.resolve(name).toString();
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr(
            "id",
            "CASE WHEN id % 7 = 0 THEN NULL ELSE id * 3 END AS n",
            "CAST(id AS DOUBLE) / 2 AS d",
            "CASE WHEN id % 5 = 0 THEN NULL ELSE concat('s', id) END AS s",
            "concat('c', id % 10) AS c",
            "array(id, id + 1) AS a",
            "named_struct('x', id, 'y', IF(id % 3 = 0, NULL, 'y')) AS t")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .save(path);
    return path;
  }

  private static void delete(String path, Iterable<Long> ids) throws IOException {
    List<EncodedRange> points = new ArrayList<>();
    for (long id : ids) {
      points.add(new EncodedRange.OfLongs(id, id));
    }
    try (AlexTable table = AlexTable.open(path)) {
      table.beginDelete(KeyRanges.of(KeyForm.LONG, points)).commit(List.of());
    }
  }

  private Dataset<Row> load(String path) {
    return spark.read().format("alexstore").load(path);
  }

  @Test
  void readsWhatIsLeft() {
    Seeds.run(4, this::oneTable);
  }

  private void oneTable(Random random) {
    String path = write("t" + random.nextLong());
    NavigableSet<Long> live = new TreeSet<>();
    for (long id = 0; id < ROWS; id++) {
      live.add(id);
    }
    int versions = 1 + random.nextInt(3);
    try {
      for (int i = 0; i < versions; i++) {
        NavigableSet<Long> gone = gone(random);
        delete(path, gone);
        live.removeAll(gone);
        check(path, live, random);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static NavigableSet<Long> gone(Random random) {
    NavigableSet<Long> gone = new TreeSet<>();
    int oneIn = new int[] {1000, 100, 10, 2}[random.nextInt(4)];
    for (long id = 0; id < ROWS; id++) {
      if (random.nextInt(oneIn) == 0) {
        gone.add(id);
      }
    }
    for (int run = random.nextInt(3); run > 0; run--) {
      long from = random.nextInt(ROWS);
      for (long id = from; id < Math.min(ROWS, from + random.nextInt(9000)); id++) {
        gone.add(id);
      }
    }
    if (random.nextBoolean()) {
      gone.add(0L);
      gone.add(1L);
      gone.add(ROWS - 1L);
    }
    return gone;
  }

  private void check(String path, NavigableSet<Long> live, Random random) {
    // What the same columns would be, worked out by Spark from the keys that are left.
    Dataset<Row> table = load(path);
    List<Row> left =
        table
            .selectExpr("id", "n", "d", "s", "c", "a[1]", "t.x", "t.y", "_position")
            .collectAsList();
    assertThat(left).hasSameSizeAs(live);
    int i = 0;
    for (long id : live) {
      Row row = left.get(i++);
      List<Object> expected = new ArrayList<>();
      expected.add(id);
      expected.add(id % 7 == 0 ? null : id * 3);
      expected.add(id / 2.0);
      expected.add(id % 5 == 0 ? null : "s" + id);
      expected.add("c" + id % 10);
      expected.add(id + 1);
      expected.add(id);
      expected.add(id % 3 == 0 ? null : "y");
      expected.add((int) id);
      assertThat(scala.jdk.javaapi.CollectionConverters.asJava(row.toSeq())).isEqualTo(expected);
    }
    long low = random.nextInt(ROWS);
    long high = Math.min(ROWS, low + random.nextInt(5000));
    var within = live.subSet(low, high);
    Dataset<Row> some = table.where("id >= " + low + " AND id < " + high);
    assertThat(some.count()).isEqualTo(within.size());
    Row ends = some.selectExpr("min(id)", "max(id)", "count(*)", "count(n)").head();
    assertThat(ends.get(0)).isEqualTo(within.isEmpty() ? null : within.first());
    assertThat(ends.get(1)).isEqualTo(within.isEmpty() ? null : within.last());
    assertThat(ends.getLong(2)).isEqualTo(within.size());
    assertThat(ends.getLong(3)).isEqualTo(within.stream().filter(id -> id % 7 != 0).count());
    Row all = table.selectExpr("min(id)", "max(id)", "count(*)").head();
    assertThat(all.getLong(0)).isEqualTo(live.first());
    assertThat(all.getLong(1)).isEqualTo(live.last());
    assertThat(all.getLong(2)).isEqualTo(live.size());
    assertThat(table.where("n BETWEEN 3000 AND 3300").count())
        .isEqualTo(live.subSet(1000L, 1101L).stream().filter(id -> id % 7 != 0).count());
    for (int limit : new int[] {1, 500, 5000}) {
      assertThat(some.limit(limit).collectAsList()).hasSize(Math.min(limit, within.size()));
      assertThat(table.limit(limit).selectExpr("id").collectAsList())
          .hasSize(Math.min(limit, live.size()));
    }
    List<Long> keys = new ArrayList<>();
    StringBuilder in = new StringBuilder();
    for (int k = 0; k < 40; k++) {
      long id = random.nextInt(ROWS);
      in.append(k == 0 ? "" : ",").append(id);
      if (live.contains(id) && !keys.contains(id)) {
        keys.add(id);
      }
    }
    assertThat(
            table.where("id IN (" + in + ")").select("id").collectAsList().stream()
                .map(row -> row.getLong(0)))
        .containsExactlyInAnyOrderElementsOf(keys);
    assertThat(table.queryExecution().optimizedPlan().stats().rowCount().get().longValue())
        .isEqualTo(live.size());
  }

  @Test
  void largeVectorsStandInFilesAndEachVersionReadsItsOwn() throws Exception {
    String path = write("files");
    TreeSet<Long> odd = new TreeSet<>();
    for (long id = 1; id < ROWS; id += 2) {
      odd.add(id);
    }
    Dataset<Row> before = load(path);
    assertThat(before.selectExpr("count(n)").head().getLong(0)).isEqualTo(17142);
    delete(path, odd);
    delete(path, List.of(0L));
    try (Stream<Path> files = Files.list(Path.of(path, "data"))) {
      assertThat(files.filter(f -> !f.toString().endsWith(".alexseg")).count()).isEqualTo(2);
    }
    for (int again = 0; again < 2; again++) {
      for (long version : new long[] {0, 1, 2}) {
        Dataset<Row> then =
            spark.read().format("alexstore").option("versionAsOf", version).load(path);
        long rows = version == 0 ? ROWS : version == 1 ? ROWS / 2 : ROWS / 2 - 1;
        assertThat(then.count()).isEqualTo(rows);
        assertThat(then.where("d >= 0").count()).isEqualTo(rows);
        assertThat(then.where("id IN (0, 1, 2)").count()).isEqualTo(3 - version);
      }
    }
  }

  @Test
  void aQueryOnDeletedKeysAloneIsAnsweredOnTheDriver() throws Exception {
    String path = write("driver");
    delete(path, List.of(5L, 6L, 7L));
    assertThat(Jobs.during(spark, () -> load(path).where("id = 6").collect())).isZero();
    assertThat(Jobs.during(spark, () -> load(path).selectExpr("max(id)").collect())).isZero();
    assertThat(load(path).where("id BETWEEN 5 AND 7").isEmpty()).isTrue();
    assertThat(load(path).where("id BETWEEN 4 AND 8").count()).isEqualTo(2);
  }

  @Test
  void keysThatAJoinFindsOutAreLookedUpAmongWhatIsLeft() throws Exception {
    String path = write("join");
    delete(path, List.of(10L, 30L));
    spark.range(0, 100, 10, 1).selectExpr("id AS k").write().parquet(directory + "/small");
    Dataset<Row> small = spark.read().parquet(directory + "/small").where("k < 50");
    Dataset<Row> large = load(path);
    assertThat(
            large
                .join(small, large.col("id").equalTo(small.col("k")))
                .select("id")
                .collectAsList()
                .toString())
        .isEqualTo("[[0], [20], [40]]");
  }
}
