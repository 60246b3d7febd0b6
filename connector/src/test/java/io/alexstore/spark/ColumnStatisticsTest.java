package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.row.ArrayRow;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.sketch.DistinctSketch;
import io.alexstore.table.AlexTable;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.ColumnStat;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Spark's cost-based optimizer gets to know of columns, and what it makes of it. */
class ColumnStatisticsTest extends SqlTest {

  /** Six times the standard error. */
  private static final double MOST = 6 * DistinctSketch.STANDARD_ERROR;

  private final AtomicInteger tables = new AtomicInteger();

  @BeforeEach
  void costBased() {
    spark.conf().set("spark.sql.cbo.enabled", "true");
    spark.conf().set("spark.sql.adaptive.enabled", "false");
    // Few rows that are found by key need no estimates: the driver has them.
    spark.conf().set("spark.datasource.alexstore.localScanRows", "0");
  }

  private static Statistics stats(Dataset<Row> query) {
    return query.queryExecution().optimizedPlan().stats();
  }

  /** Of the columns by their names. */
  private static Map<String, ColumnStat> columns(Dataset<Row> query) {
    Map<String, ColumnStat> columns = new TreeMap<>();
    stats(query)
        .attributeStats()
        .foreach(
            entry -> {
              columns.put(entry._1().name(), entry._2());
              return null;
            });
    return columns;
  }

  private static long distinct(ColumnStat column) {
    return column.distinctCount().get().toLong();
  }

  private static long nulls(ColumnStat column) {
    return column.nullCount().get().toLong();
  }

  // --- when, and of what ---

  @Test
  void areReadOnlyWhereTheOptimizerUsesThem() {
    sql("CREATE TABLE c.db.t (id BIGINT NOT NULL, a INT, `b c` STRING, d INT, PRIMARY KEY (id))");
    sql("INSERT INTO c.db.t SELECT id, id % 7, id % 5, id FROM range(1000)");
    Dataset<Row> some = spark.sql("SELECT a, `b c` FROM c.db.t");
    assertThat(columns(some).keySet()).containsExactlyInAnyOrder("a", "b c");
    assertThat(distinct(columns(some).get("a"))).isEqualTo(7);
    assertThat(distinct(columns(some).get("b c"))).isEqualTo(5);
    spark.conf().set("spark.sql.cbo.enabled", "false");
    assertThat(columns(spark.sql("SELECT a, `b c` FROM c.db.t"))).isEmpty();
    spark.conf().set("spark.sql.cbo.planStats.enabled", "true");
    assertThat(columns(spark.sql("SELECT a FROM c.db.t"))).containsOnlyKeys("a");
  }

  // --- what it is good for ---

  @Test
  void estimatesRowsAfterFilters() {
    sql(
        "CREATE TABLE c.db.t (id BIGINT NOT NULL, city STRING, n INT, at TIMESTAMP,"
            + " PRIMARY KEY (id))");
    sql(
        "INSERT INTO c.db.t SELECT id, concat('city', id % 40), IF(id % 10 = 0, NULL, id % 500),"
            + " timestamp_seconds(id) FROM range(20000)");
    assertRows("city = 'city7'", 500, 0.01);
    assertRows("n = 77", 40, 0.25);
    assertRows("n IS NULL", 2000, 0.001);
    assertRows("n < 250", 9000, 0.05);
    assertRows("at < timestamp_seconds(5000)", 5000, 0.05);
    assertRows("id < 1000 AND city = 'city7'", 25, 0.05);
    // Without statistics of columns each of them is taken to leave all rows.
    spark.conf().set("spark.sql.cbo.enabled", "false");
    assertThat(stats(spark.sql("SELECT * FROM c.db.t WHERE city = 'city7'")).rowCount().isEmpty())
        .isTrue();
  }

  private void assertRows(String condition, long rows, double error) {
    Dataset<Row> query = spark.sql("SELECT * FROM c.db.t WHERE " + condition);
    assertThat(query.count()).as(condition).isEqualTo(rows);
    double estimate = stats(query).rowCount().get().toDouble();
    assertThat(estimate / rows).as(condition + ": " + estimate).isBetween(1 - error, 1 + error);
  }

  @Test
  void aStarJoinIsBroughtIntoABetterOrderAndBroadcastsWhatIsSmall() {
    sql("CREATE TABLE c.db.sales (id BIGINT NOT NULL, shop INT, item INT, PRIMARY KEY (id))");
    sql("INSERT INTO c.db.sales SELECT id, id % 300, id % 2000 FROM range(20000)");
    sql("CREATE TABLE c.db.shops (shop INT NOT NULL, name STRING, PRIMARY KEY (shop))");
    sql("INSERT INTO c.db.shops SELECT id, repeat(id, 50) FROM range(300)");
    sql(
        "CREATE TABLE c.db.items (item INT NOT NULL, kind STRING, text STRING, PRIMARY KEY"
            + " (item))");
    sql("INSERT INTO c.db.items SELECT id, concat('k', id % 500), repeat(id, 20) FROM range(2000)");
    String query =
        "SELECT count(*), sum(s.id), max(name), max(text) FROM c.db.sales s"
            + " JOIN c.db.shops ON s.shop = shops.shop JOIN c.db.items ON s.item = items.item"
            + " WHERE kind = 'k7'";
    spark.conf().set("spark.sql.autoBroadcastJoinThreshold", "10000");
    spark.conf().set("spark.datasource.alexstore.lookupJoin", "never");
    spark.conf().set("spark.sql.cbo.enabled", "false");
    Dataset<Row> plain = spark.sql(query);
    String before = plain.queryExecution().executedPlan().toString();
    String expected = plain.collectAsList().toString();
    assertThat(order(before)).containsExactly("sales", "shops", "items");
    assertThat(before).doesNotContain("BroadcastHashJoin");

    spark.conf().set("spark.sql.cbo.enabled", "true");
    spark.conf().set("spark.sql.cbo.joinReorder.enabled", "true");
    Dataset<Row> costBased = spark.sql(query);
    String after = costBased.queryExecution().executedPlan().toString();
    assertThat(costBased.collectAsList().toString()).isEqualTo(expected);
    // The four items of the kind leave 40 sales, and only these are joined with the shops.
    assertThat(order(after)).as(after).endsWith("shops");
    assertThat(after).contains("BroadcastHashJoin");
  }

  /** The tables in the order in which a plan has them. */
  private static List<String> order(String plan) {
    List<String> order = new ArrayList<>();
    Matcher scans = Pattern.compile("warehouse/db/(\\w+) \\[version").matcher(plan);
    while (scans.find()) {
      order.add(scans.group(1));
    }
    // The shops come last where they are the outermost side, left or right.
    if (order.get(0).equals("shops")) {
      order.add(order.remove(0));
    }
    return order;
  }

  // --- they are right ---

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("bool", "BOOLEAN"),
          Map.entry("tiny", "TINYINT"),
          Map.entry("small", "SMALLINT"),
          Map.entry("num", "INT"),
          Map.entry("big", "BIGINT"),
          Map.entry("flt", "FLOAT"),
          Map.entry("dbl", "DOUBLE"),
          Map.entry("dec", "DECIMAL(10,2)"),
          Map.entry("wide", "DECIMAL(30,4)"),
          Map.entry("day", "DATE"),
          Map.entry("at", "TIMESTAMP"),
          Map.entry("ntz", "TIMESTAMP_NTZ"),
          Map.entry("text", "STRING"),
          Map.entry("bin", "BINARY"),
          Map.entry("list", "ARRAY<INT>"));

  /** A value of a type made of a number. */
  private static String expression(String type, String number) {
    return switch (type) {
      case "BOOLEAN" -> number + " % 2 = 0";
      case "TINYINT" -> "CAST(" + number + " % 100 AS TINYINT)";
      case "SMALLINT" -> "CAST(" + number + " % 30000 AS SMALLINT)";
      case "FLOAT", "DOUBLE" -> "CAST(" + number + " AS " + type + ") / 4";
      case "DECIMAL(10,2)" -> "CAST(" + number + " AS DECIMAL(10,2)) / 4";
      case "DECIMAL(30,4)" -> "CAST(" + number + " AS DECIMAL(20,0)) * 1000000000";
      case "DATE" -> "date_add(DATE'2020-01-01', CAST(" + number + " AS INT))";
      case "TIMESTAMP" -> "timestamp_seconds(" + number + ")";
      case "TIMESTAMP_NTZ" -> "CAST(timestamp_seconds(" + number + ") AS TIMESTAMP_NTZ)";
      case "BINARY" -> "CAST(CAST(" + number + " AS STRING) AS BINARY)";
      case "ARRAY<INT>" -> "array(CAST(" + number + " AS INT))";
      default -> "CAST(" + number + " AS " + type + ")";
    };
  }

  private String randomTable(Random random, String key) {
    String name = "c.db.r" + tables.incrementAndGet();
    List<String> columns = new ArrayList<>();
    List<String> values = new ArrayList<>();
    TYPES.forEach(
        (column, type) -> {
          columns.add(column + " " + type);
          String number =
              "(pmod(xxhash64(id, "
                  + random.nextInt()
                  + "), "
                  + (1 + random.nextInt(5000))
                  + ")"
                  + " - 1000)";
          values.add(
              "IF(pmod(hash(id, "
                  + random.nextInt()
                  + "), 8) < "
                  + random.nextInt(3)
                  + ", NULL, "
                  + expression(type, number)
                  + ")");
        });
    sql(
        "CREATE TABLE "
            + name
            + " (id BIGINT NOT NULL, k INT NOT NULL, "
            + String.join(", ", columns)
            + ") TBLPROPERTIES ("
            + key
            + ", 'targetSegmentSize'='200k')");
    int rows = 1 + random.nextInt(8000);
    sql(
        "INSERT INTO "
            + name
            + " SELECT id, id % 97, "
            + String.join(", ", values)
            + " FROM range("
            + rows
            + ")");
    return name;
  }

  @Test
  void areThoseOfTheRowsForEveryType() {
    // Many queries of few rows: compiling code for each would be most of the time.
    spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    spark.conf().set("spark.sql.codegen.wholeStage", "false");
    Seeds.run(
        2,
        random -> {
          String key = random.nextBoolean() ? "'primaryKey'='id'" : "'primaryKey'='k,id'";
          String name = randomTable(random, key);
          Map<String, ColumnStat> told = columns(spark.table(name));
          assertThat(told).doesNotContainKeys("ntz", "list");
          assertThat(told).containsKeys("id", "k");
          long rows = spark.table(name).count();
          assertThat(distinct(told.get("id"))).isBetween((long) (rows * (1 - MOST)), rows);
          assertThat(distinct(told.get("k"))).isBetween(Math.min(rows, 97) * 3 / 4, 120L);
          for (var column : TYPES.entrySet()) {
            if (!column.getKey().matches("ntz|list")) {
              compare(name, column.getKey(), column.getValue(), told.get(column.getKey()));
            }
            filters(random, name, column.getKey());
          }
        });
  }

  private void compare(String table, String column, String type, ColumnStat told) {
    String min = "min(" + column + ")";
    String form =
        switch (type) {
          case "DATE" -> "unix_date(%s)";
          case "TIMESTAMP" -> "unix_micros(%s)";
          default -> "%s";
        };
    Row row =
        spark
            .sql(
                String.format(
                    "SELECT count(DISTINCT %s), count_if(%s IS NULL), CAST(%s AS STRING), CAST(%s"
                        + " AS STRING), CAST(max(length(CAST(%s AS STRING))) AS BIGINT) FROM %s",
                    column,
                    column,
                    String.format(form, min),
                    String.format(form, min.replace("min", "max")),
                    column,
                    table))
            .head();
    String what = column + " of " + table;
    long distinct = row.getLong(0);
    assertThat(nulls(told)).as(what).isEqualTo(row.getLong(1));
    if (distinct >= 64) {
      assertThat((double) distinct(told) / distinct).as(what).isBetween(1 - MOST, 1 + MOST);
    } else {
      assertThat(distinct(told)).as(what).isEqualTo(distinct);
    }
    if (type.equals("STRING") || type.equals("BINARY")) {
      assertThat(told.min().isEmpty() && told.max().isEmpty()).as(what).isTrue();
      assertThat((Long) told.maxLen().get()).as(what).isEqualTo(row.getLong(4));
    } else {
      assertThat(told.min().get().toString()).as(what).isEqualTo(row.getString(2));
      assertThat(told.max().get().toString()).as(what).isEqualTo(row.getString(3));
    }
  }

  /** Whatever is asked, it is answered, and by the same rows as without statistics. */
  private void filters(Random random, String table, String column) {
    Row value = spark.sql("SELECT CAST(" + column + " AS STRING) FROM " + table).head();
    List<String> conditions = new ArrayList<>(List.of(column + " IS NULL"));
    if (!column.equals("list") && !value.isNullAt(0)) {
      String literal = "CAST('" + value.getString(0) + "' AS " + TYPES.get(column) + ")";
      conditions.add(column + " = " + literal);
      conditions.add(column + " IN (" + literal + ", NULL)");
      String[] others = {"<=>", "<", ">=", "<>"};
      conditions.add(column + " " + others[random.nextInt(others.length)] + " " + literal);
    }
    for (String condition : conditions) {
      same("SELECT count(*) FROM " + table + " WHERE " + condition);
    }
    String condition = conditions.get(random.nextInt(conditions.size()));
    same(
        "SELECT count(*) FROM "
            + table
            + " a JOIN (SELECT DISTINCT "
            + column
            + " FROM "
            + table
            + " WHERE "
            + condition
            + ") b ON a."
            + column
            + " = b."
            + column);
  }

  private void same(String query) {
    String costBased = sql(query);
    spark.conf().set("spark.sql.cbo.enabled", "false");
    String plain = sql(query);
    spark.conf().set("spark.sql.cbo.enabled", "true");
    assertThat(costBased).as(query).isEqualTo(plain);
  }

  // --- tables that change ---

  @Test
  void afterDeletesCountsAreUpperEstimates() {
    sql("CREATE TABLE c.db.t (id BIGINT NOT NULL, n INT, s STRING, PRIMARY KEY (id))");
    sql("INSERT INTO c.db.t SELECT id, IF(id % 4 = 0, NULL, id % 50), id % 9 FROM range(4000)");
    sql("DELETE FROM c.db.t WHERE id >= 1000 AND id % 2 = 1");
    Map<String, ColumnStat> told = columns(spark.table("c.db.t"));
    assertThat(distinct(told.get("id"))).isEqualTo(2500);
    assertThat(nulls(told.get("n"))).isBetween(1000L, 2500L);
    assertThat(distinct(told.get("n"))).isBetween(37L, 50L);
    assertThat(distinct(told.get("s"))).isEqualTo(9);
    sql("DELETE FROM c.db.t WHERE id <> 7");
    told = columns(spark.table("c.db.t"));
    assertThat(distinct(told.get("s"))).isEqualTo(1);
    assertThat(nulls(told.get("n"))).isLessThanOrEqualTo(1);
    sql("DELETE FROM c.db.t");
    assertThat(columns(spark.table("c.db.t"))).isEmpty();
  }

  @Test
  void aRangeOfKeysHasItsShareOfTheValues() {
    sql("CREATE TABLE c.db.t (id BIGINT NOT NULL, few INT, many INT, PRIMARY KEY (id))");
    sql("INSERT INTO c.db.t SELECT id, id % 20, id FROM range(20000)");
    Dataset<Row> some = spark.sql("SELECT * FROM c.db.t WHERE id < 2000");
    Map<String, ColumnStat> told = columns(some);
    assertThat(distinct(told.get("id"))).isEqualTo(2000);
    assertThat(distinct(told.get("few"))).isEqualTo(20);
    assertThat((double) distinct(told.get("many")) / 2000).isBetween(1 - MOST, 1 + MOST);
  }

  @Test
  void columnsThatChangedAreKnownByWhatTheyAreNow() {
    sql("CREATE TABLE c.db.t (id BIGINT NOT NULL, n INT, gone INT, PRIMARY KEY (id))");
    sql("INSERT INTO c.db.t SELECT id, id % 10, id FROM range(100)");
    sql("ALTER TABLE c.db.t ALTER COLUMN n TYPE BIGINT");
    sql("ALTER TABLE c.db.t RENAME COLUMN n TO m");
    sql("ALTER TABLE c.db.t DROP COLUMN gone");
    sql("ALTER TABLE c.db.t ADD COLUMN gone STRING");
    sql("ALTER TABLE c.db.t ADD COLUMN d INT DEFAULT 7");
    Map<String, ColumnStat> old = columns(spark.table("c.db.t"));
    assertThat(nulls(old.get("gone"))).isEqualTo(100);
    assertThat(distinct(old.get("d"))).isEqualTo(1);
    assertThat(old.get("d").min().get()).isEqualTo(7);
    sql("INSERT INTO c.db.t SELECT 100 + id, 5 + id % 10, 'x', id % 3 FROM range(100)");
    Map<String, ColumnStat> told = columns(spark.table("c.db.t"));
    assertThat(distinct(told.get("m"))).isEqualTo(15);
    assertThat(told.get("m").max().get()).isEqualTo(14L);
    assertThat(nulls(told.get("gone"))).isEqualTo(100);
    assertThat(distinct(told.get("gone"))).isEqualTo(1);
    assertThat(distinct(told.get("d"))).isEqualTo(4);
    assertThat(told.get("d").min().get()).isEqualTo(0);
    assertThat(told.get("d").max().get()).isEqualTo(7);
  }

  // --- what cannot be told ---

  @Test
  void aSegmentThatTellsNothingLeavesNothingKnownUntilItIsRewritten() throws IOException {
    create();
    SegmentOptions silent =
        SegmentOptions.defaults().withStatistics(false).withSpillDirectory(directory.toString());
    try (AlexTable table = AlexTable.open(path("t"));
        var writer = table.appender(silent)) {
      writer.append(ArrayRow.of(table.schema(), 9L, "z"));
      writer.commit();
    }
    assertThat(columns(spark.table("c.db.t"))).isEmpty();
    assertThat(columns(spark.sql("SELECT * FROM c.db.t WHERE id < 3"))).containsKeys("id", "name");
    sql("CALL c.system.compact(table => 'db.t')");
    assertThat(distinct(columns(spark.table("c.db.t")).get("name"))).isEqualTo(4);
  }

  @Test
  void damagedStatisticsAreLeftOutAndVerifyFindsThem() throws IOException {
    List<String> columns = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      columns.add("c" + i + " INT");
      values.add("CAST(id AS INT) + " + i);
    }
    sql(
        "CREATE TABLE c.db.t (id BIGINT NOT NULL, "
            + String.join(", ", columns)
            + ", PRIMARY KEY (id))");
    sql(
        "INSERT INTO c.db.t SELECT /*+ COALESCE(1) */ id, "
            + String.join(", ", values)
            + " FROM range(500)");
    assertThat(columns(spark.table("c.db.t"))).hasSize(61);
    Path segment;
    try (var files = Files.list(Path.of(path("t"), "data"))) {
      segment = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(segment);
    Matcher section =
        Pattern.compile("\"statistics\":\\{\"offset\":(\\d+),\"length\":(\\d+)}")
            .matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    assertThat(section.find()).isTrue();
    bytes[Integer.parseInt(section.group(1)) + Integer.parseInt(section.group(2)) / 2] ^= 1;
    // A table of its own: a segment that is open already has been read.
    Path other = directory.resolve("warehouse/db/damaged");
    copy(Path.of(path("t")), other);
    Files.delete(other.resolve("data").resolve(segment.getFileName()));
    Files.write(other.resolve("data").resolve(segment.getFileName()), bytes);
    Dataset<Row> table = spark.table("c.db.damaged");
    assertThat(columns(table)).isEmpty();
    assertThat(table.selectExpr("sum(c3)").head().getLong(0)).isEqualTo(500L * 499 / 2 + 1500);
    assertThat(sql("CALL c.system.verify(table => 'db.damaged')")).contains("checksum");
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (var walk = Files.walk(from)) {
      files = walk.toList();
    }
    for (Path file : files) {
      Files.copy(file, to.resolve(from.relativize(file)));
    }
  }

  // --- what is shown ---

  @Test
  void describeAndTheMetadataTableShowThem() {
    spark.conf().set("spark.sql.cbo.enabled", "false");
    sql(
        "CREATE TABLE c.db.t (id BIGINT NOT NULL, name STRING, price DECIMAL(10,2), day DATE,"
            + " l ARRAY<INT>, PRIMARY KEY (id))");
    sql(
        "INSERT INTO c.db.t VALUES (1, 'a', 1.50, DATE'2024-01-31', NULL), (2, 'bcd', -2.25, NULL,"
            + " array(1)), (3, NULL, 1.50, DATE'2023-12-01', NULL)");
    String described = sql("DESCRIBE EXTENDED c.db.t name");
    assertThat(described)
        .contains("[num_nulls,1]", "[distinct_count,2]", "[avg_col_len,2]", "[max_col_len,3]");
    assertThat(sql("DESCRIBE EXTENDED c.db.t price")).contains("1.50", "-2.25");
    assertThat(sql("SELECT * FROM c.db.t.column_statistics"))
        .isEqualTo(
            "[[id,BIGINT,3,0,3,1,3,null,null], [name,STRING,3,1,2,null,null,2,3],"
                + " [price,DECIMAL(10,2),3,0,2,-2.25,1.50,null,null],"
                + " [day,DATE,3,1,2,2023-12-01,2024-01-31,null,null],"
                + " [l,ARRAY<INT>,null,null,null,null,null,null,null]]");
  }

  /** Spark has it for its own tables only; here it is not needed. */
  @Test
  void analyzeIsNotOfTablesOfCatalogs() {
    create();
    assertThatThrownBy(() -> sql("ANALYZE TABLE c.db.t COMPUTE STATISTICS FOR ALL COLUMNS"))
        .hasMessageContaining("ANALYZE TABLE is not supported for v2 tables");
  }
}
