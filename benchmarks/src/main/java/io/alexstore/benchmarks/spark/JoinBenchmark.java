package io.alexstore.benchmarks.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Joins of a few to many rows to a table by its key: alexstore as it decides by itself, with
 * lookups off, and with lookups always. Ways take turns in every round, and each answer is compared
 * with the others'.
 *
 * <p>Run: {@code ./benchmarks/run join [rows]}; 5 million rows unless told. Probes are from one to
 * as many as the table has rows.
 */
public final class JoinBenchmark {

  private static final int WARM_UPS = 2;
  private static final int ROUNDS = 5;

  /** Closer together where lookups and scans take about as long. */
  private static final long[] PROBES = {
    1, 10, 100, 1_000, 10_000, 100_000, 200_000, 400_000, 1_000_000, 2_000_000, 3_000_000
  };

  /** One probe in so many has a key that the table does not have. */
  private static final int ABSENT = 10;

  private enum Way {
    AUTO,
    NEVER,
    ALWAYS;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One figure.
   *
   * @param rows the table's rows
   * @param type inner or left outer
   * @param probes the rows of the other side
   * @param way how the table was read
   * @param ms the median of milliseconds
   * @param cpuMs the median of milliseconds of processor time, of all threads
   * @param jobs the median of the Spark jobs that it launched
   * @param lookups whether keys were looked up, in the last round
   */
  public record Figure(
      long rows,
      String type,
      long probes,
      String way,
      double ms,
      double cpuMs,
      double jobs,
      boolean lookups) {}

  private final SparkSession spark;
  private final Path directory;
  private final long rows;
  private final JobCounter jobs = new JobCounter();
  private final List<Figure> figures = new ArrayList<>();

  private JoinBenchmark(SparkSession spark, Path directory, long rows) {
    this.spark = spark;
    this.directory = directory;
    this.rows = rows;
    spark.sparkContext().addSparkListener(jobs);
  }

  /**
   * Runs the suite.
   *
   * @param root where the tables go, in a directory that is deleted in the end
   * @param options the rows
   */
  public static List<Figure> run(Path root, String... options) throws IOException {
    long rows = options.length == 0 ? 5_000_000 : Long.parseLong(options[0].replace("_", ""));
    Path directory = Files.createTempDirectory(root, "join");
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("alexstore join benchmark")
            .config("spark.sql.extensions", "io.alexstore.spark.AlexStoreExtensions")
            .config("spark.sql.shuffle.partitions", 4)
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", directory.resolve("warehouse").toString())
            .getOrCreate();
    try {
      JoinBenchmark benchmark = new JoinBenchmark(spark, directory, rows);
      benchmark.measure();
      return benchmark.figures;
    } finally {
      spark.stop();
      TableFiles.delete(directory);
    }
  }

  private void measure() {
    BenchmarkTable events = Events.of(spark, rows);
    String[] key = events.key().toArray(String[]::new);
    String table = directory.resolve("alexstore").toString();
    Format.ALEXSTORE.write(events.rows(), rows, key, Path.of(table));
    for (Way way : Way.values()) {
      Dataset<Row> read =
          spark.read().format("alexstore").option("lookupJoin", way.id()).load(table);
      read.createOrReplaceTempView(way.id());
    }
    for (long probes : PROBES) {
      if (probes <= rows) {
        measureAll(probes);
      }
    }
    measureAll(rows);
  }

  private void measureAll(long probes) {
    writeProbes(probes);
    for (String type : List.of("inner", "left outer")) {
      measure(type, probes);
    }
  }

  /** Random keys, in no order: every {@value #ABSENT}th beyond what the table has. */
  private void writeProbes(long probes) {
    String file = directory.resolve("probes").toString();
    long present = rows; // The function goes to tasks, and this object cannot.
    spark
        .range(0, probes, 1, probes > 100_000 ? 4 : 1)
        .map((MapFunction<Long, Long>) i -> key(i, present), Encoders.LONG())
        .selectExpr("value AS k", "value % 100 AS x")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(file);
    spark.read().parquet(file).createOrReplaceTempView("probes");
  }

  private static long key(long i, long rows) {
    long random = Math.floorMod(Events.id(-1 - i), rows);
    return Events.id(i % ABSENT == ABSENT - 1 ? rows + random : random);
  }

  private void measure(String type, long probes) {
    Map<Way, List<Double>> millis = new EnumMap<>(Way.class);
    Map<Way, List<Double>> cpu = new EnumMap<>(Way.class);
    Map<Way, List<Double>> launched = new EnumMap<>(Way.class);
    Map<Way, Boolean> lookups = new EnumMap<>(Way.class);
    for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
      List<Row> expected = null;
      for (Way way : Way.values()) {
        jobs.take(spark.sparkContext());
        Stopwatch watch = new Stopwatch();
        Dataset<Row> query =
            spark.sql(
                "SELECT count(*), count(t.id), sum(t.amount), max(t.name), sum(p.x) FROM probes p "
                    + type
                    + " JOIN "
                    + way.id()
                    + " t ON p.k = t.id");
        List<Row> answer = query.collectAsList();
        watch.stop();
        double count = jobs.take(spark.sparkContext());
        if (round >= WARM_UPS) {
          millis.computeIfAbsent(way, w -> new ArrayList<>()).add(watch.millis());
          cpu.computeIfAbsent(way, w -> new ArrayList<>()).add(watch.cpuMillis());
          launched.computeIfAbsent(way, w -> new ArrayList<>()).add(count);
        }
        String plan = query.queryExecution().executedPlan().toString();
        lookups.put(way, plan.contains("AlexLookupJoin") && !plan.contains("Spark's own plan ran"));
        if (expected == null) {
          expected = answer;
        } else {
          Answers.requireEqual(type + " join of " + probes + " by " + way.id(), expected, answer);
        }
      }
    }
    for (Way way : Way.values()) {
      Figure figure =
          new Figure(
              rows,
              type,
              probes,
              way.id(),
              median(millis.get(way)),
              median(cpu.get(way)),
              median(launched.get(way)),
              lookups.get(way));
      figures.add(figure);
      System.out.printf(
          Locale.ROOT,
          "%-10s %,12d probes  %-8s %,10.1f ms (%,.0f ms of processor), %.0f jobs%s%n",
          type,
          probes,
          way.id(),
          figure.ms(),
          figure.cpuMs(),
          figure.jobs(),
          figure.lookups() ? ", lookups" : "");
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
