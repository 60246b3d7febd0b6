package io.alexstore.benchmarks.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.alexstore.benchmarks.KeyDistribution;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sorted maps from long to long in memory: random inserts from empty on, random lookups of present
 * keys, and the live heap, each engine and set of keys in a process of its own.
 *
 * <p>Run: {@code ./benchmarks/run alex [keys=1000000,10000000] [engines=alex,treemap,...]
 * [distributions=uniform,...]}.
 */
public final class MapBenchmark {

  static final String FIGURE = "FIGURE ";

  /** The engines, ours first. */
  public static final List<String> ENGINES =
      List.of("alex", "treemap", "fastutil-avl", "fastutil-rb", "mvstore");

  private MapBenchmark() {}

  /** Measures; options as above. */
  public static List<Figures> run(String... options) throws IOException {
    List<Figures> all = new ArrayList<>();
    for (String keys : option(options, "keys", "1000000,10000000")) {
      for (String name : option(options, "distributions", "uniform,lognormal,clustered")) {
        KeyDistribution distribution = KeyDistribution.valueOf(name.toUpperCase(Locale.ROOT));
        for (String engine : option(options, "engines", String.join(",", ENGINES))) {
          Figures figures =
              inAFreshProcess(
                  MapWorker.class,
                  Map.of("engine", engine, "distribution", distribution.name(), "keys", keys),
                  engine,
                  distribution.name(),
                  keys);
          System.out.println(figures);
          all.add(figures);
        }
        ratios(all, distribution.name(), keys);
      }
    }
    return all;
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

  static Figures inAFreshProcess(Class<?> worker, Map<String, String> of, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // All of the heap is there from the start, so that nobody pays for its first touch.
    command.addAll(List.of("-Xms5g", "-Xmx5g", "-XX:+AlwaysPreTouch"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), worker.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<String, Double> figures = new TreeMap<>();
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(FIGURE)) {
          String[] parts = line.split(" ");
          figures.put(parts[1], Double.parseDouble(parts[2]));
        } else {
          System.out.println(line);
        }
      }
    }
    if (figures.isEmpty()) {
      throw new IllegalStateException("No figures from " + String.join(" ", command));
    }
    return new Figures(of, figures);
  }

  /** Says how many times faster ours is than the best of the others. */
  private static void ratios(List<Figures> all, String distribution, String keys) {
    for (String figure : List.of("get", "insert")) {
      double ours = best(all, distribution, keys, figure, true);
      double theirs = best(all, distribution, keys, figure, false);
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

  private static double best(
      List<Figures> all, String distribution, String keys, String figure, boolean ours) {
    return all.stream()
        .filter(f -> f.of().get("distribution").equals(distribution))
        .filter(f -> f.of().get("keys").equals(keys))
        .filter(f -> f.of().get("engine").equals("alex") == ours)
        .mapToDouble(f -> f.figures().get(figure))
        .min()
        .orElse(Double.NaN);
  }
}
