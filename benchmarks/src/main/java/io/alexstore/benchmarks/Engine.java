package io.alexstore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A store of 64-bit keys and 100-byte values under measurement. Not thread-safe. */
interface Engine extends AutoCloseable {

  /**
   * Opens the engine's copy of a data set for reading, and makes it first if it is not there.
   *
   * @param name {@code alexstore}, {@code binary-search}, {@code lmdb} or {@code rocksdb}
   */
  static Engine open(String name, KeyDistribution distribution, int n, long[] keys)
      throws IOException {
    Kind kind = kind(name);
    Path directory = Data.directory(kind.folder, distribution, n);
    Path complete = directory.resolve("COMPLETE");
    if (!Files.exists(complete)) {
      deleteAll(directory);
      Files.createDirectories(directory);
      kind.loader.load(directory, keys);
      Files.createFile(complete);
    }
    return kind.opener.open(directory);
  }

  /**
   * Copies the value of a key.
   *
   * @return whether the key is there
   */
  boolean get(long key, byte[] target, int offset);

  /** Copies the values of {@code count} keys, one after another; all must be there. */
  default void getAll(long[] keys, int from, int count, byte[] target) {
    for (int i = 0; i < count; i++) {
      get(keys[from + i], target, i * Data.VALUE_SIZE);
    }
  }

  @Override
  void close();

  /** Writes a data set, ascending. */
  @FunctionalInterface
  interface Loader {
    /** Writes all keys with their values. */
    void load(Path directory, long[] keys) throws IOException;
  }

  /** Opens a data set. */
  @FunctionalInterface
  interface Opener {
    /** Opens it for reading. */
    Engine open(Path directory) throws IOException;
  }

  /** An engine: where its files stand, how it loads and opens. */
  record Kind(String folder, Loader loader, Opener opener) {}

  private static Kind kind(String name) {
    return switch (name) {
      case "alexstore" -> new Kind("alexstore", SegmentEngine::load, SegmentEngine::open);
      case "alexstore-unchecked" ->
          new Kind("alexstore", SegmentEngine::load, SegmentEngine::openUnchecked);
      case "binary-search" -> new Kind("alexstore", SegmentEngine::load, BinarySearchEngine::open);
      case "lmdb" -> new Kind("lmdb", LmdbEngine::load, LmdbEngine::open);
      case "rocksdb" -> new Kind("rocksdb", RocksDbEngine::load, RocksDbEngine::open);
      default -> throw new IllegalArgumentException("no engine is named " + name);
    };
  }

  /** Deletes a folder with all that is in it. */
  static void deleteAll(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
