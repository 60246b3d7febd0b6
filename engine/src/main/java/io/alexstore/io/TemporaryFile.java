package io.alexstore.io;

import java.io.IOException;

/**
 * The first steps of an atomic publication, whatever the last one is: a temporary file that holds
 * the content, durably, beside the name that it is to get. For stores only.
 */
public final class TemporaryFile {

  private TemporaryFile() {}

  /**
   * Writes a temporary file. Where that fails, the file is deleted as far as possible.
   *
   * @param path the name that the content is to get
   * @return the file's name: unique, of the same directory, and told by {@link
   *     FilePaths#isTemporary}
   */
  public static String write(FileStore store, String path, byte[] content) throws IOException {
    String temporary = FilePaths.temporary(path);
    FileOutput output;
    try {
      output = store.create(temporary);
    } catch (IOException | RuntimeException e) {
      // The name is unique, so if it exists, it is ours.
      delete(store, temporary, e);
      throw e;
    }
    try {
      output.write(content);
      output.sync();
      output.close();
    } catch (IOException | RuntimeException e) {
      output.abort();
      throw e;
    }
    return temporary;
  }

  /** Deletes a temporary file that is not needed any more. Does not fail. */
  static void delete(FileStore store, String temporary) {
    try {
      store.delete(temporary);
    } catch (IOException | RuntimeException e) {
      // A leftover temporary file harms nobody, and its name says what it is.
    }
  }

  /**
   * As {@link #delete(FileStore, String)}, after something else failed, which remembers it if this
   * fails, too.
   */
  static void delete(FileStore store, String temporary, Exception failure) {
    try {
      store.delete(temporary);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
