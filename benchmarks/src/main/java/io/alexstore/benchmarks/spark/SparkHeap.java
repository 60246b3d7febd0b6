package io.alexstore.benchmarks.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What memory executors with a heap of 512 MB use while they write a table of gigabytes, and while
 * they scan it: a flat line means that it does not depend on what they have written or read.
 *
 * <p>Run: {@code ./benchmarks/run spark-heap [bytes]}; 5 GB unless told. Two executors, each a
 * process with one core.
 */
public final class SparkHeap {

  private static final int STEPS = 10;

  /** The first steps of a phase, in which classes are loaded and buffers grow to their size. */
  private static final int WARM_UP_STEPS = 2;

  /** A value has so many times 8 bytes. */
  private static final int VALUE_WORDS = 12;

  private static final int ROW_BYTES = Long.BYTES * (1 + VALUE_WORDS);

  private SparkHeap() {}

  /**
   * What an executor used in a tenth of the time of a phase, in MB.
   *
   * @param phase shuffle, write or scan
   * @param step the tenth, from 1
   * @param executor the executor's id
   * @param peakHeap the most heap, garbage too
   * @param liveHeap the most that a full collection left; 0 if there was none
   * @param direct the most memory of direct buffers
   * @param network the most direct memory of Spark's network
   * @param mapped the most bytes of mapped files
   */
  public record Point(
      String phase,
      int step,
      String executor,
      double peakHeap,
      double liveHeap,
      double direct,
      double network,
      double mapped) {}

  private record Phase(String name, long from, long to) {}

  /**
   * Writes, scans and measures.
   *
   * @param root where the table and Spark's files go, in a directory that is deleted in the end
   */
  public static List<Point> run(Path root, long bytes) throws IOException {
    Path directory = Files.createTempDirectory(root, "spark-heap");
    Path samples = Files.createDirectories(directory.resolve("samples"));
    try {
      List<Phase> phases = new ArrayList<>();
      try (SparkSession spark = session(directory, samples)) {
        writeAndScan(spark, directory.resolve("table").toString(), bytes / ROW_BYTES, phases);
      }
      return points(phases, read(samples));
    } finally {
      delete(directory);
    }
  }

  private static SparkSession session(Path directory, Path samples) {
    return SparkSession.builder()
        .master("local-cluster[2,1,1024]")
        .appName("alexstore executors' memory")
        .config("spark.executor.memory", "512m")
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .config("spark.plugins", MemorySampler.class.getName())
        .config(MemorySampler.DIRECTORY, samples.toString())
        .config("spark.local.dir", directory.resolve("local").toString())
        .config("spark.sql.warehouse.dir", directory.resolve("warehouse").toString())
        // Ids are made by a multiplication that wraps around.
        .config("spark.sql.ansi.enabled", "false")
        .getOrCreate();
  }

  private static void writeAndScan(SparkSession spark, String path, long rows, List<Phase> phases) {
    String[] words = new String[VALUE_WORDS];
    Arrays.setAll(words, i -> "cast(xxhash64(id, " + i + ") as binary)");
    Dataset<Row> data =
        spark
            .range(0, rows, 1, 32)
            .selectExpr(
                "id * -7046029254386353131L id", "concat(" + String.join(", ", words) + ") value");
    AtomicReference<StageInfo> last = new AtomicReference<>();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onStageCompleted(SparkListenerStageCompleted stage) {
                last.set(stage.stageInfo());
              }
            });
    Phase whole =
        timed(
            "shuffle and write",
            () ->
                data.write()
                    .format("alexstore")
                    .option("primaryKey", "id")
                    .mode("append")
                    .save(path));
    try {
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
    // The last stage sorts and writes; those before it sample the rows and bring them in place.
    long begun = (Long) last.get().submissionTime().get();
    phases.add(new Phase("shuffle", whole.from(), begun));
    phases.add(new Phase("write", begun, whole.to()));
    String sum = "bit_xor(xxhash64(id, value))";
    List<Row> answers = new ArrayList<>();
    phases.add(
        timed(
            "scan",
            () ->
                answers.add(
                    spark
                        .read()
                        .format("alexstore")
                        .load(path)
                        .selectExpr("count(*)", sum)
                        .head())));
    Row expected = data.selectExpr("count(*)", sum).head();
    if (!answers.get(0).equals(expected)) {
      throw new IllegalStateException("Read " + answers.get(0) + " instead of " + expected);
    }
  }

  private static Phase timed(String name, Runnable action) {
    long from = System.currentTimeMillis();
    action.run();
    long to = System.currentTimeMillis();
    System.out.printf(Locale.ROOT, "%s: %.1f s%n", name, (to - from) / 1e3);
    return new Phase(name, from, to);
  }

  private static List<MemorySampler.Sample> read(Path samples) throws IOException {
    List<MemorySampler.Sample> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(samples)) {
      for (Path file : files.sorted().toList()) {
        List<String> lines = Files.readAllLines(file);
        lines.forEach(line -> all.add(MemorySampler.Sample.of(line)));
      }
    }
    return all;
  }

  private static List<Point> points(List<Phase> phases, List<MemorySampler.Sample> samples) {
    List<Point> points = new ArrayList<>();
    TreeSet<String> executors = new TreeSet<>();
    samples.forEach(sample -> executors.add(sample.executor()));
    for (Phase phase : phases) {
      for (String executor : executors) {
        for (int step = 0; step < STEPS; step++) {
          long from = phase.from() + (phase.to() - phase.from()) * step / STEPS;
          long to = phase.from() + (phase.to() - phase.from()) * (step + 1) / STEPS;
          points.add(
              point(
                  phase.name(),
                  step + 1,
                  executor,
                  samples.stream()
                      .filter(s -> s.executor().equals(executor))
                      .filter(s -> s.millis() >= from && s.millis() < to)
                      .toList()));
        }
        System.out.println(verdict(points.subList(points.size() - STEPS, points.size())));
      }
    }
    return points;
  }

  private static Point point(
      String phase, int step, String executor, List<MemorySampler.Sample> samples) {
    Point point =
        new Point(
            phase,
            step,
            executor,
            most(samples, MemorySampler.Sample::peakHeap),
            Math.max(0, most(samples, MemorySampler.Sample::liveHeap)),
            most(samples, MemorySampler.Sample::direct),
            most(samples, MemorySampler.Sample::network),
            most(samples, MemorySampler.Sample::mapped));
    System.out.printf(
        Locale.ROOT,
        "%-5s %3d %%  executor %s: live heap %6.1f MB, peak %6.1f; direct %6.1f,"
            + " network %6.1f, mapped %7.1f%n",
        phase,
        step * 100 / STEPS,
        executor,
        point.liveHeap(),
        point.peakHeap(),
        point.direct(),
        point.network(),
        point.mapped());
    return point;
  }

  private static double most(
      List<MemorySampler.Sample> samples, ToLongFunction<MemorySampler.Sample> figure) {
    return samples.stream().mapToLong(figure).max().orElse(0) / 1e6;
  }

  /** Compares the second half of a phase with the first, after the warm-up. */
  private static String verdict(List<Point> phase) {
    int middle = WARM_UP_STEPS + (STEPS - WARM_UP_STEPS) / 2;
    List<Point> early = phase.subList(WARM_UP_STEPS, middle);
    List<Point> late = phase.subList(middle, STEPS);
    return String.format(
        Locale.ROOT,
        "%s, executor %s, late / early: live heap %.2f, direct %.2f, mapped %.2f",
        phase.get(0).phase(),
        phase.get(0).executor(),
        mean(late, Point::liveHeap) / mean(early, Point::liveHeap),
        mean(late, Point::direct) / mean(early, Point::direct),
        mean(late, Point::mapped) / mean(early, Point::mapped));
  }

  private static double mean(
      List<Point> points, java.util.function.ToDoubleFunction<Point> figure) {
    return points.stream().mapToDouble(figure).filter(mb -> mb > 0).average().orElse(1);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
