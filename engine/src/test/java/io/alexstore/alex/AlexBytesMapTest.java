package io.alexstore.alex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
 * The updatable ALEX over byte strings, beside a TreeMap. {@code -Dalexstore.iterations=k} runs k
 * times as many operations.
 */
class AlexBytesMapTest {

  private static final int OPERATIONS = 40_000 * Integer.getInteger("alexstore.iterations", 1);

  /** Shapes of keys. */
  enum Keys {
    RANDOM {
      @Override
      byte[] draw(SplittableRandom random) {
        byte[] key = new byte[random.nextInt(24)];
        random.nextBytes(key);
        return key;
      }
    },
    FEW_LETTERS {
      @Override
      byte[] draw(SplittableRandom random) {
        byte[] key = new byte[random.nextInt(30)];
        for (int i = 0; i < key.length; i++) {
          key[i] = (byte) (random.nextInt(10) == 0 ? 0xff : random.nextInt(2));
        }
        return key;
      }
    },
    NUMBERED {
      @Override
      byte[] draw(SplittableRandom random) {
        return "customer/%012d/order".formatted(random.nextInt(30_000)).getBytes(UTF_8);
      }
    },
    LONG_PREFIX {
      @Override
      byte[] draw(SplittableRandom random) {
        return ("p".repeat(300 + 50 * random.nextInt(3)) + random.nextInt(5000)).getBytes(UTF_8);
      }
    },
    PREFIXES_OF_ONE_ANOTHER {
      @Override
      byte[] draw(SplittableRandom random) {
        return new byte[random.nextInt(500)];
      }
    },
    EIGHT_BYTES {
      @Override
      byte[] draw(SplittableRandom random) {
        byte[] key = new byte[8];
        random.nextBytes(key);
        return key;
      }
    };

    abstract byte[] draw(SplittableRandom random);
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithATreeMap(Keys keys) {
    long seed = Seeds.next("agreesWithATreeMap " + keys);
    SplittableRandom random = new SplittableRandom(seed);
    AlexBytesMap map = new AlexBytesMap(-1);
    TreeMap<byte[], Long> model = new TreeMap<>(Arrays::compareUnsigned);
    int removing = 2;
    for (int i = 0; i < OPERATIONS; i++) {
      if (i % 10_000 == 7000) {
        removing = random.nextInt(100);
      } else if (i % 10_000 == 0) {
        removing = 2;
      }
      byte[] key = keys.draw(random);
      if (random.nextInt(100) < removing) {
        byte[] there = model.floorKey(key);
        byte[] gone = there == null ? key : there;
        Long before = model.remove(gone);
        check(map.remove(gone), before == null ? -1 : before, gone);
      } else {
        Long before = model.put(key, (long) i);
        check(map.put(key, i), before == null ? -1 : before, key);
      }
      byte[] probe = keys.draw(random);
      check(map.get(probe), model.getOrDefault(probe, -1L), probe);
      check(map.get(key), model.getOrDefault(key, -1L), key);
      if (i % 100 == 0) {
        checkCursor(map.cursor(probe), model.tailMap(probe), 20);
        checkCursor(map.descendingCursor(probe), model.headMap(probe, true).descendingMap(), 20);
      }
      if (i % 4000 == 0) {
        byte[] other = keys.draw(random);
        int size =
            Arrays.compareUnsigned(probe, other) > 0
                ? 0
                : model.subMap(probe, true, other, true).size();
        assertThat(map.count(probe, other)).isEqualTo(size);
      }
    }
    checkAll(map, model);
    System.out.println(keys + " " + map.stats());
    for (byte[] key : model.keySet()) {
      check(map.remove(key) == -1 ? 1 : 0, 0, key);
    }
    assertThat(map.isEmpty()).isTrue();
    assertThat(map.cursor().next()).isFalse();
    assertThat(map.memoryBytes()).isLessThan(40_000);
  }

  @ParameterizedTest
  @EnumSource
  void loadsSortedKeys(Keys keys) {
    SplittableRandom random = new SplittableRandom(Seeds.next("loadsSortedKeys " + keys));
    TreeMap<byte[], Long> model = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < 5000; i++) {
      model.put(keys.draw(random), (long) i);
    }
    byte[][] sorted = model.keySet().toArray(new byte[0][]);
    long[] values = model.values().stream().mapToLong(Long::longValue).toArray();
    checkAll(AlexBytesMap.load(-1, sorted, values, sorted.length), model);
  }

  @Test
  void holdsValuesNextToTheAbsentOne() {
    for (long absent : new long[] {-1, 0, 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      AlexBytesMap map = new AlexBytesMap(absent);
      TreeMap<byte[], Long> model = new TreeMap<>(Arrays::compareUnsigned);
      for (int i = 0; i < 300; i++) {
        byte[] key = ("shared/prefix/" + i).getBytes(UTF_8);
        long value = absent + 1 + i;
        map.put(key, value);
        model.put(key, value);
      }
      checkAll(map, model);
      assertThat(map.get("shared/prefix/x".getBytes(UTF_8))).isEqualTo(absent);
    }
  }

  @Test
  void keepsItsOwnCopyOfAKey() {
    AlexBytesMap map = new AlexBytesMap(-1);
    byte[] key = "a key that is longer than a slice".getBytes(UTF_8);
    map.put(key, 1);
    byte[] same = key.clone();
    key[20] = 0;
    assertThat(map.get(same)).isEqualTo(1);
  }

  @Test
  void refusesWhatItCannotTellFromNothing() {
    AlexBytesMap map = new AlexBytesMap(-1);
    assertThatThrownBy(() -> map.put(new byte[1], -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    byte[][] twice = {{1}, {1}};
    assertThatThrownBy(() -> AlexBytesMap.load(-1, twice, new long[2], 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key 1");
  }

  private static void checkAll(AlexBytesMap map, NavigableMap<byte[], Long> model) {
    assertThat(map.size()).isEqualTo(model.size());
    checkCursor(map.cursor(), model, Integer.MAX_VALUE);
    checkCursor(map.descendingCursor(), model.descendingMap(), Integer.MAX_VALUE);
    byte[][] keys = model.keySet().toArray(new byte[0][]);
    long[] values = new long[keys.length];
    map.getAll(keys, values, keys.length);
    for (int i = 0; i < keys.length; i++) {
      check(values[i], model.get(keys[i]), keys[i]);
    }
  }

  private static void checkCursor(AlexBytesCursor cursor, Map<byte[], Long> expected, int most) {
    Iterator<Map.Entry<byte[], Long>> entries = expected.entrySet().iterator();
    for (int i = 0; i < most && entries.hasNext(); i++) {
      Map.Entry<byte[], Long> entry = entries.next();
      check(cursor.next() ? 1 : 0, 1, entry.getKey());
      check(Arrays.compare(cursor.key(), entry.getKey()), 0, entry.getKey());
      check(cursor.value(), entry.getValue(), entry.getKey());
    }
    if (!entries.hasNext()) {
      check(cursor.next() ? 1 : 0, 0, new byte[0]);
    }
  }

  /** As an assertion would, but fast enough for millions. */
  private static void check(long found, long expected, byte[] key) {
    if (found != expected) {
      throw new AssertionError(
          found + " instead of " + expected + " for key " + Arrays.toString(key));
    }
  }
}
