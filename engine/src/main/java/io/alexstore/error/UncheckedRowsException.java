package io.alexstore.error;

import java.util.List;

/**
 * A writer that does not evaluate a table's CHECK constraints was to add rows to it. Nothing was
 * written.
 */
public class UncheckedRowsException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  /**
   * @param table the table's path
   * @param constraints the names and conditions of its constraints
   */
  public UncheckedRowsException(String table, List<String> constraints) {
    super(
        "The table at "
            + table
            + " has CHECK constraints ("
            + String.join("; ", constraints)
            + "), which this writer does not evaluate, so it may not add rows. Write with Spark 4.1"
            + " or newer, which does; or, in Java, see that the rows fulfil them, and say so with"
            + " TableWrite.withCheckedRows()");
  }
}
