package io.alexstore.alex;

/**
 * A key and its value, filled in by {@link AlexLongMap#floor} and {@link AlexLongMap#ceiling} so
 * that they allocate nothing. Not safe for use by more than one thread.
 */
public final class AlexEntry {

  private final long[] pair = new long[2];

  /** The key that was found last; 0 before. */
  public long key() {
    return pair[0];
  }

  /** The value of the key that was found last; 0 before. */
  public long value() {
    return pair[1];
  }

  /** Where a map puts what it found: key and value. */
  long[] pair() {
    return pair;
  }
}
