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

  /** How many keys are asked for at once. */
  private static final int GROUP = 64;

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
    Groups groups = new Groups(store);
    figures.put("inGroups" + where, Timing.median(operations, keys, groups::add));
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

  /** Collects keys, and asks for them when there are enough. */
  private static final class Groups {

    private final AlexStore store;
    private final long[] keys = new long[GROUP];
    private int count;

    Groups(AlexStore store) {
      this.store = store;
    }

    void add(long key) {
      keys[count++] = key;
      if (count == GROUP) {
        byte[][] values = store.getAll(keys);
        for (int i = 0; i < GROUP; i++) {
          Values.check(keys[i], values[i]);
        }
        count = 0;
      }
    }
  }
}
