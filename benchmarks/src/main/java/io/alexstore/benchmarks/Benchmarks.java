package io.alexstore.benchmarks;

import io.alexstore.benchmarks.index.Figures;
import io.alexstore.benchmarks.index.FormsBenchmark;
import io.alexstore.benchmarks.index.MapBenchmark;
import io.alexstore.benchmarks.peers.ChangesBenchmark;
import io.alexstore.benchmarks.peers.PeerFigures;
import io.alexstore.benchmarks.peers.TablesBenchmark;
import io.alexstore.benchmarks.spark.JoinBenchmark;
import io.alexstore.benchmarks.spark.Measurement;
import io.alexstore.benchmarks.spark.SparkBenchmark;
import io.alexstore.benchmarks.spark.SparkHeap;
import io.alexstore.benchmarks.store.StoreBenchmark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The one way to run a benchmark: {@code ./benchmarks/run SUITE [options]}. The figures go to
 * {@code benchmarks/results/SUITE.json}, and {@code docs/benchmarks.md} is made anew from all that
 * is there.
 */
public final class Benchmarks {

  private static final Map<String, Class<?>> JMH_SUITES =
      new TreeMap<>(
          Map.of(
              "get", SegmentGetBenchmark.class,
              "index", PackedIndexBenchmark.class,
              "checks", ChecksumBenchmark.class,
              "chunks", ChunkViewBenchmark.class));

  private Benchmarks() {}

  /**
   * Runs a suite.
   *
   * @param args the suite's name, then options: JMH's own for the JMH suites
   */
  public static void main(String[] args) throws Exception {
    String suite = args.length == 0 ? "" : args[0];
    String[] options = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
    Path repository = Path.of("").toAbsolutePath();
    if (JMH_SUITES.containsKey(suite)) {
      runJmh(suite, options).save(repository);
    } else if (suite.equals("load") && options.length >= 2) {
      Results.of(suite, LoadDataSets.run(options)).save(repository);
    } else if (suite.equals("write-heap")) {
      writeHeap(options).save(repository);
    } else if (suite.equals("serve")) {
      Results.of(suite, ServeBenchmark.run(options)).save(repository);
    } else if (suite.equals("log")) {
      Results.of(suite, LogBenchmark.run(options)).save(repository);
    } else if (suite.equals("store")) {
      store(repository, options);
    } else if (suite.equals("alex")) {
      MapBenchmark.run(found -> save(repository, suite, found), options);
    } else if (suite.equals("forms")) {
      FormsBenchmark.run(found -> save(repository, suite, found), options);
    } else if (suite.equals("spark")) {
      spark(options).save(repository);
    } else if (suite.equals("changes")) {
      changes(repository, options).save(repository);
    } else if (suite.equals("tables")) {
      tables(repository, options).save(repository);
    } else if (suite.equals("join")) {
      join(options).save(repository);
    } else if (suite.equals("spark-heap")) {
      sparkHeap(options).save(repository);
    } else if (!suite.equals("page")) {
      System.err.println(
          "Usage: ./benchmarks/run SUITE [options]\n"
              + "  get         a value by key: alexstore, LMDB, RocksDB, binary search\n"
              + "  load        the data sets of the former, ahead; DISTRIBUTION KEYS [ENGINE ...]\n"
              + "  index       the packed ALEX alone, beside binary search\n"
              + "  alex        the updatable ALEX, beside other sorted maps  [keys=N,...]\n"
              + "              [engines=alex,treemap,...] [distributions=uniform,...]\n"
              + "  forms       one level of models, and several  [keys=N,...]\n"
              + "  checks      what checksums cost a reader\n"
              + "  chunks      a column's values encoded, read and decoded, by encoding\n"
              + "  write-heap  a writer's heap over gigabytes  [gigabytes]\n"
              + "  serve       requests a second of a Java program  [keys [seconds]]\n"
              + "  log         a long log of many segments  [versions [segments ...]]\n"
              + "  store       the embedded store: LMDB, RocksDB, SQLite, an index over RocksDB\n"
              + "              [rows=N,...] [engines=...] [measures=core,...] [values=BYTES,...]\n"
              + "              [keys=uniform,...] [seconds=N] [rate=N] [operations=N] [jvm=...]\n"
              + "  spark       tables on Spark: alexstore, Parquet, ORC  [rows] [measure...]\n"
              + "  tables      point queries, joins and scans: alexstore, Parquet, Delta, Iceberg\n"
              + "              [rows] [queries|joins] [peer...]\n"
              + "  changes     tables that change: alexstore, Delta, Iceberg  [rows] [peer...]\n"
              + "  join        a few to many rows joined to a table by its key  [rows]\n"
              + "  spark-heap  executors' memory over gigabytes  [bytes]\n"
              + "  page        only make docs/benchmarks.md from the results\n"
              + "The suites get, index, checks and chunks take JMH's options, such as\n"
              + "-p n=1000000 -p engine=lmdb. The data sets take up to 7 GB each;\n"
              + "BENCHMARKS_JAVA_OPTS=-Dalexstore.bench.dir=DIRECTORY says where.");
      System.exit(2);
    }
    BenchmarksPage.write(repository);
  }

  private static void store(Path repository, String... options)
      throws IOException, InterruptedException {
    Map<String, String> versions = StoreBenchmark.versions();
    StoreBenchmark.run(
        outcome -> {
          Results.Row row = new Results.Row(outcome.parameters(), outcome.figures());
          Results.of("store", List.of(row)).on(versions).save(repository);
        },
        options);
  }

  private static Results runJmh(String suite, String[] options)
      throws RunnerException, CommandLineOptionException {
    var run =
        new OptionsBuilder()
            .parent(new CommandLineOptions(options))
            .include("\\." + JMH_SUITES.get(suite).getSimpleName() + "\\.")
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .build();
    List<Results.Row> rows = new ArrayList<>();
    for (RunResult result : new Runner(run).run()) {
      Map<String, String> parameters = new TreeMap<>();
      for (String name : result.getParams().getParamsKeys()) {
        parameters.put(name, result.getParams().getParam(name));
      }
      Result<?> primary = result.getPrimaryResult();
      parameters.put("benchmark", primary.getLabel());
      Map<String, Double> figures = new TreeMap<>();
      figures.put("ns", primary.getScore());
      figures.put("error", finite(primary.getScoreError()));
      Result<?> allocation = result.getSecondaryResults().get("gc.alloc.rate.norm");
      if (allocation == null) {
        allocation = result.getSecondaryResults().get("·gc.alloc.rate.norm");
      }
      if (allocation != null) {
        figures.put("allocatedBytes", finite(allocation.getScore()));
      }
      rows.add(new Results.Row(parameters, figures));
    }
    return Results.of(suite, rows);
  }

  private static Results spark(String[] options) throws IOException {
    return Results.of("spark", rows(SparkBenchmark.run(Data.root(), options)));
  }

  private static Results changes(Path repository, String[] options) throws IOException {
    PeerFigures figures = ChangesBenchmark.run(repository, Data.root(), options);
    return Results.of("changes", rows(figures.measurements())).on(figures.versions());
  }

  private static Results tables(Path repository, String[] options) throws IOException {
    PeerFigures figures = TablesBenchmark.run(repository, Data.root(), options);
    return Results.of("tables", rows(figures.measurements())).on(figures.versions());
  }

  private static List<Results.Row> rows(List<Measurement> measurements) {
    List<Results.Row> rows = new ArrayList<>();
    for (Measurement m : measurements) {
      rows.add(
          new Results.Row(
              Map.of(
                  "data", m.data(),
                  "rows", Long.toString(m.rows()),
                  "measure", m.measure(),
                  "format", m.format()),
              m.isBytes()
                  ? Map.of("bytes", m.value())
                  : Map.of("ms", m.value(), "cpuMs", m.cpu(), "jobs", m.jobs())));
    }
    return rows;
  }

  private static void save(Path repository, String suite, Figures found) {
    Results.Row row = new Results.Row(found.of(), found.figures());
    try {
      Results.of(suite, List.of(row)).save(repository);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Results join(String[] options) throws IOException {
    List<Results.Row> rows = new ArrayList<>();
    for (JoinBenchmark.Figure f : JoinBenchmark.run(Data.root(), options)) {
      rows.add(
          new Results.Row(
              Map.of(
                  "rows", Long.toString(f.rows()),
                  "type", f.type(),
                  "probes", Long.toString(f.probes()),
                  "way", f.way()),
              Map.of(
                  "ms", f.ms(),
                  "cpuMs", f.cpuMs(),
                  "jobs", f.jobs(),
                  "lookups", f.lookups() ? 1.0 : 0.0)));
    }
    return Results.of("join", rows);
  }

  private static Results sparkHeap(String[] options) throws IOException {
    long bytes = options.length > 0 ? Long.parseLong(options[0].replace("_", "")) : 5_000_000_000L;
    List<Results.Row> rows = new ArrayList<>();
    for (SparkHeap.Point point : SparkHeap.run(Data.root(), bytes)) {
      Map<String, Double> figures = new TreeMap<>();
      if (point.liveHeap() > 0) {
        figures.put("liveHeap", point.liveHeap());
      }
      figures.put("peakHeap", point.peakHeap());
      figures.put("direct", point.direct());
      figures.put("network", point.network());
      figures.put("mapped", point.mapped());
      rows.add(
          new Results.Row(
              Map.of(
                  "bytes", Long.toString(bytes),
                  "phase", point.phase(),
                  "executor", point.executor(),
                  "percent", Integer.toString(10 * point.step())),
              figures));
    }
    return Results.of("spark-heap", rows);
  }

  private static double finite(double figure) {
    return Double.isFinite(figure) ? figure : 0;
  }

  private static Results writeHeap(String[] options) throws IOException {
    double gigabytes = options.length > 0 ? Double.parseDouble(options[0]) : 5;
    List<Results.Row> rows = new ArrayList<>();
    for (WriteHeap.Point point : WriteHeap.run(gigabytes)) {
      rows.add(
          new Results.Row(
              Map.of("gigabytes", String.format(Locale.ROOT, "%.1f", point.gigabytes())),
              Map.of(
                  "liveMegabytes", point.liveMegabytes(), "peakMegabytes", point.peakMegabytes())));
    }
    return Results.of("write-heap", rows);
  }
}
