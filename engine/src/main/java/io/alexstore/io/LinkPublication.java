package io.alexstore.io;

import io.alexstore.error.CommitStateUnknownException;
import java.io.IOException;

/**
 * Atomic publication by a hard link: temporary file, fsync, link to the final name, removal of the
 * temporary name, fsync of the directory.
 *
 * <p>A rename would not do: it silently replaces a file that another writer published first.
 */
final class LinkPublication {

  private LinkPublication() {}

  /** See {@link FileStore#publish}. */
  static boolean publish(LinkingFileStore store, String path, byte[] content) throws IOException {
    String temporary = TemporaryFile.write(store, path, content);
    boolean won;
    try {
      won = linkOrFind(store, temporary, path);
    } catch (IOException | RuntimeException e) {
      TemporaryFile.delete(store, temporary, e);
      throw e;
    }
    TemporaryFile.delete(store, temporary);
    if (won) {
      try {
        store.syncDirectory(FilePaths.parent(path));
      } catch (IOException | RuntimeException e) {
        // Readers see the file already, but a crash may still take it back.
        throw new CommitStateUnknownException(path, e);
      }
    }
    return won;
  }

  /** Links, and where the link's outcome is in doubt, looks whether it happened. */
  private static boolean linkOrFind(LinkingFileStore store, String temporary, String path)
      throws IOException {
    IOException failure;
    try {
      // THE COMMIT: from the moment this link exists, readers of every process see the file.
      if (store.link(temporary, path)) {
        return true;
      }
      failure = null;
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException e) {
      throw new CommitStateUnknownException(path, e);
    }
    boolean happened;
    boolean taken;
    try {
      // Network file systems may repeat a link whose answer was lost, and then report that the
      // name is taken: by us.
      happened = store.isSameFile(temporary, path);
      taken = failure == null || store.exists(path);
    } catch (IOException | RuntimeException e) {
      if (failure != null) {
        e.addSuppressed(failure);
      }
      throw new CommitStateUnknownException(path, e);
    }
    if (!happened && !taken) {
      throw failure;
    }
    return happened;
  }
}
