package io.alexstore.error;

/**
 * A commit to a table that an embedded store owns: it is open, in this process or another, or was
 * not closed and still has writes of its own that no commit holds. Nothing was written.
 */
public class TableOwnedException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  /**
   * @param table the table's path
   * @param owner the store that owns it
   */
  public TableOwnedException(String table, String owner) {
    super(
        "Cannot write to "
            + table
            + ": it belongs to the embedded store "
            + owner
            + ", which is open or was not closed, so only that store may write. Nothing was"
            + " written. Write through the AlexStore, or close it; if its process died, open it"
            + " with AlexStore.open and close it again.");
  }
}
