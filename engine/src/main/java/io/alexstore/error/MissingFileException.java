package io.alexstore.error;

/**
 * A file that a version of a table names is not there: the version has expired while it was read,
 * or the file was lost.
 */
public class MissingFileException extends CorruptFileException {
  private static final long serialVersionUID = 1L;

  /**
   * @param path the missing file
   */
  public MissingFileException(String path) {
    super(
        path,
        "The file "
            + path
            + " is missing, though the table's log names it. If the version that is read has"
            + " expired meanwhile, begin again on the newest, and let versions expire later than"
            + " the longest query or write takes. Otherwise restore the file from a copy, or roll"
            + " the table back to a version without it.");
  }
}
