package io.alexstore.spark.catalog;

import io.alexstore.error.AlexStoreException;
import io.alexstore.error.TableOwnedException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.log.LogFormat;
import io.alexstore.log.TableLog;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Moves and deletes the directories of tables, so that a crash leaves them whole or gone. */
final class TableDirectories {

  /** What the name of a table's directory becomes before it is deleted; no name becomes this. */
  private static final String DROPPED_PREFIX = ".dropped-";

  private TableDirectories() {}

  /**
   * Deletes a directory and all in it. It is gone for all at once: it gets a name first that the
   * catalog does not see, and only when that is durable its files go. What cannot be deleted then
   * goes with the next drop. Links are deleted, and what they lead to stays.
   *
   * @throws java.nio.file.NoSuchFileException if another deleted it meanwhile
   * @throws TableOwnedException if an embedded store owns the table in it
   */
  static void drop(FileStore store, String directory) throws IOException {
    requireNotOwned(store, directory);
    String parent = FilePaths.parent(directory);
    String hidden = FilePaths.resolve(parent, DROPPED_PREFIX + UUID.randomUUID());
    store.move(directory, hidden); // THE COMMIT: from here on there is no such table.
    store.syncDirectory(parent);
    try {
      // Also what drops have left that were cut off after their commit.
      deleteLeftovers(store, parent);
      store.syncDirectory(parent);
    } catch (IOException e) {
      // The table is gone all the same.
    }
  }

  /** Deletes what drops that were cut off have left in a directory. */
  static void deleteLeftovers(FileStore store, String directory) throws IOException {
    for (FileStatus entry : store.list(directory)) {
      if (entry.name().startsWith(DROPPED_PREFIX)) {
        delete(store, FilePaths.resolve(directory, entry.name()));
      }
    }
  }

  /**
   * Moves a directory, atomically and durably, to a name that is free, or where nothing is but
   * empty directories, such as a creation of a table that failed leaves.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such directory
   * @throws java.nio.file.FileAlreadyExistsException if there is something at the new place
   * @throws TableOwnedException if an embedded store owns the table in it
   */
  static void move(FileStore store, String directory, String to) throws IOException {
    requireNotOwned(store, directory);
    deleteEmpty(store, to);
    store.move(directory, to); // THE COMMIT.
    store.syncDirectory(FilePaths.parent(to));
    store.syncDirectory(FilePaths.parent(directory));
  }

  /**
   * Refuses to take a table's directory away from under an embedded store, which goes on writing
   * there, or has writes that only its log holds.
   */
  static void requireNotOwned(FileStore store, String directory) throws IOException {
    Optional<String> owner;
    try {
      owner = new TableLog(store, directory).load().owner();
    } catch (AlexStoreException e) {
      return; // No table, or one that cannot be read: that can be dropped all the same.
    }
    if (owner.isPresent()) {
      throw new TableOwnedException(directory, owner.get());
    }
  }

  /** Deletes what {@link TableLog#createDirectories} makes, as far as nothing is in it. */
  private static void deleteEmpty(FileStore store, String directory) throws IOException {
    String log = FilePaths.resolve(directory, LogFormat.LOG_DIRECTORY);
    String data = FilePaths.resolve(directory, LogFormat.DATA_DIRECTORY);
    try {
      for (String own : List.of(log, FilePaths.parent(log), data, directory)) {
        if (store.exists(own) && store.list(own).isEmpty()) {
          store.delete(own);
        }
      }
    } catch (NotDirectoryException | DirectoryNotEmptyException e) {
      // Not what a creation leaves: it stays, and the name is found to be taken.
    }
  }

  private static void delete(FileStore store, String path) throws IOException {
    try {
      store.delete(path); // First, since a link to a directory must not be taken for one.
    } catch (DirectoryNotEmptyException e) {
      String directory = path;
      for (FileStatus entry : store.list(directory)) {
        delete(store, directory + "/" + entry.name());
      }
      store.delete(directory);
    }
  }
}
