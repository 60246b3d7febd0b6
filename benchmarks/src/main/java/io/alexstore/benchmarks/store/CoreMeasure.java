package io.alexstore.benchmarks.store;

import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;

/** Loads, gets, 80/20 and ranges. */
final class CoreMeasure {

  private static final int RANGE = 100;

  private final Session session;
  private final int operations;
  private final Map<String, Double> figures;

  private CoreMeasure(Session session, Map<String, Double> figures) {
    this.session = session;
    this.operations = session.spec().operations();
    this.figures = figures;
  }

  static void sorted(Spec spec, Path directory, Map<String, Double> figures) throws Exception {
    try (Session session = Session.openAscending(spec, directory)) {
      figures.put("load", session.loadAscending());
      session.verify();
      CoreMeasure measure = new CoreMeasure(session, figures);
      measure.gets("get");
      measure.ranges("range");
    }
  }

  static void random(Spec spec, Path directory, Map<String, Double> figures) throws Exception {
    try (Session session = Session.open(spec, directory)) {
      CoreMeasure measure = new CoreMeasure(session, figures);
      figures.put("load", session.load());
      // In this order: what the load left to be done in the background is being done meanwhile.
      measure.gets("get");
      measure.mixed();
      measure.zipfian();
      measure.absent();
      measure.ranges("range");
      session.verify();
      session.engine().compact();
      session.readAll(); // LMDB's copy is not in the page cache.
      measure.gets("getCompacted");
      measure.ranges("rangeCompacted");
    }
  }

  private void gets(String name) throws Exception {
    Records records = session.records();
    long[] keys = Timing.draw(i -> records.key(session.any()));
    figures.put(name, Timing.median(operations, keys, session::get));
  }

  private void zipfian() throws Exception {
    Records records = session.records();
    Zipfian zipfian = new Zipfian(records.size(), session.random());
    long[] keys = Timing.draw(i -> records.key(zipfian.nextSpread()));
    figures.put("getZipfian", Timing.median(operations, keys, session::get));
  }

  private void absent() throws Exception {
    long[] keys = Timing.draw(i -> session.records().absent(session.random()));
    figures.put("getAbsent", Timing.median(operations, keys, session::getAbsent));
  }

  /** 80 % gets of rows that are there, 20 % inserts. */
  private void mixed() throws Exception {
    int mixes = Math.min(operations, session.spec().rows());
    Records records = session.records();
    SplittableRandom dice = new SplittableRandom(3);
    long[] keys = Timing.draw(i -> records.key(session.any()));
    figures.put(
        "mixed",
        Timing.once(
            mixes,
            keys,
            key -> {
              if (dice.nextInt(5) == 0) {
                session.insert();
              } else {
                session.get(key);
              }
            }));
  }

  private void ranges(String name) throws Exception {
    long[] sorted = session.records().sorted();
    long[] sums = new long[sorted.length + 1];
    for (int i = 0; i < sorted.length; i++) {
      sums[i + 1] = sums[i] + sorted[i];
    }
    int starts = sorted.length - RANGE + 1;
    long[] ranks = Timing.draw(i -> session.random().nextInt(starts));
    figures.put(
        name,
        Timing.median(
            operations / RANGE,
            ranks,
            rank -> {
              int first = (int) rank;
              long sum = session.range(sorted[first], RANGE);
              if (sum != sums[first + RANGE] - sums[first]) {
                throw new IllegalStateException("Other rows than those from key " + sorted[first]);
              }
              Values.check(sorted[first + RANGE - 1], session.lastRead());
            }));
  }
}
