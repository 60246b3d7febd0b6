package io.alexstore.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes that become visible, and durable, together or not at all: {@link AlexStore#write}. Later
 * ones of a key take the place of earlier ones. It keeps the arrays that it is given; they must not
 * be changed before it was written. Not thread-safe.
 */
public final class WriteBatch {

  /**
   * One write.
   *
   * @param key of bytes; null if it is a 64-bit one
   * @param value null for a deletion
   */
  record Write(long longKey, byte[] key, byte[] value) {}

  private static final byte[] NOTHING = new byte[0];

  private final List<Write> writes = new ArrayList<>();
  private long bytes;

  /** An empty batch. */
  public WriteBatch() {}

  /** Gives a 64-bit key a value. */
  public WriteBatch put(long key, byte[] value) {
    return add(new Write(key, null, Objects.requireNonNull(value, "value")));
  }

  /** Gives a key of bytes a value. */
  public WriteBatch put(byte[] key, byte[] value) {
    return add(
        new Write(0, Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value")));
  }

  /** Deletes a 64-bit key. */
  public WriteBatch delete(long key) {
    return add(new Write(key, null, null));
  }

  /** Deletes a key of bytes. */
  public WriteBatch delete(byte[] key) {
    return add(new Write(0, Objects.requireNonNull(key, "key"), null));
  }

  private WriteBatch add(Write write) {
    int key = write.key() == null ? Long.BYTES : write.key().length;
    bytes += WalFormat.recordBytes(key, write.value() == null ? 0 : write.value().length);
    writes.add(write);
    return this;
  }

  /** Forgets all writes, so that the batch can be used again. */
  public void clear() {
    writes.clear();
    bytes = 0;
  }

  /** The number of writes. */
  public int size() {
    return writes.size();
  }

  List<Write> writes() {
    return writes;
  }

  /** What the records take in the log. */
  long bytes() {
    return bytes;
  }

  static byte[] valueOf(Write write) {
    return write.value() == null ? NOTHING : write.value();
  }
}
