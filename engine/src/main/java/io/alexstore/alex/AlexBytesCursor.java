package io.alexstore.alex;

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

  private final AlexBytesMap map;
  private final boolean descending;
  private byte[] key;
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
   * Goes to the next entry; O(1) amortized.
   *
   * @return whether there is one
   */
  public boolean next() {
    if (done) {
      return false;
    }
    var found = map.step(key, inclusive, descending);
    if (found == null) {
      done = true;
      return false;
    }
    key = found.getKey();
    value = found.getValue();
    inclusive = false;
    return true;
  }

  /** The key of the entry that {@link #next} went to; the caller may keep it. */
  public byte[] key() {
    return key.clone();
  }

  /** The value of the entry that {@link #next} went to. */
  public long value() {
    return value;
  }
}
