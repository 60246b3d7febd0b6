package io.alexstore.segment.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.alexstore.schema.ListType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StringType;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** Getters allocate nothing. */
class ChunkAllocationTest {

  private static final int N = 1000;
  private long sink;

  private void check(ChunkView view, ToLongFunction<ChunkView> reader) {
    assertThat(view.count()).isEqualTo(N);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    sink += reader.applyAsLong(view);
    long before = threads.getThreadAllocatedBytes(thread);
    for (int round = 0; round < 20; round++) {
      sink += reader.applyAsLong(view);
    }
    long allocated = threads.getThreadAllocatedBytes(thread) - before;
    // The measuring itself takes a few bytes; a byte for each value would be 20,000.
    assertThat(allocated).isLessThan(2000);
  }

  private static Object[] values(IntFunction<Object> value) {
    Object[] values = new Object[N];
    Arrays.setAll(values, value);
    return values;
  }

  private static long sumLongs(ChunkView view) {
    long sum = 0;
    for (int i = 0; i < N; i++) {
      sum += view.isNull(i) ? 1 : view.getLong(i);
    }
    return sum;
  }

  private static long sumRanges(ChunkView view) {
    long sum = 0;
    for (int i = 0; i < N; i++) {
      sum += view.bytesRange(i);
    }
    return sum;
  }

  @Test
  void gettersAllocateNothing() {
    SplittableRandom random = new SplittableRandom(3);
    check(
        ChunkFiles.view(ScalarType.LONG, values(i -> random.nextLong())),
        ChunkAllocationTest::sumLongs);
    check(
        ChunkFiles.view(ScalarType.LONG, values(i -> i % 5 == 0 ? null : (Object) (long) i)),
        ChunkAllocationTest::sumLongs);
    check(
        ChunkFiles.view(ScalarType.LONG, values(i -> (i % 5) * 0x123456789abcdefL)),
        ChunkAllocationTest::sumLongs);
    check(
        ChunkFiles.view(StringType.BINARY_ORDER, values(i -> new byte[i % 17])),
        ChunkAllocationTest::sumRanges);
    check(
        ChunkFiles.view(
            StringType.BINARY_ORDER, values(i -> ("v" + i).getBytes(StandardCharsets.US_ASCII))),
        ChunkAllocationTest::sumRanges);
    check(
        ChunkFiles.view(
            new ListType(2, ScalarType.INT, true),
            values(i -> new ModelValues(new Object[] {1L, (long) i}))),
        view -> {
          long sum = 0;
          for (int i = 0; i < N; i++) {
            for (int e = view.elementStart(i); e < view.elementEnd(i); e++) {
              sum += view.child(0).getLong(e);
            }
          }
          return sum;
        });
    assertThat(sink).isNotZero();
  }
}
