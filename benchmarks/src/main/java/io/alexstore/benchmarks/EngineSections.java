package io.alexstore.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The engine alone. */
final class EngineSections extends PageSections {

  EngineSections(Path repository, StringBuilder page) {
    super(repository, page);
  }

  @Override
  void write() throws IOException {
    get();
    load();
    index();
    lines("alex", "The updatable ALEX beside other sorted maps", IndexPage::maps);
    lines("forms", "One level of models or several", IndexPage::forms);
    checks();
    serve();
    writeHeap();
    log();
  }

  private void lines(String suite, String title, Function<List<Results.Row>, List<String>> lines)
      throws IOException {
    Optional<Results> results = section(suite, title);
    if (results.isPresent()) {
      lines.apply(results.get().rows()).forEach(text -> line("%s", text));
    }
  }

  private void get() throws IOException {
    Optional<Results> results = section("get", "A value by its key");
    if (results.isEmpty()) {
      return;
    }
    line("");
    line("Nanoseconds for the value (100 bytes, copied and checked) of a random present key, from");
    line("warm memory. Grouped: 64 keys at a time, their probes interleaved. In brackets how many");
    line("times faster one `get` of alexstore is. The peers are set up as the comments of");
    line("`LmdbEngine` and `RocksDbEngine` say.");
    line("");
    line(
        "| keys | rows | alexstore | grouped | LMDB | RocksDB | binary search | bytes allocated |");
    line("|---|---|---|---|---|---|---|---|");
    List<Results.Row> rows = results.get().rows();
    for (String distribution : values(rows, "distribution")) {
      for (String n : numbers(rows, "n")) {
        Function<String, OptionalDouble> ns =
            engine -> figure(rows, distribution, n, engine, "get", "ns");
        OptionalDouble ours = ns.apply("alexstore");
        if (ours.isEmpty()) {
          continue;
        }
        line(
            "| %s | %,d | %s | %s | %s | %s | %s | %s |",
            distribution.toLowerCase(Locale.ROOT),
            Long.parseLong(n),
            text(ours),
            text(figure(rows, distribution, n, "alexstore", "getAll", "ns")),
            beside(ns.apply("lmdb"), ours),
            beside(ns.apply("rocksdb"), ours),
            beside(ns.apply("binary-search"), ours),
            text(figure(rows, distribution, n, "alexstore", "get", "allocatedBytes")));
      }
    }
  }

  private void load() throws IOException {
    Optional<Results> results = section("load", "Bytes on disk");
    if (results.isEmpty()) {
      return;
    }
    line("");
    line("Bytes for each key and its value of 100 bytes, loaded in order; 108 are the data.");
    line("");
    line("| keys | rows | alexstore | LMDB | RocksDB |");
    line("|---|---|---|---|---|");
    List<Results.Row> rows = results.get().rows();
    for (String distribution : values(rows, "distribution")) {
      for (String n : numbers(rows, "n")) {
        List<String> bytes = new ArrayList<>();
        for (String engine : List.of("alexstore", "lmdb", "rocksdb")) {
          Map<String, String> of = Map.of("distribution", distribution, "n", n, "engine", engine);
          bytes.add(text(find(rows, of, "bytesPerKey")));
        }
        line(
            "| %s | %,d | %s |",
            distribution.toLowerCase(Locale.ROOT), Long.parseLong(n), String.join(" | ", bytes));
      }
    }
  }

  private void index() throws IOException {
    Optional<Results> results = section("index", "The packed ALEX alone");
    if (results.isEmpty()) {
      return;
    }
    List<Results.Row> rows = results.get().rows();
    Set<String> names = new TreeSet<>();
    rows.forEach(row -> names.addAll(row.parameters().keySet()));
    line("");
    line("Nanoseconds a lookup.");
    line("");
    line("| %s | ns |", String.join(" | ", names));
    line("|%s", "---|".repeat(names.size() + 1));
    for (Results.Row row : rows) {
      List<String> cells =
          names.stream().map(name -> row.parameters().getOrDefault(name, "")).toList();
      line("| %s | %.1f |", String.join(" | ", cells), row.figures().get("ns"));
    }
  }

  private void checks() throws IOException {
    Optional<Results> results = section("checks", "What the checksums cost");
    if (results.isEmpty()) {
      return;
    }
    line("");
    line(
        "Nanoseconds to find a random row of 20 columns and read all of it. Cold: the segment was");
    line("just opened, each row touches most of its blocks for the first time; the file is in the");
    line("page cache.");
    line("");
    line("| | checked at first touch | not checked |");
    line("|---|---|---|");
    for (String state : List.of("warm", "cold")) {
      List<Results.Row> rows = results.get().rows();
      line(
          "| %s | %s | %s |",
          state,
          text(find(rows, Map.of("benchmark", state, "verify", "true"), "ns")),
          text(find(rows, Map.of("benchmark", state, "verify", "false"), "ns")));
    }
  }

  private void serve() throws IOException {
    Optional<Results> results = section("serve", "A Java program that serves rows by key");
    if (results.isEmpty()) {
      return;
    }
    line("");
    line(
        "`AlexTable` without Spark: threads ask for random rows (key and 100 bytes) as fast as they");
    line("can; the time of a request in microseconds. Hiccups: how much longer than asked for a");
    line("thread slept beside them, which is what the machine does to any thread. Cold: the page");
    line("cache was emptied and the table just opened.");
    line("");
    line("| keys | | threads | rows a second | p50 | p99 | p99.9 | most |");
    line("|---|---|---|---|---|---|---|---|");
    for (Results.Row row : results.get().rows()) {
      Map<String, Double> figures = row.figures();
      double perSecond = figures.get("rowsPerSecond");
      line(
          "| %,d | %s, %s | %s | %s | %.2f | %.2f | %.1f | %,.0f |",
          Long.parseLong(row.parameters().get("keys")),
          row.parameters().get("state"),
          row.parameters().get("request"),
          row.parameters().get("threads"),
          perSecond == 0 ? "" : String.format(Locale.ROOT, "%,.0f", perSecond),
          figures.get("p50Us"),
          figures.get("p99Us"),
          figures.get("p999Us"),
          figures.get("maxUs"));
    }
  }

  private void writeHeap() throws IOException {
    Optional<Results> results = section("write-heap", "A writer's heap");
    if (results.isEmpty()) {
      return;
    }
    line("");
    line(
        "Rows of 108 bytes written in a heap of 512 MB, in MB after a full collection, and the peak");
    line("between.");
    line("");
    line("| GB written | live | peak |");
    line("|---|---|---|");
    for (Results.Row row : results.get().rows()) {
      line(
          "| %s | %.1f | %.1f |",
          row.parameters().get("gigabytes"),
          row.figures().get("liveMegabytes"),
          row.figures().get("peakMegabytes"));
    }
  }

  private void log() throws IOException {
    Optional<Results> results = section("log", "A long log of many segments");
    if (results.isEmpty()) {
      return;
    }
    List<Results.Row> rows = results.get().rows();
    line("");
    line(
        "The log is real, its segments are only named in it. Warm: microseconds, by the median, to");
    line("open a table that this process has open already and to plan `id = k`, after a foreign");
    line("commit that replaced a segment; how many times the first line's. Cold: milliseconds to");
    line("load the newest version from the log's files in the page cache, 50 versions after a");
    line(
        "checkpoint. Fresh: the same in a process that has just started, its classes loaded in the");
    line("time. A checkpoint is written by one commit in a hundred or fewer.");
    line("");
    line(
        "| versions | segments | warm us | of these to plan | times | cold ms | fresh ms | heap, bytes a segment"
            + " | checkpoint, bytes a segment | written in ms |");
    line("|---|---|---|---|---|---|---|---|---|---|");
    double first = rows.get(0).figures().get("warmUs");
    for (Results.Row row : rows) {
      double segments = Double.parseDouble(row.parameters().get("segments"));
      Map<String, Double> figures = row.figures();
      line(
          "| %,d | %,.0f | %.0f | %.1f | %.2f | %.1f | %.0f | %s | %s | %s |",
          Long.parseLong(row.parameters().get("versions")),
          segments,
          figures.get("warmUs"),
          figures.get("planUs"),
          figures.get("warmUs") / first,
          figures.get("coldMs"),
          figures.get("freshMs"),
          each(figures, "heapBytes", segments),
          each(figures, "checkpointBytes", segments),
          each(figures, "checkpointMs", 1));
    }
  }

  /** A figure for each segment, where there are enough of them that it means something. */
  private static String each(Map<String, Double> figures, String figure, double segments) {
    boolean tells = figures.get("checkpointBytes") > 100_000;
    return tells ? String.format(Locale.ROOT, "%.0f", figures.get(figure) / segments) : "";
  }

  private static OptionalDouble figure(
      List<Results.Row> rows,
      String distribution,
      String n,
      String engine,
      String benchmark,
      String figure) {
    return find(
        rows,
        Map.of("distribution", distribution, "n", n, "engine", engine, "benchmark", benchmark),
        figure);
  }

  private static String beside(OptionalDouble theirs, OptionalDouble ours) {
    if (theirs.isEmpty() || ours.isEmpty()) {
      return text(theirs);
    }
    return String.format(
        Locale.ROOT,
        "%.0f (%.1fx)",
        theirs.getAsDouble(),
        theirs.getAsDouble() / ours.getAsDouble());
  }
}
