package io.alexstore.benchmarks.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Tables on Spark: alexstore beside Parquet and ORC. Formats take turns in every round, so that
 * what slows the machine slows all alike, and each answer is compared with the others'.
 *
 * <p>Run: {@code ./benchmarks/run spark [rows] [measure...]}; 5 million rows and all measures
 * unless told. A measure is a part of its name, such as {@code write} or {@code events/group}.
 */
public final class SparkBenchmark {

  private static final long SEED = 42;
  private static final int WRITE_ROUNDS = 5;
  private static final int WRITE_WARM_UPS = 1;

  private final SparkSession spark;
  private final Path directory;
  private final Predicate<String> wanted;
  private final JobCounter jobs = new JobCounter();
  private final List<Measurement> measurements = new ArrayList<>();

  private SparkBenchmark(SparkSession spark, Path directory, Predicate<String> wanted) {
    this.spark = spark;
    this.directory = directory;
    this.wanted = wanted;
    spark.sparkContext().addSparkListener(jobs);
  }

  /**
   * Runs the suite.
   *
   * @param root where the tables go, in a directory that is deleted in the end
   * @param options the rows, then the measures wanted
   */
  public static List<Measurement> run(Path root, String... options) throws IOException {
    long rows = options.length == 0 ? 5_000_000 : Long.parseLong(options[0].replace("_", ""));
    List<String> measures =
        Arrays.asList(options).subList(Math.min(1, options.length), options.length);
    Predicate<String> wanted =
        name -> measures.isEmpty() || measures.stream().anyMatch(name::contains);
    Path directory = Files.createTempDirectory(root, "spark");
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("alexstore benchmarks")
            .config("spark.sql.shuffle.partitions", 4)
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", directory.resolve("warehouse").toString())
            .getOrCreate();
    try {
      SparkBenchmark benchmark = new SparkBenchmark(spark, directory, wanted);
      benchmark.measure(Events.of(spark, rows));
      benchmark.measure(LineItem.of(spark, rows));
      return benchmark.measurements;
    } finally {
      spark.stop();
      TableFiles.delete(directory);
    }
  }

  private void measure(BenchmarkTable table) throws IOException {
    if (table.queries().stream().noneMatch(query -> wanted(table, query.measure()))
        && !wanted(table, "write")
        && !wanted(table, "bytes")) {
      return;
    }
    Dataset<Row> rows = table.rows().persist(StorageLevel.MEMORY_AND_DISK());
    long count = rows.count();
    write(table, rows, count);
    rows.unpersist(true);
    for (Format format : Format.values()) {
      format.register(spark, path(table, format), view(table, format));
    }
    for (Query query : table.queries()) {
      if (wanted(table, query.measure())) {
        ask(table, count, query);
      }
    }
    for (Format format : Format.values()) {
      TableFiles.delete(path(table, format));
    }
  }

  private boolean wanted(BenchmarkTable table, String measure) {
    return wanted.test(table.name() + "/" + measure);
  }

  private Path path(BenchmarkTable table, Format format) {
    return directory.resolve(table.name() + "-" + format.id());
  }

  private static String view(BenchmarkTable table, Format format) {
    return table.name() + "_" + format.id();
  }

  private void write(BenchmarkTable table, Dataset<Row> rows, long count) throws IOException {
    String[] key = table.key().toArray(String[]::new);
    int rounds = wanted(table, "write") ? WRITE_WARM_UPS + WRITE_ROUNDS : 1;
    Map<Format, Series> series = newSeries();
    Map<Format, Double> bytes = new EnumMap<>(Format.class);
    for (int round = 0; round < rounds; round++) {
      for (Format format : Format.values()) {
        Path path = path(table, format);
        TableFiles.delete(path);
        jobs.take(spark.sparkContext());
        Stopwatch watch = new Stopwatch();
        format.write(rows, count, key, path);
        watch.stop();
        series.get(format).add(watch, jobs.take(spark.sparkContext()), round >= WRITE_WARM_UPS);
        bytes.put(format, (double) TableFiles.size(path));
      }
    }
    if (rounds > 1) {
      report(table, count, "write", series);
    }
    if (wanted(table, "bytes")) {
      for (Format format : Format.values()) {
        add(table, count, "bytes", format, bytes.get(format), 0, 0);
      }
    }
  }

  private void ask(BenchmarkTable table, long count, Query query) {
    SplittableRandom random = new SplittableRandom(SEED);
    Map<Format, Series> series = newSeries();
    int warmUps = Math.max(2, query.rounds());
    for (int round = 0; round < warmUps + query.rounds(); round++) {
      String sql = query.sql().apply(random);
      List<Row> expected = null;
      for (Format format : Format.values()) {
        jobs.take(spark.sparkContext());
        Stopwatch watch = new Stopwatch();
        List<Row> answer = spark.sql(sql.replace("%s", view(table, format))).collectAsList();
        watch.stop();
        series.get(format).add(watch, jobs.take(spark.sparkContext()), round >= warmUps);
        if (answer.isEmpty()) {
          throw new IllegalStateException("Nothing is found, so nothing is measured: " + sql);
        }
        if (expected == null) {
          expected = answer;
        } else {
          Answers.requireEqual(table.name() + " as " + format.id() + ": " + sql, expected, answer);
        }
      }
    }
    report(table, count, query.measure(), series);
  }

  /** What was measured of one format. */
  private static final class Series {
    private final List<Double> millis = new ArrayList<>();
    private final List<Double> cpuMillis = new ArrayList<>();
    private final List<Double> jobs = new ArrayList<>();

    void add(Stopwatch watch, int jobCount, boolean counts) {
      if (counts) {
        millis.add(watch.millis());
        cpuMillis.add(watch.cpuMillis());
        jobs.add((double) jobCount);
      }
    }

    static double median(List<Double> values) {
      return values.stream().sorted().toList().get(values.size() / 2);
    }
  }

  private static Map<Format, Series> newSeries() {
    Map<Format, Series> series = new EnumMap<>(Format.class);
    for (Format format : Format.values()) {
      series.put(format, new Series());
    }
    return series;
  }

  private void report(
      BenchmarkTable table, long count, String measure, Map<Format, Series> series) {
    series.forEach(
        (format, of) ->
            add(
                table,
                count,
                measure,
                format,
                Series.median(of.millis),
                Series.median(of.cpuMillis),
                Series.median(of.jobs)));
  }

  private void add(
      BenchmarkTable table,
      long count,
      String measure,
      Format format,
      double value,
      double cpu,
      double jobs) {
    Measurement made = new Measurement(table.name(), count, measure, format.id(), value, cpu, jobs);
    made.print();
    measurements.add(made);
  }
}
