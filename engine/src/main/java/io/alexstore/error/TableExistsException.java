package io.alexstore.error;

/** A table was to be created where there is one already. Nothing was changed. */
public class TableExistsException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  /**
   * @param table the table's path
   */
  public TableExistsException(String table) {
    super(
        "There is an alexstore table at "
            + table
            + " already. Open it, overwrite it, or choose another path.");
  }
}
