package io.alexstore.error;

/** An embedded store that is open already, in this process or another. */
public class StoreInUseException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  /**
   * @param store the store's directory
   */
  public StoreInUseException(String store) {
    super(
        "Cannot open the store at "
            + store
            + ": it is open already, in this process or another, and one at a time may write."
            + " Close that one, share it between threads, or read the directory as a table.");
  }
}
