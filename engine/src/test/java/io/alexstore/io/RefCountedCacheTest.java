package io.alexstore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.testkit.RandomizedTest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RefCountedCacheTest {

  /** A thing that knows whether it was closed, and that it may be closed once. */
  private static final class Thing {
    final int key;
    final AtomicBoolean closed = new AtomicBoolean();

    Thing(int key) {
      this.key = key;
    }

    void close() {
      if (!closed.compareAndSet(false, true)) {
        throw new IllegalStateException(key + " was closed twice");
      }
    }
  }

  private final List<Integer> opened = Collections.synchronizedList(new ArrayList<>());

  private Thing open(int key) {
    opened.add(key);
    return new Thing(key);
  }

  private static RefCountedCache<Integer, Thing> cache(int count, long weight) {
    return new RefCountedCache<>(count, weight, thing -> thing.key, Thing::close);
  }

  private Thing touch(RefCountedCache<Integer, Thing> cache, int key) throws IOException {
    try (Lease<Thing> lease = cache.acquire(key, this::open)) {
      return lease.value();
    }
  }

  @Test
  void theLeastRecentlyUsedIdleOneGoes() throws IOException {
    var cache = cache(2, 100);
    Thing one = touch(cache, 1);
    Thing two = touch(cache, 2);
    assertThat(touch(cache, 1)).isSameAs(one);
    touch(cache, 3);
    assertThat(two.closed).isTrue();
    assertThat(one.closed).isFalse();
    assertThat(opened).containsExactly(1, 2, 3);
    assertThat(cache.size()).isEqualTo(2);
    assertThat(cache.weight()).isEqualTo(4);
  }

  @Test
  void weightBoundsToo() throws IOException {
    var cache = cache(100, 50);
    Thing thirty = touch(cache, 30);
    touch(cache, 20);
    assertThat(thirty.closed).isFalse();
    touch(cache, 1);
    assertThat(thirty.closed).isTrue();
    Thing heavy = touch(cache, 51);
    // Too heavy to be kept at all.
    assertThat(heavy.closed).isTrue();
    assertThat(cache.size()).isZero();
    assertThat(cache.weight()).isZero();
  }

  @Test
  void whatIsInUseStays() throws IOException {
    var cache = cache(1, 100);
    Lease<Thing> lease = cache.acquire(1, this::open);
    Lease<Thing> again = cache.acquire(1, this::open);
    assertThat(touch(cache, 2).closed).isTrue();
    lease.close();
    lease.close();
    assertThat(touch(cache, 3).closed).isTrue();
    assertThat(again.value().closed).isFalse();
    again.close();
    assertThat(again.value().closed).isFalse();
    touch(cache, 4);
    assertThat(again.value().closed).isTrue();
  }

  @Test
  void onlyAnIdleOneIsClosedOnDemand() throws IOException {
    var cache = cache(10, 100);
    Thing idle = touch(cache, 1);
    Lease<Thing> lease = cache.acquire(2, this::open);
    cache.closeIdle(1);
    cache.closeIdle(2);
    cache.closeIdle(3);
    assertThat(idle.closed).isTrue();
    assertThat(cache.weight()).isEqualTo(2);
    assertThat(lease.value().closed).isFalse();
    assertThat(touch(cache, 2)).isSameAs(lease.value());
    lease.close();
    assertThat(lease.value().closed).isFalse();
    assertThat(touch(cache, 1)).isNotSameAs(idle);
  }

  @Test
  void anInvalidatedOneIsClosedByItsLastUser() throws IOException {
    var cache = cache(10, 100);
    Thing idle = touch(cache, 1);
    cache.invalidate(1);
    assertThat(idle.closed).isTrue();
    Lease<Thing> lease = cache.acquire(2, this::open);
    cache.invalidate(2);
    cache.invalidate(2);
    assertThat(lease.value().closed).isFalse();
    Thing other = touch(cache, 2);
    assertThat(other).isNotSameAs(lease.value());
    lease.close();
    assertThat(lease.value().closed).isTrue();
    assertThat(other.closed).isFalse();
    assertThat(cache.weight()).isEqualTo(2);
  }

  @Test
  void closingLetsUsersFinish() throws IOException {
    var cache = cache(10, 100);
    Thing idle = touch(cache, 1);
    Lease<Thing> lease = cache.acquire(2, this::open);
    cache.close();
    cache.close();
    assertThat(idle.closed).isTrue();
    assertThat(lease.value().closed).isFalse();
    assertThatThrownBy(() -> cache.acquire(3, this::open))
        .isInstanceOf(IllegalStateException.class);
    lease.close();
    assertThat(lease.value().closed).isTrue();
  }

  @Test
  void thoseWhoWaitForAnOpeningShareItsFailure() throws Exception {
    var cache = cache(10, 100);
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch fail = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Future<?> first =
          pool.submit(
              () ->
                  cache.acquire(
                      1,
                      key -> {
                        opening.countDown();
                        try {
                          fail.await();
                        } catch (InterruptedException e) {
                          throw new IOException(e);
                        }
                        throw new IOException("not there");
                      }));
      opening.await();
      Future<?> second = pool.submit(() -> cache.acquire(1, this::open));
      fail.countDown();
      assertThatThrownBy(first::get).hasRootCauseMessage("not there");
      try {
        second.get();
        // It came after the failure.
        assertThat(opened).containsExactly(1);
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e).hasRootCauseMessage("not there");
        assertThat(touch(cache, 1).key).isEqualTo(1);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @RandomizedTest(iterations = 5)
  void manyThreadsNeverSeeAClosedOne(long seed) throws Exception {
    int threads = 8;
    int keys = 40;
    AtomicInteger open = new AtomicInteger();
    var cache =
        new RefCountedCache<Integer, Thing>(
            10,
            Long.MAX_VALUE,
            thing -> 1,
            thing -> {
              open.decrementAndGet();
              thing.close();
            });
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> results = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Random random = new Random(seed + t);
        results.add(pool.submit(() -> use(cache, random, keys, open)));
      }
      for (Future<?> result : results) {
        result.get();
      }
      assertThat(cache.size()).isLessThanOrEqualTo(10);
      assertThat(cache.weight()).isEqualTo(cache.size());
      assertThat(open.get()).isEqualTo(cache.size());
      cache.close();
      assertThat(open.get()).isZero();
    } finally {
      pool.shutdownNow();
    }
  }

  private static Void use(
      RefCountedCache<Integer, Thing> cache, Random random, int keys, AtomicInteger open)
      throws IOException {
    Deque<Lease<Thing>> leases = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      // Some keys are far more in demand than others.
      int key = Math.min(random.nextInt(keys), random.nextInt(keys));
      if (random.nextInt(50) == 0) {
        cache.invalidate(key);
      }
      boolean fails = random.nextInt(20) == 0;
      try {
        leases.add(
            cache.acquire(
                key,
                name -> {
                  if (fails) {
                    throw new IOException("fails");
                  }
                  open.incrementAndGet();
                  return new Thing(name);
                }));
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("fails");
      }
      for (Lease<Thing> lease : leases) {
        assertThat(lease.value().closed.get()).isFalse();
      }
      while (leases.size() > random.nextInt(5)) {
        leases.remove().close();
      }
    }
    leases.forEach(Lease::close);
    return null;
  }
}
