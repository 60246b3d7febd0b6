package io.alexstore.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lookup allocates its result and nothing else. */
class StoreAllocationTest {

  private static final int N = 10_000;
  private static final int LENGTH = 24;

  /** An array of 24 bytes, with its header. */
  private static final int RESULT = 40;

  @TempDir Path directory;

  private long sink;

  private void check(AlexStore store, long absent) {
    for (int i = 0; i < 3; i++) {
      lookUp(store, 0);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    lookUp(store, 0);
    long present = threads.getThreadAllocatedBytes(thread) - before;
    // What the measuring itself takes is far below a byte for each lookup.
    assertThat(present).isBetween((long) N * RESULT, (long) N * RESULT + 5000);
    before = threads.getThreadAllocatedBytes(thread);
    lookUp(store, absent);
    assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(5000);
  }

  private void lookUp(AlexStore store, long from) {
    for (long key = from; key < from + N; key++) {
      byte[] value = store.get(key);
      sink += value == null ? 1 : value.length;
    }
  }

  @Test
  void aLookupAllocatesItsResultOnly() throws IOException {
    try (AlexStore store = AlexStore.open(directory)) {
      for (long key = 0; key < N; key++) {
        store.put(key, new byte[LENGTH]);
      }
      check(store, N);
      store.flush();
      check(store, N);
    }
    assertThat(sink).isPositive();
  }
}
