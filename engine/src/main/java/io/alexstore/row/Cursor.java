package io.alexstore.row;

/**
 * Rows one after another. To begin with it stands before the first row.
 *
 * <pre>{@code
 * try (Cursor c = table.scan(range)) {
 *   while (c.next()) {
 *     use(c.row());
 *   }
 * }
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public interface Cursor extends AutoCloseable {

  /**
   * Goes to the next row.
   *
   * @return whether there is one; once false, always false
   */
  boolean next();

  /**
   * The row that the cursor stands on. It may be the same object each time with other values: it is
   * valid until {@link #next} or {@link #close}; {@link ArrayRow#copyOf} keeps one.
   *
   * @throws IllegalStateException if the cursor stands on no row
   */
  Row row();

  /** Gives up what the cursor holds. Closing twice does nothing. */
  @Override
  void close();
}
