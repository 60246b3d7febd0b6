package io.alexstore.benchmarks.store;

import io.alexstore.benchmarks.Data;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The embedded store beside LMDB, RocksDB and SQLite: loads in random and in key order, gets, a mix
 * of 80 % gets and 20 % inserts, ranges, tails. Every load is in a fresh process.
 *
 * <p>Run: {@code ./benchmarks/run store [rows] [engine...]}; 1 million rows and all engines unless
 * told.
 */
public final class StoreBenchmark {

  private static final List<String> ENGINES =
      List.of("alexstore", "lmdb", "rocksdb", "rocksdb-default", "sqlite");

  private static final String HEAP = "-Xmx3g";

  private StoreBenchmark() {}

  /**
   * What an engine came to.
   *
   * @param parameters what was measured
   * @param figures nanoseconds, but for {@code bytesOnDisk}
   */
  public record Outcome(Map<String, String> parameters, Map<String, Double> figures) {}

  /** Measures. */
  public static List<Outcome> run(String... options) throws IOException, InterruptedException {
    int rows = options.length > 0 ? Integer.parseInt(options[0].replace("_", "")) : 1_000_000;
    List<String> engines =
        options.length > 1 ? Arrays.asList(options).subList(1, options.length) : ENGINES;
    List<Outcome> outcomes = new ArrayList<>();
    for (String engine : engines) {
      Map<String, Double> figures = new TreeMap<>(measure(engine, "sorted", rows));
      figures.putAll(measure(engine, "random", rows));
      Outcome outcome =
          new Outcome(Map.of("engine", engine, "rows", Integer.toString(rows)), figures);
      System.out.println(outcome);
      outcomes.add(outcome);
    }
    return outcomes;
  }

  private static Map<String, Double> measure(String engine, String order, int rows)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(Data.root(), "store-" + engine);
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "@" + Path.of("benchmarks/target/run/jvm.options"),
                  HEAP,
                  "-cp",
                  System.getProperty("java.class.path"),
                  StoreWorker.class.getName(),
                  engine,
                  order,
                  Integer.toString(rows),
                  directory.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Map<String, Double> figures = new TreeMap<>();
      try (BufferedReader lines = process.inputReader()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String[] parts = line.split(" ");
          figures.put(parts[0], Double.parseDouble(parts[1]));
        }
      }
      if (process.waitFor() != 0) {
        throw new IllegalStateException(engine + " ended with " + process.exitValue());
      }
      return figures;
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
