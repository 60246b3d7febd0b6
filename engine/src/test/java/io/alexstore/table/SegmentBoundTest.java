package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.LocalFileStore;
import io.alexstore.io.MappedFile;
import io.alexstore.row.ArrayRow;
import io.alexstore.row.Cursor;
import io.alexstore.row.Row;
import io.alexstore.segment.SegmentCache;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.testkit.RandomizedTest;
import io.alexstore.testkit.RemoteFileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables with more segments than may be open. */
class SegmentBoundTest {

  private static final int BOUND = 8;
  private static final int ROWS = 20_000;

  @TempDir Path directory;

  private RemoteFileStore remote;
  private String path;

  @BeforeEach
  void write() throws IOException {
    remote = new RemoteFileStore(LocalFileStore.INSTANCE, directory, 4096);
    path = directory.resolve("table").toString();
    try (AlexTable table = Tables.create(LocalFileStore.INSTANCE, path)) {
      Tables.append(table, "a", Tables.keys(0, ROWS));
      assertThat(table.refresh() || table.snapshot().version() > 0).isTrue();
    }
  }

  private static void checkGets(AlexTable table, Random random, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      long key = random.nextInt(ROWS + 1000);
      assertThat(table.get(key).map(row -> row.getLong("id")).orElse(-1L))
          .isEqualTo(key < ROWS ? key : -1);
    }
  }

  private static void checkGetAll(AlexTable table, Random random, int count) throws IOException {
    long[] keys = random.longs(count, 0, ROWS + 1000).toArray();
    List<Optional<Row>> rows = table.getAll(keys);
    for (int i = 0; i < count; i++) {
      assertThat(rows.get(i).map(row -> row.getLong("id")).orElse(-1L))
          .isEqualTo(keys[i] < ROWS ? keys[i] : -1);
    }
  }

  @RandomizedTest
  void manySegmentsAreReadRight(long seed) throws Exception {
    SegmentCache cache = new SegmentCache(BOUND);
    long maps = MappedFile.openMaps();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (AlexTable table = AlexTable.open(cache, LocalFileStore.INSTANCE, path)) {
      assertThat(table.snapshot().segments().size()).isGreaterThan(3 * BOUND);
      List<Future<?>> results = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Random random = new Random(seed + t);
        results.add(
            pool.submit(
                () -> {
                  checkGets(table, random, 1000);
                  checkGetAll(table, random, 1000);
                  assertThat(Tables.rows(table)).hasSize(ROWS);
                  return null;
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
      assertThat(cache.size()).isLessThanOrEqualTo(BOUND);
      assertThat(MappedFile.openMaps() - maps).isLessThanOrEqualTo(BOUND);
    } finally {
      pool.shutdownNow();
    }
    assertThat(cache.size()).isZero();
    assertThat(MappedFile.openMaps()).isEqualTo(maps);
  }

  /** Long enough for a segment to be more than what is read when it is opened. */
  private static String text(long key) {
    return (key + " " + Long.toHexString(new Random(key).nextLong())).repeat(8);
  }

  @Test
  void rowsOutliveTheirSegmentsPlaceInTheCache() throws IOException {
    String wide = directory.resolve("wide").toString();
    try (AlexTable table = Tables.create(LocalFileStore.INSTANCE, wide);
        TableWriter writer =
            table.appender(SegmentOptions.defaults().withTargetSegmentSize(300_000))) {
      for (long key = 0; key < ROWS; key++) {
        writer.append(ArrayRow.of(table.schema(), key, text(key)));
      }
      writer.commit();
    }
    SegmentCache cache = new SegmentCache(2);
    try (AlexTable table = AlexTable.open(cache, remote, wide)) {
      assertThat(table.snapshot().segments().size()).isGreaterThan(6);
      List<Row> kept = new ArrayList<>();
      for (long key = 0; key < ROWS; key += 199) {
        kept.add(table.get(key).orElseThrow());
      }
      System.gc();
      assertThat(cache.size()).isLessThanOrEqualTo(2);
      // Of most, nothing but the key was read so far.
      long reads = remote.statistics().reads();
      for (int i = 0; i < kept.size(); i++) {
        assertThat(kept.get(i).getLong("id")).isEqualTo(199L * i);
        assertThat(kept.get(i).getString("by")).isEqualTo(text(199L * i));
      }
      assertThat(remote.statistics().reads()).isGreaterThan(reads + kept.size() / 2);
    }
  }

  @Test
  void filesThatNobodyCanReadAreClosed() throws Exception {
    SegmentCache cache = new SegmentCache(2);
    try (AlexTable table = AlexTable.open(cache, remote, path)) {
      for (long key = 0; key < ROWS; key += 199) {
        assertThat(table.get(key)).isPresent();
      }
      for (int i = 0; i < 500 && remote.openFiles() > 2; i++) {
        System.gc();
        Thread.sleep(10);
      }
      assertThat(remote.openFiles()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void refreshGivesUpWhatTheNewestVersionDoesNotHave() throws IOException {
    SegmentCache cache = new SegmentCache(1000);
    long maps = MappedFile.openMaps();
    try (AlexTable table = AlexTable.open(cache, remote, path);
        AlexTable other = table.asOf(table.snapshot().version())) {
      int before = table.snapshot().segments().size();
      Iterator<Map.Entry<Long, String>> expected =
          Tables.expected("a", Tables.keys(0, ROWS)).entrySet().iterator();
      try (Cursor underWay = table.scan()) {
        assertThat(underWay.next()).isTrue();
        assertThat(underWay.row().getLong("id")).isEqualTo(expected.next().getKey());
        assertThat(Tables.rows(table)).hasSize(ROWS);
        assertThat(cache.size()).isEqualTo(before);
        // Another reader of one of the old segments, which keeps it.
        assertThat(other.get(7L)).isPresent();
        try (AlexTable writer = AlexTable.open(LocalFileStore.INSTANCE, path)) {
          Tables.overwrite(writer, "b", Tables.keys(0, 500));
        }
        assertThat(table.refresh()).isTrue();
        SortedMap<Long, String> rows = Tables.rows(table);
        assertThat(rows).isEqualTo(Tables.expected("b", Tables.keys(0, 500)));
        assertThat(cache.size()).isEqualTo(table.snapshot().segments().size());
        assertThat(other.get(7L).orElseThrow().getString("by")).isEqualTo("a");
        while (underWay.next()) {
          assertThat(underWay.row().getLong("id")).isEqualTo(expected.next().getKey());
          assertThat(underWay.row().getString("by")).isEqualTo("a");
        }
        assertThat(expected.hasNext()).isFalse();
      }
    }
    assertThat(MappedFile.openMaps()).isEqualTo(maps);
  }

  @Test
  void aTableThatIsClosedLeavesTheSegmentsOfOthersOpen() throws IOException {
    SegmentCache cache = new SegmentCache(1000);
    try (AlexTable one = AlexTable.open(cache, LocalFileStore.INSTANCE, path)) {
      assertThat(Tables.rows(one)).hasSize(ROWS);
      int open = cache.size();
      try (AlexTable two = AlexTable.open(cache, LocalFileStore.INSTANCE, path)) {
        assertThat(Tables.rows(two)).hasSize(ROWS);
      }
      assertThat(cache.size()).isEqualTo(open);
    }
    assertThat(cache.size()).isZero();
  }
}
