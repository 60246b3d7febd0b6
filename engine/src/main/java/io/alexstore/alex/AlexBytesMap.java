package io.alexstore.alex;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A sorted map from byte strings to 64-bit values in memory: the updatable ALEX over keys of any
 * length. Keys are compared as unsigned bytes; of two of which one starts with the other, the
 * shorter is the smaller. The map copies the keys that it is given.
 *
 * <p>Thread safety: one thread at a time may write ({@link #put}, {@link #remove}, {@link #clear});
 * who uses more must put a lock around them. Any number of threads may read meanwhile. A reader
 * never waits for a writer. Each single lookup is atomic: it sees all writes that returned before
 * it began. Cursors and {@link #count} may see some of the writes made during the walk.
 */
public final class AlexBytesMap {

  private final ConcurrentSkipListMap<byte[], Long> map =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
  private final long absent;

  /**
   * An empty map.
   *
   * @param absent what stands for 'no such key' in answers; no key may have it as its value
   */
  public AlexBytesMap(long absent) {
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
  public static AlexBytesMap load(long absent, byte[][] keys, long[] values, int count) {
    AlexBytesMap map = new AlexBytesMap(absent);
    for (int i = 0; i < count; i++) {
      if (i > 0 && Arrays.compareUnsigned(keys[i - 1], keys[i]) >= 0) {
        throw new IllegalArgumentException("Keys must ascend, but key " + i + " does not");
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
  public long get(byte[] key) {
    return map.getOrDefault(key, absent);
  }

  /**
   * The values of many keys. Each is atomic, all together are not.
   *
   * @param keys the keys, in any order
   * @param values where the values go, {@link #absent()} for keys that are not there
   * @param count how many keys
   */
  public void getAll(byte[][] keys, long[] values, int count) {
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
  public long put(byte[] key, long value) {
    if (value == absent) {
      throw new IllegalArgumentException(
          "The value " + value + " stands for 'no such key' in this map; remove the key instead");
    }
    Long before = map.put(key.clone(), value);
    return before == null ? absent : before;
  }

  /**
   * Removes a key.
   *
   * @return the value that it had, or {@link #absent()}
   */
  public long remove(byte[] key) {
    Long before = map.remove(key);
    return before == null ? absent : before;
  }

  /** Removes all keys; O(1). */
  public void clear() {
    map.clear();
  }

  /** All entries in ascending order of their keys. */
  public AlexBytesCursor cursor() {
    return new AlexBytesCursor(this, new byte[0], false);
  }

  /**
   * The entries from a key on, which itself is among them, in ascending order: the ceiling first.
   */
  public AlexBytesCursor cursor(byte[] from) {
    return new AlexBytesCursor(this, from, false);
  }

  /** All entries in descending order of their keys. */
  public AlexBytesCursor descendingCursor() {
    return new AlexBytesCursor(this, null, true);
  }

  /** The entries from a key on downwards, which itself is among them: the floor first. */
  public AlexBytesCursor descendingCursor(byte[] from) {
    return new AlexBytesCursor(this, from, true);
  }

  Map.Entry<byte[], Long> step(byte[] from, boolean inclusive, boolean descending) {
    if (from == null) {
      return map.lastEntry();
    }
    if (descending) {
      return inclusive ? map.floorEntry(from) : map.lowerEntry(from);
    }
    return inclusive ? map.ceilingEntry(from) : map.higherEntry(from);
  }

  /** The number of keys from {@code from} to {@code to}, both of them included. */
  public long count(byte[] from, byte[] to) {
    return Arrays.compareUnsigned(from, to) > 0 ? 0 : map.subMap(from, true, to, true).size();
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
    return 80L * map.size();
  }

  /** What the map is made of; O(n). */
  public AlexStats stats() {
    return new AlexStats(size(), 0, 0, 0, 0, 0, memoryBytes(), 0, 0);
  }
}
