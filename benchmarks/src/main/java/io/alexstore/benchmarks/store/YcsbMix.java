package io.alexstore.benchmarks.store;

import java.util.SplittableRandom;

/**
 * The core workloads of YCSB (Cooper et al., Benchmarking Cloud Serving Systems with YCSB, SoCC
 * 2010), in the order in which they are to be run: those that add rows come last.
 */
enum YcsbMix {
  A(50, Operation.UPDATE),
  B(95, Operation.UPDATE),
  C(100, Operation.READ),
  F(50, Operation.READ_MODIFY_WRITE),
  D(95, Operation.INSERT),
  E(0, Operation.INSERT);

  /** What is done with a row. */
  enum Operation {
    READ,
    UPDATE,
    INSERT,
    SCAN,
    READ_MODIFY_WRITE
  }

  private static final int SCANS_OF_E = 95;

  private final int reads;
  private final Operation other;

  YcsbMix(int reads, Operation other) {
    this.reads = reads;
    this.other = other;
  }

  /** The next operation. */
  Operation next(SplittableRandom random) {
    int drawn = random.nextInt(100);
    if (this == E) {
      return drawn < SCANS_OF_E ? Operation.SCAN : other;
    }
    return drawn < reads ? Operation.READ : other;
  }

  /** Whether what was added last is asked for the most; for the others some rows, anywhere. */
  boolean asksForTheLatest() {
    return this == D;
  }
}
