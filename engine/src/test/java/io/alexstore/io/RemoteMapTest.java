package io.alexstore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.testkit.RandomizedTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteMapTest {

  private static final int PAGE = 4096;

  @TempDir Path directory;

  private final ReadStatistics statistics = new ReadStatistics();

  /** Reads from memory; refuses to be closed twice, or read when closed. */
  private static class Memory implements RangeReader {
    final byte[] content;
    volatile boolean closed;

    Memory(byte[] content) {
      this.content = content;
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) throws IOException {
      if (closed) {
        throw new IOException("closed");
      }
      System.arraycopy(content, (int) position, target, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        throw new IOException("closed twice");
      }
      closed = true;
    }
  }

  private static byte[] content(Random random, int size) {
    byte[] content = new byte[size];
    random.nextBytes(content);
    return content;
  }

  private MappedFile map(RangeReader reader, int size) throws IOException {
    return RemoteMap.open(
        "far/away", size, reader, new RemoteMap.Options(directory, PAGE), statistics);
  }

  private static void check(MappedFile map, byte[] content, int offset, int length) {
    map.load(offset, length);
    ByteBuffer bytes = map.buffer();
    for (int i = offset; i < offset + length; i++) {
      if (bytes.get(i) != content[i]) {
        throw new AssertionError("byte " + i + " is wrong");
      }
    }
  }

  @RandomizedTest(iterations = 20)
  void randomRangesAreRight(Random random) throws IOException {
    int size = 1 + random.nextInt(random.nextBoolean() ? 20_000_000 : 20_000);
    Memory file = new Memory(content(random, size));
    try (MappedFile map = map(file, size)) {
      assertThat(map.isRemote()).isTrue();
      assertThat(map.size()).isEqualTo(size);
      for (int i = 0; i < 200; i++) {
        int offset = random.nextInt(size);
        int length =
            random.nextInt(Math.min(size - offset, random.nextInt(10) == 0 ? size : 99) + 1);
        check(map, file.content, offset, length);
      }
      long read = statistics.bytesRead();
      assertThat(read).isLessThanOrEqualTo(size);
      check(map, file.content, 0, size);
      // Each byte came once.
      assertThat(statistics.bytesRead()).isEqualTo(size);
      long reads = statistics.reads();
      check(map, file.content, 0, size);
      assertThat(statistics.reads()).isEqualTo(reads);
    }
    assertThat(file.closed).isTrue();
  }

  @Test
  void rangesApartAreReadTogether() throws IOException {
    byte[] content = content(new Random(2), 100 * PAGE);
    try (MappedFile map = map(new Memory(content), content.length)) {
      map.loadAll(new int[] {PAGE, 40 * PAGE, 80 * PAGE}, new int[] {100, 3 * PAGE, 1}, 3);
      assertThat(statistics.reads()).isEqualTo(3);
      check(map, content, PAGE, 100);
      check(map, content, 40 * PAGE, 3 * PAGE - 8);
      check(map, content, 80 * PAGE, 1);
      assertThat(statistics.reads()).isEqualTo(3);
    }
  }

  @Test
  void aReleasedMapReadsOnUntilNobodyCan() throws Exception {
    Memory file = new Memory(content(new Random(3), 10 * PAGE));
    releaseAndRead(file);
    for (int i = 0; i < 500 && !file.closed; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(file.closed).isTrue();
  }

  private void releaseAndRead(Memory file) throws IOException {
    MappedFile map = map(file, 10 * PAGE);
    ByteBuffer bytes = map.buffer();
    map.release();
    assertThatThrownBy(map::buffer).isInstanceOf(IllegalStateException.class);
    System.gc();
    map.load(5 * PAGE, 100);
    assertThat(bytes.get(5 * PAGE + 7)).isEqualTo(file.content[5 * PAGE + 7]);
    assertThat(file.closed).isFalse();
  }

  @Test
  void aRunOfPagesIsOneRead() throws IOException {
    byte[] content = content(new Random(1), 100 * PAGE);
    try (MappedFile map = map(new Memory(content), content.length)) {
      map.load(5 * PAGE + 1, 10 * PAGE);
      assertThat(statistics.reads()).isEqualTo(1);
      assertThat(statistics.bytesRead()).isEqualTo(11 * PAGE);
      map.load(6 * PAGE, 9 * PAGE);
      assertThat(statistics.reads()).isEqualTo(1);
      // What stands before and after it.
      check(map, content, 0, 30 * PAGE);
      assertThat(statistics.reads()).isEqualTo(3);
      // 8-byte loads may reach into the next page, so it comes along.
      map.load(50 * PAGE, PAGE);
      assertThat(statistics.bytesRead()).isEqualTo(33 * PAGE);
      assertThatThrownBy(() -> map.load(99 * PAGE, PAGE + 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @RandomizedTest(iterations = 3)
  void concurrentTouchesReadEachPageOnce(long seed) throws Exception {
    int size = 3_000_000;
    byte[] content = content(new Random(seed), size);
    Memory slow =
        new Memory(content) {
          @Override
          public void read(long position, byte[] target, int offset, int length)
              throws IOException {
            LockSupport.parkNanos(1000);
            super.read(position, target, offset, length);
          }
        };
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (MappedFile map = map(slow, size)) {
      List<Future<?>> results = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Random random = new Random(seed + t);
        results.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 500; i++) {
                    int offset = random.nextInt(size);
                    check(map, content, offset, random.nextInt(Math.min(size - offset, 20_000)));
                  }
                  check(map, content, 0, size);
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
      assertThat(statistics.bytesRead()).isEqualTo(size);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aFailedReadIsTriedAgainByTheNext() throws IOException {
    byte[] content = content(new Random(1), 10 * PAGE);
    AtomicInteger failures = new AtomicInteger(1);
    Memory flaky =
        new Memory(content) {
          @Override
          public void read(long position, byte[] target, int offset, int length)
              throws IOException {
            if (failures.getAndDecrement() > 0) {
              throw new IOException("no answer");
            }
            super.read(position, target, offset, length);
          }
        };
    try (MappedFile map = map(flaky, content.length)) {
      assertThatThrownBy(() -> map.load(PAGE, PAGE))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("far/away")
          .hasMessageContaining("no answer");
      check(map, content, 0, content.length);
    }
  }

  @Test
  void othersTryThemselvesWhenTheReaderTheyWaitForFails() throws Exception {
    byte[] content = content(new Random(1), 10 * PAGE);
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch fail = new CountDownLatch(1);
    AtomicInteger reads = new AtomicInteger();
    Memory first =
        new Memory(content) {
          @Override
          public void read(long position, byte[] target, int offset, int length)
              throws IOException {
            if (reads.getAndIncrement() == 0) {
              reading.countDown();
              try {
                fail.await();
              } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
              }
              throw new IOException("no answer");
            }
            super.read(position, target, offset, length);
          }
        };
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try (MappedFile map = map(first, content.length)) {
      Future<?> failing = pool.submit(() -> map.load(0, PAGE));
      reading.await();
      Future<?> waiting = pool.submit(() -> check(map, content, 0, 5 * PAGE));
      // A page that nobody reads does not wait.
      check(map, content, 8 * PAGE, PAGE);
      fail.countDown();
      waiting.get();
      assertThatThrownBy(failing::get).hasRootCauseMessage("no answer");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void anInterruptHarmsNobodyElse() throws Exception {
    byte[] content = content(new Random(1), 10 * PAGE);
    try (MappedFile map = map(new Memory(content), content.length)) {
      Callable<Boolean> interrupted =
          () -> {
            Thread.currentThread().interrupt();
            check(map, content, 0, PAGE);
            return Thread.currentThread().isInterrupted();
          };
      ExecutorService pool = Executors.newSingleThreadExecutor();
      try {
        assertThat(pool.submit(interrupted).get()).isTrue();
      } finally {
        pool.shutdownNow();
      }
      check(map, content, 0, content.length);
    }
  }

  @Test
  void nothingIsLeftInTheDirectory() throws IOException {
    byte[] content = content(new Random(1), 10 * PAGE);
    MappedFile map = map(new Memory(content), content.length);
    map.load(0, 1);
    ByteBuffer bytes = map.buffer();
    try (var files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
    map.close();
    // Closed, but a buffer that was handed out still reads what was loaded.
    assertThat(bytes.get(0)).isEqualTo(content[0]);
    assertThatThrownBy(map::buffer).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    Memory file = new Memory(new byte[10]);
    Path missing = directory.resolve("missing");
    assertThatThrownBy(
            () ->
                RemoteMap.open(
                    "far/away", 10, file, new RemoteMap.Options(missing, PAGE), statistics))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("far/away")
        .hasMessageContaining(missing.toString());
    assertThat(file.closed).isTrue();
  }
}
