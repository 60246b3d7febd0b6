package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of two executors, each a process of its own that gets nothing of this project but the
 * packaged jar; one of them is killed while it writes, and while it reads.
 */
class ClusterIT {

  private static final long ROWS = 2_000_000;

  private static SparkSession spark;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws IOException {
    String jar = System.getProperty("alexstore.jar");
    assumeThat(jar).as("runs once the jar is packaged, which sets alexstore.jar").isNotNull();
    TestCluster.linkSparkJars();
    spark =
        SparkSession.builder()
            .master("local-cluster[2,1,1024]")
            .appName("alexstore cluster test")
            .config("spark.ui.enabled", "false")
            .config("spark.jars", jar)
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.adaptive.coalescePartitions.enabled", "false")
            .config("spark.sql.files.maxPartitionBytes", "2m")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private String path() {
    return directory.resolve("table").toString();
  }

  private void write(long from, long to) {
    spark
        .range(from, to)
        .selectExpr("(id * 7919) % 4000037 id", "sha2(cast(id as string), 512) payload")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .option("targetSegmentSize", "1m")
        .mode("append")
        .save(path());
  }

  private long segmentFiles() {
    try (Stream<Path> files = Files.list(Path.of(path(), "data"))) {
      return files.count();
    } catch (IOException e) {
      return 0; // Not there yet.
    }
  }

  private static List<ProcessHandle> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(
            p ->
                p.info()
                    .commandLine()
                    .filter(c -> c.contains("CoarseGrainedExecutorBackend"))
                    .isPresent())
        .toList();
  }

  private static void requireRunning(CompletableFuture<Void> action) throws Exception {
    if (action.isDone()) {
      action.get(); // An error of its own says more.
    }
    assertThat(action.isDone()).as("the action has ended before the kill").isFalse();
  }

  /** Kills an executor as soon as something is so, which it must be before an action ends. */
  private static void killWhen(BooleanSupplier ready, Runnable action) throws Exception {
    SparkSession session = SparkSession.active();
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(
            () -> {
              SparkSession.setActiveSession(session); // Since Java 19 such threads inherit nothing.
              action.run();
            });
    while (!ready.getAsBoolean()) {
      requireRunning(running);
      TimeUnit.MILLISECONDS.sleep(10);
    }
    List<ProcessHandle> before = executors();
    assertThat(before).isNotEmpty();
    ProcessHandle victim = before.get(0);
    assertThat(victim.destroyForcibly()).isTrue();
    // Not by onExit, which a newer Java may complete long after it.
    for (int i = 0; victim.isAlive() && i < 3000; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(victim.isAlive()).isFalse();
    requireRunning(running);
    running.get(5, TimeUnit.MINUTES);
  }

  @Test
  void survivesExecutorsThatAreKilled() throws Exception {
    killWhen(() -> segmentFiles() >= 3, () -> write(0, ROWS));
    long files = segmentFiles();
    try (AlexTable table = AlexTable.open(path())) {
      assertThat(table.snapshot().version()).isZero();
      assertThat(table.snapshot().rows()).isEqualTo(ROWS);
      // What the killed one wrote lies there still, and nobody reads it.
      assertThat(table.listOrphans()).isNotEmpty();
      assertThat((long) table.snapshot().segments().size() + table.listOrphans().size())
          .isEqualTo(files);
    }
    Dataset<Row> table = spark.read().format("alexstore").load(path());
    assertThat(table.selectExpr("count(*)", "count(distinct id)").head().toString())
        .isEqualTo("[" + ROWS + "," + ROWS + "]");

    long before = doneTasks();
    StringBuilder answer = new StringBuilder();
    killWhen(
        () -> doneTasks() > before + 2,
        () ->
            answer.append(
                table
                    .where("payload > '00' and id % 1000 = 0")
                    // Slow enough to be in the middle of it.
                    .where("length(reflect('java.lang.Thread', 'sleep', 10L)) > 0")
                    .selectExpr("count(*)", "min(length(payload))")
                    .head()));
    long expected = table.where("payload > '00' and id % 1000 = 0").count();
    assertThat(expected).isGreaterThan(500);
    assertThat(answer.toString()).isEqualTo("[" + expected + ",128]");
  }

  private static long doneTasks() {
    int done = 0;
    for (int job : spark.sparkContext().statusTracker().getActiveJobIds()) {
      var info = spark.sparkContext().statusTracker().getJobInfo(job);
      if (info.isDefined()) {
        for (int stage : info.get().stageIds()) {
          var stageInfo = spark.sparkContext().statusTracker().getStageInfo(stage);
          done += stageInfo.isDefined() ? stageInfo.get().numCompletedTasks() : 0;
        }
      }
    }
    return done;
  }
}
