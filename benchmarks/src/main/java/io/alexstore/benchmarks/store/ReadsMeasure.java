package io.alexstore.benchmarks.store;

import io.alexstore.store.AlexStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * The ways in which AlexStore can give a value, of random rows, as the load left them and after a
 * compaction: in a fresh array; where it stands, and copied from there into an array of the caller;
 * where it stands, and only its first eight bytes are looked at.
 */
final class ReadsMeasure {

  private ReadsMeasure() {}

  static void run(Spec spec, Path directory, Map<String, Double> figures) throws Exception {
    try (Session session = Session.open(spec, directory)) {
      session.load();
      reads("Loaded", session, figures);
      session.engine().compact();
      session.readAll();
      reads("Compacted", session, figures);
      session.verify();
    }
  }

  private static void reads(String where, Session session, Map<String, Double> figures)
      throws Exception {
    AlexStore store = ((AlexStoreMap) session.engine()).store();
    long[] keys = Timing.draw(i -> session.records().key(session.any()));
    int operations = session.spec().operations();
    figures.put(
        "copied" + where,
        Timing.median(operations, keys, key -> Values.check(key, store.get(key))));
    figures.put("intoArray" + where, Timing.median(operations, keys, session::get));
    long[] seen = new long[1];
    figures.put(
        "inPlace" + where,
        Timing.median(operations, keys, key -> seen[0] += firstLong(store.getSlice(key))));
    if (seen[0] == 0) {
      throw new IllegalStateException("Nothing was read");
    }
  }

  private static long firstLong(ByteBuffer value) {
    return value.getLong(0);
  }
}
