package io.alexstore.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tables on Spark. */
final class SparkSections extends PageSections {

  private static final List<String> PEERS =
      List.of(
          "alexstore",
          "parquet",
          "delta",
          "iceberg",
          "alexstore, Spark 4.1",
          "parquet, Spark 4.1",
          "delta, Spark 4.1");

  SparkSections(Path repository, StringBuilder page) {
    super(repository, page);
  }

  @Override
  void write() throws IOException {
    spark();
    tables();
    changes();
    join();
    sparkHeap();
  }

  private void spark() throws IOException {
    Optional<Results> results = section("spark", "Tables on Spark");
    if (results.isEmpty()) {
      return;
    }
    line("");
    line(
        "Spark 4.2 with two cores, medians of milliseconds; formats take turns, and their answers");
    line("are compared. In brackets how many times the figure of alexstore theirs is: above 1");
    line(
        "alexstore is the better one. Jobs: what alexstore, Parquet and ORC launched. The peers are");
    line("sorted by the key, in 16 files, with a Bloom filter on its first column.");
    List<Results.Row> rows = results.get().rows();
    for (String data : values(rows, "data")) {
      for (String n : numbers(rows.stream().filter(has("data", data)).toList(), "rows")) {
        List<Results.Row> table =
            rows.stream().filter(has("data", data)).filter(has("rows", n)).toList();
        line("");
        line("| %s, %,d rows | alexstore | Parquet | ORC | jobs |", data, Long.parseLong(n));
        line("|---|---|---|---|---|");
        for (String measure : values(table, "measure")) {
          sparkLine(table.stream().filter(has("measure", measure)).toList(), measure);
        }
        for (Results.Row row : table.stream().filter(has("format", "one row")).toList()) {
          String measure = row.parameters().get("measure");
          OptionalDouble ours =
              find(table, Map.of("measure", measure, "format", "alexstore"), "ms");
          line("");
          line(
              "`%s` asked of one row in the driver's memory: %s ms. That is Spark's own",
              measure, times(OptionalDouble.of(row.figures().get("ms")), ours));
          line("work for any query, and the least that a query can take.");
        }
      }
    }
  }

  private void changes() throws IOException {
    Optional<Results> results = section("changes", "Tables that change");
    if (results.isEmpty()) {
      return;
    }
    line("");
    line("Each format in a JVM of its own with two cores and 2 GB of heap, one at work at a time,");
    line("in turns in every round; their answers are compared. Medians of milliseconds; in");
    line("brackets how many times the figure of alexstore theirs is: above 1 alexstore is the");
    line("better one. Before each group of measures the table is rolled back to how it was made.");
    line(
        "The 1 % of the rows stand in a Parquet file, a tenth of them new, their keys random; one");
    line("row comes from the program. Of the keys that are looked up after one-row upserts, half");
    line("are of rows that were upserted.");
    line("");
    line("The peers have their rows sorted by the key, in 16 files. Delta: deletion vectors, and");
    line("the state of the log in 2 partitions rather than 50. Iceberg: format version 3, changes");
    line("merged on read (deletion vectors). Otherwise each has its defaults.");
    line("");
    peers(results.get());
  }

  private void tables() throws IOException {
    Optional<Results> results = section("tables", "Tables asked by key, and joined");
    if (results.isEmpty()) {
      return;
    }
    line("");
    line("Each format in a JVM of its own with two cores and 2 GB of heap, one at work at a time,");
    line("in turns; their answers are compared. Medians of milliseconds; in brackets how many");
    line("times the figure of alexstore theirs is: above 1 alexstore is the better one. Point");
    line("queries come in turns of 10 after a thousand others, or as many as 8 seconds allow.");
    line("Probes of joins are random keys, a tenth of them absent, in a Parquet file or in the");
    line(
        "driver's memory; each join is repeated for 6 seconds before. The files were written just");
    line("before and are read from the page cache as far as it holds them, but where a line says");
    line("cold: there it was emptied.");
    line("");
    line("The peers have their rows sorted by the key, in 16 files; Parquet a Bloom filter on it.");
    line("");
    peers(results.get());
    joinPlots(results.get());
  }

  /** Inner joins with probes in a file, for each size of the table. */
  private void joinPlots(Results results) throws IOException {
    Pattern join = Pattern.compile("inner join, ([0-9,]+) probes in file");
    for (String n : numbers(results.rows(), "rows")) {
      String rows = String.format(Locale.ROOT, "%,d", Long.parseLong(n));
      LinePlot plot =
          new LinePlot("Probes joined to " + rows + " rows", "probes in a Parquet file", "ms");
      for (String format : PEERS) {
        for (Results.Row row : results.rows().stream().filter(has("rows", n)).toList()) {
          Matcher matcher = join.matcher(row.parameters().get("measure"));
          if (matcher.matches() && has("format", format).test(row)) {
            double probes = Double.parseDouble(matcher.group(1).replace(",", ""));
            plot.add(format, probes, row.figures().get("ms"));
          }
        }
      }
      plot("join-" + n, "Time of joins of 1,000 to 1,000,000 probes with " + rows + " rows", plot);
    }
  }

  /** What each of the formats took. */
  private void peers(Results results) {
    Map<String, String> versions = results.environment();
    List<String> formats = PEERS.stream().filter(versions::containsKey).toList();
    formats.forEach(format -> line("- %s: %s", format, versions.get(format)));
    List<Results.Row> rows = results.rows();
    for (String n : numbers(rows, "rows")) {
      List<Results.Row> table = rows.stream().filter(has("rows", n)).toList();
      line("");
      line("| %,d rows | %s |", Long.parseLong(n), String.join(" | ", formats));
      line("|---|%s", "---|".repeat(formats.size()));
      for (String measure : values(table, "measure")) {
        peersLine(table.stream().filter(has("measure", measure)).toList(), measure, formats);
      }
    }
  }

  private void peersLine(List<Results.Row> rows, String measure, List<String> formats) {
    boolean isSize = measure.startsWith("bytes");
    List<String> cells = new ArrayList<>();
    OptionalDouble ours = measured(rows, "alexstore", isSize);
    for (String format : formats) {
      OptionalDouble figure = measured(rows, format, isSize);
      cells.add(format.equals("alexstore") ? tenths(ours) : times(figure, ours));
    }
    line("| %s | %s |", measure.replace("bytes", "size in MB"), String.join(" | ", cells));
  }

  private static OptionalDouble measured(List<Results.Row> rows, String format, boolean isSize) {
    OptionalDouble found = find(rows, Map.of("format", format), isSize ? "bytes" : "ms");
    return isSize && found.isPresent() ? OptionalDouble.of(found.getAsDouble() / 1e6) : found;
  }

  private void join() throws IOException {
    Optional<Results> results = section("join", "Rows joined to a table by its key");
    if (results.isEmpty()) {
      return;
    }
    line("");
    line(
        "Spark 4.2 with two cores, medians of milliseconds; ways take turns, and their answers are");
    line("compared. Probes are random keys in a Parquet file, a tenth of them absent. Auto is the");
    line("default; in brackets what it is of the scan join, which is the same table with");
    line("`lookupJoin` = never: above 1.2 the choice was wrong. A star: auto looked keys up.");
    List<Results.Row> rows = results.get().rows();
    for (String n : numbers(rows, "rows")) {
      List<Results.Row> table = rows.stream().filter(has("rows", n)).toList();
      for (String type : values(table, "type")) {
        line("");
        line("| %s join, %,d rows | auto | scan join | lookups always |", type, Long.parseLong(n));
        line("|---|---|---|---|");
        LinePlot plot =
            new LinePlot(type + " join, the choice beside both ways", "probes in a file", "ms");
        for (String probes : numbers(table, "probes")) {
          Map<String, String> of = Map.of("rows", n, "type", type, "probes", probes);
          OptionalDouble auto = find(rows, with(of, "auto"), "ms");
          OptionalDouble scan = find(rows, with(of, "never"), "ms");
          boolean lookups = find(rows, with(of, "auto"), "lookups").orElse(0) > 0;
          line(
              "| %,d probes | %s%s (%s) | %s | %s |",
              Long.parseLong(probes),
              text(auto),
              lookups ? "*" : "",
              auto.isPresent() && scan.isPresent()
                  ? String.format(Locale.ROOT, "%.2f", auto.getAsDouble() / scan.getAsDouble())
                  : "-",
              text(scan),
              text(find(rows, with(of, "always"), "ms")));
          for (String way : List.of("auto", "never", "always")) {
            find(rows, with(of, way), "ms")
                .ifPresent(ms -> plot.add(way, Double.parseDouble(probes), ms));
          }
        }
        plot("sweep-" + type.replace(' ', '-') + "-" + n, "The same as a plot", plot);
      }
    }
  }

  private static Map<String, String> with(Map<String, String> of, String way) {
    Map<String, String> all = new HashMap<>(of);
    all.put("way", way);
    return all;
  }

  private void sparkHeap() throws IOException {
    Optional<Results> results = section("spark-heap", "Executors' memory");
    if (results.isEmpty()) {
      return;
    }
    line("");
    line(
        "Rows of 104 bytes written and then scanned by two executors of one core with `-Xmx512m`,");
    line("in MB by tenths of the time, executor 0 / executor 1. Live heap: what a full collection");
    line(
        "leaves, where there was one; Spark's sort has up to 127 MB of it. Peak heap: with garbage.");
    line("Direct: buffers, 2 MiB for a file that is written; Spark's network beside them. Mapped:");
    line(
        "open files. A process keeps up to 512 segments open that nobody uses, so this grows with");
    line("what was scanned; the page cache holds it, and no limit of memory counts it.");
    List<Results.Row> rows = results.get().rows();
    for (String bytes : numbers(rows, "bytes")) {
      List<Results.Row> run = rows.stream().filter(has("bytes", bytes)).toList();
      for (String phase : values(run, "phase")) {
        List<Results.Row> of = run.stream().filter(has("phase", phase)).toList();
        line("");
        line(
            "| %s, %.1f GB | live heap | peak heap | direct | network | mapped |",
            phase, Long.parseLong(bytes) / 1e9);
        line("|---|---|---|---|---|---|");
        for (String percent : numbers(of, "percent")) {
          List<Results.Row> tenth = of.stream().filter(has("percent", percent)).toList();
          line(
              "| %s %% | %s | %s | %s | %s | %s |",
              percent,
              each(tenth, "liveHeap"),
              each(tenth, "peakHeap"),
              each(tenth, "direct"),
              each(tenth, "network"),
              each(tenth, "mapped"));
        }
      }
    }
  }

  /** A figure of each executor. */
  private static String each(List<Results.Row> rows, String figure) {
    List<String> cells =
        values(rows, "executor").stream()
            .map(executor -> text(find(rows, Map.of("executor", executor), figure)))
            .toList();
    return String.join(" / ", cells);
  }

  private void sparkLine(List<Results.Row> rows, String measure) {
    boolean isSize = measure.equals("bytes");
    Function<String, OptionalDouble> figure = format -> measured(rows, format, isSize);
    OptionalDouble ours = figure.apply("alexstore");
    List<String> jobs = new ArrayList<>();
    for (String format : List.of("alexstore", "parquet", "orc")) {
      jobs.add(text(find(rows, Map.of("format", format), "jobs")));
    }
    line(
        "| %s | %s | %s | %s | %s |",
        isSize ? "size in MB" : measure,
        tenths(ours),
        times(figure.apply("parquet"), ours),
        times(figure.apply("orc"), ours),
        isSize ? "" : String.join(" / ", jobs));
  }
}
