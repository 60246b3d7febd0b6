package io.alexstore.benchmarks.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.benchmarks.KeyDistribution;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine against a map: a peer that answers wrongly is measured wrongly. */
class MapEngineTest {

  private static final int VALUE = 24;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(3);
  private final TreeMap<Long, Integer> model = new TreeMap<>();
  private final byte[] value = new byte[VALUE];
  private final byte[] target = new byte[VALUE];

  static List<String> engines() {
    return MapEngine.NAMES;
  }

  private MapEngine open(String engine) throws Exception {
    Spec spec = new Spec(Measure.CORE, engine, 10_000, VALUE, KeyDistribution.UNIFORM, 0, 0, 1_000);
    return MapEngine.open(spec, directory);
  }

  private byte[] next(long key, int version) {
    model.put(key, version);
    Values.fill(key, version, value);
    return value;
  }

  @ParameterizedTest
  @MethodSource("engines")
  void itsAnswersAreThoseOfAMap(String engine) throws Exception {
    try (MapEngine map = open(engine)) {
      for (long key : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
        map.load(key, next(key, 0));
      }
      for (int i = 0; i < 25_000; i++) {
        long key = random.nextLong();
        map.load(key, next(key, 0));
      }
      map.endLoad();
      check(map);
      for (long key : model.keySet().stream().filter(key -> key % 7 == 0).toList()) {
        map.put(key, next(key, 1));
        map.put(key + 1, next(key + 1, 2));
      }
      check(map);
      map.compact();
      check(map);
      map.put(5, next(5, 3));
      check(map);
    }
    try (MapEngine map = open(engine)) {
      check(map);
      map.put(6, next(6, 4));
      map.put(5, next(5, 5));
      check(map);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void ascendingKeysAreLoaded(String engine) throws Exception {
    try (MapEngine map = open(engine)) {
      for (long key = -15_000; key < 15_000; key += 2) {
        map.loadAscending(key, next(key, 0));
      }
      map.endLoad();
      check(map);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aReaderInAnotherThreadSeesTheLastWrite(String engine) throws Exception {
    try (MapEngine map = open(engine);
        MapEngine.Reader reader = map.reader()) {
      var failure = new Throwable[1];
      for (int version = 0; version < 20; version++) {
        int now = version;
        map.put(42, next(42, now));
        Thread thread =
            new Thread(
                () -> {
                  try {
                    assertThat(reader.get(42, target)).isTrue();
                    assertThat(Values.version(42, target)).isEqualTo(now);
                    assertThat(reader.get(43, target)).isFalse();
                  } catch (Exception | Error e) {
                    failure[0] = e;
                  }
                });
        thread.start();
        thread.join();
        assertThat(failure[0]).isNull();
      }
    }
  }

  private void check(MapEngine map) throws Exception {
    for (var entry : model.entrySet()) {
      assertThat(map.get(entry.getKey(), target)).isTrue();
      assertThat(Values.version(entry.getKey(), target)).isEqualTo(entry.getValue());
    }
    for (int i = 0; i < 1_000; i++) {
      long key = random.nextLong();
      assertThat(map.get(key, target)).isEqualTo(model.containsKey(key));
      range(map, key, random.nextInt(1, 200));
    }
    range(map, Long.MIN_VALUE, 10);
    range(map, Long.MAX_VALUE, 10);
  }

  private void range(MapEngine map, long from, int count) throws Exception {
    long sum = 0;
    long last = 0;
    Iterator<Long> keys = model.tailMap(from, true).keySet().iterator();
    for (int i = 0; i < count && keys.hasNext(); i++) {
      last = keys.next();
      sum += last;
    }
    assertThat(map.range(from, count, target)).isEqualTo(sum);
    if (model.ceilingKey(from) != null) {
      assertThat(Values.version(last, target)).isEqualTo(model.get(last));
    }
  }
}
