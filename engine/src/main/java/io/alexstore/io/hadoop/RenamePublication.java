package io.alexstore.io.hadoop;

import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.io.FileStore;
import io.alexstore.io.TemporaryFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;

/**
 * Atomic publication by a rename that does not overwrite: temporary file, hsync, close, rename to
 * the final name.
 *
 * <p>An exclusive create of the final name would not do: it makes only the name atomic, and readers
 * would find a file without its content.
 */
final class RenamePublication {

  private RenamePublication() {}

  /** Moves a file to a name that is free, atomically and durably. */
  @FunctionalInterface
  interface Renamer {
    /**
     * @throws FileAlreadyExistsException if the name is taken
     * @throws IOException if it failed, or perhaps happened and its answer was lost
     */
    void rename(String from, String to) throws IOException;
  }

  /** See {@link FileStore#publish}. */
  static boolean publish(FileStore store, Renamer renamer, String path, byte[] content)
      throws IOException {
    String temporary = TemporaryFile.write(store, path, content);
    try {
      // THE COMMIT: once the name node has done this, readers of every process see the file.
      renamer.rename(temporary, path);
      return true;
    } catch (IOException | RuntimeException e) {
      return settle(store, temporary, path, content, e);
    }
  }

  /**
   * Finds out whether a rename happened that reported a failure. It may not even have been tried
   * yet: a request whose client gave up waiting can still be in the name node's queue. So looking
   * at the names would prove nothing; but once the temporary file was deleted under its own name,
   * no rename of it can ever succeed.
   *
   * <p>An interrupt, perhaps the very reason of the failure, would fail these calls as well, and
   * leave the outcome open for nothing: it is kept for later.
   */
  private static boolean settle(
      FileStore store, String temporary, String path, byte[] content, Exception failure)
      throws IOException {
    boolean interrupted = Thread.interrupted();
    boolean undone;
    try {
      undone = store.delete(temporary);
      if (!undone && Arrays.equals(store.readFully(path, Math.max(1, content.length)), content)) {
        return true;
      }
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
      throw new CommitStateUnknownException(path, failure);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (!undone) {
      throw new CommitStateUnknownException(path, failure);
    }
    if (failure instanceof FileAlreadyExistsException) {
      return false;
    }
    throw new IOException("Did not publish " + path + ": " + failure, failure);
  }
}
