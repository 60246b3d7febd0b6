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

  private final AlexLongMap map;
  private final boolean descending;
  private final AlexEntry entry = new AlexEntry();
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
  }

  /**
   * Goes to the next entry; O(1) amortized.
   *
   * @return whether there is one
   */
  public boolean next() {
    if (done || !(descending ? map.floor(from, entry) : map.ceiling(from, entry))) {
      done = true;
      return false;
    }
    done = entry.key() == (descending ? Long.MIN_VALUE : Long.MAX_VALUE);
    from = descending ? entry.key() - 1 : entry.key() + 1;
    return true;
  }

  /** The key of the entry that {@link #next} went to. */
  public long key() {
    return entry.key();
  }

  /** The value of the entry that {@link #next} went to. */
  public long value() {
    return entry.value();
  }
}
