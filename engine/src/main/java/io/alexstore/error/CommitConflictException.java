package io.alexstore.error;

/**
 * Another writer committed first, and what this one was about to commit does not go together with
 * it. Nothing was written; begin the write again on the newest version.
 */
public class CommitConflictException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  private final long version;

  /**
   * @param table the table's path
   * @param version the version that the other writer published
   * @param why why the two do not go together
   */
  public CommitConflictException(String table, long version, String why) {
    super(
        "Cannot commit to "
            + table
            + ": another writer published version "
            + version
            + " first, and "
            + why
            + ". Nothing was written. Begin the write again on the newest version.");
    this.version = version;
  }

  /** The version that the other writer published. */
  public long version() {
    return version;
  }
}
