package io.alexstore.benchmarks.store;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Gets and updates of rows that are there, 80/20, for a time, and how long each of them took,
 * beside a thread that measures by how much the machine itself holds threads up. At a rate, an
 * operation's time counts from when it was due, so that one that was held up counts in those behind
 * it, too.
 */
final class TailsMeasure {

  private static final long STALL_NANOS = 50_000_000;

  private TailsMeasure() {}

  static void run(Spec spec, Path directory, Map<String, Double> figures) throws Exception {
    Latencies puts = new Latencies();
    Latencies gets = new Latencies();
    try (Session session = Session.open(spec, directory);
        Hiccups hiccups = new Hiccups()) {
      session.load();
      long begin = System.nanoTime();
      long end = begin + TimeUnit.SECONDS.toNanos(spec.seconds());
      if (spec.rate() == 0) {
        atFullSpeed(session, end, gets, puts);
      } else {
        atRate(session, end, gets, puts);
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      figures.put("operationsPerSecond", (gets.count() + puts.count()) / seconds);
      put(figures, "hiccup", hiccups.stop());
      put(figures, "get", gets);
      put(figures, "put", puts);
      session.verify();
      System.err.println(spec.engine() + ": " + session.engine().describe());
    }
  }

  private static void put(Map<String, Double> figures, String name, Latencies times) {
    figures.put(name + "Mean", times.mean());
    figures.put(name + "P50", times.quantile(0.5));
    figures.put(name + "P99", times.quantile(0.99));
    figures.put(name + "P9999", times.quantile(0.9999));
    figures.put(name + "Max", times.quantile(1));
    figures.put(name + "Over50Ms", (double) times.longerThan(STALL_NANOS));
  }

  private static void atFullSpeed(Session session, long end, Latencies gets, Latencies puts)
      throws Exception {
    long before = System.nanoTime();
    while (before < end) {
      boolean isPut = one(session);
      long after = System.nanoTime();
      (isPut ? puts : gets).add(after - before);
      before = after;
    }
  }

  private static void atRate(Session session, long end, Latencies gets, Latencies puts)
      throws Exception {
    long interval = TimeUnit.SECONDS.toNanos(1) / session.spec().rate();
    for (long due = System.nanoTime(); due < end; due += interval) {
      while (System.nanoTime() < due) {
        Thread.onSpinWait();
      }
      boolean isPut = one(session);
      (isPut ? puts : gets).add(System.nanoTime() - due);
    }
  }

  /** One operation; whether it was an update. */
  private static boolean one(Session session) throws Exception {
    int row = session.any();
    if (session.random().nextInt(5) == 0) {
      session.update(row);
      return true;
    }
    session.get(session.records().key(row));
    return false;
  }
}
