package io.alexstore.benchmarks.index;

import io.alexstore.alex.AlexLongMap;
import io.alexstore.benchmarks.KeyDistribution;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Measures one map over one set of keys, in a process of its own, and prints {@code FIGURE name
 * number} lines. Arguments: engine, distribution, number of keys.
 */
final class MapWorker {

  /** Keys with which everything is run before it is measured, so that the code is compiled. */
  private static final int WARM_UP = 300_000;

  private static final int LOOKUPS = 1 << 20;
  private static final int ROUNDS = 5;
  private static final int WARM_UP_ROUNDS = 2;

  /** Maps are built one after the other up to so many keys in all, but at most {@link #ROUNDS}. */
  private static final int INSERTS = 10_000_000;

  /** The property that says which clock is read. */
  static final String CLOCK = "alexstore.bench.clock";

  private static final boolean CPU = "cpu".equals(System.getProperty(CLOCK));

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String engine;
  private final boolean counts;
  private final long[] sorted;

  /** The keys in the order in which they are inserted. */
  private final long[] keys;

  private LongMap map;
  private long sum;

  private MapWorker(String engine, long[] sorted, boolean counts) {
    this.engine = engine;
    this.counts = counts;
    this.sorted = sorted;
    this.keys = sorted.clone();
    SplittableRandom random = new SplittableRandom(11);
    for (int i = keys.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      long key = keys[i];
      keys[i] = keys[j];
      keys[j] = key;
    }
  }

  /** Measures and prints. */
  public static void main(String[] args) {
    KeyDistribution distribution = KeyDistribution.valueOf(args[1]);
    long[] some = distribution.keys(WARM_UP);
    for (int i = 0; i < 4; i++) {
      new MapWorker(args[0], some, false).run();
    }
    new MapWorker(args[0], distribution.keys(Integer.parseInt(args[2])), true).run();
  }

  private void run() {
    int n = keys.length;
    int maps = counts ? Math.max(1, Math.min(ROUNDS, INSERTS / n)) : 1;
    double[] inserts = new double[maps];
    double[] lastTenth = new double[maps];
    for (int m = 0; m < maps; m++) {
      map = null;
      if (counts) {
        System.gc();
      }
      map = LongMap.of(engine);
      long start = now();
      int most = n - n / 10;
      put(map, 0, most);
      long middle = now();
      put(map, most, n);
      long end = now();
      inserts[m] = (double) (end - start) / n;
      lastTenth[m] = (double) (end - middle) / (n - most);
    }
    print("insert", median(inserts));
    print("insertLastTenth", median(lastTenth));
    long[] probes = probes();
    print("get", median(() -> get(map, probes)));
    getAll(probes);
    print("bytes", bytesOfTheMap());
    if (engine.equals("alex")) {
      load();
      print("getLoaded", median(() -> get(map, probes)));
      print("bytesLoaded", bytesOfTheMap());
    }
  }

  private void getAll(long[] probes) {
    if (map instanceof LongMap.Alex alex) {
      long[] values = new long[probes.length];
      print("getAll", median(() -> getAll(alex.map(), probes, values)));
      if (counts) {
        System.out.println(alex.map().stats());
      }
    }
  }

  private void load() {
    long[] values = new long[sorted.length];
    Arrays.setAll(values, i -> sorted[i] & Long.MAX_VALUE);
    long start = now();
    map = new LongMap.Alex(AlexLongMap.load(-1, sorted, values, sorted.length));
    print("load", (double) (now() - start) / sorted.length);
  }

  /** Drops the map, and sees how much live heap goes with it: bytes for each key. */
  private double bytesOfTheMap() {
    long with = counts ? live() : 0;
    map = null;
    return counts ? (double) (with - live()) / keys.length : 0;
  }

  private long[] probes() {
    SplittableRandom random = new SplittableRandom(5);
    long[] probes = new long[LOOKUPS];
    Arrays.setAll(probes, i -> keys[random.nextInt(keys.length)]);
    return probes;
  }

  private void put(LongMap to, int first, int end) {
    for (int i = first; i < end; i++) {
      to.put(keys[i], keys[i] & Long.MAX_VALUE);
    }
  }

  private static long get(LongMap from, long[] probes) {
    long wrong = 0;
    for (long probe : probes) {
      wrong |= from.get(probe) ^ (probe & Long.MAX_VALUE);
    }
    return wrong;
  }

  private static long getAll(AlexLongMap from, long[] probes, long[] values) {
    from.getAll(probes, values, probes.length);
    long wrong = 0;
    for (int i = 0; i < probes.length; i++) {
      wrong |= values[i] ^ (probes[i] & Long.MAX_VALUE);
    }
    return wrong;
  }

  /** The median time of a lookup in nanoseconds; the answer says whether some value was wrong. */
  private double median(LongSupplier lookups) {
    double[] times = new double[counts ? ROUNDS : WARM_UP_ROUNDS];
    for (int i = 0; i < times.length; i++) {
      long start = now();
      sum |= lookups.getAsLong();
      times[i] = (double) (now() - start) / LOOKUPS;
    }
    if (sum != 0) {
      throw new IllegalStateException(engine + " gave a wrong value");
    }
    return median(times);
  }

  private static double median(double[] times) {
    Arrays.sort(times);
    return times[times.length / 2];
  }

  /**
   * Nanoseconds by the clock. With {@code -Dalexstore.bench.clock=cpu}, those for which this thread
   * had the processor: for comparisons while others use the machine.
   */
  private static long now() {
    return CPU ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }

  private static long live() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private void print(String name, double figure) {
    if (counts) {
      WorkerProcess.print(name, figure);
    }
  }
}
