package io.alexstore.examples;

import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * The main job in one run: TPC-H orders and line items become keyed tables, and rows come back by
 * key, each query beside the same one on Parquet.
 *
 * <p>Run: {@code ./examples/run QuickStart [scale] [directory]}; scale 0.1 (150 thousand orders,
 * 600 thousand line items) and {@code data/quickstart} unless told.
 */
public final class QuickStart {

  private static final int WARM_UP = 3;
  private static final int RUNS = 7;

  private final SparkSession spark;
  private final Path directory;
  private final double scale;

  private QuickStart(SparkSession spark, Path directory, double scale) {
    this.spark = spark;
    this.directory = directory;
    this.scale = scale;
  }

  /**
   * Runs the example.
   *
   * @param args scale factor and directory, both optional
   */
  public static void main(String[] args) throws IOException {
    double scale = args.length > 0 ? parseScale(args[0]) : 0.1;
    Path directory = Path.of(args.length > 1 ? args[1] : "data/quickstart").toAbsolutePath();
    say("Starting Spark ...");
    SparkSession spark =
        SparkSession.builder()
            .appName("alexstore QuickStart")
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.extensions", "io.alexstore.spark.AlexStoreExtensions")
            .config("spark.sql.shuffle.partitions", 4)
            .getOrCreate();
    try {
      new QuickStart(spark, directory, scale).run();
    } finally {
      spark.stop();
    }
  }

  private static double parseScale(String text) {
    try {
      double scale = Double.parseDouble(text);
      if (scale > 0 && scale <= 1000) {
        return scale;
      }
    } catch (NumberFormatException e) {
      // The message below says what is expected.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no scale factor: give a number above 0 to 1000, such as 0.1 or 1");
  }

  private void run() throws IOException {
    Files.createDirectories(directory);
    write();
    query();
    explain();
    withoutSpark();
    farewell();
  }

  private String parquet(String table) {
    return directory.resolve("parquet").resolve(table).toString();
  }

  private String alexstore(String table) {
    return directory.resolve("alexstore").resolve(table).toString();
  }

  private void write() {
    int parts = Math.max(2, (int) Math.ceil(scale * 8));
    say("%nGenerating TPC-H at scale %s into Parquet ...", scale);
    for (String table : List.of("orders", "lineitem")) {
      Dataset<Row> rows =
          table.equals("orders")
              ? TpchData.orders(spark, scale, parts)
              : TpchData.lineitem(spark, scale, parts);
      double seconds = seconds(() -> rows.write().mode(SaveMode.Overwrite).parquet(parquet(table)));
      say(
          "  %-9s %,10d rows in %.1f s",
          table, spark.read().parquet(parquet(table)).count(), seconds);
    }
    say("%nWriting the same rows as alexstore tables, sorted and indexed by their keys ...");
    writeAlexStore("orders", "o_orderkey");
    writeAlexStore("lineitem", "l_orderkey,l_linenumber");
  }

  private void writeAlexStore(String table, String key) {
    Dataset<Row> rows = spark.read().parquet(parquet(table));
    double seconds =
        seconds(
            () ->
                rows.write()
                    .format("alexstore")
                    .mode(SaveMode.Overwrite)
                    .option("primaryKey", key)
                    .save(alexstore(table)));
    say("  %-9s primary key (%s) in %.1f s", table, key.replace(",", ", "), seconds);
  }

  private void query() {
    for (String table : List.of("orders", "lineitem")) {
      spark.read().format("alexstore").load(alexstore(table)).createOrReplaceTempView(table);
      spark.read().parquet(parquet(table)).createOrReplaceTempView(table + "_parquet");
    }
    long[] keys = someKeys();
    String in =
        Arrays.stream(keys).limit(100).mapToObj(Long::toString).collect(Collectors.joining(", "));
    long from = keys[0];
    long to = from + Math.round(scale * 6_000_000 / 1000);
    say("%nThe same queries on both, in milliseconds (median of %d runs, warm):%n", RUNS);
    say("  %-42s %10s %10s %8s", "", "alexstore", "Parquet", "faster");
    compare("order by its key", "SELECT * FROM orders%s WHERE o_orderkey = " + keys[1]);
    compare("100 orders by key (IN)", "SELECT * FROM orders%s WHERE o_orderkey IN (" + in + ")");
    compare(
        "0.1 % of the orders (key range)",
        "SELECT * FROM orders%s WHERE o_orderkey BETWEEN " + from + " AND " + to);
    compare(
        "the lines of one order (key prefix)",
        "SELECT * FROM lineitem%s WHERE l_orderkey = " + keys[2]);
    compare(
        "orders joined to their lines, 0.1 % range",
        "SELECT o_orderkey, o_orderdate, sum(l_extendedprice) AS price FROM orders%1$s"
            + " JOIN lineitem%1$s ON o_orderkey = l_orderkey WHERE o_orderkey BETWEEN "
            + from
            + " AND "
            + to
            + " GROUP BY o_orderkey, o_orderdate");
  }

  /** Keys of orders that are there, drawn from a fixed seed. */
  private long[] someKeys() {
    List<Row> sample =
        spark
            .sql("SELECT o_orderkey FROM orders_parquet ORDER BY hash(o_orderkey) LIMIT 101")
            .collectAsList();
    long[] keys = sample.stream().mapToLong(row -> row.getLong(0)).toArray();
    Random random = new Random(42);
    for (int i = keys.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      long key = keys[i];
      keys[i] = keys[j];
      keys[j] = key;
    }
    return keys;
  }

  private void compare(String what, String query) {
    String ours = String.format(Locale.ROOT, query, "");
    String theirs = String.format(Locale.ROOT, query, "_parquet");
    if (!sorted(spark.sql(ours)).equals(sorted(spark.sql(theirs)))) {
      throw new IllegalStateException("alexstore and Parquet disagree on: " + ours);
    }
    double[] a = new double[RUNS];
    double[] p = new double[RUNS];
    // In turns, since the JIT compiler goes on making Spark faster for both.
    for (int i = -WARM_UP; i < RUNS; i++) {
      double ourMillis = millis(ours);
      double theirMillis = millis(theirs);
      if (i >= 0) {
        a[i] = ourMillis;
        p[i] = theirMillis;
      }
    }
    say("  %-42s %10.1f %10.1f %7.1fx", what, median(a), median(p), median(p) / median(a));
  }

  private static List<String> sorted(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  private void explain() {
    say("%nHow key ranges are answered: a small one while planning, a large one by tasks%n");
    for (int to : new int[] {1_200, 60_000}) {
      String query = "SELECT o_totalprice FROM orders WHERE o_orderkey BETWEEN 1000 AND " + to;
      say("  EXPLAIN %s", query);
      String plan = spark.sql("EXPLAIN " + query).collectAsList().get(0).getString(0);
      say("%s", plan.indent(4).stripTrailing());
    }
  }

  private void withoutSpark() throws IOException {
    say("%nThe same table in plain Java, without a Spark job:%n");
    try (AlexTable table = AlexTable.open(alexstore("orders"))) {
      long key = someKeys()[3];
      for (int i = 0; i < 10_000; i++) {
        table.get(key); // warm: the JIT compiler has seen it
      }
      long start = System.nanoTime();
      var row = table.get(key).orElseThrow();
      long nanos = System.nanoTime() - start;
      say("  table.get(%d) in %.1f us: %s", key, nanos / 1e3, row);
    }
  }

  private void farewell() {
    say("%nThe tables are in %s", directory.resolve("alexstore"));
    say("%nNext:");
    say("  ./examples/run QuickStart 1              the same at scale 1: 6 million line items");
    say("  spark.read.format(\"alexstore\").load(\"%s\")", alexstore("orders"));
    say("  README.md                                options, Java, PySpark, limits");
  }

  private static double seconds(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private double millis(String query) {
    return 1e3 * seconds(() -> spark.sql(query).collectAsList());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
