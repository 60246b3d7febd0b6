package io.alexstore.alex;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;

/**
 * A sorted map from byte strings to 64-bit values in memory: the updatable ALEX over keys of any
 * length. Keys are compared as unsigned bytes; of two of which one starts with the other, the
 * shorter is the smaller. The map copies the keys that it is given.
 *
 * <p>It is made of layers, each an {@link AlexLongMap} over seven bytes of the keys: the first
 * looks at bytes 0 to 6. Under a slice stands the value of the key that ends there, or a chain of
 * up to {@value #MAX_CHAIN} keys that go on, or, for more of them, the next layer. So a prefix that
 * all keys share costs a small layer for each seven bytes, and no key is lost behind a prefix.
 * There are at most as many layers on the way to a key as it has sevenths, whatever the keys are.
 *
 * <p>The bytes of removed keys are given back when all keys of their chunk (up to 256 KiB, filled
 * in the order of the puts) are removed, layers when the map is empty.
 *
 * <p>Thread safety: one thread at a time may write ({@link #put}, {@link #remove}, {@link #clear});
 * who uses more must put a lock around them. Any number of threads may read meanwhile. A reader
 * never waits for a writer. Each single lookup is atomic: it sees all writes that returned before
 * it began. Cursors and {@link #count} may see some of the writes made during the walk.
 *
 * <p>Why that is so: a layer's reads are atomic; a chain changes by one store of a link or a value;
 * what is taken out of a chain keeps its own links, and a chain that becomes a layer stays as it
 * was, its keys being copied. So a reader that went another way before it changed finds what was
 * there at a moment after its start.
 */
public final class AlexBytesMap {

  /** The most keys in a chain. */
  static final int MAX_CHAIN = 8;

  /** The bit of a reference that says that it is the number of a layer. */
  private static final long LAYER = 1L << 62;

  /** The bytes of what the map has beside its layers: the undo log and the builder's buffer. */
  private static final long OVERHEAD = 33_000;

  /** The bytes of a layer beside its nodes. */
  private static final long LAYER_BYTES = 160;

  private static final VarHandle STATE;
  private static final VarHandle SIZE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(AlexBytesMap.class, "state", Layers.class);
      SIZE = lookup.findVarHandle(AlexBytesMap.class, "size", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** All layers and the arena; cleared together. */
  static final class Layers {
    private static final VarHandle ALL;

    static {
      try {
        ALL = MethodHandles.lookup().findVarHandle(Layers.class, "all", AlexLongMap[].class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    final KeyArena arena = new KeyArena();
    private AlexLongMap[] all = new AlexLongMap[1];
    private int count;

    int add(AlexLongMap layer) {
      if (count == all.length) {
        ALL.setRelease(this, Arrays.copyOf(all, 2 * count));
      }
      all[count] = layer;
      return count++;
    }

    AlexLongMap get(int number) {
      return ((AlexLongMap[]) ALL.getAcquire(this))[number];
    }
  }

  private final long absent;
  private final UndoLog undo = new UndoLog();
  private final DataNodeBuilder builder = new DataNodeBuilder();
  private Layers state;
  private long size;

  /**
   * An empty map.
   *
   * @param absent what stands for 'no such key' in answers; no key may have it as its value
   */
  public AlexBytesMap(long absent) {
    this.absent = absent;
    clear();
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
        throw new IllegalArgumentException(
            "Keys to load must ascend strictly, but key %d does not follow the one before"
                .formatted(i));
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
    Layers layers = layers();
    AlexLongMap layer = layers.get(0);
    int at = 0;
    while (true) {
      long slice = KeySlice.of(key, at);
      long found = layer.get(slice);
      if (found == absent || !KeySlice.goesOn(slice)) {
        return found;
      }
      at += KeySlice.BYTES;
      long place = decode(found);
      if ((place & LAYER) != 0) {
        layer = layers.get((int) place);
        continue;
      }
      byte[] chunk = layers.arena.chunkOrNull(place);
      while (chunk != null) {
        int order = KeyArena.compare(chunk, place, key, at);
        if (order >= 0) {
          return order == 0 ? KeyArena.value(chunk, place) : absent;
        }
        place = KeyArena.next(chunk, place);
        chunk = layers.arena.chunkOrNull(place);
      }
      if (place == KeyArena.END) {
        return absent;
      }
      // All keys of a chunk were removed meanwhile; begin anew.
      layers = layers();
      layer = layers.get(0);
      at = 0;
    }
  }

  /** A place in the arena or a layer as a value, none of which is {@link #absent}. */
  private long encode(long place) {
    return (place + 1) ^ absent;
  }

  private long decode(long found) {
    return (found ^ absent) - 1;
  }

  private Layers layers() {
    return (Layers) STATE.getAcquire(this);
  }

  /**
   * The values of many keys. Each is atomic, all together are not.
   *
   * @param keys the keys, in any order
   * @param values where the values go, {@link #absent()} for keys that are not there
   * @param count how many keys
   */
  public void getAll(byte[][] keys, long[] values, int count) {
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
  public long put(byte[] key, long value) {
    if (value == absent) {
      throw new IllegalArgumentException(
          "The value " + value + " stands for 'no such key' in this map; remove the key instead");
    }
    AlexLongMap layer = state.get(0);
    int at = 0;
    while (true) {
      long slice = KeySlice.of(key, at);
      if (!KeySlice.goesOn(slice)) {
        return counted(layer.put(slice, value));
      }
      at += KeySlice.BYTES;
      long found = layer.get(slice);
      long first = found == absent ? KeyArena.END : decode(found);
      if (found != absent && (first & LAYER) != 0) {
        layer = state.get((int) first);
        continue;
      }
      long before = KeyArena.END;
      long place = first;
      int length = 0;
      for (; place != KeyArena.END; place = KeyArena.next(state.arena.chunk(place), place)) {
        byte[] chunk = state.arena.chunk(place);
        int order = KeyArena.compare(chunk, place, key, at);
        if (order == 0) {
          long former = KeyArena.value(chunk, place);
          state.arena.setValue(place, value);
          return former;
        }
        if (order > 0) {
          break;
        }
        before = place;
        length++;
      }
      if (length(place) + length == MAX_CHAIN) {
        layer = makeLayer(layer, slice, first);
        continue;
      }
      long added = state.arena.add(key, at, place, value);
      if (before == KeyArena.END) {
        layer.put(slice, encode(added));
      } else {
        state.arena.setNext(before, added);
      }
      return counted(absent);
    }
  }

  private long counted(long former) {
    if (former == absent) {
      SIZE.setRelease(this, size + 1);
    }
    return former;
  }

  /** How many keys a chain has from one on. */
  private int length(long from) {
    int length = 0;
    for (long place = from;
        place != KeyArena.END;
        place = KeyArena.next(state.arena.chunk(place), place)) {
      length++;
    }
    return length;
  }

  /** Puts a chain's keys into a layer of their own, which takes the chain's place. */
  private AlexLongMap makeLayer(AlexLongMap parent, long slice, long first) {
    AlexLongMap layer = new AlexLongMap(absent, undo, builder);
    long last = KeyArena.END;
    long lastSlice = 0;
    for (long place = first; place != KeyArena.END; ) {
      byte[] chunk = state.arena.chunk(place);
      byte[] rest = KeyArena.rest(chunk, place);
      long value = KeyArena.value(chunk, place);
      long next = KeyArena.next(chunk, place);
      long below = KeySlice.of(rest, 0);
      if (!KeySlice.goesOn(below)) {
        layer.put(below, value);
      } else {
        long copy = state.arena.add(rest, KeySlice.BYTES, KeyArena.END, value);
        if (last != KeyArena.END && lastSlice == below) {
          state.arena.setNext(last, copy);
        } else {
          layer.put(below, encode(copy));
        }
        last = copy;
        lastSlice = below;
      }
      place = next;
    }
    parent.put(slice, encode(LAYER | state.add(layer)));
    for (long place = first; place != KeyArena.END; ) {
      long next = KeyArena.next(state.arena.chunk(place), place);
      state.arena.remove(place);
      place = next;
    }
    return layer;
  }

  /**
   * Removes a key.
   *
   * @return the value that it had, or {@link #absent()}
   */
  public long remove(byte[] key) {
    AlexLongMap layer = state.get(0);
    int at = 0;
    while (true) {
      long slice = KeySlice.of(key, at);
      if (!KeySlice.goesOn(slice)) {
        return removed(layer.remove(slice));
      }
      at += KeySlice.BYTES;
      long found = layer.get(slice);
      if (found == absent) {
        return absent;
      }
      long place = decode(found);
      if ((place & LAYER) != 0) {
        layer = state.get((int) place);
        continue;
      }
      return removed(unchain(layer, slice, place, key, at));
    }
  }

  private long unchain(AlexLongMap layer, long slice, long first, byte[] key, int at) {
    long before = KeyArena.END;
    for (long place = first; place != KeyArena.END; ) {
      byte[] chunk = state.arena.chunk(place);
      long next = KeyArena.next(chunk, place);
      if (KeyArena.compare(chunk, place, key, at) == 0) {
        if (before != KeyArena.END) {
          state.arena.setNext(before, next);
        } else if (next != KeyArena.END) {
          layer.put(slice, encode(next));
        } else {
          layer.remove(slice);
        }
        long value = KeyArena.value(chunk, place);
        state.arena.remove(place);
        return value;
      }
      before = place;
      place = next;
    }
    return absent;
  }

  private long removed(long former) {
    if (former != absent) {
      SIZE.setRelease(this, size - 1);
      if (size == 0) {
        clear();
      }
    }
    return former;
  }

  /** Removes all keys; O(1). */
  public void clear() {
    Layers empty = new Layers();
    empty.add(new AlexLongMap(absent, undo, builder));
    STATE.setRelease(this, empty);
    SIZE.setRelease(this, 0L);
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

  /** What a walk over the map needs to know of it. */
  Layers layersToWalk() {
    return layers();
  }

  /** Whether a value that is found under a slice that goes on is a layer's number. */
  boolean isLayer(long found) {
    return (decode(found) & LAYER) != 0;
  }

  AlexLongMap layer(Layers layers, long found) {
    return layers.get((int) decode(found));
  }

  long chain(long found) {
    return decode(found);
  }

  /** The number of keys from {@code from} to {@code to}, both of them included; walks over them. */
  public long count(byte[] from, byte[] to) {
    long keys = 0;
    AlexBytesCursor cursor = cursor(from);
    while (cursor.next() && cursor.compareKey(to) <= 0) {
      keys++;
    }
    return keys;
  }

  /** The number of keys; O(1). */
  public long size() {
    return (long) SIZE.getAcquire(this);
  }

  /** Whether there are no keys. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** The bytes of heap that the map takes, keys and values included; O(layers). */
  public long memoryBytes() {
    Layers layers = layers();
    long bytes = OVERHEAD + layers.arena.memoryBytes();
    for (int i = 0; i < layers.count; i++) {
      bytes += LAYER_BYTES + layers.get(i).nodeBytes();
    }
    return bytes;
  }

  /** What the map is made of; O(n). */
  public AlexStats stats() {
    Layers layers = layers();
    AlexStats sum = layers.get(0).stats();
    for (int i = 1; i < layers.count; i++) {
      sum = sum.plus(layers.get(i).stats());
    }
    return sum.of(size(), memoryBytes());
  }
}
