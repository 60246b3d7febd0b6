package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.FileStore;
import io.alexstore.io.LocalFileStore;
import io.alexstore.io.ReadStatistics;
import io.alexstore.io.hadoop.HadoopFileStore;
import io.alexstore.io.hadoop.Hdfs;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.RandomTable.Keyed;
import io.alexstore.testkit.RandomizedTest;
import io.alexstore.testkit.RemoteFileStore;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments on a store that is read by ranges. */
class SegmentRemoteTest {

  @TempDir Path directory;

  private SegmentOptions options() {
    return SegmentOptions.defaults().withSpillDirectory(directory.toString());
  }

  private List<SegmentInfo> write(
      FileStore store, String target, RandomTable table, SegmentOptions options)
      throws IOException {
    store.createDirectories(target);
    try (var writer =
        new RollingSegmentWriter(store, target, new UUID(1, 2), table.schema, options)) {
      for (Keyed row : table.rows) {
        writer.append(row.row());
      }
      return writer.finish();
    }
  }

  private static void check(
      FileStore store, List<SegmentInfo> segments, RandomTable table, Random random)
      throws IOException {
    int from = 0;
    for (SegmentInfo info : segments) {
      List<Keyed> rows = table.rows.subList(from, from + info.rowCount());
      from += info.rowCount();
      try (Segment segment = Segment.open(store, info.path())) {
        SegmentChecks.check(segment, rows, random);
      }
      ReadOptions trusting = new ReadOptions(false);
      try (Segment segment = Segment.open(store, info.path(), trusting)) {
        SegmentChecks.checkRows(segment, rows);
      }
    }
    assertThat(from).isEqualTo(table.rows.size());
  }

  @Test
  void randomTablesComeBackFromARemoteStore() {
    Seeds.run(
        30,
        random -> {
          RandomTable table = RandomTable.of(random, 1 + random.nextInt(2000));
          var store = new RemoteFileStore(LocalFileStore.INSTANCE, directory, 4096);
          SegmentOptions options =
              options()
                  .withRowGroup(1 + random.nextInt(300), 1 + random.nextInt(20_000))
                  .withTargetSegmentSize(random.nextBoolean() ? 1 << 20 : 30_000);
          String target = directory.resolve("t" + random.nextLong()).toString();
          check(store, write(store, target, table, options), table, random);
        });
  }

  @Test
  void randomTablesComeBackFromHdfs() throws IOException {
    var store = new HadoopFileStore(Hdfs.configuration());
    Seeds.run(
        5,
        random -> {
          RandomTable table = RandomTable.of(random, 1 + random.nextInt(3000));
          SegmentOptions options =
              options().withTargetSegmentSize(random.nextBoolean() ? 1 << 20 : 30_000);
          check(store, write(store, Hdfs.directory(), table, options), table, random);
        });
  }

  private static String name(long key) {
    return "name".repeat(4) + Integer.toHexString(Long.hashCode(key) | 1 << 31);
  }

  /** All keys in one segment: a random key, a number, a text of 24 characters. */
  private SegmentInfo writeWide(FileStore store, long[] keys) throws IOException {
    Schema schema =
        new SchemaBuilder()
            .column("id", ScalarType.LONG)
            .column("amount", ScalarType.DOUBLE)
            .column("name", StringType.BINARY_ORDER)
            .primaryKey("id")
            .build();
    String target = directory.resolve("wide").toString();
    store.createDirectories(target);
    try (var writer = new RollingSegmentWriter(store, target, new UUID(1, 2), schema, options())) {
      for (long key : keys) {
        String name = name(key);
        writer.append(ArrayRow.of(schema, key, (double) key, name));
      }
      List<SegmentInfo> segments = writer.finish();
      assertThat(segments).hasSize(1);
      return segments.get(0);
    }
  }

  @RandomizedTest
  void lookupsTakeFewReads(Random random) throws IOException {
    var store = new RemoteFileStore(LocalFileStore.INSTANCE, directory, 32 << 10);
    long[] keys = random.longs(150_000).sorted().distinct().toArray();
    SegmentInfo info = writeWide(store, keys);
    ReadStatistics statistics = store.statistics();
    try (Segment segment = Segment.open(store, info.path())) {
      // The start; the checksums, the metadata, the directory and the index.
      assertThat(statistics.reads()).isLessThanOrEqualTo(3);
      long before = statistics.reads();
      int row = random.nextInt(keys.length);
      assertThat(segment.find(keys[row])).isEqualTo(row);
      // The keys around the predicted place; another time where the search runs on over a page.
      assertThat(statistics.reads() - before).isLessThanOrEqualTo(2);
      before = statistics.reads();
      assertThat(segment.row(row).getDouble("amount")).isEqualTo((double) keys[row]);
      assertThat(statistics.reads() - before).isLessThanOrEqualTo(1);
      before = statistics.reads();
      String name = name(keys[row]);
      assertThat(segment.row(row).getString("name")).isEqualTo(name);
      // Its offset, the table of symbols and its codes.
      assertThat(statistics.reads() - before).isLessThanOrEqualTo(3);
      assertThat(statistics.bytesRead()).isLessThan(info.fileSize() / 8);
      before = statistics.reads();
      segment.find(keys[row]);
      assertThat(segment.row(row).getString("name")).isEqualTo(name);
      assertThat(statistics.reads()).isEqualTo(before);
    }
  }

  @RandomizedTest
  void manyLookupsAreReadTogether(Random random) throws IOException {
    var store = new RemoteFileStore(LocalFileStore.INSTANCE, directory, 32 << 10);
    long[] keys = random.longs(150_000).sorted().distinct().toArray();
    SegmentInfo info = writeWide(store, keys);
    ReadStatistics statistics = store.statistics();
    try (Segment segment = Segment.open(store, info.path())) {
      long before = statistics.reads();
      int count = 1000;
      long[] probes = random.ints(count, 0, keys.length).mapToLong(i -> keys[i]).toArray();
      int[] positions = new int[count];
      segment.findAll(probes, 0, count, positions);
      segment.prefetch(positions, count, new int[] {2});
      long prefetched = statistics.reads();
      // The keys, and the column, by reads of at most 4 MiB.
      assertThat(prefetched - before).isLessThanOrEqualTo(2 + 2 * (info.fileSize() >> 22) + 5);
      for (int i = 0; i < count; i++) {
        assertThat(keys[positions[i]]).isEqualTo(probes[i]);
        String name = name(probes[i]);
        assertThat(segment.row(positions[i]).getString("name")).isEqualTo(name);
      }
      assertThat(statistics.reads()).isEqualTo(prefetched);
    }
  }

  /** Too few, and too far from each other, for whole regions to be read. */
  @RandomizedTest
  void scatteredLookupsRunAtTheSameTime(Random random) throws IOException {
    var store = new RemoteFileStore(LocalFileStore.INSTANCE, directory, 32 << 10).slow();
    long[] keys = random.longs(1_500_000).sorted().distinct().toArray();
    SegmentInfo info = writeWide(store, keys);
    ReadStatistics statistics = store.statistics();
    try (Segment segment = Segment.open(store, info.path())) {
      long opened = statistics.reads();
      int count = 60;
      long[] probes = random.ints(count, 0, keys.length).mapToLong(i -> keys[i]).toArray();
      int[] positions = new int[count];
      segment.findAll(probes, 0, count, positions);
      long found = statistics.reads();
      // Near ones come together; now and then the search runs on over a page.
      assertThat(found - opened).isLessThanOrEqualTo(count + 10);
      assertThat(statistics.bytesRead()).isLessThan(info.fileSize() / 3);
      segment.prefetch(positions, count, null);
      long prefetched = statistics.reads();
      // A number, where a name stands, and the name.
      assertThat(prefetched - found).isLessThanOrEqualTo(3L * count);
      assertThat(store.mostReadsAtOnce()).isGreaterThanOrEqualTo(4);
      for (int i = 0; i < count; i++) {
        assertThat(keys[positions[i]]).isEqualTo(probes[i]);
        String name = name(probes[i]);
        assertThat(segment.row(positions[i]).getDouble("amount")).isEqualTo((double) probes[i]);
        assertThat(segment.row(positions[i]).getString("name")).isEqualTo(name);
      }
      assertThat(statistics.reads()).isEqualTo(prefetched);
      System.out.printf(
          "%d scattered keys of %d: %d reads to open, %d to find, %d for the rows; %d at once%n",
          count, keys.length, opened, found - opened, prefetched - found, store.mostReadsAtOnce());
    }
  }

  @RandomizedTest
  void manyThreadsReadOneSegment(long seed) throws Exception {
    RandomTable table = RandomTable.of(new Random(seed), 5_000, true, StringType.BINARY_ORDER);
    var store = new RemoteFileStore(LocalFileStore.INSTANCE, directory, 4096);
    List<SegmentInfo> segments = write(store, directory.resolve("t").toString(), table, options());
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try (Segment segment = Segment.open(store, segments.get(0).path())) {
      List<Future<?>> results = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        Random random = new Random(seed + t);
        results.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 500; i++) {
                    int row = random.nextInt(table.rows.size());
                    assertThat(segment.find(table.rows.get(row).key())).isEqualTo(row);
                    assertThat(TestValues.text(segment.schema().columns(), segment.row(row)))
                        .isEqualTo(
                            TestValues.text(segment.schema().columns(), table.rows.get(row).row()));
                  }
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
