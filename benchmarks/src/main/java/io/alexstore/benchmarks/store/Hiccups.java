package io.alexstore.benchmarks.store;

import java.util.concurrent.locks.LockSupport;

/**
 * A thread that does nothing but look at the clock, and so measures by how much the machine itself
 * holds threads up: what a store's tails are to be compared with.
 */
final class Hiccups implements AutoCloseable {

  private static final long PAUSE_NANOS = 100_000;

  private final Latencies late = new Latencies();
  private final Thread thread = new Thread(this::run, "hiccups");
  private volatile boolean stopped;

  Hiccups() {
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!stopped) {
      long start = System.nanoTime();
      LockSupport.parkNanos(PAUSE_NANOS);
      late.add(System.nanoTime() - start - PAUSE_NANOS);
    }
  }

  /** Ends it, and gives by how much it was late. */
  Latencies stop() throws InterruptedException {
    stopped = true;
    thread.join();
    return late;
  }

  @Override
  public void close() {
    stopped = true;
  }
}
