package io.alexstore.alex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The updatable ALEX over long keys, beside a TreeMap. {@code -Dalexstore.iterations=k} runs k
 * times as many operations.
 */
class AlexLongMapTest {

  private static final long ABSENT = Long.MIN_VALUE + 7;
  private static final int OPERATIONS = 60_000 * Integer.getInteger("alexstore.iterations", 1);

  @ParameterizedTest
  @EnumSource
  void agreesWithATreeMap(LongWorkload workload) {
    long seed = Seeds.next("agreesWithATreeMap " + workload);
    SplittableRandom random = new SplittableRandom(seed);
    AlexLongMap map = new AlexLongMap(ABSENT);
    TreeMap<Long, Long> model = new TreeMap<>();
    int removing = 0;
    for (int i = 0; i < OPERATIONS; i++) {
      if (i % 20_000 == 15_000) {
        removing = random.nextInt(60);
      } else if (i % 20_000 == 0) {
        removing = 2;
      }
      long key = random.nextInt(20) == 0 ? near(model, random) : workload.key(i, random);
      if (random.nextInt(100) < removing) {
        key = random.nextBoolean() ? near(model, random) : key;
        Long before = model.remove(key);
        check(map.remove(key), before == null ? ABSENT : before, key);
      } else {
        Long before = model.put(key, (long) i);
        check(map.put(key, i), before == null ? ABSENT : before, key);
      }
      if (i % 3 == 0) {
        checkLookup(map, model, random.nextBoolean() ? key : near(model, random));
      }
      if (i % 4000 == 0) {
        checkRange(map, model, random);
      }
    }
    checkAll(map, model);
    assertThat(map.stats().height()).isLessThanOrEqualTo(8);
  }

  @ParameterizedTest
  @EnumSource
  void loadsSortedKeys(LongKeySet set) {
    long seed = Seeds.next("loadsSortedKeys " + set);
    SplittableRandom random = new SplittableRandom(seed);
    for (int size : new int[] {1, 2, 7, 100, 741, 1000, 50_000}) {
      long[] keys = Arrays.stream(set.sorted(size, random.nextLong())).distinct().toArray();
      long[] values = Arrays.stream(keys).map(key -> key ^ 1).toArray();
      TreeMap<Long, Long> model = new TreeMap<>();
      for (int i = 0; i < keys.length; i++) {
        model.put(keys[i], values[i] == ABSENT ? 0 : values[i]);
        values[i] = values[i] == ABSENT ? 0 : values[i];
      }
      AlexLongMap map = AlexLongMap.load(ABSENT, keys, values, keys.length);
      checkAll(map, model);
      for (int i = 0; i < Math.min(2000, size); i++) {
        long key = near(model, random);
        map.put(key, i);
        model.put(key, (long) i);
        checkLookup(map, model, near(model, random));
      }
      checkAll(map, model);
      assertThat(map.stats().height()).isLessThanOrEqualTo(8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void deletesEverythingAndStartsAgain(LongWorkload workload) {
    long seed = Seeds.next("deletesEverythingAndStartsAgain " + workload);
    SplittableRandom random = new SplittableRandom(seed);
    AlexLongMap map = new AlexLongMap(ABSENT);
    for (int round = 0; round < 3; round++) {
      TreeMap<Long, Long> model = new TreeMap<>();
      for (int i = 0; i < 20_000; i++) {
        long key = workload.key(i, random);
        map.put(key, i);
        model.put(key, (long) i);
      }
      checkAll(map, model);
      long[] keys = model.keySet().stream().mapToLong(Long::longValue).toArray();
      int stride = new int[] {1, keys.length - 1, 7919}[round];
      // All but a few, upwards, downwards or in no order.
      for (int i = 0; i < keys.length; i++) {
        long key = keys[(int) ((long) i * stride % keys.length)];
        if (model.remove(key) != null) {
          check(map.remove(key) == ABSENT ? 1 : 0, 0, key);
        }
        if (model.size() == 10) {
          checkAll(map, model);
          assertThat(map.memoryBytes()).isLessThan(33_000 + 40 * 1024);
        }
      }
      for (long key : keys) {
        map.remove(key);
      }
      assertThat(map.isEmpty()).isTrue();
      assertThat(map.cursor().next()).isFalse();
      assertThat(map.memoryBytes()).isLessThan(34_000);
    }
    map.put(1, 2);
    map.clear();
    assertThat(map.size()).isZero();
    assertThat(map.get(1)).isEqualTo(ABSENT);
  }

  @Test
  void holdsTheEndsOfTheRange() {
    AlexLongMap map = new AlexLongMap(-1);
    AlexEntry entry = new AlexEntry();
    assertThat(map.floor(Long.MAX_VALUE, entry)).isFalse();
    assertThat(map.ceiling(Long.MIN_VALUE, entry)).isFalse();
    map.put(Long.MAX_VALUE, 1);
    map.put(Long.MIN_VALUE, 2);
    map.put(0, 3);
    assertThat(map.get(Long.MAX_VALUE)).isEqualTo(1);
    assertThat(map.get(Long.MIN_VALUE)).isEqualTo(2);
    assertThat(map.count(Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(3);
    assertThat(map.count(1, 0)).isZero();
    assertThat(map.floor(-1, entry)).isTrue();
    assertThat(entry.key()).isEqualTo(Long.MIN_VALUE);
    assertThat(map.ceiling(1, entry)).isTrue();
    assertThat(entry.key()).isEqualTo(Long.MAX_VALUE);
    AlexLongCursor down = map.descendingCursor(Long.MAX_VALUE);
    for (int i = 0; i < 3; i++) {
      assertThat(down.next()).isTrue();
    }
    assertThat(down.next()).isFalse();
  }

  @Test
  void refusesWhatItCannotTellFromNothing() {
    AlexLongMap map = new AlexLongMap(-1);
    assertThatThrownBy(() -> map.put(4, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> AlexLongMap.load(-1, new long[] {3, 3}, new long[2], 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 at 0 is followed by 3");
    assertThatThrownBy(() -> AlexLongMap.load(0, new long[] {3}, new long[1], 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void keepsMemoryAndHeightWithinBounds(LongWorkload workload) {
    SplittableRandom random = new SplittableRandom(11);
    AlexLongMap map = new AlexLongMap(-1);
    for (int i = 0; i < 200_000; i++) {
      map.put(workload.key(i, random), i);
    }
    AlexStats stats = map.stats();
    System.out.println(workload + " " + stats);
    assertThat(stats.height()).isLessThanOrEqualTo(8);
    assertThat(stats.size()).isEqualTo(map.size());
    if (map.size() > 50_000) {
      assertThat((double) (stats.memoryBytes() - 33_000) / map.size()).isLessThan(26);
    }
  }

  @Test
  void keepsNodesSmallOnlyWhereTheirLinesAreFarOff() {
    AlexStats smooth = built(LongWorkload.UNIFORM);
    AlexStats rough = built(LongWorkload.CLUSTERED);
    assertThat((double) smooth.size() / smooth.dataNodes()).isGreaterThan(400);
    assertThat((double) rough.size() / rough.dataNodes()).isBetween(64.0, 256.0);
    assertThat(rough.meanError()).isLessThan(16);
  }

  private static AlexStats built(LongWorkload workload) {
    SplittableRandom random = new SplittableRandom(11);
    AlexLongMap map = new AlexLongMap(-1);
    for (int i = 0; i < 200_000; i++) {
      map.put(workload.key(i, random), i);
    }
    long[] keys = new long[(int) map.size()];
    AlexLongCursor cursor = map.cursor();
    for (int i = 0; cursor.next(); i++) {
      keys[i] = cursor.key();
    }
    AlexStats loaded = AlexLongMap.load(-1, keys, new long[keys.length], keys.length).stats();
    // However the keys came, nodes are of one kind.
    assertThat((double) loaded.dataNodes() / map.stats().dataNodes()).isBetween(0.6, 1.6);
    return map.stats();
  }

  @Test
  void appendsInOrderWithoutGaps() {
    AlexLongMap map = new AlexLongMap(-1);
    for (int i = 0; i < 1_000_000; i++) {
      map.put(5L * i, i);
    }
    assertThat((double) map.memoryBytes() / map.size()).isLessThan(17);
    assertThat(map.stats().meanError()).isLessThan(1);
    assertThat(map.stats().height()).isLessThanOrEqualTo(3);
  }

  @Test
  void lookupsAllocateNothing() {
    AlexLongMap map = new AlexLongMap(-1);
    SplittableRandom random = new SplittableRandom(3);
    long[] keys = random.longs(100_000).toArray();
    for (long key : keys) {
      map.put(key, 1);
    }
    AlexEntry entry = new AlexEntry();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long allocated = 0;
    for (int round = 0; round < 20; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < 1000; i++) {
        map.get(keys[i * 100]);
        map.ceiling(keys[i * 100] + 1, entry);
        map.floor(keys[i * 100] - 1, entry);
        map.put(keys[i * 100], round);
      }
      allocated = threads.getThreadAllocatedBytes(thread) - before;
    }
    assertThat(allocated).isZero();
  }

  private static long near(NavigableMap<Long, Long> model, SplittableRandom random) {
    if (model.isEmpty()) {
      return random.nextLong();
    }
    long anywhere =
        random.nextInt(4) == 0
            ? random.nextLong()
            : random.nextLong(model.firstKey() / 2, model.lastKey() / 2 + 1) * 2;
    Long key = model.floorKey(anywhere);
    return (key == null ? model.firstKey() : key) + random.nextInt(-1, 2);
  }

  private static void checkLookup(AlexLongMap map, NavigableMap<Long, Long> model, long key) {
    check(map.get(key), model.getOrDefault(key, ABSENT), key);
    AlexEntry entry = new AlexEntry();
    checkEntry(map.floor(key, entry) ? entry : null, model.floorEntry(key), key);
    checkEntry(map.ceiling(key, entry) ? entry : null, model.ceilingEntry(key), key);
  }

  private static void checkEntry(AlexEntry found, Map.Entry<Long, Long> expected, long key) {
    if (found == null || expected == null) {
      assertThat(found == null).as("nothing near %d", key).isEqualTo(expected == null);
      return;
    }
    check(found.key(), expected.getKey(), key);
    check(found.value(), expected.getValue(), key);
  }

  /** As an assertion would, but fast enough for millions. */
  private static void check(long found, long expected, long key) {
    if (found != expected) {
      throw new AssertionError(found + " instead of " + expected + " for key " + key);
    }
  }

  private static void checkRange(
      AlexLongMap map, NavigableMap<Long, Long> model, SplittableRandom random) {
    long a = near(model, random);
    long b = near(model, random);
    long from = Math.min(a, b);
    long to = Math.max(a, b);
    assertThat(map.count(from, to)).isEqualTo(model.subMap(from, true, to, true).size());
    checkCursor(map.cursor(from), model.tailMap(from), 500);
    checkCursor(map.descendingCursor(to), model.headMap(to, true).descendingMap(), 500);
  }

  private static void checkCursor(AlexLongCursor cursor, Map<Long, Long> expected, int most) {
    Iterator<Map.Entry<Long, Long>> entries = expected.entrySet().iterator();
    for (int i = 0; i < most && entries.hasNext(); i++) {
      Map.Entry<Long, Long> entry = entries.next();
      check(cursor.next() ? 1 : 0, 1, entry.getKey());
      check(cursor.key(), entry.getKey(), entry.getKey());
      check(cursor.value(), entry.getValue(), entry.getKey());
    }
    if (!entries.hasNext()) {
      assertThat(cursor.next()).isFalse();
    }
  }

  private static void checkAll(AlexLongMap map, NavigableMap<Long, Long> model) {
    assertThat(map.size()).isEqualTo(model.size());
    assertThat(map.stats().size()).isEqualTo(model.size());
    checkCursor(map.cursor(), model, Integer.MAX_VALUE);
    checkCursor(map.descendingCursor(Long.MAX_VALUE), model.descendingMap(), Integer.MAX_VALUE);
    long[] keys = model.keySet().stream().mapToLong(Long::longValue).toArray();
    long[] values = new long[keys.length];
    map.getAll(keys, values, keys.length);
    for (int i = 0; i < keys.length; i++) {
      check(values[i], model.get(keys[i]), keys[i]);
    }
    assertThat(map.count(Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(model.size());
  }
}
