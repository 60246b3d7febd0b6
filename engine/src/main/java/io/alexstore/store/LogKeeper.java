package io.alexstore.store;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Does for the log, on a thread of its own, what a writer should not wait for: makes the next
 * chunk, and syncs in an interval. Thread-safe.
 */
final class LogKeeper {

  private final WriteAheadLog log;
  private final long intervalNanos;
  private final Worker worker = new Worker("alexstore-log", this::run);

  /**
   * @param intervalMs of syncs; 0 for none
   */
  LogKeeper(WriteAheadLog log, long intervalMs) {
    this.log = log;
    this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMs);
  }

  void start() {
    worker.start();
    worker.wake();
  }

  /** Says that a chunk was taken. */
  void wake() {
    worker.wake();
  }

  void stop() {
    worker.stop();
  }

  private void run() {
    long next = System.nanoTime() + intervalNanos;
    while (worker.await(intervalNanos == 0 ? Long.MAX_VALUE : next - System.nanoTime())) {
      try {
        log.prepareSpare();
      } catch (IOException e) {
        // The writer that needs the chunk tries itself, and tells its user.
      }
      if (intervalNanos > 0 && System.nanoTime() - next >= 0) {
        try {
          log.sync(log.written());
        } catch (IOException e) {
          // The log takes no more writes, and says why.
        }
        next = System.nanoTime() + intervalNanos;
      }
    }
  }
}
