package io.alexstore.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Tables that change: alexstore beside Delta and Iceberg. Each format has a JVM of its own, which
 * waits while others work; they take turns in every round, and their answers are compared.
 *
 * <p>Run: {@code ./benchmarks/run changes [rows] [peer...]}; 5 million rows and all peers unless
 * told. {@code BENCHMARKS_WORKER_OPTS} has more flags for the formats' JVMs, in which {@code %p}
 * stands for the peer.
 */
public final class ChangesBenchmark {

  private static final List<Peer> PEERS =
      List.of(Peer.ALEXSTORE, Peer.ALEXSTORE_SPARK_4_1, Peer.DELTA, Peer.ICEBERG);

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

  private final PeerRun run;
  private final long rows;
  private final Rounds rounds;
  private final SplittableRandom random = new SplittableRandom(SEED);

  /** The rows that one-row upserts have written since the last rollback. */
  private final List<Long> written = new ArrayList<>();

  private long added;
  private long editions;

  private ChangesBenchmark(PeerRun run, long rows) {
    this.run = run;
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
  public static PeerFigures run(Path repository, Path root, String... options) throws IOException {
    PeerOptions wanted = PeerOptions.parse(options);
    List<Peer> changing = wanted.peers(PEERS);
    try (PeerRun run = PeerRun.start(repository, root, wanted.rows(), changing)) {
      new ChangesBenchmark(run, wanted.rows()).measure();
      return new PeerFigures(run.measurements(), run.versions());
    }
  }

  private void measure() throws IOException {
    run.once("create", "create");
    run.bytes("bytes");
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
      for (PeerProcess worker : run.peers()) {
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
        run.bytes("bytes after 1 % upsert");
      }
      run.once("rollback", "rollback");
    }
    run.report("group by, full scan, before", before);
    run.report("MERGE of 1 %", merges);
    run.report("group by, full scan, after 1 % upsert", after);
  }

  private void lookupsAndRows() throws IOException {
    for (int i = 0; i < rounds.rowWarmUps(); i++) {
      run.round(new Series(), rowCommand("merge-row"), i);
      run.round(new Series(), lookupCommand(), i);
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
    run.bytes("bytes " + after);
    rollBack();
  }

  private void mergeRows(String measure, int count) throws IOException {
    Series series = new Series();
    for (int i = 0; i < count; i++) {
      run.round(series, rowCommand("merge-row"), i);
    }
    run.report(measure, series);
  }

  private void lookups(String measure) throws IOException {
    Series series = new Series();
    for (int i = 0; i < 2 * rounds.lookups(); i++) {
      String command = lookupCommand();
      for (PeerProcess worker : run.peers()) {
        series.add(worker, i, command, i >= rounds.lookups());
      }
    }
    run.report(measure, series);
  }

  private void scans(String measure) throws IOException {
    Series series = new Series();
    for (int i = 0; i < 2 * SCANS; i++) {
      run.round(series, "scan", i);
    }
    run.report(measure, series);
  }

  /** Upserts without a MERGE, by those that can. */
  private void appends() throws IOException {
    Series series = new Series();
    for (int i = 0; i < rounds.rowWarmUps() + rounds.few(); i++) {
      String command = rowCommand("append-row");
      for (PeerProcess worker : run.peers()) {
        if (worker.peer().isOwn()) {
          series.add(worker, i, command, i >= rounds.rowWarmUps());
        }
      }
    }
    run.report("append of one row, onConflict=update", series);
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
    run.once("rollback", "rollback");
    written.clear();
    added = rows;
  }
}
