package io.alexstore.benchmarks.store;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/** Mean times of operations in a row. */
final class Timing {

  /** How many operands are drawn ahead; a power of two. They come round again after that. */
  private static final int DRAWN = 1 << 20;

  private static final int ROUNDS = 3;

  private Timing() {}

  /** Something that is done with a number: a key, mostly. */
  interface Operation {
    void run(long operand) throws Exception;
  }

  /** Operands that are drawn ahead, so that drawing them is not measured. */
  static long[] draw(IntToLongFunction drawing) {
    long[] drawn = new long[DRAWN];
    Arrays.setAll(drawn, drawing);
    return drawn;
  }

  /** Runs operations, a tenth of them before that; nanoseconds for each. */
  static double once(int operations, long[] operands, Operation operation) throws Exception {
    int before = operations / 10;
    int at = 0;
    for (; at < before; at++) {
      operation.run(operands[at & (DRAWN - 1)]);
    }
    return timed(at, operations, operands, operation);
  }

  /** As {@link #once} in three parts, of which the median counts. */
  static double median(int operations, long[] operands, Operation operation) throws Exception {
    int part = Math.max(1, operations / ROUNDS);
    double[] times = new double[ROUNDS];
    times[0] = once(part, operands, operation);
    for (int round = 1; round < ROUNDS; round++) {
      times[round] = timed(round * part, part, operands, operation);
    }
    Arrays.sort(times);
    return times[ROUNDS / 2];
  }

  private static double timed(int from, int operations, long[] operands, Operation operation)
      throws Exception {
    long start = System.nanoTime();
    for (int i = from; i < from + operations; i++) {
      operation.run(operands[i & (DRAWN - 1)]);
    }
    return (double) (System.nanoTime() - start) / operations;
  }
}
