package io.alexstore.benchmarks.store;

import java.nio.file.Path;
import java.util.SplittableRandom;

/** An engine, and the rows that were put into it. Every value that is read is checked. */
final class Session implements AutoCloseable {

  /** How many rows are compared with their last version at most. */
  private static final int VERIFIED = 500_000;

  private final Spec spec;
  private final MapEngine engine;
  private final Records records;
  private final SplittableRandom random = new SplittableRandom(5);
  private final byte[] value;
  private final byte[] target;

  private Session(Spec spec, Path directory, Records records) throws Exception {
    this.spec = spec;
    this.engine = MapEngine.open(spec, directory);
    this.records = records;
    this.value = new byte[spec.valueBytes()];
    this.target = new byte[spec.valueBytes()];
  }

  /** Opens an engine in an empty directory, for rows in random order. */
  static Session open(Spec spec, Path directory) throws Exception {
    return new Session(spec, directory, Records.of(spec.keys(), spec.rows()));
  }

  /** Opens an engine in an empty directory, for rows in the order of their keys. */
  static Session openAscending(Spec spec, Path directory) throws Exception {
    return new Session(spec, directory, Records.ascending(spec.keys(), spec.rows()));
  }

  Spec spec() {
    return spec;
  }

  MapEngine engine() {
    return engine;
  }

  Records records() {
    return records;
  }

  SplittableRandom random() {
    return random;
  }

  /** Loads the rows; nanoseconds for each. */
  double load() throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < spec.rows(); i++) {
      long key = records.key(records.add());
      Values.fill(key, 0, value);
      engine.load(key, value);
    }
    engine.endLoad();
    return (double) (System.nanoTime() - start) / spec.rows();
  }

  /** As {@link #load}, in the order of the keys. */
  double loadAscending() throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < spec.rows(); i++) {
      long key = records.key(records.add());
      Values.fill(key, 0, value);
      engine.loadAscending(key, value);
    }
    engine.endLoad();
    return (double) (System.nanoTime() - start) / spec.rows();
  }

  /** Some row that is there. */
  int any() {
    return random.nextInt(records.size());
  }

  void get(long key) throws Exception {
    if (!engine.get(key, target)) {
      throw new IllegalStateException("No value for key " + key);
    }
    Values.check(key, target);
  }

  void getAbsent(long key) throws Exception {
    if (engine.get(key, target)) {
      throw new IllegalStateException("A value for key " + key + ", which was never put");
    }
  }

  void insert() throws Exception {
    long key = records.key(records.add());
    Values.fill(key, 0, value);
    engine.put(key, value);
  }

  void update(int number) throws Exception {
    long key = records.key(number);
    Values.fill(key, records.nextVersion(number), value);
    engine.put(key, value);
  }

  /** Reads rows from a key on; the sum of their keys. */
  long range(long from, int count) throws Exception {
    return engine.range(from, count, target);
  }

  /** The value that was read last. */
  byte[] lastRead() {
    return target;
  }

  /** Gets every row once. */
  void readAll() throws Exception {
    for (int i = 0; i < records.size(); i++) {
      get(records.key(i));
    }
  }

  /** Fails unless rows have the values that were put last; looks at 500,000 of them at most. */
  void verify() throws Exception {
    int step = Math.max(1, records.size() / VERIFIED);
    for (int i = 0; i < records.size(); i += step) {
      get(records.key(i));
      int found = Values.version(records.key(i), target);
      if (found != records.version(i)) {
        throw new IllegalStateException(
            "Key %d has version %d of its value, not %d"
                .formatted(records.key(i), found, records.version(i)));
      }
    }
  }

  @Override
  public void close() throws Exception {
    engine.close();
  }
}
