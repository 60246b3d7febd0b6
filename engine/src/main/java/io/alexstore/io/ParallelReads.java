package io.alexstore.io;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Runs reads of remote files at the same time, since each of them mostly waits.
 *
 * <p>The caller works too, and whatever no other thread has begun it does itself: so a call always
 * ends, also where all threads are taken, and calls may nest.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class ParallelReads {

  /** How many reads of this process are under way at the same time, besides those of callers. */
  public static final int THREADS = 16;

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private static final ThreadPoolExecutor POOL = pool();

  private ParallelReads() {}

  private static ThreadPoolExecutor pool() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              String name = "alexstore-read-" + NUMBER.incrementAndGet();
              // Without what the thread that happens to ask first would hand down.
              Thread thread = new Thread(null, work, name, 0, false);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** One call: what is left to do of it. */
  private static final class Call implements Runnable {
    private final int count;
    private final IntConsumer read;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch left;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Call(int count, IntConsumer read) {
      this.count = count;
      this.read = read;
      this.left = new CountDownLatch(count);
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        try {
          // After a failure the rest would be read for nothing.
          if (failure.get() == null) {
            read.accept(i);
          }
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          left.countDown();
        }
      }
    }
  }

  /**
   * Runs {@code count} reads, in no order, and returns when all of them are done.
   *
   * @param read does the read of a number from 0 to {@code count - 1}; on any thread
   * @throws RuntimeException what a read threw, of several one; the others may not have run
   */
  public static void forEach(int count, IntConsumer read) {
    if (count <= 1) {
      if (count == 1) {
        read.accept(0);
      }
      return;
    }
    Call call = new Call(count, read);
    for (int i = 1; i < Math.min(count, THREADS); i++) {
      POOL.execute(call);
    }
    call.run();
    await(call.left);
    Throwable failure = call.failure.get();
    if (failure instanceof Error error) {
      throw error;
    } else if (failure != null) {
      throw (RuntimeException) failure;
    }
  }

  /** An interrupt does not end the reads of others, which write to memory that the caller has. */
  private static void await(CountDownLatch left) {
    boolean interrupted = false;
    while (true) {
      try {
        left.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
