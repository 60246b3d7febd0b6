package io.alexstore.store;

import io.alexstore.commit.DeletionVectors;
import io.alexstore.error.CommitConflictException;
import io.alexstore.maintain.Compaction;
import io.alexstore.maintain.SnapshotExpiry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * What a store does beside its users: seals memtables, the oldest first, merges segments, and gives
 * old versions up. All on one thread, one commit after another. While segments are merged, what
 * waits to be sealed goes first.
 *
 * <p>Without a thread of its own (in tests that count every step) whoever waits does the work.
 *
 * <p>Thread safety: {@link #wake}, {@link #await} and {@link #stop} are safe for any number of
 * threads.
 */
final class Maintenance {

  /** Thrown through a compaction to end it. */
  private static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("The store is being closed", null, false, false);
    }
  }

  /** What somebody waits for. */
  @FunctionalInterface
  interface Condition {
    boolean holds();
  }

  /** Versions are given up after so many commits. */
  private static final int EXPIRE_EVERY = 16;

  /** After so long without a seal nobody counts as writing. */
  private static final long IDLE_NANOS = 5_000_000_000L;

  private static final long RETRY_NANOS = 200_000_000L;

  private final StoreTable table;
  private final StoreOptions options;
  private final AtomicReference<StoreView> view;
  private final WriteAheadLog log;
  private final DeletionVectors vectors;
  private final Sealer sealer;
  private final boolean hasThread;
  private final Worker worker = new Worker("alexstore-maintenance", this::run);

  private final Object monitor = new Object();
  // All guarded by monitor.
  private boolean compactAll;
  private Exception failure;

  // Of the thread that works.
  private int commits;
  private boolean hasExpired;
  private long lastSeal = System.nanoTime();
  private long sealedBytes;
  private long compactedBytes;

  /**
   * @param hasThread whether to work on a thread of its own, from {@link #start} on
   */
  Maintenance(
      StoreTable table,
      StoreOptions options,
      AtomicReference<StoreView> view,
      WriteAheadLog log,
      DeletionVectors vectors,
      boolean hasThread) {
    this.table = table;
    this.options = options;
    this.view = view;
    this.log = log;
    this.vectors = vectors;
    this.sealer = new Sealer(table, options.segments(), vectors);
    this.hasThread = hasThread;
  }

  void start() {
    if (hasThread) {
      worker.start();
    }
  }

  /** Says that there may be something to do. */
  void wake() {
    worker.wake();
  }

  /** Asks for all segments to be merged. */
  void compactAll() {
    synchronized (monitor) {
      compactAll = true;
    }
    wake();
  }

  boolean isCompactAllPending() {
    synchronized (monitor) {
      return compactAll;
    }
  }

  /** What the last attempt to do something ended with; null if it was done. */
  Exception failure() {
    synchronized (monitor) {
      return failure;
    }
  }

  /** Bytes of segments that seals wrote. */
  long sealedBytes() {
    return sealedBytes;
  }

  /** Bytes of segments that compactions wrote. */
  long compactedBytes() {
    return compactedBytes;
  }

  /**
   * Waits until something holds.
   *
   * @throws IOException if what must be done for it fails
   */
  void await(Condition condition) throws IOException {
    if (!hasThread) {
      while (!condition.holds()) {
        step();
      }
      return;
    }
    boolean interrupted = false;
    synchronized (monitor) {
      failure = null; // An earlier one, after which things may have got better.
      worker.wake();
      while (!condition.holds() && failure == null && !worker.isStopped()) {
        try {
          monitor.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (!condition.holds()) {
        throw new IOException(
            "The store at "
                + table.path()
                + " cannot bring what was written into segments: "
                + (failure == null ? "it is being closed" : failure.getMessage())
                + ". All of it is in the store's log. If the disk is full, free some space.",
            failure);
      }
    }
  }

  /** Ends the thread, after what it is about to commit. What is not done stays undone. */
  void stop() {
    requestStop();
    worker.stop();
  }

  private void requestStop() {
    worker.requestStop();
    synchronized (monitor) {
      monitor.notifyAll(); // Who waits for work that will not be done.
    }
  }

  private void run() {
    while (worker.await(IDLE_NANOS)) {
      try {
        while (!worker.isStopped() && step()) {
          done(null);
        }
        done(null);
      } catch (StoppedException e) {
        return;
      } catch (IOException | RuntimeException e) {
        done(e);
        LockSupport.parkNanos(RETRY_NANOS);
        wake();
      } catch (Error e) {
        requestStop(); // Nobody may wait for this thread any more.
        done(new IOException("The store's maintenance ended: " + e, e));
        throw e;
      }
    }
  }

  private void done(Exception outcome) {
    synchronized (monitor) {
      failure = outcome;
      monitor.notifyAll();
    }
  }

  // --- the work ---

  /**
   * Does the most urgent thing.
   *
   * @return whether there was something to do
   */
  boolean step() throws IOException {
    return sealOldest() || makeFilters() || compact() || expire();
  }

  /** Makes the filters of segments that were there when the store was opened. */
  private boolean makeFilters() throws IOException {
    StoreSegments now = view.get().segments();
    if (!now.lacksFilters()) {
      return false;
    }
    StoreSegments filtered = now.withFilters(table.form(), vectors);
    view.updateAndGet(v -> v.with(filtered, null));
    return true;
  }

  /** Seals what waits; false if nothing does. */
  private boolean sealOldest() throws IOException {
    StoreView before = view.get();
    List<Memtable> memtables = before.memtables();
    if (memtables.size() == 1) {
      return false;
    }
    Memtable oldest = memtables.get(memtables.size() - 1);
    StoreSegments sealed = sealer.seal(oldest, before.segments(), () -> {});
    view.updateAndGet(v -> v.with(sealed, oldest));
    sealedBytes += addedBytes(before.segments(), sealed);
    commits++;
    lastSeal = System.nanoTime();
    synchronized (monitor) {
      monitor.notifyAll();
    }
    try {
      log.release(oldest.chunks(), oldest.retire());
    } catch (IOException e) {
      // The records are in segments; recovery passes over what is left of these chunks.
    }
    return true;
  }

  private static long addedBytes(StoreSegments before, StoreSegments after) {
    long[] bytes = {0};
    after.snapshot().forEachMissingIn(before.snapshot(), segment -> bytes[0] += segment.bytes());
    return bytes[0];
  }

  private boolean compact() throws IOException {
    StoreSegments before = view.get().segments();
    boolean all = isCompactAllPending();
    Set<UUID> chosen =
        all
            ? CompactionChoice.all(before.snapshot())
            : CompactionChoice.of(
                before.snapshot(), options.maxLevels(), options.segments().targetSegmentSize());
    if (chosen.isEmpty() && !all && isIdle()) {
      chosen = CompactionChoice.whenIdle(before.snapshot());
    }
    if (chosen.isEmpty()) {
      if (all) {
        synchronized (monitor) {
          compactAll = false;
          monitor.notifyAll();
        }
      }
      return all;
    }
    Compaction.Result result =
        Compaction.of(table.files(), table.path())
            .from(before.snapshot())
            .options(options.segments())
            .segments(chosen)
            .committer(table.committer())
            .onProgress(this::sealMeanwhile)
            .run();
    StoreSegments now = view.get().segments();
    StoreSegments merged =
        now.goTo(table.files(), result.snapshot(), table.form(), vectors, Map.of());
    view.updateAndGet(v -> v.with(merged, null));
    vectors.keepOnly(merged.snapshot());
    compactedBytes += result.bytes();
    commits++;
    return true;
  }

  private boolean isIdle() {
    return hasThread && System.nanoTime() - lastSeal >= IDLE_NANOS;
  }

  private void sealMeanwhile() {
    if (worker.isStopped()) {
      throw new StoppedException();
    }
    try {
      while (sealOldest()) {
        done(null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives versions up that nobody needs to read any more, now and then. */
  private boolean expire() throws IOException {
    if (commits < EXPIRE_EVERY) {
      return false;
    }
    commits = 0;
    try {
      SnapshotExpiry expiry =
          SnapshotExpiry.of(table.files(), table.path())
              .olderThan(System.currentTimeMillis() - options.retentionMs())
              .committer(table.committer());
      if (hasExpired) {
        expiry.goingOn(view.get().segments().snapshot()); // Else each reads the whole log.
      }
      hasExpired = false;
      expiry.run();
      hasExpired = true;
    } catch (CommitConflictException e) {
      return false; // The next time will do.
    }
    StoreSegments now = view.get().segments();
    StoreSegments newest =
        now.goTo(
            table.files(), table.log().refresh(now.snapshot()), table.form(), vectors, Map.of());
    view.updateAndGet(v -> v.with(newest, null));
    return true;
  }
}
