package io.alexstore.store;

import io.alexstore.key.KeyForm;
import io.alexstore.segment.SegmentOptions;
import java.util.Objects;

/**
 * How a store is opened. Immutable; start with {@link #defaults}.
 *
 * @param keys whether keys are 64-bit integers or bytes; a store has the one or the other for good
 * @param syncMode when writes become durable
 * @param syncIntervalMs the interval of {@link SyncMode#INTERVAL}, in milliseconds, at least 1
 * @param memoryBudget about how many bytes the writes take that no segment has yet, with their
 *     index: the log's chunks, which the system may drop from memory once they are on the disk, and
 *     heap for the index, which is about a fourth of it for values of 100 bytes. At least 256 KiB.
 *     A fourth of it is sealed at a time. Beside it an eighth of it at most goes to filters, 10
 *     bits for each key in segments, which spare lookups those without their key
 * @param maxLevels how many segments may overlap before compaction begins, at least 1: a lookup
 *     looks into so many at worst
 * @param retentionMs for how long versions that were replaced stay readable by other processes, in
 *     milliseconds, at least 0
 * @param segments how segments are written
 */
public record StoreOptions(
    KeyForm keys,
    SyncMode syncMode,
    long syncIntervalMs,
    long memoryBudget,
    int maxLevels,
    long retentionMs,
    SegmentOptions segments) {

  private static final long MIN_BUDGET = 256 << 10;

  /** Checks the ranges. */
  public StoreOptions {
    Objects.requireNonNull(keys, "keys");
    Objects.requireNonNull(syncMode, "syncMode");
    Objects.requireNonNull(segments, "segments");
    check("syncIntervalMs", syncIntervalMs, 1);
    check("memoryBudget", memoryBudget, MIN_BUDGET);
    check("maxLevels", maxLevels, 1);
    check("retentionMs", retentionMs, 0);
  }

  private static void check(String name, long value, long min) {
    if (value < min) {
      throw new IllegalArgumentException(name + " must be at least " + min + ", not " + value);
    }
  }

  /**
   * 64-bit keys, durable on sync, 512 MiB of memory, at most 4 overlapping segments, versions kept
   * for 10 minutes.
   */
  public static StoreOptions defaults() {
    return new StoreOptions(
        KeyForm.LONG,
        SyncMode.ON_SYNC,
        1000,
        512L << 20,
        4,
        600_000,
        // Values are opaque bytes here: nobody plans by how many of them are equal.
        SegmentOptions.defaults().withStatistics(false));
  }

  /** These options for keys of bytes, which are ordered as unsigned bytes. */
  public StoreOptions withBytesKeys() {
    return new StoreOptions(
        KeyForm.BYTES, syncMode, syncIntervalMs, memoryBudget, maxLevels, retentionMs, segments);
  }

  /** These options with another time of durability. */
  public StoreOptions withSync(SyncMode mode) {
    return new StoreOptions(
        keys, mode, syncIntervalMs, memoryBudget, maxLevels, retentionMs, segments);
  }

  /** These options with a sync in an interval. */
  public StoreOptions withSyncInterval(long milliseconds) {
    return new StoreOptions(
        keys, SyncMode.INTERVAL, milliseconds, memoryBudget, maxLevels, retentionMs, segments);
  }

  /** These options with another {@link #memoryBudget}. */
  public StoreOptions withMemoryBudget(long bytes) {
    return new StoreOptions(
        keys, syncMode, syncIntervalMs, bytes, maxLevels, retentionMs, segments);
  }

  /** These options with another {@link #maxLevels}. */
  public StoreOptions withMaxLevels(int levels) {
    return new StoreOptions(
        keys, syncMode, syncIntervalMs, memoryBudget, levels, retentionMs, segments);
  }

  /** These options with another {@link #retentionMs}. */
  public StoreOptions withRetention(long milliseconds) {
    return new StoreOptions(
        keys, syncMode, syncIntervalMs, memoryBudget, maxLevels, milliseconds, segments);
  }

  /** These options with other options of segments. */
  public StoreOptions withSegments(SegmentOptions options) {
    return new StoreOptions(
        keys, syncMode, syncIntervalMs, memoryBudget, maxLevels, retentionMs, options);
  }
}
