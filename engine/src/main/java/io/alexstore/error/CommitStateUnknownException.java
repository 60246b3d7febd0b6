package io.alexstore.error;

/**
 * A publication failed at or after the step that makes it visible, so it may or may not have
 * happened. Whoever sees this must read the published name again to learn which, and must delete no
 * file that the publication names until it knows.
 */
public class CommitStateUnknownException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  private final String path;

  /**
   * @param path the file that may or may not have been published
   * @param cause what went wrong
   */
  public CommitStateUnknownException(String path, Throwable cause) {
    super(
        "Cannot tell whether "
            + path
            + " was published: "
            + cause
            + ". Read the file, or the table's newest version, to learn whether the commit is in;"
            + " do not delete the files that it names before that.",
        cause);
    this.path = path;
  }

  /** The file that may or may not have been published. */
  public String path() {
    return path;
  }
}
