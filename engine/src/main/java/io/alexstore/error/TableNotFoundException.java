package io.alexstore.error;

import java.time.Instant;

/** A path, or a version of a table, that is not there. */
public class TableNotFoundException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  private TableNotFoundException(String message) {
    super(message);
  }

  /**
   * There is no table.
   *
   * @param table the path that was opened
   * @param lookedFor what was looked for, and not found
   */
  public static TableNotFoundException noTable(String table, String lookedFor) {
    return new TableNotFoundException(
        "No alexstore table at "
            + table
            + ": looked for "
            + lookedFor
            + ". Check the path, or write the table first.");
  }

  /**
   * There is a table, but not in this version.
   *
   * @param table the table's path
   * @param version the version asked for
   * @param newest the newest version there is
   */
  public static TableNotFoundException noVersion(String table, long version, long newest) {
    return new TableNotFoundException(
        "The table at "
            + table
            + " has no version "
            + version
            + "; its versions are 0 to "
            + newest
            + ". Choose one of these.");
  }

  /**
   * There was a table when a write began, but not any more, or another one is in its place.
   *
   * @param table the table's path
   */
  public static TableNotFoundException dropped(String table) {
    return new TableNotFoundException(
        "The table at "
            + table
            + " was dropped or renamed since this write to it began. Nothing was committed. If"
            + " there is a table of that name again, begin anew.");
  }

  /**
   * There was such a version, but it was given up.
   *
   * @param table the table's path
   * @param version the version asked for
   * @param oldest the oldest version that can be read
   * @param newest the newest version there is
   */
  public static TableNotFoundException expired(
      String table, long version, long oldest, long newest) {
    return new TableNotFoundException(
        "Version "
            + version
            + " of the table at "
            + table
            + " has expired: its files were deleted to free their space. Versions "
            + oldest
            + " to "
            + newest
            + " can be read; choose one of these.");
  }

  /**
   * There was no table yet at a time.
   *
   * @param table the table's path
   * @param time the time asked for
   * @param first when its first version was made
   */
  public static TableNotFoundException beforeFirst(String table, Instant time, Instant first) {
    return new TableNotFoundException(
        "The table at "
            + table
            + " was not there yet at "
            + time
            + ": its first version was made at "
            + first
            + ". Choose a time from then on.");
  }

  /**
   * The version of a time was given up.
   *
   * @param table the table's path
   * @param time the time asked for
   * @param oldest the oldest version that can be read
   * @param oldestTime when it was made
   * @param newest the newest version there is
   */
  public static TableNotFoundException expiredAt(
      String table, Instant time, long oldest, Instant oldestTime, long newest) {
    return new TableNotFoundException(
        "The version that the table at "
            + table
            + " had at "
            + time
            + " has expired: its files were deleted to free their space. Versions "
            + oldest
            + " (of "
            + oldestTime
            + ") to "
            + newest
            + " can be read; choose one of these, or a time from then on.");
  }

  /**
   * A time that has not come yet.
   *
   * @param table the table's path
   * @param time the time asked for
   * @param newest when its newest version was made
   */
  public static TableNotFoundException inFuture(String table, Instant time, Instant newest) {
    return new TableNotFoundException(
        "The table at "
            + table
            + " cannot be read as of "
            + time
            + ", which is in the future: nobody knows yet what it will hold. Its newest version is"
            + " of "
            + newest
            + ". Choose an earlier time, or leave it out to read the newest version.");
  }
}
