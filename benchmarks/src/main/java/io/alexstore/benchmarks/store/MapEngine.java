package io.alexstore.benchmarks.store;

import java.nio.file.Path;

/** A durable map of 64-bit keys under measurement, without a sync for each write. One thread. */
interface MapEngine extends AutoCloseable {

  /** Opens an engine in an empty directory. */
  static MapEngine open(String name, Path directory, long dataBytes) throws Exception {
    return switch (name) {
      case "alexstore" -> new AlexStoreMap(directory);
      case "lmdb" -> new LmdbMap(directory, dataBytes);
      case "rocksdb" -> RocksDbMap.tuned(directory, dataBytes);
      case "rocksdb-default" -> RocksDbMap.byDefault(directory);
      case "sqlite" -> new SqliteMap(directory, dataBytes);
      default -> throw new IllegalArgumentException("no engine is named " + name);
    };
  }

  /** Writes a row as part of a bulk load, whose rows may share transactions. */
  default void load(long key, byte[] value) throws Exception {
    put(key, value);
  }

  /** Ends a bulk load: its rows can be read, and outlive the process. */
  void endLoad() throws Exception;

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

  /** Brings the data into the form that is the fastest to read. */
  default void compact() throws Exception {}

  /** What is worth knowing besides, for people. */
  default String describe() {
    return "";
  }

  @Override
  void close() throws Exception;
}
