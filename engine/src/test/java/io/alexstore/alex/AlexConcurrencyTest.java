package io.alexstore.alex;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Readers beside a writer. A value carries its key and a count that only grows, so a torn or old
 * answer shows. {@code -Dalexstore.iterations=k} runs k times as long.
 */
class AlexConcurrencyTest {

  private static final long MILLIS = 250L * Integer.getInteger("alexstore.iterations", 1);
  private static final int KEYS = 1 << 12;

  /** Even keys are never removed. */
  private static boolean stays(int number) {
    return (number & 1) == 0;
  }

  private static long value(int number, long round) {
    return round << 20 | number;
  }

  @ParameterizedTest
  @EnumSource(
      value = LongWorkload.class,
      names = {"UNIFORM", "ASCENDING", "DESCENDING", "ONE_GAP", "CLUSTERED"})
  void readersSeeNothingTorn(LongWorkload workload) throws Exception {
    SplittableRandom random = new SplittableRandom(Seeds.next("readersSeeNothingTorn " + workload));
    long[] keys = new long[KEYS];
    var numbers = new TreeMap<Long, Integer>();
    for (int i = 0; numbers.size() < KEYS; i++) {
      long key = workload.key(i, random);
      if (numbers.putIfAbsent(key, numbers.size()) == null) {
        keys[numbers.get(key)] = key;
      }
    }
    AlexLongMap map = new AlexLongMap(-1);
    for (int i = 0; i < KEYS; i += 2) {
      map.put(keys[i], value(i, 0));
    }
    run(
        random,
        () -> new LongReader(map, keys, numbers)::read,
        (SplittableRandom mine) -> {
          int number = mine.nextInt(KEYS);
          // In turns the odd keys come and go, so that nodes grow, shrink, split and join.
          long round = mine.nextInt(3) == 0 ? -1 : ++rounds[0];
          if (stays(number) || (round > 0 && rounds[0] / 20_000 % 2 == 0)) {
            map.put(keys[number], value(number, rounds[0]));
          } else {
            map.remove(keys[number]);
          }
        });
  }

  @Test
  void readersOfByteKeysSeeNothingTorn() throws Exception {
    SplittableRandom random = new SplittableRandom(Seeds.next("readersOfByteKeysSeeNothingTorn"));
    byte[][] keys = new byte[KEYS][];
    for (int i = 0; i < KEYS; i++) {
      keys[i] = ("k".repeat(i % 40) + i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
    AlexBytesMap map = new AlexBytesMap(-1);
    for (int i = 0; i < KEYS; i += 2) {
      map.put(keys[i], value(i, 0));
    }
    run(
        random,
        () ->
            mine -> {
              int number = mine.nextInt(KEYS);
              check(map.get(keys[number]), number, 0);
              AlexBytesCursor cursor = map.cursor(keys[number & -2]);
              if (!cursor.next() || cursor.value() % (1 << 20) != (number & -2)) {
                throw new AssertionError("cursor at " + (number & -2) + ": " + cursor.value());
              }
            },
        mine -> {
          int number = mine.nextInt(KEYS);
          if (stays(number) || mine.nextBoolean()) {
            map.put(keys[number], value(number, ++rounds[0]));
          } else {
            map.remove(keys[number]);
          }
        });
  }

  private final long[] rounds = new long[1];

  /** One step of a reader or the writer. */
  private interface Step {
    void run(SplittableRandom random);
  }

  private interface Readers {
    Step reader();
  }

  private static void run(SplittableRandom random, Readers readers, Step writer) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    AtomicBoolean stop = new AtomicBoolean();
    try {
      List<Future<Long>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Step step = i == 0 ? writer : readers.reader();
        SplittableRandom mine = random.split();
        all.add(
            threads.submit(
                () -> {
                  long steps = 0;
                  while (!stop.get()) {
                    step.run(mine);
                    steps++;
                  }
                  return steps;
                }));
      }
      Thread.sleep(MILLIS);
      stop.set(true);
      for (Future<Long> one : all) {
        assertThat(one.get()).isPositive();
      }
    } finally {
      stop.set(true);
      threads.shutdown();
    }
  }

  private static long check(long value, int number, long atLeast) {
    if (value == -1 && !stays(number)) {
      return atLeast;
    }
    if (value == -1 || value % (1 << 20) != number || value >>> 20 < atLeast) {
      throw new AssertionError(
          "value of %d: %d of round %d, at least %d expected"
              .formatted(number, value % (1 << 20), value >>> 20, atLeast));
    }
    return value >>> 20;
  }

  private static final class LongReader {
    private final AlexLongMap map;
    private final long[] keys;
    private final NavigableMap<Long, Integer> numbers;
    private final long[] seen = new long[KEYS];
    private final AlexEntry entry = new AlexEntry();
    private final AlexLongCursor up;

    LongReader(AlexLongMap map, long[] keys, NavigableMap<Long, Integer> numbers) {
      this.map = map;
      this.keys = keys;
      this.numbers = numbers;
      this.up = map.cursor();
    }

    void read(SplittableRandom random) {
      int number = random.nextInt(KEYS);
      seen[number] = check(map.get(keys[number]), number, seen[number]);
      if (stays(number)) {
        if (!map.floor(keys[number], entry) || entry.key() != keys[number]) {
          throw new AssertionError("floor of " + number);
        }
        seen[number] = check(entry.value(), number, seen[number]);
      }
      if (random.nextInt(200) == 0) {
        walk(number);
      }
    }

    private void walk(int from) {
      up.seek(keys[from]);
      long last = keys[from];
      Long mustCome = nextThatStays(keys[from], true);
      for (int i = 0; i < 50 && up.next(); i++) {
        if (i > 0 && up.key() <= last) {
          throw new AssertionError(up.key() + " after " + last);
        }
        last = up.key();
        int number = numbers.get(last);
        check(up.value(), number, 0);
        if (stays(number)) {
          if (mustCome != last) {
            throw new AssertionError(last + " instead of " + mustCome);
          }
          mustCome = nextThatStays(last, false);
        }
      }
    }

    private Long nextThatStays(long key, boolean inclusive) {
      for (var next : numbers.tailMap(key, inclusive).entrySet()) {
        if (stays(next.getValue())) {
          return next.getKey();
        }
      }
      return null;
    }
  }

  /** A writer that never goes on holds nobody up, and what it had begun is not seen. */
  @Test
  void readersPassAWriterThatIsStopped() {
    UndoLog undo = new UndoLog();
    DataNode node = new DataNode(Long.MIN_VALUE, Long.MAX_VALUE, 64);
    for (int i = 0; i < 40; i++) {
      node.insert(node.lowerBound(10L * i), 10L * i, i, undo);
    }
    node.begin(undo, 5, 30);
    for (int i = 10; i < 50; i++) {
      node.slots[i] = 12345;
    }
    node.end = 3;
    node.count = 3;
    long[] pairs = new long[200];
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          for (int i = 0; i < 40; i++) {
            assertThat(node.get(10L * i, -1, undo)).isEqualTo(i);
          }
          assertThat(node.get(12345, -1, undo)).isEqualTo(-1);
          assertThat(node.copyUp(0, pairs, 100, undo)).isEqualTo(40);
          assertThat(node.copyDown(Long.MAX_VALUE, pairs, 100, undo)).isEqualTo(40);
          assertThat(node.count(100, 200, undo)).isEqualTo(11);
        });
    node.finish();
    assertThat(node.count(Long.MIN_VALUE, Long.MAX_VALUE, undo)).isEqualTo(3);
  }

  /** A writer that writes on and on lets a reader who copies the node through all the same. */
  @Test
  void readersPassAWriterThatNeverRests() throws Exception {
    AlexLongMap map = new AlexLongMap(-1);
    for (int i = 0; i < 700; i++) {
      map.put(i, i);
    }
    AtomicBoolean stop = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; !stop.get(); i++) {
                map.put(i % 700, i % 700 + 700L * (i / 700 % 1000));
              }
            });
    writer.start();
    try {
      for (int i = 0; i < 2000; i++) {
        AlexLongCursor cursor = map.cursor();
        for (int key = 0; key < 700; key++) {
          assertThat(cursor.next()).isTrue();
          assertThat(cursor.value() % 700).isEqualTo(cursor.key());
        }
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }
}
