package io.alexstore.benchmarks.peers;

import io.alexstore.benchmarks.spark.PageCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Tables that are asked by key and joined: alexstore beside Parquet, Delta and Iceberg. Each format
 * has a JVM of its own, which waits while others work; they take turns, and their answers are
 * compared. The files were just written, so that the page cache has what it can hold of them.
 *
 * <p>Run: {@code ./benchmarks/run tables [rows] [queries|joins] [peer...]}; 5 million rows, all
 * measures and all peers unless told. {@code BENCHMARKS_WORKER_OPTS} is as for {@link
 * ChangesBenchmark}.
 */
public final class TablesBenchmark {

  private static final String QUERIES = "queries";
  private static final String JOINS = "joins";
  private static final long[] PROBES = {1_000, 10_000, 100_000, 1_000_000};

  /** Queries of a turn are asked one after the other, as a program would that asks many. */
  private static final int TURN = 10;

  private static final int TURNS = 5;

  /** Until a session asked its queries a thousand times, Spark's own code gets faster. */
  private static final int WARM_UPS = 1000;

  private static final int WARM_UP_MILLIS = 8_000;
  private static final int JOIN_WARM_UP_MILLIS = 6_000;
  private static final int JOIN_ROUNDS = 5;
  private static final int COLD_ROUNDS = 3;
  private static final long COLD_PROBES = 10_000;

  /** Of larger tables only the inner joins are measured: each other one takes peers minutes. */
  private static final long LARGE = 5_000_000;

  private final PeerRun run;
  private final long rows;

  private TablesBenchmark(PeerRun run, long rows) {
    this.run = run;
    this.rows = rows;
  }

  /**
   * Runs the suite.
   *
   * @param repository the root of the sources
   * @param root where the tables go, in a directory that is deleted in the end
   * @param options the rows, then measures and peers
   */
  public static PeerFigures run(Path repository, Path root, String... options) throws IOException {
    PeerOptions wanted = PeerOptions.parse(options);
    List<Peer> peers = wanted.peers(Arrays.asList(Peer.values()), QUERIES, JOINS);
    boolean all = !wanted.words().contains(QUERIES) && !wanted.words().contains(JOINS);
    try (PeerRun run = PeerRun.start(repository, root, wanted.rows(), peers)) {
      TablesBenchmark benchmark = new TablesBenchmark(run, wanted.rows());
      run.once("write", "create");
      run.bytes("bytes");
      if (all || wanted.words().contains(JOINS)) {
        benchmark.joins();
        benchmark.cold();
      }
      if (all || wanted.words().contains(QUERIES)) {
        benchmark.queries();
      }
      return new PeerFigures(run.measurements(), run.versions());
    }
  }

  private void queries() throws IOException {
    for (PeerQuery query : PeerQuery.values()) {
      run.ask(String.format("queries %s 1 %d %d", query, WARM_UPS, WARM_UP_MILLIS));
      boolean isScan = query == PeerQuery.GROUP_BY;
      Series series = new Series();
      for (int turn = 0; turn < TURNS; turn++) {
        run.round(
            series, String.format("queries %s %d %d 0", query, turn, isScan ? 1 : TURN), turn);
      }
      run.report(query.measure(), series);
    }
  }

  private void joins() throws IOException {
    for (long probes : PROBES) {
      if (probes > rows) {
        return;
      }
      run.ask("probes " + probes);
      join(probes, "file", "inner");
      if (rows <= LARGE) {
        join(probes, "file", "left outer");
      }
      if (probes <= PeerWorker.MAX_IN_MEMORY) {
        join(probes, "memory", "inner");
      }
    }
  }

  /** A join with files that are not in memory, by a session that is warm. */
  private void cold() throws IOException {
    if (rows < COLD_PROBES || !PageCache.canBeEmptied()) {
      return;
    }
    run.ask("probes " + COLD_PROBES);
    Series series = new Series();
    for (int round = -1; round < COLD_ROUNDS; round++) {
      for (PeerProcess peer : run.peers()) {
        PageCache.empty();
        series.add(peer, round, "join file inner", round >= 0);
      }
    }
    run.report(title("inner", COLD_PROBES, "file") + ", cold", series);
  }

  private static String title(String type, long probes, String place) {
    return String.format(Locale.ROOT, "%s join, %,d probes in %s", type, probes, place);
  }

  private void join(long probes, String place, String type) throws IOException {
    String command = "join " + place + " " + type.replace(' ', '_');
    run.ask("warm-" + command + " " + JOIN_WARM_UP_MILLIS);
    Series series = new Series();
    for (int round = 0; round < JOIN_ROUNDS; round++) {
      run.round(series, command, round);
    }
    run.report(title(type, probes, place), series);
  }
}
