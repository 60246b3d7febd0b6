package io.alexstore.alex;

/**
 * A key and its value, filled in by {@link AlexLongMap#floor} and {@link AlexLongMap#ceiling} so
 * that they allocate nothing. Not safe for use by more than one thread.
 */
public final class AlexEntry {

  private long key;
  private long value;

  /** The key that was found last; 0 before. */
  public long key() {
    return key;
  }

  /** The value of the key that was found last; 0 before. */
  public long value() {
    return value;
  }

  void set(long newKey, long newValue) {
    key = newKey;
    value = newValue;
  }
}
