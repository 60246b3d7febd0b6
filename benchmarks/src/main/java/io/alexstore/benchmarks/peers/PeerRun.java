package io.alexstore.benchmarks.peers;

import io.alexstore.benchmarks.spark.Measurement;
import io.alexstore.benchmarks.spark.TableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Peers that work by turns on the same table, and what was measured of them. */
final class PeerRun implements AutoCloseable {

  /** The name of the data in the results. */
  private static final String DATA = "events";

  private final Path directory;
  private final long rows;
  private final List<PeerProcess> peers = new ArrayList<>();
  private final List<Measurement> measurements = new ArrayList<>();

  private PeerRun(Path directory, long rows) {
    this.directory = directory;
    this.rows = rows;
  }

  /**
   * Starts the peers.
   *
   * @param repository the root of the sources
   * @param root where the tables go, in a directory that is deleted in the end
   */
  static PeerRun start(Path repository, Path root, long rows, List<Peer> wanted)
      throws IOException {
    PeerRun run = new PeerRun(Files.createTempDirectory(root, "peers"), rows);
    try {
      for (Peer peer : wanted) {
        Path own = run.directory.resolve(peer.module());
        run.peers.add(PeerProcess.start(peer, repository, own, rows));
      }
    } catch (IOException | RuntimeException e) {
      run.close();
      throw e;
    }
    run.versions().forEach((peer, versions) -> System.out.printf("%s: %s%n", peer, versions));
    return run;
  }

  List<PeerProcess> peers() {
    return peers;
  }

  List<Measurement> measurements() {
    return measurements;
  }

  /** What each peer runs on. */
  Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    peers.forEach(peer -> versions.put(peer.peer().label(), peer.versions()));
    return versions;
  }

  /** Has all do something that is no measure. */
  void ask(String command) throws IOException {
    for (PeerProcess peer : peers) {
      peer.ask(command);
    }
  }

  /** Has all do something once. */
  void once(String measure, String command) throws IOException {
    Series series = new Series();
    round(series, command, 0);
    report(measure, series);
  }

  void round(Series series, String command, int round) throws IOException {
    for (PeerProcess peer : peers) {
      series.add(peer, round, command, true);
    }
  }

  void bytes(String measure) throws IOException {
    for (PeerProcess peer : peers) {
      add(measure, peer.peer(), Double.parseDouble(peer.ask("bytes")), 0, 0);
    }
  }

  void report(String measure, Series series) {
    for (Peer peer : series.peers()) {
      add(
          measure,
          peer,
          series.median(peer, PeerProcess.Answer::millis),
          series.median(peer, PeerProcess.Answer::cpuMillis),
          series.median(peer, PeerProcess.Answer::jobs));
    }
  }

  private void add(String measure, Peer peer, double value, double cpu, double jobs) {
    Measurement made = new Measurement(DATA, rows, measure, peer.label(), value, cpu, jobs);
    made.print();
    measurements.add(made);
  }

  @Override
  public void close() throws IOException {
    peers.forEach(PeerProcess::close);
    TableFiles.delete(directory);
  }
}
