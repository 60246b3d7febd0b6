package io.alexstore.benchmarks;

import io.alexstore.benchmarks.ComparedTable.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** The embedded store beside its peers. */
final class StoreSections extends PageSections {

  private static final String OURS = "alexstore";

  /** The engines, in the order of the tables' lines. */
  private static final List<String> ENGINES =
      List.of(OURS, "alex-rocksdb", "lmdb", "rocksdb", "rocksdb-default", "sqlite");

  private static final Predicate<Results.Row> USUAL_VALUES = has("value", "100");
  private static final Predicate<Results.Row> USUAL_KEYS = has("keys", "uniform");

  private List<Results.Row> rows = List.of();

  StoreSections(Path repository, StringBuilder page) {
    super(repository, page);
  }

  @Override
  void write() throws IOException {
    Optional<Results> results = section("store", "The embedded store");
    if (results.isEmpty()) {
      return;
    }
    List<Results.Row> all =
        results.get().rows().stream()
            .filter(row -> row.parameters().containsKey("measure") && row.date() != null)
            .toList();
    rows = all.stream().filter(row -> !row.parameters().containsKey("jvm")).toList();
    if (rows.isEmpty()) {
      return;
    }
    setup(results.get());
    core();
    ycsb();
    tails();
    threads();
    open();
    space();
    writes();
    origin();
    reads(all);
  }

  private void setup(Results results) {
    line("");
    Map<String, String> on = results.environment();
    line(
        "`AlexStore` beside RocksDB %s, LMDB %s and SQLite %s, measured %s. Every figure is of a process of",
        on.get("rocksdb"), on.get("lmdb"), on.get("sqlite"), days());
    line(
        "its own, which first does the same with 100,000 rows elsewhere, so that code is compiled. Keys are");
    line(
        "64-bit integers, uniform over all of them unless said; values are 100 bytes that do not compress; each");
    line(
        "value read is copied and checked. No engine syncs each write; each write by itself outlives the process.");
    line("Nanoseconds, means; in brackets how many times ours.");
    line("");
    line("- **alexstore**: by its defaults. A value is copied from where it stands.");
    line(
        "- **alex-rocksdb**, an index over another store, as the project's first report had one: an updatable");
    line(
        "  ALEX in memory from a key to a running number, and RocksDB, tuned, from that to the value. Opening");
    line("  it reads all rows.");
    line(
        "- **lmdb**: WRITEMAP, NOSYNC, NORDAHEAD, integer keys, read in place through Unsafe without lmdbjava's");
    line(
        "  checks; a read transaction is kept until the next write. Bulk: transactions of 10,000 rows, APPEND");
    line("  where keys ascend. Compacted: its own compacting copy.");
    line(
        "- **rocksdb**: bloom filters for blocks and memtables, hash indexes in blocks, a cache three times the");
    line(
        "  data, no compression, memtables of 64 MB, write-ahead log. Bulk: batches of 1,000 rows. Compacted:");
    line("  flush and `compactRange`.");
    line("- **rocksdb-default**: the same without any option.");
    line(
        "- **sqlite**: INTEGER PRIMARY KEY, write-ahead log, synchronous NORMAL, the file mapped, a page cache");
    line(
        "  of 256 MB, prepared statements, checkpoints by its default. Bulk: transactions of 10,000 rows. Compacted:");
    line("  VACUUM.");
  }

  /** From when to when it was measured. */
  private String days() {
    List<String> days = rows.stream().map(Results.Row::date).distinct().sorted().toList();
    return days.size() == 1
        ? "on " + days.get(0)
        : "from " + days.get(0) + " to " + days.get(days.size() - 1);
  }

  private void core() {
    if (!any("core", row -> true) && !any("sorted", row -> true)) {
      return;
    }
    List<Column> columns =
        List.of(
            Column.nanos("load", "load"),
            Column.nanos("get", "get"),
            Column.nanos("mixed 80/20", "mixed"),
            Column.nanos("get, zipfian", "getZipfian"),
            Column.nanos("get, absent", "getAbsent"),
            Column.nanos("range of 100", "range"),
            Column.nanos("compacted: get", "getCompacted"),
            Column.nanos("range of 100", "rangeCompacted"));
    heading(
        "Loads, gets, 80/20 and ranges",
        "core,sorted",
        "In this order: a bulk load in random order; gets of random rows straight after it, while what it",
        "left to be done in the background is being done; 80 % gets and 20 % inserts; gets of rows of a",
        "zipfian choice, of absent keys; ranges of 100 rows; gets and ranges again after a compaction, when every",
        "row was read once.");
    table("core", USUAL_VALUES.and(USUAL_KEYS), columns, "rows");
    line("");
    line("A bulk load in the order of the keys, and reads after it:");
    table(
        "sorted",
        USUAL_VALUES.and(USUAL_KEYS),
        List.of(
            Column.nanos("load", "load"),
            Column.nanos("get", "get"),
            Column.nanos("range of 100", "range")),
        "rows");
    if (any("core", USUAL_VALUES.negate())) {
      line("");
      line("By the size of a value in bytes (`values=10,64,256,1024`):");
      table("core", USUAL_VALUES.negate().and(USUAL_KEYS), columns, "rows", "value");
    }
    if (any("core", USUAL_KEYS.negate())) {
      line("");
      line(
          "By how the keys are spread (`keys=sequential,clustered`). Sequential: 1, 2, 3 and so on, loaded and");
      line(
          "inserted in this order. Clustered: like the cell ids of a map, clusters within clusters.");
      table("core", USUAL_VALUES.and(USUAL_KEYS.negate()), columns, "rows", "keys");
    }
  }

  private void ycsb() {
    if (!any("ycsb", row -> true)) {
      return;
    }
    heading(
        "YCSB",
        "ycsb",
        "The core workloads, in this order on one load; rows by a zipfian choice. A: 50 % reads, 50 %",
        "updates; B: 95, 5; C: reads; F: 50 % reads, 50 % reads with an update of the row; D: 95 % reads of",
        "the newest, 5 % inserts; E: 95 % scans of 1 to 100 rows, 5 % inserts.");
    List<Column> columns =
        Arrays.asList("A", "B", "C", "F", "D", "E").stream()
            .map(mix -> Column.nanos(mix, "ycsb" + mix))
            .toList();
    table("ycsb", row -> true, columns, "rows", "value");
  }

  private void tails() {
    List<Column> columns =
        List.of(
            new Column("ops a second", "operationsPerSecond", 1, 0, false),
            Column.micros("get p50", "getP50"),
            Column.micros("p99", "getP99"),
            Column.micros("p99.99", "getP9999"),
            Column.micros("most", "getMax"),
            Column.micros("put p50", "putP50"),
            Column.micros("p99", "putP99"),
            Column.micros("p99.99", "putP9999"),
            Column.micros("most", "putMax"),
            Column.micros("hiccup p99.99", "hiccupP9999"),
            Column.micros("most", "hiccupMax"));
    if (any("tails", row -> true)) {
      heading(
          "Tails",
          "tails,long",
          "80 % gets and 20 % updates of random rows by one thread, for so many seconds, as fast as it can (or",
          "at a rate: then the time counts from when an operation was due). Microseconds. Hiccup: by how much a",
          "thread that only sleeps was late meanwhile, which is what the machine does to any thread. In these",
          "runs alexstore deletes replaced segments after 10 seconds, not 10 minutes.");
      table("tails", row -> true, columns, "rows", "seconds", "rate");
    }
    if (any("long", row -> true)) {
      line("");
      line("For long:");
      table("long", row -> true, columns, "rows", "seconds", "rate");
    }
  }

  private void threads() {
    if (!any("threads", row -> true)) {
      return;
    }
    heading(
        "A reader beside a writer",
        "threads",
        "One thread gets random rows, each as of the last write, first alone, then beside one that updates",
        "random rows as fast as it can. Means in nanoseconds, p99.99 in microseconds.");
    table(
        "threads",
        row -> true,
        List.of(
            Column.nanos("get alone", "getAloneMean"),
            Column.micros("p99.99", "getAloneP9999"),
            Column.nanos("get beside", "getBesideMean"),
            Column.micros("p99.99", "getBesideP9999"),
            Column.nanos("put meanwhile", "putMean"),
            Column.micros("p99.99", "putP9999")),
        "rows");
  }

  private void open() {
    if (!any("open", row -> true)) {
      return;
    }
    heading(
        "Opening",
        "open",
        "Milliseconds from opening to the first row, files in the page cache: after the store was closed;",
        "after its process was killed when it had just loaded all rows.");
    table(
        "open",
        row -> true,
        List.of(
            new Column("closed", "openClosed", 1e6, 1, true),
            new Column("killed", "openKilled", 1e6, 1, true)),
        "rows");
  }

  private void space() {
    if (!any("space", row -> true)) {
      return;
    }
    heading(
        "Memory and disk",
        "space",
        "Bytes a row, key and value included, when every row was read once: after a load in random order, and",
        "after a compaction. Heap: live objects; native: what else the process allocated; mapped: of its files'",
        "maps what is in memory. What the system's page cache has besides, of files that are not mapped, is not",
        "counted. Disk: when it was closed; of alexstore also without the segments that a compaction replaced,",
        "which stay readable for 10 minutes.");
    List<String> titles = List.of("heap", "native", "mapped", "in all");
    line("");
    line(
        "| rows | value | engine | %s | compacted: %s | disk | live |",
        String.join(" | ", titles), String.join(" | ", titles));
    line("|%s", "---|".repeat(3 + 2 * titles.size() + 2));
    for (Results.Row row : new ComparedTable(ENGINES, List.of()).sorted(of("space", r -> true))) {
      Map<String, Double> f = row.figures();
      double n = Double.parseDouble(row.parameters().get("rows"));
      line(
          "| %,d | %s | %s | %s | %s | %,.0f | %,.0f |",
          (long) n,
          row.parameters().get("value"),
          row.parameters().get("engine"),
          memory(f, "loaded", n),
          memory(f, "compacted", n),
          f.get("diskBytes") / n,
          f.get("liveDiskBytes") / n);
    }
  }

  private static String memory(Map<String, Double> figures, String when, double n) {
    double heap = figures.get(when + "HeapBytes") / n;
    double other = figures.get(when + "NativeBytes") / n;
    double mapped = figures.get(when + "MappedBytes") / n;
    return String.format(
        Locale.ROOT, "%,.0f | %,.0f | %,.0f | %,.0f", heap, other, mapped, heap + other + mapped);
  }

  private void writes() {
    if (!any("writes", row -> true)) {
      return;
    }
    heading(
        "Bytes written",
        "writes",
        "Bytes that the process gave the system to write to the disk, for each byte of keys and values that was",
        "put: a load in random order; that and as many updates of random rows, closing included. A page that",
        "changes again before the system wrote it counts once, which favours LMDB's map. Update: nanoseconds.");
    table(
        "writes",
        row -> true,
        List.of(
            new Column("load", "loadAmplification", 1, 2, false),
            new Column("load and updates", "amplification", 1, 2, false),
            Column.nanos("update", "update")),
        "rows",
        "value");
  }

  /** What the project's origin reports give, in nanoseconds, by rows and what was done. */
  private static final Map<String, Map<String, double[]>> ORIGIN =
      Map.of(
          "100000",
          Map.of(
              "get", new double[] {525, 1_169, Double.NaN},
              "load", new double[] {3_873, 884, Double.NaN},
              "mixed", new double[] {997, 7_004, Double.NaN}),
          "1000000",
          Map.of(
              "get", new double[] {1_051, 3_642, 2_173},
              "load", new double[] {3_970, 1_481, Double.NaN},
              "mixed", new double[] {2_268, 71_966, 6_524}));

  private void origin() {
    heading(
        "Beside the project's origin reports",
        "core,sorted rows=100000,1000000",
        "The figures that the project began from, published of another machine and with other code, beside",
        "those of the tables above: for reference, not to be compared to the nanosecond. *Theirs* are in italics.",
        "They do not say in which order keys were inserted in bulk.");
    line("");
    line("| rows | | store | *theirs* | ALEX over RocksDB | *theirs* | SQLite | *theirs* |");
    line("|---|---|---|---|---|---|---|---|");
    for (String n : List.of("100000", "1000000")) {
      originLine(n, "query", "core", "get", "get");
      originLine(n, "bulk insert, random order", "core", "load", "load");
      originLine(n, "bulk insert, key order", "sorted", "load", "load");
      originLine(n, "mixed 80/20", "core", "mixed", "mixed");
    }
  }

  private void originLine(
      String n, String title, String measure, String figure, String originFigure) {
    double[] theirs = ORIGIN.get(n).get(originFigure);
    StringBuilder cells = new StringBuilder();
    List<String> engines = List.of(OURS, "alex-rocksdb", "sqlite");
    for (int i = 0; i < engines.size(); i++) {
      Map<String, String> of =
          Map.of(
              "measure",
              measure,
              "engine",
              engines.get(i),
              "rows",
              n,
              "value",
              "100",
              "keys",
              "uniform");
      cells
          .append(" | ")
          .append(ComparedTable.text(find(rows, of, figure), 0))
          .append(" | ")
          .append(
              Double.isNaN(theirs[i])
                  ? ""
                  : "*" + ComparedTable.text(OptionalDouble.of(theirs[i]), 0) + "*");
    }
    line("| %,d | %s%s |", Long.parseLong(n), title, cells);
  }

  private void reads(List<Results.Row> all) {
    List<Results.Row> found = all.stream().filter(has("measure", "reads")).toList();
    if (found.isEmpty()) {
      return;
    }
    heading(
        "Ways to read a value",
        "reads",
        "A get of a random row of alexstore, by what is done with the value: `get` copies it into a fresh array, `getAll` 64 at a time;",
        "`getSlice` gives it where it stands, to be copied into an array of the caller, or to look at its first",
        "eight bytes only. As the load left the rows, the newest in the log; and after a compaction.");
    line("");
    line(
        "| rows | value | JVM | loaded: fresh array | 64 at a time | own array | in place"
            + " | compacted: fresh array | 64 at a time | own array | in place |");
    line("|---|---|---|---|---|---|---|---|---|---|---|");
    for (Results.Row row : found) {
      StringBuilder cells = new StringBuilder();
      for (String where : List.of("Loaded", "Compacted")) {
        for (String way : List.of("copied", "inGroups", "intoArray", "inPlace")) {
          cells.append(" | ").append(ComparedTable.text(figure(row, way + where), 0));
        }
      }
      line(
          "| %,d | %s | %s%s |",
          Long.parseLong(row.parameters().get("rows")),
          row.parameters().get("value"),
          row.parameters().getOrDefault("jvm", ""),
          cells);
    }
  }

  // --- tables ---

  private void heading(String title, String measures, String... text) {
    line("");
    line("### %s", title);
    line("");
    line("`./benchmarks/run store measures=%s`", measures);
    line("");
    for (String part : text) {
      line("%s", part);
    }
  }

  private boolean any(String measure, Predicate<Results.Row> which) {
    return rows.stream().anyMatch(has("measure", measure).and(which));
  }

  /** The rows of a measure. */
  private List<Results.Row> of(String measure, Predicate<Results.Row> which) {
    return rows.stream().filter(has("measure", measure).and(which)).toList();
  }

  private void table(
      String measure, Predicate<Results.Row> which, List<Column> columns, String... parameters) {
    new ComparedTable(ENGINES, columns, parameters)
        .lines(of(measure, which))
        .forEach(text -> line("%s", text));
  }

  private static OptionalDouble figure(Results.Row row, String name) {
    Double found = row.figures().get(name);
    return found == null ? OptionalDouble.empty() : OptionalDouble.of(found);
  }
}
