package io.alexstore.error;

/** One statement changes the same row twice, so that it cannot be said what becomes of it. */
public class RowChangedTwiceException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  /**
   * @param table the table's path
   * @param segment the segment that the row is in
   * @param position the row's position in it
   */
  public RowChangedTwiceException(String table, String segment, int position) {
    super(
        "A row of the table at "
            + table
            + " (position "
            + position
            + " of segment "
            + segment
            + ") is to be changed twice by one statement, as when two source rows of a MERGE match it."
            + " Nothing was committed. Make the source's rows unique by the condition of the MERGE.");
  }
}
