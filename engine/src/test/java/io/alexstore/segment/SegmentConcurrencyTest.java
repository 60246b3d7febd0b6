package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.LocalFileStore;
import io.alexstore.segment.RandomTable.Keyed;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SegmentConcurrencyTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(SmallSegments.Kind.class)
  void manyThreadsMeetAtAFreshMap(SmallSegments.Kind kind) throws Exception {
    List<Keyed> rows = SmallSegments.rows(kind, 500);
    String path = directory.resolve("a.alexseg").toString();
    SmallSegments.write(Path.of(path), SmallSegments.schema(kind), rows);
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 10; round++) {
        try (Segment segment = Segment.open(LocalFileStore.INSTANCE, path)) {
          CyclicBarrier barrier = new CyclicBarrier(threads);
          List<Future<?>> futures = new ArrayList<>();
          for (int t = 0; t < threads; t++) {
            int seed = round * threads + t;
            futures.add(
                pool.submit(
                    () -> {
                      barrier.await();
                      var ways = SegmentChecks.waysToRead(rows);
                      Random random = new Random(seed);
                      for (int i = 0; i < 4; i++) {
                        ways.get(random.nextInt(ways.size())).accept(segment);
                      }
                      return null;
                    }));
          }
          for (Future<?> future : futures) {
            future.get();
          }
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SmallSegments.Kind.class,
      names = "COMPRESSED",
      mode = EnumSource.Mode.EXCLUDE)
  void lookupsAllocateNothing(SmallSegments.Kind kind) throws Exception {
    List<Keyed> rows = SmallSegments.rows(kind, 500);
    Path path = directory.resolve("a.alexseg");
    SmallSegments.write(path, SmallSegments.schema(kind), rows);
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, path.toString())) {
      Lookups lookups = new Lookups(segment, rows);
      // The first rounds open chunks, check blocks and compile.
      for (int i = 0; i < 50; i++) {
        lookups.run();
      }
      var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = bean.getCurrentThreadAllocatedBytes();
      long nothing = bean.getCurrentThreadAllocatedBytes() - before;
      before = bean.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20; i++) {
        lookups.run();
      }
      long allocated = bean.getCurrentThreadAllocatedBytes() - before - nothing;
      // 20 rounds of 500 gets: even one byte for each would be 10,000.
      assertThat(allocated).isLessThan(2_000);
      assertThat(lookups.sum).isNotZero();
    }
  }

  private static final class Lookups implements Runnable {
    private final Segment segment;
    private final byte[][] keys;
    private final long[] longs;
    private final byte[] bytes;
    private final int[] offsets;
    private final int[] positions;
    private final long[] ranges;
    private final boolean isLong;
    private final int total;
    private final int name;
    private final int score;
    long sum;

    Lookups(Segment segment, List<Keyed> rows) {
      this.segment = segment;
      int n = rows.size();
      keys = new byte[n][];
      longs = new long[n];
      offsets = new int[n + 1];
      positions = new int[n];
      ranges = new long[n];
      isLong = segment.keyForm() == io.alexstore.key.KeyForm.LONG;
      for (int i = 0; i < n; i++) {
        keys[i] = rows.get(i).key();
        longs[i] = isLong ? segment.longKey(i) : 0;
        offsets[i + 1] = offsets[i] + keys[i].length;
      }
      bytes = new byte[offsets[n]];
      for (int i = 0; i < n; i++) {
        System.arraycopy(keys[i], 0, bytes, offsets[i], keys[i].length);
      }
      total = segment.schema().indexOf("total");
      name = segment.schema().indexOf("name");
      score = segment.schema().indexOf("score");
    }

    @Override
    public void run() {
      int mask = (1 << segment.rowGroupShift()) - 1;
      for (int i = 0; i < keys.length; i++) {
        byte[] key = keys[i];
        int position = isLong ? segment.find(longs[i]) : segment.find(key, 0, key.length);
        sum += isLong ? segment.upperBound(longs[i]) : segment.upperBound(key, 0, key.length);
        int group = position >>> segment.rowGroupShift();
        sum += segment.chunk(total, group).getLong(position & mask);
        sum += (long) segment.chunk(score, group).getDouble(position & mask);
        sum += segment.bytesRange(name, position);
      }
      if (isLong) {
        segment.findAll(longs, 0, longs.length, positions);
      } else {
        segment.findAll(bytes, offsets, keys.length, positions);
      }
      segment.bytesRanges(name, positions, positions.length, ranges);
      sum += ranges[3];
    }
  }

  @Test
  void checksCanBeSwitchedOff() throws Exception {
    List<Keyed> rows = SmallSegments.rows(SmallSegments.Kind.INT, 100);
    Path path = directory.resolve("a.alexseg");
    SmallSegments.write(path, SmallSegments.schema(SmallSegments.Kind.INT), rows);
    try (Segment segment =
        Segment.open(LocalFileStore.INSTANCE, path.toString(), new ReadOptions(false))) {
      SegmentChecks.check(segment, rows, new Random(1));
    }
  }
}
