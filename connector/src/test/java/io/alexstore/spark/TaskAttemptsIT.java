package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks that fail, are retried, or run twice, in the middle of writing segments, on a cluster of
 * processes: the table is as it was or complete, and what they leave behind is not read.
 */
class TaskAttemptsIT {

  private static final long ROWS = 40_000;
  private static final int PARTITIONS = 4;

  @TempDir static Path work;

  private static TestCluster cluster;
  private static SparkSession spark;

  @TempDir Path directory;
  private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
  private SparkListener listener;

  /** An attempt that has ended. */
  private record Attempt(int partition, int number, boolean speculative, String status) {}

  @BeforeAll
  static void start() throws IOException {
    String jar = System.getProperty("alexstore.jar");
    assumeThat(jar).as("runs once the jar is packaged, which sets alexstore.jar").isNotNull();
    TestCluster.linkSparkJars();
    cluster = new TestCluster(work);
    spark =
        SparkSession.builder()
            .master(cluster.master())
            .withExtensions(new AttemptFaults())
            .appName("alexstore task attempts test")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.jars", jar)
            .config("spark.executor.extraClassPath", TestCluster.testClasses())
            .config("spark.scheduler.minRegisteredResourcesRatio", "1")
            .config("spark.cores.max", "2")
            .config("spark.sql.shuffle.partitions", PARTITIONS)
            .config("spark.sql.adaptive.coalescePartitions.enabled", "false")
            .config("spark.locality.wait", "0")
            .config("spark.speculation", "true")
            .config("spark.speculation.interval", "100ms")
            .config("spark.speculation.quantile", "0.5")
            // So long that none but an attempt that stands still is taken for slow.
            .config("spark.speculation.minTaskRuntime", "4s")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void listen() {
    listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            var info = end.taskInfo();
            attempts.add(
                new Attempt(info.index(), info.attemptNumber(), info.speculative(), info.status()));
          }
        };
    spark.sparkContext().addSparkListener(listener);
  }

  @AfterEach
  void stopListening() {
    spark.sparkContext().removeSparkListener(listener);
  }

  private String path() {
    return directory.resolve("table").toString();
  }

  /** Each task writes several segments, of which some are finished when a fault happens. */
  private void write(long from, SaveMode mode) {
    spark
        .range(from, from + ROWS)
        .selectExpr("id", "sha2(cast(id as string), 256) payload")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .option("targetSegmentSize", "64k")
        .mode(mode)
        .save(path());
  }

  /** The table has the rows from 0 on, each once, and names files that are there. */
  private void checkRows(long version, long rows) throws IOException {
    try (AlexTable table = AlexTable.open(path())) {
      assertThat(table.snapshot().version()).isEqualTo(version);
      assertThat(table.snapshot().rows()).isEqualTo(rows);
      assertThat(files())
          .isEqualTo(table.snapshot().segments().size() + (long) table.listOrphans().size());
      assertThat(table.get(rows - 1)).isPresent();
      assertThat(table.get(rows)).isEmpty();
    }
    assertThat(
            spark
                .read()
                .format("alexstore")
                .load(path())
                .selectExpr(
                    "count(*)",
                    "count(distinct id)",
                    "max(id)",
                    "count_if(payload = sha2(cast(id as string), 256))")
                .head()
                .toString())
        .isEqualTo("[" + rows + "," + rows + "," + (rows - 1) + "," + rows + "]");
  }

  private int orphans() throws IOException {
    try (AlexTable table = AlexTable.open(path())) {
      return table.listOrphans().size();
    }
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(path(), "data"))) {
      return files.count();
    }
  }

  private List<Attempt> ended(int partition, boolean well) throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    return attempts.stream()
        .filter(a -> a.partition() == partition && a.status().equals("SUCCESS") == well)
        .toList();
  }

  @Test
  void aTaskThatFailsOnceIsRetried() throws Exception {
    AttemptFaults.during(FaultyExec.Fault.FAILS_ONCE, () -> write(0, SaveMode.ErrorIfExists));
    assertThat(ended(FaultyExec.PARTITION, false)).extracting(Attempt::number).containsExactly(0);
    checkRows(0, ROWS);
    // The attempt that failed has deleted its segments.
    assertThat(orphans()).isZero();

    AttemptFaults.during(FaultyExec.Fault.FAILS_ONCE, () -> write(ROWS, SaveMode.Append));
    assertThat(ended(FaultyExec.PARTITION, false))
        .extracting(Attempt::number)
        .containsExactly(0, 0);
    checkRows(1, 2 * ROWS);
    assertThat(orphans()).isZero();
  }

  @Test
  void aTaskThatFailsForGoodLeavesTheTableAsItWas() throws Exception {
    String error =
        Errors.of(
            () ->
                AttemptFaults.during(
                    FaultyExec.Fault.FAILS, () -> write(0, SaveMode.ErrorIfExists)));
    assertThat(error).contains("a fault of the test");
    assertThat(ended(FaultyExec.PARTITION, false))
        .extracting(Attempt::number)
        .containsExactly(0, 1, 2, 3);
    assertThat(AlexTable.exists(path())).isFalse();

    write(0, SaveMode.ErrorIfExists);
    for (SaveMode mode : List.of(SaveMode.Append, SaveMode.Overwrite)) {
      Errors.of(() -> AttemptFaults.during(FaultyExec.Fault.FAILS, () -> write(1_000_000, mode)));
      checkRows(0, ROWS);
    }
    write(ROWS, SaveMode.Append);
    checkRows(1, 2 * ROWS);
  }

  @Test
  void aSpeculativeAttemptThatIsFasterCounts() throws Exception {
    AttemptFaults.during(FaultyExec.Fault.STALLS_ONCE, () -> write(0, SaveMode.ErrorIfExists));
    checkRows(0, ROWS);
    assertThat(ended(FaultyExec.PARTITION, true))
        .as("%s", attempts)
        .anyMatch(attempt -> attempt.speculative() && attempt.number() == 1);
    // The other one is killed, and deletes what it wrote; that may come after the commit.
    for (int i = 0; i < 300 && ended(FaultyExec.PARTITION, false).isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertThat(ended(FaultyExec.PARTITION, false))
        .containsExactly(new Attempt(FaultyExec.PARTITION, 0, false, "KILLED"));
    checkRows(0, ROWS);
    assertThat(orphans()).isZero();
  }

  @Test
  void aKeyThatTasksFoundInTheTableIsNamed() throws Exception {
    write(0, SaveMode.ErrorIfExists);
    assertThat(Errors.of(() -> write(ROWS - 7, SaveMode.Append)))
        .contains("(id=" + (ROWS - 7) + ")")
        .contains("is in the table");
    checkRows(0, ROWS);
    assertThat(orphans()).isZero();
    assertThat(ended(FaultyExec.PARTITION, false)).isEmpty();
  }
}
