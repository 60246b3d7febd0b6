package io.alexstore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelReadsTest {

  @Test
  void eachRunsOnce() {
    for (int count : new int[] {0, 1, 2, 16, 1000}) {
      AtomicIntegerArray runs = new AtomicIntegerArray(count);
      ParallelReads.forEach(count, runs::incrementAndGet);
      for (int i = 0; i < count; i++) {
        assertThat(runs.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void theyRunAtTheSameTime() {
    CountDownLatch all = new CountDownLatch(8);
    AtomicInteger met = new AtomicInteger();
    ParallelReads.forEach(
        8,
        i -> {
          all.countDown();
          try {
            met.addAndGet(all.await(30, TimeUnit.SECONDS) ? 1 : 0);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThat(met).hasValue(8);
  }

  @Test
  void callsNestWhenAllThreadsAreTaken() {
    AtomicInteger runs = new AtomicInteger();
    ParallelReads.forEach(
        100, i -> ParallelReads.forEach(10, j -> ParallelReads.forEach(3, k -> runs.addAndGet(1))));
    assertThat(runs).hasValue(3000);
  }

  @Test
  void aFailureIsThrownWhenAllHaveEnded() {
    AtomicInteger underWay = new AtomicInteger();
    assertThatThrownBy(
            () ->
                ParallelReads.forEach(
                    50,
                    i -> {
                      underWay.incrementAndGet();
                      try {
                        if (i == 20) {
                          throw new IllegalStateException("number 20");
                        }
                        Thread.onSpinWait();
                      } finally {
                        underWay.decrementAndGet();
                      }
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("number 20");
    assertThat(underWay).hasValue(0);
  }

  @Test
  void anInterruptIsKeptForLater() {
    Thread.currentThread().interrupt();
    AtomicInteger runs = new AtomicInteger();
    ParallelReads.forEach(100, i -> runs.incrementAndGet());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(runs).hasValue(100);
  }
}
