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
  private final Thread thread;
  private final Object monitor = new Object();
  // Both guarded by monitor.
  private boolean woken = true;
  private boolean stopped;

  /**
   * @param intervalMs of syncs; 0 for none
   */
  LogKeeper(WriteAheadLog log, long intervalMs) {
    this.log = log;
    this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMs);
    this.thread = new Thread(this::run, "alexstore-log");
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Says that a chunk was taken. */
  void wake() {
    synchronized (monitor) {
      woken = true;
      monitor.notifyAll();
    }
  }

  void stop() {
    synchronized (monitor) {
      stopped = true;
      monitor.notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long next = System.nanoTime() + intervalNanos;
    while (await(next)) {
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

  /** Waits until there is something to do; false if that is the end. */
  private boolean await(long next) {
    synchronized (monitor) {
      while (!woken && !stopped) {
        long left = intervalNanos == 0 ? 0 : next - System.nanoTime();
        if (intervalNanos > 0 && left <= 0) {
          break;
        }
        try {
          // A wait of 0 would have no end, which is what is wanted without an interval only.
          monitor.wait(intervalNanos == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1);
        } catch (InterruptedException e) {
          // Nobody has this thread to interrupt it; it ends by stop().
        }
      }
      woken = false;
      return !stopped;
    }
  }
}
