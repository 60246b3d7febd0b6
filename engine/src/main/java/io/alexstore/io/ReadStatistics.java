package io.alexstore.io;

import java.util.concurrent.atomic.LongAdder;

/**
 * What was read from a store by ranges: the cost of lookups on a remote file system.
 *
 * <p>Thread safety: safe for any number of threads. While others count, the two figures need not be
 * of the same moment.
 */
public final class ReadStatistics {

  private final LongAdder reads = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();

  /** Counts one read, of a number of bytes. */
  public void count(long bytes) {
    reads.increment();
    bytesRead.add(bytes);
  }

  /** The number of ranged reads. */
  public long reads() {
    return reads.sum();
  }

  /** The bytes that they brought. */
  public long bytesRead() {
    return bytesRead.sum();
  }
}
