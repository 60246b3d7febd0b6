package io.alexstore.store;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Slows writers down, each by little, when sealing does not keep up: from the second memtable that
 * waits on, they share a rate that halves with each more. When as many wait as may, they stand
 * until one is sealed. Thread-safe.
 */
final class Throttle {

  /** From so many waiting memtables on, writers are slowed down. */
  private static final int SLOW_FROM = 2;

  /** The rate that writers share then; about what one thread can seal. */
  private static final long NANOS_PER_KIB = 8_000;

  /** Waits are at least so long, since shorter ones cannot be kept; and at most twice that. */
  private static final long PAUSE_NANOS = 1_000_000;

  private final Maintenance maintenance;
  private final AtomicReference<StoreView> view;
  private final int maxWaiting;
  private final AtomicLong debt = new AtomicLong();

  Throttle(Maintenance maintenance, AtomicReference<StoreView> view, int maxWaiting) {
    this.maintenance = maintenance;
    this.view = view;
    this.maxWaiting = maxWaiting;
  }

  private int waiting() {
    return view.get().waiting();
  }

  /**
   * Waits before a write, if it must. No lock is held.
   *
   * @throws IOException if nothing can be sealed, so that the wait would have no end
   */
  void before(long bytes) throws IOException {
    int waiting = waiting();
    if (waiting < SLOW_FROM) {
      return;
    }
    if (waiting >= maxWaiting) {
      maintenance.await(() -> waiting() < maxWaiting);
      return;
    }
    long cost = ((bytes * NANOS_PER_KIB) >>> 10) << (waiting - SLOW_FROM);
    if (debt.addAndGet(cost) >= PAUSE_NANOS) {
      debt.addAndGet(-PAUSE_NANOS);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
