package io.alexstore.benchmarks.store;

import io.alexstore.benchmarks.Data;
import io.alexstore.benchmarks.KeyDistribution;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One engine, in a process that does nothing else: loads, and measures. Prints a line {@code name
 * value} for each figure. Arguments: the engine, {@code random} or {@code sorted}, the number of
 * rows, and an empty directory.
 */
final class StoreWorker {

  private static final long SEED = 11;

  /** Operations of each phase, at most, after a tenth of them to warm up. */
  private static final int OPERATIONS = 2_000_000;

  private static final int RANGE = 100;

  private final MapEngine engine;
  private final long[] keys;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final byte[] value = new byte[Data.VALUE_SIZE];
  private final byte[] target = new byte[Data.VALUE_SIZE];
  private final Map<String, Double> figures = new LinkedHashMap<>();

  private StoreWorker(MapEngine engine, long[] keys) {
    this.engine = engine;
    this.keys = keys;
  }

  /** Measures, and prints the figures. */
  public static void main(String[] args) throws Exception {
    int n = Integer.parseInt(args[2]);
    Path directory = Path.of(args[3]);
    long dataBytes = (long) n * (Data.VALUE_SIZE + Long.BYTES);
    MapEngine engine = MapEngine.open(args[0], directory, dataBytes);
    StoreWorker worker = new StoreWorker(engine, KeyDistribution.UNIFORM.keys(n));
    if (args[1].equals("sorted")) {
      worker.load("loadSorted");
    } else {
      worker.shuffle();
      worker.load("loadRandom");
      worker.get();
      worker.range("range");
      worker.mixed();
      worker.tails();
      System.err.println(args[0] + ": " + engine.describe());
      engine.compact();
      worker.range("rangeCompacted");
    }
    engine.close();
    worker.figures.put("bytesOnDisk", (double) Data.bytesOnDisk(directory));
    worker.figures.forEach(
        (name, figure) -> System.out.printf(Locale.ROOT, "%s %f%n", name, figure));
  }

  private void shuffle() {
    for (int i = keys.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      long key = keys[i];
      keys[i] = keys[other];
      keys[other] = key;
    }
  }

  private void load(String name) throws Exception {
    long start = System.nanoTime();
    for (long key : keys) {
      Data.value(key, value);
      engine.load(key, value.clone());
    }
    engine.endLoad();
    figures.put(name, (double) (System.nanoTime() - start) / keys.length);
  }

  private void getOne() throws Exception {
    long key = keys[random.nextInt(keys.length)];
    if (!engine.get(key, target)) {
      throw new IllegalStateException("no value for key " + key);
    }
    Data.check(key, target, 0);
  }

  private void get() throws Exception {
    for (int i = 0; i < OPERATIONS / 10; i++) {
      getOne();
    }
    long start = System.nanoTime();
    for (int i = 0; i < OPERATIONS; i++) {
      getOne();
    }
    figures.put("get", (double) (System.nanoTime() - start) / OPERATIONS);
  }

  private void range(String name) throws Exception {
    long[] sorted = keys.clone();
    Arrays.sort(sorted);
    int ranges = OPERATIONS / RANGE;
    long start = 0;
    for (int i = -ranges / 10; i < ranges; i++) {
      if (i == 0) {
        start = System.nanoTime();
      }
      // Keys that were put later lie between; so what is read of them is not checked by its sum.
      engine.range(sorted[random.nextInt(sorted.length - RANGE)], RANGE, target);
    }
    figures.put(name, (double) (System.nanoTime() - start) / ranges);
  }

  private void mixed() throws Exception {
    int operations = Math.min(OPERATIONS, keys.length);
    long start = 0;
    for (int i = -operations / 10; i < operations; i++) {
      if (i == 0) {
        start = System.nanoTime();
      }
      if (random.nextInt(5) == 0) {
        putOne();
      } else {
        getOne();
      }
    }
    figures.put("mixed", (double) (System.nanoTime() - start) / operations);
  }

  private void putOne() throws Exception {
    long key = random.nextLong();
    Data.value(key, value);
    engine.put(key, value.clone());
  }

  private void tails() throws Exception {
    int operations = Math.min(OPERATIONS, keys.length);
    Latencies puts = new Latencies(operations);
    Latencies gets = new Latencies(operations);
    try (Hiccups hiccups = new Hiccups()) {
      for (int i = 0; i < operations; i++) {
        long start = System.nanoTime();
        if (i % 5 == 0) {
          putOne();
          puts.add(System.nanoTime() - start);
        } else {
          getOne();
          gets.add(System.nanoTime() - start);
        }
      }
      figures.put("putP50", puts.quantile(0.5));
      figures.put("putP99", puts.quantile(0.99));
      figures.put("putP9999", puts.quantile(0.9999));
      figures.put("putMax", puts.quantile(1));
      figures.put("getP50", gets.quantile(0.5));
      figures.put("getP99", gets.quantile(0.99));
      figures.put("getP9999", gets.quantile(0.9999));
      figures.put("hiccupP9999", hiccups.quantile(0.9999));
    }
  }
}
