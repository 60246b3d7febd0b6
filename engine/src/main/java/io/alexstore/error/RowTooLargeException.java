package io.alexstore.error;

/** A key or a row is larger than what one may be. Nothing was written. */
public class RowTooLargeException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  private final long size;
  private final long limit;

  /**
   * @param what what is too large, readable, such as {@code key (name='aaa...')}
   * @param size its size in bytes
   * @param limit the most that is allowed, in bytes
   */
  public RowTooLargeException(String what, long size, long limit) {
    super(
        "The "
            + what
            + " takes "
            + size
            + " bytes; the limit is "
            + limit
            + ". Shorten its values, or keep them elsewhere and store a reference.");
    this.size = size;
    this.limit = limit;
  }

  /** The size in bytes. */
  public long size() {
    return size;
  }

  /** The most that is allowed, in bytes. */
  public long limit() {
    return limit;
  }
}
