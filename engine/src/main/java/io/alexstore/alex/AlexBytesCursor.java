package io.alexstore.alex;

import java.util.Arrays;

/**
 * Walks the entries of an {@link AlexBytesMap} in the order of their keys, upwards or downwards. It
 * stands before the first entry until {@link #next} is called.
 *
 * <p>It may be used while the map is written: each entry that was there throughout is met once,
 * with a value that it had during the walk, one that is put or removed meanwhile may or may not be
 * met, and keys never come out of order. No call blocks.
 *
 * <p>Not safe for use by more than one thread; any number of cursors may be open, and they need not
 * be closed.
 */
public final class AlexBytesCursor {

  private static final byte[] NOTHING = {};

  // What a search comes to: the last is that a key was removed from under it.
  private static final int NONE = 0;
  private static final int FOUND = 1;
  private static final int DISTURBED = 2;

  private final AlexBytesMap map;
  private final boolean descending;

  /** The layers on the way to the key at hand, and the next slice to look at in each. */
  private AlexLongMap[] layers = new AlexLongMap[8];

  private long[] slices = new long[8];

  /** Whether the walk has passed the end of a layer, so that no slice of it is left. */
  private boolean[] ended = new boolean[8];

  private final long[] pair = new long[2];

  /** The key that was found last, or from which on to search; null for the end. */
  private byte[] key;

  /** The bytes before the slice at hand. */
  private byte[] path = NOTHING;

  private boolean inclusive = true;
  private boolean done;
  private long value;

  AlexBytesCursor(AlexBytesMap map, byte[] from, boolean descending) {
    this.map = map;
    this.descending = descending;
    this.key = from == null ? null : from.clone();
  }

  /** Starts anew at a key: the next entry is the first at or after it in the cursor's direction. */
  public void seek(byte[] from) {
    key = from.clone();
    inclusive = true;
    done = false;
  }

  /**
   * Goes to the next entry; a lookup in each layer that leads to it.
   *
   * @return whether there is one
   */
  public boolean next() {
    if (done) {
      return false;
    }
    int found = DISTURBED;
    while (found == DISTURBED) {
      path = key == null ? NOTHING : key;
      found = find(map.layersToWalk());
    }
    done = found == NONE;
    inclusive = false;
    return !done;
  }

  private int find(AlexBytesMap.Layers all) {
    int depth = 0;
    enter(0, all.get(0));
    if (key != null) {
      // Down to where the last key stands, or would stand.
      while (true) {
        int at = depth * KeySlice.BYTES;
        long slice = KeySlice.of(key, at);
        slices[depth] = slice;
        if (!KeySlice.goesOn(slice)) {
          if (!inclusive) {
            pass(depth, slice);
          }
          break;
        }
        pass(depth, slice);
        long found = layers[depth].get(slice);
        if (found == map.absent()) {
          break;
        }
        if (!map.isLayer(found)) {
          int inChain = chained(all.arena, map.chain(found), depth, slice, false);
          if (inChain != NONE) {
            return inChain;
          }
          break;
        }
        enter(++depth, map.layer(all, found));
      }
    }
    // On from there: along a layer, down into those below, back up where one ends.
    while (depth >= 0) {
      if (ended[depth] || !advance(depth)) {
        depth--;
        continue;
      }
      long slice = pair[0];
      long found = pair[1];
      pass(depth, slice);
      if (!KeySlice.goesOn(slice)) {
        key = KeySlice.join(path, depth * KeySlice.BYTES, slice, NOTHING);
        value = found;
        return FOUND;
      }
      if (map.isLayer(found)) {
        path = KeySlice.join(path, depth * KeySlice.BYTES, slice, NOTHING);
        enter(++depth, map.layer(all, found));
        continue;
      }
      int inChain = chained(all.arena, map.chain(found), depth, slice, true);
      if (inChain != NONE) {
        return inChain;
      }
    }
    return NONE;
  }

  private void enter(int depth, AlexLongMap layer) {
    if (depth == layers.length) {
      layers = Arrays.copyOf(layers, 2 * depth);
      slices = Arrays.copyOf(slices, 2 * depth);
      ended = Arrays.copyOf(ended, 2 * depth);
    }
    layers[depth] = layer;
    slices[depth] = descending ? Long.MAX_VALUE : Long.MIN_VALUE;
    ended[depth] = false;
  }

  /** Says that a slice of a layer has been looked at. */
  private void pass(int depth, long slice) {
    ended[depth] = slice == (descending ? Long.MIN_VALUE : Long.MAX_VALUE);
    slices[depth] = descending ? slice - 1 : slice + 1;
  }

  private boolean advance(int depth) {
    AlexLongMap layer = layers[depth];
    return (descending
            ? layer.copyDown(slices[depth], pair, 1)
            : layer.copyUp(slices[depth], pair, 1))
        > 0;
  }

  /**
   * Goes to the first key of a chain in the cursor's direction, of all or of those beyond the key
   * at hand.
   */
  private int chained(KeyArena arena, long first, int depth, long slice, boolean all) {
    byte[] best = null;
    long bestPlace = 0;
    for (long place = first; place != KeyArena.END; ) {
      byte[] chunk = arena.chunk(place);
      if (chunk == null) {
        return DISTURBED;
      }
      int order = all ? 1 : KeyArena.compare(chunk, place, key, (depth + 1) * KeySlice.BYTES);
      boolean fits = all || (order == 0 ? inclusive : descending == order < 0);
      if (fits) {
        best = chunk;
        bestPlace = place;
        if (!descending) {
          break;
        }
      }
      place = KeyArena.next(chunk, place);
    }
    if (best == null) {
      return NONE;
    }
    value = KeyArena.value(best, bestPlace);
    key = KeySlice.join(path, depth * KeySlice.BYTES, slice, KeyArena.rest(best, bestPlace));
    return FOUND;
  }

  /** The key of the entry that {@link #next} went to; the caller may keep it. */
  public byte[] key() {
    return key.clone();
  }

  int compareKey(byte[] other) {
    return Arrays.compareUnsigned(key, other);
  }

  /** The value of the entry that {@link #next} went to. */
  public long value() {
    return value;
  }
}
