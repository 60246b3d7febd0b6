package io.alexstore.benchmarks.index;

import io.alexstore.alex.AlexLongMap;
import io.alexstore.alex.AlexStats;
import io.alexstore.benchmarks.KeyDistribution;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;

/**
 * Builds one form over one number of uniform keys, looks keys up, and prints {@code FIGURE name
 * number} lines. Arguments: form, number of keys.
 */
final class FormsWorker {

  /** Keys with which everything is run before it is measured, so that the code is compiled. */
  private static final int WARM_UP = 100_000;

  private static final int LOOKUPS = 1 << 20;
  private static final int ROUNDS = 7;

  private FormsWorker() {}

  /** Measures and prints. */
  public static void main(String[] args) {
    boolean multi = args[0].equals("multi-level");
    long[] some = KeyDistribution.UNIFORM.keys(WARM_UP);
    for (int i = 0; i < 20; i++) {
      measure(multi, some, false);
    }
    measure(multi, KeyDistribution.UNIFORM.keys(Integer.parseInt(args[1])), true);
  }

  private static void measure(boolean multi, long[] keys, boolean counts) {
    long[] values = new long[keys.length];
    Arrays.setAll(values, i -> i);
    long start = System.nanoTime();
    AlexLongMap map = multi ? AlexLongMap.load(-1, keys, values, keys.length) : null;
    SingleLevelIndex single = multi ? null : new SingleLevelIndex(keys, values);
    double build = (System.nanoTime() - start) / 1e9;
    int rounds = counts ? ROUNDS : 1;
    double query = multi ? query(map::get, keys, rounds) : query(single::get, keys, rounds);
    if (!counts) {
      return;
    }
    AlexStats stats = multi ? map.stats() : null;
    int leaves = multi ? stats.dataNodes() : single.leaves();
    long bytes = multi ? stats.memoryBytes() : single.memoryBytes();
    WorkerProcess.print("height", multi ? stats.height() : 2);
    WorkerProcess.print("leaves", leaves);
    WorkerProcess.print("keysPerLeaf", (double) keys.length / leaves);
    WorkerProcess.print("buildSeconds", build);
    WorkerProcess.print("query", query);
    WorkerProcess.print("megabytes", bytes / 1e6);
    // Keys and values not counted, as the original report has it.
    WorkerProcess.print("indexMegabytes", (bytes - 16.0 * keys.length) / 1e6);
  }

  private static double query(LongUnaryOperator get, long[] keys, int rounds) {
    SplittableRandom random = new SplittableRandom(3);
    int[] ranks = new int[LOOKUPS];
    Arrays.setAll(ranks, i -> random.nextInt(keys.length));
    long[] probes = new long[LOOKUPS];
    Arrays.setAll(probes, i -> keys[ranks[i]]);
    double[] times = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      long wrong = 0;
      long start = System.nanoTime();
      for (int i = 0; i < LOOKUPS; i++) {
        wrong |= get.applyAsLong(probes[i]) ^ ranks[i];
      }
      times[round] = (double) (System.nanoTime() - start) / LOOKUPS;
      if (wrong != 0) {
        throw new IllegalStateException("a wrong value");
      }
    }
    Arrays.sort(times);
    return times[rounds / 2];
  }
}
