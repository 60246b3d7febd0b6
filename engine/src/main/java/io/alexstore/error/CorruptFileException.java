package io.alexstore.error;

/** A file is damaged: a checksum does not match, or what it says cannot be. */
public class CorruptFileException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final long offset;

  /**
   * @param path the damaged file
   * @param offset where in the file the damage was found, in bytes; -1 if it has no place
   * @param what what is wrong, and what was expected
   */
  public CorruptFileException(String path, long offset, String what) {
    super(message(path, offset, what));
    this.path = path;
    this.offset = offset;
  }

  /** With a message of its own, of a file that has no damaged place. */
  CorruptFileException(String path, String message) {
    super(message);
    this.path = path;
    this.offset = -1;
  }

  private static String message(String path, long offset, String what) {
    String where = offset < 0 ? "" : " at offset " + offset + " (block " + (offset >>> 12) + ")";
    return "Corrupt file "
        + path
        + where
        + ": "
        + what
        + ". Restore the file from a copy, or roll the table back to a version without it.";
  }

  /** The damaged file. */
  public String path() {
    return path;
  }

  /** Where the damage was found, in bytes from the file's start; -1 if it has no place. */
  public long offset() {
    return offset;
  }
}
