package io.alexstore.benchmarks.store;

import java.nio.file.Path;
import java.util.Map;

/**
 * The mixes of YCSB one after the other on one load, A, B, C, F, D, E; rows are chosen by a zipfian
 * distribution spread over all, for D counted from the row that was added last. A scan is of 1 to
 * 100 rows.
 */
final class YcsbMeasure {

  private static final int MAX_SCAN = 100;

  private final Session session;
  private final Zipfian zipfian;

  private YcsbMeasure(Session session) {
    this.session = session;
    this.zipfian = new Zipfian(session.spec().rows(), session.random());
  }

  static void run(Spec spec, Path directory, Map<String, Double> figures) throws Exception {
    try (Session session = Session.open(spec, directory)) {
      figures.put("load", session.load());
      YcsbMeasure measure = new YcsbMeasure(session);
      for (YcsbMix mix : YcsbMix.values()) {
        int operations = Math.min(spec.operations(), 2 * spec.rows());
        figures.put("ycsb" + mix, measure.time(mix, operations / (mix == YcsbMix.E ? 10 : 1)));
      }
      session.verify();
    }
  }

  private double time(YcsbMix mix, int operations) throws Exception {
    // What is drawn ahead is a rank among the likely ones, or a row.
    long[] drawn = Timing.draw(i -> mix.asksForTheLatest() ? zipfian.next() : zipfian.nextSpread());
    return Timing.once(
        operations, drawn, number -> run(mix, row(mix.asksForTheLatest(), (int) number)));
  }

  private int row(boolean fromTheLast, int number) {
    return fromTheLast ? session.records().size() - 1 - number : number;
  }

  private void run(YcsbMix mix, int row) throws Exception {
    long key = session.records().key(row);
    switch (mix.next(session.random())) {
      case READ -> session.get(key);
      case UPDATE -> session.update(row);
      case INSERT -> session.insert();
      case SCAN -> session.range(key, 1 + session.random().nextInt(MAX_SCAN));
      case READ_MODIFY_WRITE -> {
        session.get(key);
        session.update(row);
      }
    }
  }
}
