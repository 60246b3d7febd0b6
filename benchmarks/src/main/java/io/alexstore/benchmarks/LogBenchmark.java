package io.alexstore.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * What a long log and many segments cost: opening a table and planning {@code id = k} after another
 * process has committed, opening it in a fresh process, and the memory of a snapshot. The log is
 * real; the segments are only named in it.
 *
 * <p>Run: {@code ./benchmarks/run log [versions [segments ...]]}; 10,000 versions and 10, 100,000
 * and 1,000,000 segments unless told.
 */
final class LogBenchmark {

  /** Queries before those that count, so that the code is compiled. */
  private static final int WARM_UP = 3000;

  /** Queries in a turn; the tables take turns, since machines drift. */
  private static final int TURN = 250;

  private static final int TURNS = 12;

  private static final int HALF_AN_INTERVAL = 50;

  /** The segments of one commit when the table is made. */
  private static final int BATCH = 50_000;

  private LogBenchmark() {}

  /** One table, and its log as another process sees it. */
  private static final class Table {
    final int segments;
    final FileStore store;
    final TableLog foreign;
    final Random random = new Random(42);
    final List<Double> warm = new ArrayList<>();
    final List<Double> refresh = new ArrayList<>();
    final List<Double> plan = new ArrayList<>();
    Snapshot newest;
    Snapshot known;
    double cold;
    double fresh;
    double checkpointBytes;
    double heapBytes;
    double checkpointMs;

    Table(Path directory, int segments) {
      this.segments = segments;
      this.store = FileStores.forPath(directory.toString());
      this.foreign = new TableLog(store, directory.toString());
    }

    /** Makes versions up to one, the last many with one segment more and one less each. */
    void make(int versions) throws IOException {
      newest =
          foreign.create(
              UUID.randomUUID(), SnapshotEdit.create(SegmentEngine.schema(), Map.of(), List.of()));
      for (int from = 0; from < segments; from += BATCH) {
        List<SegmentEntry> added = new ArrayList<>();
        for (int i = from; i < Math.min(segments, from + BATCH); i++) {
          added.add(segment(i));
        }
        newest = foreign.publish(newest, SnapshotEdit.append(added));
      }
      while (newest.version() < versions) {
        commit();
      }
      known = newest;
    }

    private SegmentEntry segment(int i) {
      byte[] min = SegmentInfo.longKeyBytes(i * 1000L);
      byte[] max = SegmentInfo.longKeyBytes(i * 1000L + 990);
      UUID id = UUID.randomUUID();
      return new SegmentEntry(id, "data/" + id + ".alexseg", 0, 1_000_000, 99_000_000, min, max, 0);
    }

    /** A foreign commit: one segment is rewritten. */
    void commit() throws IOException {
      int place = random.nextInt(segments);
      SegmentEntry old = newest.segments().get(place);
      newest =
          foreign.publish(
              newest,
              SnapshotEdit.of(
                  "compact",
                  Optional.empty(),
                  Optional.empty(),
                  List.of(segment(place)),
                  List.of(old.id())));
    }

    /** One query after a foreign commit; what it costs is added to the figures. */
    void query() throws IOException {
      commit();
      int place = random.nextInt(segments);
      long key = place * 1000L + 5;
      long start = System.nanoTime();
      List<SegmentEntry> found;
      long opened;
      try (AlexTable table = AlexTable.open(store, known)) {
        opened = System.nanoTime();
        known = table.snapshot();
        byte[] bytes = SegmentInfo.longKeyBytes(key);
        found = known.segmentsFor(bytes, bytes);
      }
      long end = System.nanoTime();
      if (known.version() != newest.version()
          || found.size() != 1
          || !found.get(0).equals(newest.segments().get(place))) {
        throw new IllegalStateException("wrong: " + found + " of " + known);
      }
      warm.add((end - start) / 1e3);
      refresh.add((opened - start) / 1e3);
      plan.add((end - opened) / 1e3);
    }

    void measureCold() throws IOException {
      List<Double> times = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        long start = System.nanoTime();
        Snapshot loaded = new TableLog(store, foreign.table()).load();
        times.add((System.nanoTime() - start) / 1e3);
        if (loaded.segments().size() != segments) {
          throw new IllegalStateException("wrong: " + loaded.segments().size());
        }
      }
      cold = median(times);
      times.clear();
      for (int i = 0; i < 3; i++) {
        times.add(inAFreshProcess(foreign.table()));
      }
      fresh = median(times);
      double before = liveBytes();
      Snapshot held = foreign.load();
      heapBytes = liveBytes() - before;
      if (held.segments().size() != segments) {
        throw new IllegalStateException("wrong: " + held.segments().size());
      }
      Path log = Path.of(foreign.table(), "_alexstore/log");
      long newestCheckpoint = Collections.max(foreign.checkpoints());
      checkpointBytes =
          Files.size(log.resolve(String.format("%020d.checkpoint", newestCheckpoint)));
      // By the next version, since this one may have its checkpoint.
      times.clear();
      for (int i = 0; i < 3; i++) {
        commit();
        long start = System.nanoTime();
        if (foreign.writeCheckpoint(newest)) {
          times.add((System.nanoTime() - start) / 1e6);
        }
      }
      known = newest;
      checkpointMs = median(times);
    }
  }

  private static double inAFreshProcess(String table) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx4g",
                "-cp",
                System.getProperty("java.class.path"),
                FirstLoad.class.getName(),
                table)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return Double.parseDouble(new String(process.getInputStream().readAllBytes(), UTF_8).strip());
  }

  /** What a process that has just started takes to open a table and plan a query. */
  static final class FirstLoad {
    private FirstLoad() {}

    /** Prints the milliseconds. */
    public static void main(String[] args) throws IOException {
      long start = System.nanoTime();
      try (AlexTable table = AlexTable.open(args[0])) {
        byte[] key = SegmentInfo.longKeyBytes(5);
        if (table.snapshot().segmentsFor(key, key).size() != 1) {
          throw new IllegalStateException("wrong");
        }
      }
      System.out.println((System.nanoTime() - start) / 1e6);
    }
  }

  private static double liveBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** Makes the tables and measures. */
  static List<Results.Row> run(String... options) throws IOException {
    int versions = options.length > 0 ? number(options[0]) : 10_000;
    int[] sizes = {10, 100_000, 1_000_000};
    if (options.length > 1) {
      sizes = Arrays.stream(options).skip(1).mapToInt(LogBenchmark::number).toArray();
    }
    Path root = Files.createTempDirectory(Data.root(), "log");
    try {
      List<Table> tables = new ArrayList<>();
      for (int segments : sizes) {
        Path directory = root.resolve("t" + segments);
        Table table = new Table(directory, segments);
        long start = System.nanoTime();
        // Half an interval after a checkpoint, as a reader finds a log on average.
        table.make(versions + HALF_AN_INTERVAL);
        System.out.printf(
            Locale.ROOT,
            "%,d segments, %,d versions made in %.1f s%n",
            segments,
            versions,
            (System.nanoTime() - start) / 1e9);
        table.measureCold();
        tables.add(table);
      }
      measureWarm(tables);
      return rows(versions, tables);
    } finally {
      Engine.deleteAll(root);
    }
  }

  private static int number(String option) {
    return Integer.parseInt(option.replace("_", ""));
  }

  private static void measureWarm(List<Table> tables) throws IOException {
    for (int i = 0; i < WARM_UP; i++) {
      tables.get(i % tables.size()).query();
    }
    tables.forEach(
        table -> {
          table.warm.clear();
          table.refresh.clear();
          table.plan.clear();
        });
    for (int turn = 0; turn < TURNS; turn++) {
      for (Table table : tables) {
        for (int i = 0; i < TURN; i++) {
          table.query();
        }
      }
    }
  }

  private static List<Results.Row> rows(int versions, List<Table> tables) {
    List<Results.Row> rows = new ArrayList<>();
    for (Table table : tables) {
      Results.Row row =
          new Results.Row(
              Map.of(
                  "versions", Integer.toString(versions),
                  "segments", Integer.toString(table.segments)),
              Map.of(
                  "warmUs",
                  median(table.warm),
                  "refreshUs",
                  median(table.refresh),
                  "planUs",
                  median(table.plan),
                  "coldMs",
                  table.cold / 1e3,
                  "freshMs",
                  table.fresh,
                  "checkpointBytes",
                  table.checkpointBytes,
                  "checkpointMs",
                  table.checkpointMs,
                  "heapBytes",
                  table.heapBytes));
      System.out.println(row);
      rows.add(row);
    }
    return rows;
  }
}
