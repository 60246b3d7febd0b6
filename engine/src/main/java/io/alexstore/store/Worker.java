package io.alexstore.store;

import java.util.concurrent.TimeUnit;

/**
 * A thread of the store's that sleeps until it is woken or its time has come, and ends when it is
 * told to.
 *
 * <p>Thread safety: safe for any number of threads, except {@link #await}, which is for the thread
 * itself.
 */
final class Worker {

  private final Thread thread;
  private final Object monitor = new Object();
  // Both guarded by monitor.
  private boolean woken;
  private boolean stopped;

  /**
   * @param loop what the thread runs: it goes on for as long as {@link #await} says so
   */
  Worker(String name, Runnable loop) {
    thread = new Thread(loop, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Says that there may be something to do. */
  void wake() {
    synchronized (monitor) {
      woken = true;
      monitor.notifyAll();
    }
  }

  /** Says that the thread is to end, and does not wait for it. */
  void requestStop() {
    synchronized (monitor) {
      stopped = true;
      monitor.notifyAll();
    }
  }

  boolean isStopped() {
    synchronized (monitor) {
      return stopped;
    }
  }

  /** Ends the thread and waits for it; does not wait for one that was never started. */
  void stop() {
    requestStop();
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

  /**
   * Sleeps until the thread was woken since the last call, or for a time.
   *
   * @param nanos the longest time; {@link Long#MAX_VALUE} for no bound
   * @return false if the thread is to end
   */
  boolean await(long nanos) {
    boolean isBounded = nanos != Long.MAX_VALUE;
    long end = System.nanoTime() + (isBounded ? nanos : 0);
    synchronized (monitor) {
      while (!woken && !stopped) {
        long left = isBounded ? end - System.nanoTime() : 0;
        if (isBounded && left <= 0) {
          break;
        }
        try {
          // A wait of 0 has no end.
          monitor.wait(isBounded ? TimeUnit.NANOSECONDS.toMillis(left) + 1 : 0);
        } catch (InterruptedException e) {
          // Nobody has this thread to interrupt it; it ends by stop().
        }
      }
      woken = false;
      return !stopped;
    }
  }
}
