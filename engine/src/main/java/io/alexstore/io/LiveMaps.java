package io.alexstore.io;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the maps that were closed but are not unmapped yet, and asks the garbage collector to run
 * when they become too many.
 *
 * <p>A map takes next to nothing of the heap, so a process that opens and closes many could use up
 * its address ranges (about 65,000 of them on Linux) or the disk under its cache files long before
 * the heap is full. The JDK does the same for direct buffers. Unmapping by force would not need
 * this, but a single reader that comes too late would then crash the process.
 *
 * <p>Thread safety: safe for any number of threads.
 */
final class LiveMaps {

  /** How many closed maps may wait for the collector: an eighth of what a process may have. */
  static final long MAX_CLOSED = 8192;

  /**
   * How many closed maps of remote files may wait for the collector: each may still have two files
   * open, of which a process often may have a few thousand.
   */
  static final long MAX_CLOSED_REMOTE = 512;

  /** How many bytes of cache files may wait for the collector. */
  static final long MAX_CLOSED_BYTES = 4L << 30;

  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicLong CLOSED = new AtomicLong();
  private static final AtomicLong CLOSED_REMOTE = new AtomicLong();
  private static final AtomicLong CLOSED_BYTES = new AtomicLong();
  private static final AtomicLong NEXT = new AtomicLong(MAX_CLOSED);
  private static final AtomicLong NEXT_REMOTE = new AtomicLong(MAX_CLOSED_REMOTE);
  private static final AtomicLong NEXT_BYTES = new AtomicLong(MAX_CLOSED_BYTES);

  private LiveMaps() {}

  /** What is known of one map; holds no reference to it. */
  static final class Entry implements Runnable {
    private boolean closed;
    private boolean unmapped;
    private boolean isRemote;
    private long bytes;

    /** The map's last reference was given back; {@code cached} bytes of disk are still taken. */
    void closed(boolean remote, long cached) {
      synchronized (this) {
        closed = true;
        isRemote = remote;
        bytes = cached;
        if (unmapped) {
          return;
        }
        CLOSED.incrementAndGet();
        CLOSED_REMOTE.addAndGet(remote ? 1 : 0);
        CLOSED_BYTES.addAndGet(cached);
      }
      collectIfMany(CLOSED, NEXT, MAX_CLOSED);
      collectIfMany(CLOSED_REMOTE, NEXT_REMOTE, MAX_CLOSED_REMOTE);
      collectIfMany(CLOSED_BYTES, NEXT_BYTES, MAX_CLOSED_BYTES);
    }

    /** The map was found unreachable. */
    @Override
    public synchronized void run() {
      unmapped = true;
      if (closed) {
        CLOSED.decrementAndGet();
        CLOSED_REMOTE.addAndGet(isRemote ? -1 : 0);
        CLOSED_BYTES.addAndGet(-bytes);
      }
    }
  }

  /** Follows a map until its buffer, and all that were made of it, cannot be reached. */
  static Entry register(ByteBuffer buffer) {
    Entry entry = new Entry();
    CLEANER.register(buffer, entry);
    return entry;
  }

  /** How many maps of this process were closed and wait for the collector. */
  static long closedMaps() {
    return CLOSED.get();
  }

  private static void collectIfMany(AtomicLong count, AtomicLong next, long limit) {
    long now = count.get();
    long threshold = next.get();
    if (now < limit / 2) {
      // Collected meanwhile: the next time counts from the start again.
      next.compareAndSet(threshold, limit);
    } else if (now >= threshold && next.compareAndSet(threshold, Math.max(limit, now) * 2)) {
      // If somebody holds on to them all, a collection at each close would help nobody: hence the
      // doubling.
      System.gc();
    }
  }
}
