package io.alexstore.benchmarks.index;

import io.alexstore.benchmarks.KeyDistribution;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Sorted maps from long to long in memory: random inserts from empty on, random lookups of present
 * keys, and the live heap, each engine and set of keys in a process of its own.
 *
 * <p>Run: {@code ./benchmarks/run alex [keys=1000000,10000000] [engines=alex,treemap,...]
 * [distributions=uniform,...]}. Each engine's figures are kept as soon as they are there, beside
 * those of earlier runs, so a run may be cut into parts by its options: a distribution of 10
 * million keys takes three or four minutes, all of them of 1 million four, the whole 14.
 */
public final class MapBenchmark {

  /** The engines, ours first. */
  public static final List<String> ENGINES =
      List.of("alex", "treemap", "fastutil-avl", "fastutil-rb", "mvstore");

  /** Of a worker's heap, whatever the number of keys. */
  private static final long BASE_MEGABYTES = 512;

  /** Of a worker's heap for each key: more than twice what the largest map takes live. */
  private static final long BYTES_FOR_A_KEY = 230;

  private MapBenchmark() {}

  /**
   * Measures.
   *
   * @param found takes what an engine came to, as soon as it did
   * @param options as above
   */
  public static void run(Consumer<Figures> found, String... options)
      throws IOException, InterruptedException {
    for (String keys : option(options, "keys", "1000000,10000000")) {
      for (String name : option(options, "distributions", "uniform,lognormal,clustered")) {
        KeyDistribution distribution = KeyDistribution.valueOf(name.toUpperCase(Locale.ROOT));
        List<Figures> all = new ArrayList<>();
        for (String engine : option(options, "engines", String.join(",", ENGINES))) {
          long heap = heap(Long.parseLong(keys), BYTES_FOR_A_KEY);
          Figures figures =
              new Figures(
                  Map.of("engine", engine, "distribution", distribution.name(), "keys", keys),
                  WorkerProcess.run(MapWorker.class, heap, engine, distribution.name(), keys));
          System.out.println(figures);
          found.accept(figures);
          all.add(figures);
        }
        ratios(all, distribution.name(), keys);
      }
    }
  }

  static List<String> option(String[] options, String name, String otherwise) {
    String value =
        Arrays.stream(options)
            .filter(option -> option.startsWith(name + "="))
            .map(option -> option.substring(name.length() + 1))
            .findFirst()
            .orElse(otherwise);
    return List.of(value.replace("_", "").split(","));
  }

  /** The megabytes of heap for a number of keys. */
  static long heap(long keys, long bytesForAKey) {
    return BASE_MEGABYTES + keys * bytesForAKey / (1 << 20);
  }

  /** Says how many times faster ours is than the best of the others. */
  private static void ratios(List<Figures> all, String distribution, String keys) {
    for (String figure : List.of("get", "insert")) {
      double ours = best(all, figure, true);
      double theirs = best(all, figure, false);
      System.out.printf(
          Locale.ROOT,
          "%s, %s keys, %s: %.0f ns, best of the others %.0f ns, %.2fx%n",
          distribution,
          keys,
          figure,
          ours,
          theirs,
          theirs / ours);
    }
  }

  private static double best(List<Figures> all, String figure, boolean ours) {
    return all.stream()
        .filter(f -> f.of().get("engine").equals("alex") == ours)
        .mapToDouble(f -> f.figures().get(figure))
        .min()
        .orElse(Double.NaN);
  }
}
