package io.alexstore.benchmarks.changes;

import io.alexstore.benchmarks.spark.Measurement;
import io.alexstore.benchmarks.spark.TableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Tables that change: alexstore beside Delta and Iceberg. Each format has a JVM of its own, which
 * waits while others work; they take turns in every round, and their answers are compared.
 *
 * <p>Run: {@code ./benchmarks/run changes [rows] [peer...]}; 5 million rows and all peers unless
 * told. {@code BENCHMARKS_WORKER_OPTS} has more flags for the formats' JVMs, in which {@code %p}
 * stands for the peer.
 */
public final class ChangesBenchmark {

  /** The name of the data in the results. */
  private static final String DATA = "events";

  private static final long SEED = 42;
  private static final int SCANS = 3;
  private static final int NEW_EVERY = 10;

  /** How often things are done. */
  private record Rounds(
      int mergeWarmUps, int merges, int rowWarmUps, int lookups, int few, int many) {

    private static final long ROWS_OF_SMALL_RUN = 1_000_000;

    /** Small tables are for whoever works on the program, and wants it to end soon. */
    static Rounds of(long rows) {
      return rows < ROWS_OF_SMALL_RUN
          ? new Rounds(1, 1, 3, 5, 5, 20)
          : new Rounds(2, 5, 30, 51, 20, 200);
    }
  }

  /**
   * What a run found.
   *
   * @param measurements the figures
   * @param versions what each format ran on
   */
  public record Run(List<Measurement> measurements, Map<String, String> versions) {}

  private final List<WorkerProcess> workers;
  private final long rows;
  private final Rounds rounds;
  private final List<Measurement> measurements = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(SEED);

  /** The rows that one-row upserts have written since the last rollback. */
  private final List<Long> written = new ArrayList<>();

  private long added;
  private long editions;

  private ChangesBenchmark(List<WorkerProcess> workers, long rows) {
    this.workers = workers;
    this.rows = rows;
    this.rounds = Rounds.of(rows);
    this.added = rows;
  }

  /**
   * Runs the suite.
   *
   * @param repository the root of the sources
   * @param root where the tables go, in a directory that is deleted in the end
   * @param options the rows, then the peers
   */
  public static Run run(Path repository, Path root, String... options) throws IOException {
    long rows = options.length == 0 ? 5_000_000 : Long.parseLong(options[0].replace("_", ""));
    List<String> wanted =
        Arrays.asList(options).subList(Math.min(1, options.length), options.length);
    Path directory = Files.createTempDirectory(root, "changes");
    List<WorkerProcess> workers = new ArrayList<>();
    try {
      for (Peer peer : Peer.values()) {
        if (wanted.isEmpty() || wanted.contains(peer.module())) {
          workers.add(
              WorkerProcess.start(peer, repository, directory.resolve(peer.module()), rows));
        }
      }
      ChangesBenchmark benchmark = new ChangesBenchmark(workers, rows);
      benchmark.measure();
      Map<String, String> versions = new TreeMap<>();
      workers.forEach(worker -> versions.put(worker.peer().label(), worker.versions()));
      return new Run(benchmark.measurements, versions);
    } finally {
      workers.forEach(WorkerProcess::close);
      TableFiles.delete(directory);
    }
  }

  private void measure() throws IOException {
    for (WorkerProcess worker : workers) {
      System.out.printf("%s: %s%n", worker.peer().label(), worker.versions());
    }
    all("create");
    bytes("bytes");
    mergeMany();
    lookupsAndRows();
    appends();
  }

  /** MERGE of one row in a hundred, and scans before and after it. */
  private void mergeMany() throws IOException {
    Series before = new Series();
    Series merges = new Series();
    Series after = new Series();
    for (int round = 0; round < rounds.mergeWarmUps() + rounds.merges(); round++) {
      boolean counts = round >= rounds.mergeWarmUps();
      for (WorkerProcess worker : workers) {
        worker.ask("prepare " + (SEED + round));
        for (int i = 0; i < SCANS; i++) {
          before.add(worker, round, "scan", counts);
        }
        merges.add(worker, round, "merge", counts);
        for (int i = 0; i < SCANS; i++) {
          after.add(worker, round, "scan", counts);
        }
      }
      if (round == 0) {
        bytes("bytes after 1 % upsert");
      }
      all("rollback");
    }
    report("group by, full scan, before", before);
    report("MERGE of 1 %", merges);
    report("group by, full scan, after 1 % upsert", after);
  }

  private void lookupsAndRows() throws IOException {
    for (int i = 0; i < rounds.rowWarmUps(); i++) {
      round(new Series(), rowCommand("merge-row"), i);
      round(new Series(), lookupCommand(), i);
    }
    rollBack();
    lookups("id = k, before");
    int few = rounds.few();
    int more = rounds.many() - few;
    String after = "after " + rounds.many() + " one-row upserts";
    mergeRows("MERGE of one row, the first " + few, few);
    lookups("id = k, after " + few + " one-row upserts");
    mergeRows("MERGE of one row, the next " + more, more);
    lookups("id = k, " + after);
    scans("group by, full scan, " + after);
    bytes("bytes " + after);
    rollBack();
  }

  private void mergeRows(String measure, int count) throws IOException {
    Series series = new Series();
    for (int i = 0; i < count; i++) {
      round(series, rowCommand("merge-row"), i);
    }
    report(measure, series);
  }

  private void lookups(String measure) throws IOException {
    Series series = new Series();
    for (int i = 0; i < 2 * rounds.lookups(); i++) {
      String command = lookupCommand();
      for (WorkerProcess worker : workers) {
        series.add(worker, i, command, i >= rounds.lookups());
      }
    }
    report(measure, series);
  }

  private void scans(String measure) throws IOException {
    Series series = new Series();
    for (int i = 0; i < 2 * SCANS; i++) {
      round(series, "scan", i);
    }
    report(measure, series);
  }

  /** Upserts without a MERGE, by those that can. */
  private void appends() throws IOException {
    Series series = new Series();
    for (int i = 0; i < rounds.rowWarmUps() + rounds.few(); i++) {
      String command = rowCommand("append-row");
      for (WorkerProcess worker : workers) {
        if (worker.peer().isOwn()) {
          series.add(worker, i, command, i >= rounds.rowWarmUps());
        }
      }
    }
    report("append of one row, onConflict=update", series);
  }

  private void round(Series series, String command, int round) throws IOException {
    for (WorkerProcess worker : workers) {
      series.add(worker, round, command, true);
    }
  }

  /** A row of the table's in nine of ten cases, otherwise a new one. */
  private String rowCommand(String command) {
    editions++;
    long row = editions % NEW_EVERY == 0 ? added++ : random.nextLong(rows);
    written.add(row);
    return command + " " + row + " " + editions;
  }

  /** Every other row that is looked up is one that was written again, if there are such. */
  private String lookupCommand() {
    boolean again = !written.isEmpty() && random.nextBoolean();
    return "lookup "
        + (again ? written.get(random.nextInt(written.size())) : random.nextLong(rows));
  }

  private void rollBack() throws IOException {
    all("rollback");
    written.clear();
    added = rows;
  }

  private void all(String command) throws IOException {
    Series series = new Series();
    round(series, command, 0);
    report(command, series);
  }

  private void bytes(String measure) throws IOException {
    for (WorkerProcess worker : workers) {
      add(measure, worker.peer(), Double.parseDouble(worker.ask("bytes")), 0, 0);
    }
  }

  /** What was measured of the formats, and the last round's answer of the first of them. */
  private static final class Series {
    private final Map<Peer, List<WorkerProcess.Answer>> answers = new EnumMap<>(Peer.class);
    private int round = -1;
    private String expected;

    void add(WorkerProcess worker, int newRound, String command, boolean counts)
        throws IOException {
      WorkerProcess.Answer answer = worker.run(command);
      if (newRound != round) {
        round = newRound;
        expected = answer.digest();
      } else if (!expected.equals(answer.digest())) {
        throw new IllegalStateException(
            worker.peer().label() + " answers '" + command + "' with other rows than others");
      }
      if (counts) {
        answers.computeIfAbsent(worker.peer(), p -> new ArrayList<>()).add(answer);
      }
    }

    double median(Peer peer, java.util.function.ToDoubleFunction<WorkerProcess.Answer> figure) {
      List<WorkerProcess.Answer> of = answers.get(peer);
      return of.stream().mapToDouble(figure).sorted().toArray()[of.size() / 2];
    }
  }

  private void report(String measure, Series series) {
    for (Peer peer : series.answers.keySet()) {
      add(
          measure,
          peer,
          series.median(peer, WorkerProcess.Answer::millis),
          series.median(peer, WorkerProcess.Answer::cpuMillis),
          series.median(peer, WorkerProcess.Answer::jobs));
    }
  }

  private void add(String measure, Peer peer, double value, double cpu, double jobs) {
    Measurement made = new Measurement(DATA, rows, measure, peer.label(), value, cpu, jobs);
    made.print();
    measurements.add(made);
  }
}
