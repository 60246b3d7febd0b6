package io.alexstore.benchmarks.store;

import io.alexstore.benchmarks.Data;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lmdbjava.Meta;
import org.rocksdb.RocksDB;
import org.sqlite.SQLiteJDBCLoader;

/**
 * The embedded store beside LMDB, RocksDB and SQLite, and an index of our own over RocksDB. Each
 * measure of each engine is in processes of its own, and its figures are kept when it ends.
 *
 * <p>Run: {@code ./benchmarks/run store [rows=N,...] [engines=...] [measures=...]
 * [values=BYTES,...] [keys=uniform,sequential,clustered,lognormal] [seconds=N] [rate=N]
 * [operations=N] [jvm=OPTION,...]}; {@link Measure} says what the measures are. All engines and all
 * measures but {@code long} with 1 million rows of 100 bytes unless told.
 */
public final class StoreBenchmark {

  private static final String HEAP = "-Xmx3g";

  /** For figures of memory: see {@link MemoryUse}. */
  private static final List<String> WHOLE_HEAP = List.of("-Xms3g", "-XX:+AlwaysPreTouch");

  private StoreBenchmark() {}

  /**
   * What an engine came to.
   *
   * @param parameters what was measured
   * @param figures nanoseconds unless their names say otherwise
   */
  public record Outcome(Map<String, String> parameters, Map<String, Double> figures) {}

  /** Is told of each outcome as soon as it is there. */
  public interface Keeper {
    /** Keeps an outcome. */
    void keep(Outcome outcome) throws IOException;
  }

  /** The peers' versions. */
  public static Map<String, String> versions() {
    RocksDB.loadLibrary();
    Meta.Version lmdb = Meta.version();
    return Map.of(
        "rocksdb",
        RocksDB.rocksdbVersion().toString(),
        "lmdb",
        lmdb.major + "." + lmdb.minor + "." + lmdb.patch,
        "sqlite",
        SQLiteJDBCLoader.getVersion());
  }

  /** Measures. */
  public static void run(Keeper keeper, String... options)
      throws IOException, InterruptedException {
    StorePlan plan = StorePlan.of(options);
    for (Spec spec : plan.specs()) {
      Map<String, String> parameters = new TreeMap<>(spec.parameters());
      if (!plan.jvm().isEmpty()) {
        parameters.put("jvm", String.join(" ", plan.jvm()));
      }
      Outcome outcome = new Outcome(parameters, measure(spec, plan.jvm()));
      System.out.println(outcome);
      keeper.keep(outcome);
    }
  }

  private static Map<String, Double> measure(Spec spec, List<String> jvm)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(Data.root(), "store-" + spec.engine());
    try {
      Map<String, Double> figures = new TreeMap<>();
      for (String step : spec.measure().steps()) {
        figures.putAll(inAProcess(spec, step, directory, jvm));
      }
      return figures;
    } finally {
      delete(directory);
    }
  }

  private static Map<String, Double> inAProcess(
      Spec spec, String step, Path directory, List<String> jvm)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(HEAP);
    if (spec.measure() == Measure.SPACE) {
      command.addAll(WHOLE_HEAP);
    }
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(StoreWorker.class.getName());
    command.addAll(List.of(directory.toString(), step));
    command.addAll(spec.arguments());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<String, Double> figures = new TreeMap<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(StoreWorker.FIGURE)) {
          String[] parts = line.split(" ");
          figures.put(parts[1], Double.parseDouble(parts[2]));
        } else {
          System.out.println(line);
        }
      }
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          "%s of %s ended with %d: its errors stand above"
              .formatted(spec.measure().id(), spec.engine(), process.exitValue()));
    }
    return figures;
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
