package io.alexstore.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts what many threads do at once, without an atomic operation, which would keep the processor
 * from beginning one lookup before the last has ended. Each thread counts in a cell that it seldom
 * shares; where it does, a few counts may be lost. Thread-safe.
 */
final class LookupCounter {

  private static final int CELLS = 64;

  /** So that no two cells are in one cache line. */
  private static final int STRIDE = 16;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] cells = new long[(CELLS + 1) * STRIDE];

  void add(long count) {
    int at = STRIDE + (int) (Thread.currentThread().getId() & (CELLS - 1)) * STRIDE;
    CELL.setOpaque(cells, at, (long) CELL.getOpaque(cells, at) + count);
  }

  long sum() {
    long sum = 0;
    for (int at = STRIDE; at < cells.length; at += STRIDE) {
      sum += (long) CELL.getOpaque(cells, at);
    }
    return sum;
  }
}
