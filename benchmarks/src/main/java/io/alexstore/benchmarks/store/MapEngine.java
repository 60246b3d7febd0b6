package io.alexstore.benchmarks.store;

import java.nio.file.Path;
import java.util.List;

/**
 * A durable map of 64-bit keys under measurement, without a sync for each write: what was put
 * outlives the process, not the machine. One thread, but for {@link #reader}.
 */
interface MapEngine extends AutoCloseable {

  /** All of them, ours first. */
  List<String> NAMES =
      List.of("alexstore", "alex-rocksdb", "lmdb", "rocksdb", "rocksdb-default", "sqlite");

  /** Looks keys up beside a writer. One thread. */
  interface Reader extends AutoCloseable {

    /**
     * Copies the value of a key as of the last write that returned.
     *
     * @return whether the key is there
     */
    boolean get(long key, byte[] target) throws Exception;

    @Override
    void close() throws Exception;
  }

  /**
   * Opens an engine in a directory, which is empty or has what the engine left there.
   *
   * @param spec says which engine, and for how much data
   */
  static MapEngine open(Spec spec, Path directory) throws Exception {
    return switch (spec.engine()) {
      case "alexstore" -> new AlexStoreMap(directory, spec);
      case "alex-rocksdb" -> new AlexRocksMap(directory, spec.dataBytes());
      case "lmdb" -> new LmdbMap(directory, spec.dataBytes());
      case "rocksdb" -> RocksDbMap.tuned(directory, spec.dataBytes());
      case "rocksdb-default" -> RocksDbMap.byDefault(directory);
      case "sqlite" -> new SqliteMap(directory, spec.dataBytes());
      default ->
          throw new IllegalArgumentException(
              "No engine is named " + spec.engine() + "; there are " + String.join(", ", NAMES));
    };
  }

  /** Writes a row as part of a bulk load, whose rows may share transactions. */
  default void load(long key, byte[] value) throws Exception {
    put(key, value);
  }

  /** As {@link #load}, where each key is greater than all before. */
  default void loadAscending(long key, byte[] value) throws Exception {
    load(key, value);
  }

  /** Ends a bulk load: its rows can be read, and outlive the process. */
  default void endLoad() throws Exception {}

  /** Writes a row by itself: it can be read, and outlives the process. */
  void put(long key, byte[] value) throws Exception;

  /**
   * Copies the value of a key.
   *
   * @return whether the key is there
   */
  boolean get(long key, byte[] target) throws Exception;

  /**
   * Reads rows in the order of their keys, from a key on.
   *
   * @param count how many at most
   * @param target takes each value
   * @return the sum of the keys that were read
   */
  long range(long from, int count, byte[] target) throws Exception;

  /** For one other thread; to be closed before the engine. */
  Reader reader() throws Exception;

  /** Brings the data into the form that is the fastest to read. */
  void compact() throws Exception;

  /** Bytes of files that hold what is there now; negative where all files do. */
  default long liveFileBytes() {
    return -1;
  }

  /** What is worth knowing besides, for people. */
  default String describe() {
    return "";
  }

  @Override
  void close() throws Exception;
}
