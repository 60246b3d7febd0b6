package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Joins by lookups against the same joins by Spark's own means: all join types, key types, residual
 * conditions, sources of probes with nulls, repeated and absent keys, changed tables.
 */
class RandomLookupJoinsTest {

  /** How many joins are tried on a table. */
  private static final int JOINS = Integer.getInteger("alexstore.random.joins", 4);

  private static final int MAX_VALUE = 400;
  private static final String LOCAL_SCAN_ROWS = "spark.datasource.alexstore.localScanRows";

  private final SparkSession shared = TestSession.get();
  private final SparkSession spark = TestSession.extended().newSession();

  @TempDir Path directory;

  /**
   * A kind of table.
   *
   * @param option the kind of key
   * @param columns the key's columns, made of {@code n}, a number
   * @param names their names
   */
  private record Shape(String option, List<String> columns, List<String> names) {}

  private static final List<Shape> SHAPES =
      List.of(
          new Shape("primaryKey", List.of("CAST(n AS BIGINT)"), List.of("a")),
          new Shape("primaryKey", List.of("CAST(n AS INT)"), List.of("a")),
          new Shape("primaryKey", List.of("CAST(n % 100 AS TINYINT)"), List.of("a")),
          new Shape("primaryKey", List.of("concat('k', n)"), List.of("a")),
          new Shape("primaryKey", List.of("date_add(DATE'2020-01-01', n)"), List.of("a")),
          new Shape("primaryKey", List.of("CAST(n / 4 AS DECIMAL(10, 2))"), List.of("a")),
          new Shape("primaryKey", List.of("CAST(n AS DECIMAL(30, 1))"), List.of("a")),
          new Shape("primaryKey", List.of("CAST(n / 8 AS DOUBLE)"), List.of("a")),
          new Shape(
              "primaryKey", List.of("CAST(n % 20 AS BIGINT)", "CAST(n AS INT)"), List.of("a", "b")),
          new Shape("primaryKey", List.of("concat(n % 20, 'x')", "concat(n)"), List.of("a", "b")),
          new Shape("sortKey", List.of("CAST(n % 50 AS BIGINT)"), List.of("a")),
          new Shape("sortKey", List.of("NULLIF(CAST(n % 50 AS INT), 7)"), List.of("a")),
          new Shape(
              "sortKey",
              List.of("NULLIF(concat('k', n % 10), 'k3')", "CAST(n % 40 AS SMALLINT)"),
              List.of("a", "b")));

  @BeforeEach
  void useSession() {
    SparkSession.setActiveSession(spark);
    // A lookup join is to be compared with Spark's joins, not with rows read on the driver.
    spark.conf().set(LOCAL_SCAN_ROWS, "0");
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  @Test
  void joinsGiveWhatSparksOwnGive() {
    Seeds.run(SHAPES.size(), random -> oneTable(SHAPES.get(random.nextInt(SHAPES.size())), random));
  }

  private void oneTable(Shape shape, Random random) {
    String path = directory.resolve("t" + random.nextLong()).toString();
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < shape.columns().size(); i++) {
      columns.add(shape.columns().get(i) + " AS " + shape.names().get(i));
    }
    columns.add("CASE WHEN n % 5 = 0 THEN NULL ELSE CAST(n * 7 % 31 AS INT) END AS v");
    columns.add("concat('s', n % 13) AS s");
    columns.add("array(n, n + 1) AS l");
    Dataset<Row> rows =
        spark
            .range(0, 1 + random.nextInt(MAX_VALUE), 1, 2)
            .selectExpr(
                "CAST(pmod(hash(id, " + random.nextInt() + "), " + MAX_VALUE + ") AS INT) n")
            .selectExpr(columns.toArray(String[]::new));
    if (shape.option().equals("primaryKey")) {
      rows = rows.dropDuplicates(shape.names().toArray(String[]::new));
    }
    rows.write()
        .format("alexstore")
        .option(shape.option(), String.join(",", shape.names()))
        .option("targetSegmentSize", random.nextBoolean() ? "4k" : "1m")
        .save(path);
    String table = "alexstore.`" + path + "`";
    if (random.nextBoolean()) {
      spark.sql("DELETE FROM " + table + " WHERE v % 3 = 0");
    }
    if (random.nextBoolean()) {
      spark.sql("UPDATE " + table + " SET s = concat(s, '!') WHERE v % 4 = 1");
    }
    for (int i = 0; i < JOINS; i++) {
      oneJoin(shape, table, random);
    }
  }

  private void oneJoin(Shape shape, String table, Random random) {
    Dataset<Row> cached = probes(shape, random);
    String sql = sql(shape, table, random);
    spark.conf().set("spark.sql.adaptive.enabled", Boolean.toString(random.nextBoolean()));
    spark.conf().set("spark.sql.ansi.enabled", Boolean.toString(random.nextBoolean()));
    spark
        .conf()
        .set("spark.sql.autoBroadcastJoinThreshold", random.nextBoolean() ? "-1" : "10485760");
    try {
      Dataset<Row> expected = query("never", sql);
      Dataset<Row> lookups = query("always", sql);
      List<String> expectedRows = sorted(expected);
      assertThat(sorted(lookups)).as(sql).isEqualTo(expectedRows);
      assertThat(sorted(query("auto", sql))).as(sql).isEqualTo(expectedRows);
      spark.conf().set(LOCAL_SCAN_ROWS, "10000");
      assertThat(sorted(query("always", sql))).as("by the driver: " + sql).isEqualTo(expectedRows);
      assertThat(planned(expected)).as(sql).doesNotContain("AlexLookupJoin");
      // Spark leaves out what begins with no rows.
      if (!planned(lookups).contains("LocalTableScan <empty>")) {
        assertThat(planned(lookups)).as(sql).contains("AlexLookupJoin");
      }
    } finally {
      cached.unpersist();
      spark.conf().set(LOCAL_SCAN_ROWS, "0");
    }
  }

  private Dataset<Row> query(String lookupJoin, String sql) {
    spark.conf().set("spark.datasource.alexstore.lookupJoin", lookupJoin);
    return spark.sql(sql);
  }

  /** The plan as it is before adaptive execution changes it. */
  private static String planned(Dataset<Row> query) {
    return query.queryExecution().sparkPlan().toString();
  }

  private static List<String> sorted(Dataset<Row> query) {
    return query.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  /** Makes the view {@code p}: the key's columns, some of them null, absent or repeated. */
  private Dataset<Row> probes(Shape shape, Random random) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < shape.columns().size(); i++) {
      String value = shape.columns().get(i);
      boolean widened = value.contains(" AS INT)") && random.nextBoolean();
      columns.add(
          "IF(pmod(hash(n, "
              + i
              + "), 9) = 0, NULL, "
              + (widened ? "CAST(" + value + " AS BIGINT)" : value)
              + ") AS "
              + shape.names().get(i));
    }
    columns.add("CAST(id % 17 AS INT) AS x");
    columns.add("concat('p', id) AS y");
    int range = MAX_VALUE / (1 + random.nextInt(4)) * 2;
    String any = "CAST(pmod(hash(id, " + random.nextInt() + "), " + range + ") AS INT)";
    String skewed = "IF(id % 8 > 0, " + random.nextInt(MAX_VALUE) + ", " + any + ")";
    Dataset<Row> rows =
        spark
            .range(0, random.nextInt(5) == 0 ? 0 : random.nextInt(3000), 1, 1 + random.nextInt(3))
            .selectExpr("id", (random.nextInt(4) == 0 ? skewed : any) + " AS n")
            .selectExpr(columns.toArray(String[]::new));
    rows =
        switch (random.nextInt(5)) {
          case 0 -> rows.cache();
          case 1 -> rows.repartition(3);
          case 2 -> spark.createDataFrame(rows.collectAsList(), rows.schema());
          case 3 -> {
            String file = directory.resolve("p" + random.nextLong()).toString();
            rows.write().parquet(file);
            yield spark.read().parquet(file);
          }
          default -> rows;
        };
    rows.createOrReplaceTempView("p");
    return rows;
  }

  private static String sql(Shape shape, String table, Random random) {
    List<String> conditions = new ArrayList<>();
    int pinned = 1 + random.nextInt(shape.names().size());
    for (String name : shape.names().subList(0, pinned)) {
      conditions.add(
          random.nextBoolean() ? "p." + name + " = t." + name : "t." + name + " = p." + name);
    }
    if (random.nextInt(3) == 0) {
      conditions.add("p.x < t.v");
    }
    if (random.nextInt(4) == 0) {
      conditions.add("p.x % 13 = t.v");
    }
    if (random.nextInt(5) == 0) {
      conditions.add("p.x > 3");
    }
    String on = String.join(" AND ", conditions);
    String side =
        switch (random.nextInt(4)) {
          case 0 -> "(SELECT *, coalesce(v, 0) * 2 AS w, l[0] AS f FROM " + table + " WHERE v > 9)";
          case 1 -> "(SELECT *, 1 AS w, s AS f FROM " + table + " WHERE s <> 's3')";
          case 2 ->
              "(SELECT *, upper(s) AS w, l AS f FROM " + table + " WHERE " + bound(shape) + ")";
          default -> "(SELECT *, v AS w, s AS f FROM " + table + ")";
        };
    String columns =
        random.nextBoolean() ? "p.y, p.x, t.v, t.w, t.f" : "p.y, t." + shape.names().get(0);
    return switch (random.nextInt(9)) {
      case 0, 1 -> "SELECT " + columns + " FROM p JOIN " + side + " t ON " + on;
      case 2 -> "SELECT " + columns + " FROM " + side + " t JOIN p ON " + on;
      case 3, 4 -> "SELECT " + columns + " FROM p LEFT JOIN " + side + " t ON " + on;
      case 5 -> "SELECT " + columns + " FROM " + side + " t RIGHT JOIN p ON " + on;
      case 6 -> "SELECT p.* FROM p LEFT SEMI JOIN " + side + " t ON " + on;
      case 7 -> "SELECT p.* FROM p LEFT ANTI JOIN " + side + " t ON " + on;
      default ->
          "SELECT p.y FROM p WHERE EXISTS (SELECT 1 FROM "
              + side
              + " t WHERE "
              + on
              + ") OR p.x = 5";
    };
  }

  /** A condition on the key, which the scan takes over as a range. */
  private static String bound(Shape shape) {
    return shape.columns().get(0).contains("'k'") || shape.columns().get(0).contains("'x'")
        ? "a > 'k2'"
        : shape.columns().get(0).startsWith("date") ? "a > DATE'2020-03-01'" : "a > 30";
  }
}
