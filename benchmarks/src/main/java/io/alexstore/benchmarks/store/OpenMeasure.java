package io.alexstore.benchmarks.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The time from opening an engine to the first row that is read, its files in the page cache: after
 * it was closed, the median of five; and after its process was killed straight after a load. In a
 * process that has opened an empty one before, so that loading code is not measured.
 */
final class OpenMeasure {

  private static final String FILL = "fill";
  private static final String REOPEN = "reopen";
  private static final String FILL_AND_DIE = "fill-and-die";
  private static final String RECOVER = "recover";

  /** One process each. */
  static final List<String> STEPS = List.of(FILL, REOPEN, FILL_AND_DIE, RECOVER);

  private static final int TIMES = 5;

  private OpenMeasure() {}

  static void run(Spec spec, Path directory, String step, Map<String, Double> figures)
      throws Exception {
    Path closed = Files.createDirectories(directory.resolve("closed"));
    Path killed = Files.createDirectories(directory.resolve("killed"));
    switch (step) {
      case FILL -> fill(spec, closed).close();
      case REOPEN -> {
        openAnEmptyOne(spec, directory);
        double[] times = new double[TIMES];
        for (int i = 0; i < TIMES; i++) {
          times[i] = open(spec, closed);
        }
        Arrays.sort(times);
        figures.put("openClosed", times[TIMES / 2]);
      }
      case FILL_AND_DIE -> {
        fill(spec, killed);
        Runtime.getRuntime().halt(0);
      }
      case RECOVER -> {
        openAnEmptyOne(spec, directory);
        figures.put("openKilled", open(spec, killed));
      }
      default -> throw new IllegalArgumentException("No step is named " + step);
    }
  }

  private static Session fill(Spec spec, Path directory) throws Exception {
    Session session = Session.open(spec, directory);
    session.load();
    return session;
  }

  private static void openAnEmptyOne(Spec spec, Path directory) throws Exception {
    Path empty = Files.createTempDirectory(directory, "empty");
    MapEngine.open(spec.warmUp(), empty).close();
  }

  private static double open(Spec spec, Path directory) throws Exception {
    Records records = Records.of(spec.keys(), spec.rows());
    byte[] target = new byte[spec.valueBytes()];
    long start = System.nanoTime();
    MapEngine engine = MapEngine.open(spec, directory);
    check(records, 0, engine, target);
    double nanos = System.nanoTime() - start;
    for (int i = 0; i < spec.rows(); i += 1 + spec.rows() / 10_000) {
      check(records, i, engine, target);
    }
    engine.close();
    return nanos;
  }

  private static void check(Records records, int row, MapEngine engine, byte[] target)
      throws Exception {
    long key = records.key(row);
    if (!engine.get(key, target) || Values.version(key, target) != 0) {
      throw new IllegalStateException("Not the value that was put for key " + key);
    }
  }
}
