package io.alexstore.benchmarks;

import io.alexstore.benchmarks.index.MapBenchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The tables of the updatable index for {@code docs/benchmarks.md}. */
final class IndexPage {

  /** What the project's first report measured: build in seconds, query in nanoseconds. */
  private static final Map<String, Map<String, double[]>> ORIGIN =
      Map.of(
          "1000000",
              Map.of(
                  "multi-level",
                  new double[] {0.13, 375},
                  "single-level",
                  new double[] {0.19, 631}),
          "5000000",
              Map.of(
                  "multi-level",
                  new double[] {0.64, 552},
                  "single-level",
                  new double[] {1.15, 768}),
          "10000000",
              Map.of(
                  "multi-level",
                  new double[] {1.30, 523},
                  "single-level",
                  new double[] {3.00, 1481}),
          "50000000",
              Map.of(
                  "multi-level",
                  new double[] {8.03, 1002},
                  "single-level",
                  new double[] {39.62, 2276}));

  private final List<String> lines = new ArrayList<>();
  private final List<Results.Row> rows;

  private IndexPage(List<Results.Row> rows) {
    this.rows = rows;
  }

  /** The updatable ALEX beside other sorted maps. */
  static List<String> maps(List<Results.Row> rows) {
    IndexPage page = new IndexPage(rows);
    page.line("");
    page.line(
        "The updatable ALEX from long to long, beside other sorted maps in memory; nanoseconds.");
    page.line(
        "Insert: all keys in random order, from empty on, an average; the median of five maps of 1");
    page.line(
        "million keys, one map of 10 million. Get: random present keys, one at a time, the median of");
    page.line(
        "five rounds of a million; each value is checked. In brackets how many times faster ours is.");
    page.line(
        "Bytes: live heap for each key, with its value of 8 bytes. Each engine runs in a process of");
    page.line(
        "its own, after a warm-up, in a heap of more than twice what the largest map takes; MVStore");
    page.line("is told the types and does not commit. GetAll: the keys in groups, their probes");
    page.line("interleaved.");
    for (String figure : List.of("get", "insert", "bytes")) {
      page.line("");
      page.line(
          "| %s | keys | %s | best of the others |",
          figure, String.join(" | ", MapBenchmark.ENGINES));
      page.line("|%s", "---|".repeat(MapBenchmark.ENGINES.size() + 3));
      page.each((distribution, n) -> page.compare(distribution, n, figure));
    }
    page.line("");
    page.line("| alex | keys | getAll | bulk load | get after it | bytes after it |");
    page.line("|---|---|---|---|---|---|");
    page.each(
        (distribution, n) ->
            page.line(
                "| %s | %,d | %s | %s | %s | %s |",
                distribution.toLowerCase(Locale.ROOT),
                Long.parseLong(n),
                number(page.figure(distribution, n, "alex", "getAll")),
                number(page.figure(distribution, n, "alex", "load")),
                number(page.figure(distribution, n, "alex", "getLoaded")),
                PageSections.tenths(page.figure(distribution, n, "alex", "bytesLoaded"))));
    return page.lines;
  }

  /** The two forms of the beginning, theirs beside ours. */
  static List<String> forms(List<Results.Row> rows) {
    IndexPage page = new IndexPage(rows);
    page.line("");
    page.line(
        "Uniform keys, loaded in order. Multi-level: the updatable ALEX. Single-level: one line over");
    page.line(
        "leaves of 512 keys, for comparison only. In brackets what the project's first report");
    page.line(
        "measured, on another machine; it gives 65.6 MB at 50 million, keys and values not counted.");
    page.line("Index MB: what there is beside 16 bytes for each key and value; gaps are counted.");
    page.line("");
    page.line(
        "| keys | form | height | leaves | keys per leaf | build, s | query, ns | MB | index MB |");
    page.line("|---|---|---|---|---|---|---|---|---|");
    for (String n : PageSections.numbers(page.rows, "keys")) {
      for (String form : List.of("multi-level", "single-level")) {
        Map<String, Double> found = page.row(Map.of("keys", n, "form", form));
        if (found.isEmpty()) {
          continue;
        }
        double[] origin = ORIGIN.getOrDefault(n, Map.of()).get(form);
        page.line(
            "| %,d | %s | %.0f | %,.0f | %.0f | %.2f%s | %.0f%s | %,.0f | %,.1f |",
            Long.parseLong(n),
            form,
            found.get("height"),
            found.get("leaves"),
            found.get("keysPerLeaf"),
            found.get("buildSeconds"),
            origin == null ? "" : String.format(Locale.ROOT, " (%.2f)", origin[0]),
            found.get("query"),
            origin == null ? "" : String.format(Locale.ROOT, " (%,.0f)", origin[1]),
            found.get("megabytes"),
            found.get("indexMegabytes"));
      }
    }
    return page.lines;
  }

  private interface Cell {
    void at(String distribution, String n);
  }

  private void each(Cell cell) {
    for (String distribution : PageSections.values(rows, "distribution")) {
      for (String n : PageSections.numbers(rows, "keys")) {
        if (figure(distribution, n, "alex", "get").isPresent()) {
          cell.at(distribution, n);
        }
      }
    }
  }

  private void compare(String distribution, String n, String figure) {
    OptionalDouble ours = figure(distribution, n, "alex", figure);
    List<String> cells = new ArrayList<>();
    double best = Double.POSITIVE_INFINITY;
    for (String engine : MapBenchmark.ENGINES) {
      OptionalDouble found = figure(distribution, n, engine, figure);
      cells.add(shown(figure, found));
      if (!engine.equals("alex") && found.isPresent()) {
        best = Math.min(best, found.getAsDouble());
      }
    }
    line(
        "| %s | %,d | %s | %s (%.1fx) |",
        distribution.toLowerCase(Locale.ROOT),
        Long.parseLong(n),
        String.join(" | ", cells),
        shown(figure, OptionalDouble.of(best)),
        best / ours.orElse(Double.NaN));
  }

  private OptionalDouble figure(String distribution, String n, String engine, String figure) {
    Double found =
        row(Map.of("distribution", distribution, "keys", n, "engine", engine)).get(figure);
    return found == null ? OptionalDouble.empty() : OptionalDouble.of(found);
  }

  private Map<String, Double> row(Map<String, String> parameters) {
    return rows.stream()
        .filter(row -> row.parameters().equals(parameters))
        .map(Results.Row::figures)
        .findFirst()
        .orElse(Map.of());
  }

  private static String shown(String name, OptionalDouble figure) {
    return name.equals("bytes") ? PageSections.tenths(figure) : number(figure);
  }

  private static String number(OptionalDouble figure) {
    return figure.isEmpty() ? "" : String.format(Locale.ROOT, "%.0f", figure.getAsDouble());
  }

  private void line(String format, Object... values) {
    lines.add(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
  }
}
