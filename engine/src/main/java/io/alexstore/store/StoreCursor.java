package io.alexstore.store;

import java.nio.ByteBuffer;

/**
 * Entries in the order of their keys, as of one moment, whatever is written meanwhile. To begin
 * with it stands before the first entry.
 *
 * <pre>{@code
 * try (StoreCursor c = store.scan(10, 20)) {
 *   while (c.next()) {
 *     use(c.longKey(), c.value());
 *   }
 * }
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public interface StoreCursor extends AutoCloseable {

  /**
   * Goes to the next entry. O(1) amortized, with at most a comparison for each memtable and level
   * of segments.
   *
   * @return whether there is one; once false, always false
   */
  boolean next();

  /**
   * The key of the entry, in a store of 64-bit keys.
   *
   * @throws IllegalStateException if the store has keys of bytes
   */
  long longKey();

  /**
   * The key of the entry, in a store with keys of bytes; the caller may keep it.
   *
   * @throws IllegalStateException if the store has 64-bit keys
   */
  byte[] key();

  /** The entry's value in a fresh array. */
  byte[] value();

  /** The entry's value where it stands, read-only: it stays as it is for as long as it is kept. */
  ByteBuffer valueSlice();

  /** Gives up what the cursor holds. Closing twice does nothing. */
  @Override
  void close();
}
