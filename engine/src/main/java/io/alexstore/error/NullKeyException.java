package io.alexstore.error;

/** A row has no value in a column of the primary key. Nothing was written. */
public class NullKeyException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  /**
   * @param column the key column that is null
   */
  public NullKeyException(String column) {
    super(
        "Null in primary key column '"
            + column
            + "': a primary key has no nulls. Filter such rows out, fill the column, or use"
            + " sortKey, which allows nulls and duplicates, instead of primaryKey.");
  }
}
