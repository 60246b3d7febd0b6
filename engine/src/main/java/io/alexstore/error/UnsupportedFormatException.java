package io.alexstore.error;

/** A file is sound but of a format, or with a required feature, that this release cannot read. */
public class UnsupportedFormatException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  /**
   * @param path the file
   * @param what what is not supported, with the version or feature found and those known
   */
  public UnsupportedFormatException(String path, String what) {
    super("Cannot read " + path + ": " + what + ". Use a newer release of alexstore.");
  }
}
