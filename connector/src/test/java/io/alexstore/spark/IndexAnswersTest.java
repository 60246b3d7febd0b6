package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random tables with composite keys, nulls, deleted and updated rows, overlapping segments and
 * columns added later: what the index and the metadata answer is what Spark makes of the same rows
 * in a table of its own, and what is told to need no job launches none.
 *
 * <p>{@code -Dalexstore.random.answers=400} for the long run.
 */
class IndexAnswersTest {

  private static final int TABLES = Integer.getInteger("alexstore.random.answers", 4);

  private SparkSession spark;
  private final AtomicInteger tables = new AtomicInteger();
  private final AtomicInteger queries = new AtomicInteger();

  @TempDir Path directory;

  @BeforeEach
  void extendedSession() {
    spark = TestSession.extended().newSession();
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    // Small tables and many queries: compiling code for each would be most of the time.
    spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    spark.conf().set("spark.sql.codegen.wholeStage", "false");
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(TestSession.get());
  }

  @Test
  void equalSparksOwnAnswers() {
    Seeds.run(TABLES, this::oneTable);
    System.out.printf(
        "Equal to Spark's own: %d queries of %d tables%n", queries.get(), tables.get());
  }

  private void oneTable(Random random) {
    String name = directory.resolve("t" + tables.incrementAndGet()).toString();
    boolean unique = random.nextBoolean();
    boolean composite = random.nextBoolean();
    write(random, name, unique, composite);
    // The rows by a scan that is asked nothing else, as a table of Spark's.
    spark.table("alexstore.`" + name + "`").write().parquet(name + ".parquet");
    spark.read().parquet(name + ".parquet").createOrReplaceTempView("expected");
    String rows = random.nextBoolean() ? "1000" : "0";
    spark
        .read()
        .format("alexstore")
        .option("localScanRows", rows)
        .load(name)
        .createOrReplaceTempView("actual");
    String what = (unique ? "primaryKey" : "sortKey") + (composite ? " a,b" : " a") + " " + rows;
    for (int i = 0; i < 25; i++) {
      boolean local = rows.equals("1000");
      compare(what, query(random, unique, composite), local);
    }
  }

  // --- tables ---

  private void write(Random random, String name, boolean unique, boolean composite) {
    String key = composite ? "a,b" : "a";
    String type = "int";
    int writes = 1 + random.nextInt(4);
    for (int i = 0; i < writes; i++) {
      // Keys anywhere, so that segments overlap, or after those of before.
      boolean apart = random.nextInt(3) == 0;
      int from = apart ? i * 400 : 0;
      int count = 1 + random.nextInt(300);
      long seed = random.nextLong();
      String a = "cast(" + from + " + abs(hash(id, " + seed + "L)) % 500 as bigint)";
      String nullable = unique ? a : "if(hash(" + seed + "L - id) % 7 = 0, null, " + a + ")";
      Dataset<Row> data =
          spark
              .range(count)
              .selectExpr(
                  (composite ? nullable.replace("% 500", "% 40") : nullable) + " a",
                  "concat('b', hash(id) % 20) b",
                  "if(hash(id, 3) % 4 = 0, null, cast(hash(id, 4) % 1000 as " + type + ")) i",
                  "cast(hash(id, 5) % 100 as double) / 10 d",
                  "if(id % 50 = 3, double('NaN'), float(id)) f",
                  "if(hash(id, 6) % 3 = 0, null, concat('text ', hash(id, 7) % 50)) t",
                  "cast(hash(id, 8) % 100000 as decimal(12, 2)) m",
                  "date_add(date'2020-01-01', cast(id as int)) o",
                  "named_struct('x', id) s");
      if (unique) {
        data = composite ? data.dropDuplicates("a", "b") : data.dropDuplicates("a");
      }
      data.write()
          .format("alexstore")
          .option(unique ? "primaryKey" : "sortKey", key)
          .option("targetSegmentSize", random.nextBoolean() ? "4k" : "1m")
          .option("onConflict", unique ? "update" : "error")
          .mode("append")
          .save(name);
      String table = "alexstore.`" + name + "`";
      switch (random.nextInt(5)) {
        case 0 -> spark.sql("DELETE FROM " + table + " WHERE i % 5 = 0");
        case 1 -> spark.sql("UPDATE " + table + " SET d = d + 1 WHERE a % 10 = 3");
        case 2 -> spark.sql("DELETE FROM " + table + " WHERE a BETWEEN 100 AND 140");
        default -> {}
      }
      if (i == 0 && random.nextInt(3) == 0) {
        // Segments of before and of after have it in other types.
        spark.sql("ALTER TABLE " + table + " ALTER COLUMN i TYPE BIGINT");
        type = "bigint";
      }
    }
  }

  // --- queries ---

  /**
   * A query.
   *
   * @param sql over the view $t
   * @param sorted whether rows must come in this order
   * @param free whether no job may be launched, where the driver may read rows
   */
  private record Query(String sql, boolean sorted, boolean free) {}

  private static String where(Random random, boolean composite) {
    int k = composite ? random.nextInt(45) : random.nextInt(600);
    int l = k + random.nextInt(composite ? 10 : 150);
    String b = "b" + (random.nextInt(40) - 20);
    return switch (random.nextInt(composite ? 12 : 8)) {
      case 0 -> "true";
      case 1 -> "a = " + k;
      case 2 -> "a BETWEEN " + k + " AND " + l;
      case 3 -> "a > " + k;
      case 4 -> "a <= " + k;
      case 5 -> "a IN (" + k + ", " + l + ", 1, 2, 3)";
      case 6 -> "a < " + k + " OR a >= " + l;
      case 7 -> "a >= " + k + " AND a < " + l + " AND a <> " + (k + 1);
      case 8 -> "a = " + k + " AND b > '" + b + "'";
      case 9 -> "a = " + k + " AND b BETWEEN 'b1' AND '" + b + "'";
      case 10 -> "a IN (" + k + ", " + l + ") AND b = '" + b + "'";
      default -> "a = " + k + " AND b LIKE 'b1%'";
    };
  }

  private static Query query(Random random, boolean unique, boolean composite) {
    String where = " FROM $t WHERE " + where(random, composite);
    String point = " FROM $t WHERE a IN (" + random.nextInt(40) + ", " + random.nextInt(40) + ")";
    String key = composite ? "a, b" : "a";
    String down = composite ? "a DESC, b DESC" : "a DESC";
    String rest = unique ? "*" : key;
    int n = random.nextInt(30);
    return switch (random.nextInt(16)) {
      case 0, 1 -> new Query("SELECT count(*)" + where, false, true);
      case 2 -> new Query("SELECT count(*), min(a), max(a)" + where, false, unique);
      case 3 ->
          new Query(
              "SELECT count(i), min(i), max(i), count(*), min(t), max(t), count(t), min(d), max(d)"
                  + where,
              false,
              false);
      case 4 -> new Query("SELECT min(m), max(m), min(o), max(o), max(f)" + where, false, false);
      case 5 ->
          new Query(
              "SELECT sum(i), round(avg(d), 9), count(DISTINCT t), max(s), count_if(i > 3), sum(m)"
                  + point,
              false,
              true);
      case 6 ->
          new Query(
              "SELECT upper(t), i * 2 j, s.x + 1 FROM (SELECT *" + point + ") WHERE d > 2",
              false,
              true);
      case 7 ->
          new Query(
              "SELECT b, d > 5 big, count(*) c, sum(i) FILTER (WHERE i > 0), sort_array(collect_set(t))"
                  + point
                  + " GROUP BY b, d > 5 HAVING c < 3",
              false,
              true);
      case 8 -> new Query("SELECT DISTINCT b, f" + point, false, true);
      case 9 ->
          new Query("SELECT " + rest + where + " ORDER BY " + key + " LIMIT " + n, true, true);
      case 10 ->
          new Query("SELECT " + rest + where + " ORDER BY " + down + " LIMIT " + n, true, true);
      case 11 ->
          new Query(
              "SELECT " + key + where + " ORDER BY " + key + " LIMIT " + n + " OFFSET " + n / 2,
              true,
              true);
      case 12 -> new Query("SELECT " + key + where + " ORDER BY " + down, true, false);
      case 13 -> new Query("SELECT a, count(*), sum(i)" + where + " GROUP BY a", false, false);
      case 14 ->
          new Query(
              "SELECT a, b, row_number() OVER (PARTITION BY a ORDER BY b, i, t, d, m, o) r, i"
                  + where
                  + (unique ? " ORDER BY a, b" : " ORDER BY a"),
              false,
              false);
      default ->
          new Query("SELECT count(*) FROM (SELECT *" + where + " OFFSET " + n + ")", false, false);
    };
  }

  private List<Row> run(String sql, String view) {
    return spark.sql(sql.replace("$t", view)).collectAsList();
  }

  /** Whether the table is asked: not if Spark sees by itself that no row can fulfil a condition. */
  private boolean isAsked(Query query) {
    return spark
        .sql(query.sql().replace("$t", "actual"))
        .queryExecution()
        .executedPlan()
        .toString()
        .contains("alexstore");
  }

  private void compare(String what, Query query, boolean local) {
    List<Row> expected = run(query.sql(), "expected");
    List<Row> actual = new ArrayList<>();
    int jobs;
    try {
      jobs = Jobs.during(spark, () -> actual.addAll(run(query.sql(), "actual")));
    } catch (Exception e) {
      throw new AssertionError(what + ": " + query.sql(), e);
    }
    if (query.sorted()) {
      assertThat(actual).as("%s: %s", what, query.sql()).isEqualTo(expected);
    } else {
      assertThat(actual)
          .as("%s: %s", what, query.sql())
          .containsExactlyInAnyOrderElementsOf(expected);
    }
    if (query.free() && local && isAsked(query)) {
      assertThat(jobs).as("%s: jobs of %s", what, query.sql()).isZero();
    }
    queries.incrementAndGet();
  }
}
