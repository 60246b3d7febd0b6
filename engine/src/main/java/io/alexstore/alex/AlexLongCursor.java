package io.alexstore.alex;

/**
 * Walks the entries of an {@link AlexLongMap} in the order of their keys, upwards or downwards. It
 * stands before the first entry until {@link #next} is called.
 *
 * <p>It may be used while the map is written: each entry that was there throughout is met once,
 * with a value that it had during the walk, one that is put or removed meanwhile may or may not be
 * met, and keys never come out of order. No call blocks.
 *
 * <p>Not safe for use by more than one thread; any number of cursors may be open, and they need not
 * be closed.
 */
public final class AlexLongCursor {

  /** The entries that are copied at first; each time more, up to the most. */
  private static final int FIRST = 16;

  private static final int MOST = 256;

  private final AlexLongMap map;
  private final boolean descending;

  /** Entries that were copied, key and value in turn. */
  private long[] buffer = new long[2 * FIRST];

  private int copied;
  private int at;
  private long from;
  private boolean done;

  AlexLongCursor(AlexLongMap map, long from, boolean descending) {
    this.map = map;
    this.descending = descending;
    this.from = from;
  }

  /** Starts anew at a key: the next entry is the first at or after it in the cursor's direction. */
  public void seek(long key) {
    from = key;
    done = false;
    copied = 0;
    at = 0;
  }

  /**
   * Goes to the next entry; O(1) amortized.
   *
   * @return whether there is one
   */
  public boolean next() {
    if (at + 1 < copied) {
      at++;
      return true;
    }
    return !done && fill();
  }

  private boolean fill() {
    if (copied * 2 == buffer.length && copied < MOST) {
      buffer = new long[2 * buffer.length];
    }
    int most = buffer.length / 2;
    int found = descending ? map.copyDown(from, buffer, most) : map.copyUp(from, buffer, most);
    if (found == 0) {
      done = true;
      return false;
    }
    copied = found;
    at = 0;
    long last = buffer[2 * copied - 2];
    done = last == (descending ? Long.MIN_VALUE : Long.MAX_VALUE);
    from = descending ? last - 1 : last + 1;
    return true;
  }

  /** The key of the entry that {@link #next} went to. */
  public long key() {
    return buffer[2 * at];
  }

  /** The value of the entry that {@link #next} went to. */
  public long value() {
    return buffer[2 * at + 1];
  }
}
