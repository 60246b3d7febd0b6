package io.alexstore.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the data sets of {@link SegmentGetBenchmark} ahead of it, and weighs them.
 *
 * <p>Run: {@code ./benchmarks/run load DISTRIBUTION KEYS [ENGINE ...]}, such as {@code load UNIFORM
 * 1000000}; all engines unless told.
 */
final class LoadDataSets {

  private static final List<String> ENGINES = List.of("alexstore", "lmdb", "rocksdb");

  private LoadDataSets() {}

  static List<Results.Row> run(String... arguments) throws IOException {
    KeyDistribution distribution = KeyDistribution.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    int n = Integer.parseInt(arguments[1]);
    List<String> engines =
        arguments.length > 2 ? List.of(arguments).subList(2, arguments.length) : ENGINES;
    long[] keys = distribution.keys(n);
    List<Results.Row> rows = new ArrayList<>();
    for (String engine : engines) {
      Engine.open(engine, distribution, n, keys).close();
      Path directory = Data.directory(engine, distribution, n);
      double bytes = (double) Data.bytesOnDisk(directory) / n;
      System.out.printf(Locale.ROOT, "%-10s %6.1f bytes a key%n", engine, bytes);
      rows.add(
          new Results.Row(
              Map.of(
                  "distribution", distribution.name(),
                  "n", Integer.toString(n),
                  "engine", engine),
              Map.of("bytesPerKey", bytes)));
    }
    return rows;
  }
}
