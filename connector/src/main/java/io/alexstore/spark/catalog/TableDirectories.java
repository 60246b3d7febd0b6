package io.alexstore.spark.catalog;

import io.alexstore.io.FilePaths;
import io.alexstore.io.LocalFileStore;
import io.alexstore.spark.conf.TableStorage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Path;

/**
 * Moves and deletes whole directories, which nothing else in alexstore does: so the file store has
 * no way to.
 */
final class TableDirectories {

  /** What the name of a table's directory becomes before it is deleted; no name becomes this. */
  private static final String DROPPED_PREFIX = ".dropped-";

  private TableDirectories() {}

  /**
   * Deletes a directory and all in it. It is gone for all at once: it gets a name first that the
   * catalog does not see. Links are deleted, and what they lead to stays.
   */
  static void drop(TableStorage table) throws IOException {
    String directory = table.table();
    String parent = FilePaths.parent(directory);
    String hidden = FilePaths.resolve(parent, DROPPED_PREFIX + UUID.randomUUID());
    move(table, hidden);
    delete(table, hidden);
    table.store().syncDirectory(parent);
  }

  /** Deletes what drops that were cut off have left in a directory. */
  static void deleteLeftovers(TableStorage directory) throws IOException {
    for (var entry : directory.store().list(directory.table())) {
      if (entry.name().startsWith(DROPPED_PREFIX)) {
        delete(directory, FilePaths.resolve(directory.table(), entry.name()));
      }
    }
  }

  /**
   * Moves a directory, atomically.
   *
   * @throws FileAlreadyExistsException if there is something at the new place
   */
  static void move(TableStorage from, String to) throws IOException {
    if (from.isLocal()) {
      java.nio.file.Path target = LocalFileStore.toPath(to);
      // A move would replace an empty directory.
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(to);
      }
      Files.move(LocalFileStore.toPath(from.table()), target, StandardCopyOption.ATOMIC_MOVE);
    } else {
      try {
        context(from).rename(new Path(from.table()), new Path(to));
      } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
        FileAlreadyExistsException taken = new FileAlreadyExistsException(to);
        taken.initCause(e);
        throw taken;
      }
    }
  }

  private static void delete(TableStorage storage, String directory) throws IOException {
    if (!storage.isLocal()) {
      context(storage).delete(new Path(directory), true);
      return;
    }
    Files.walkFileTree(
        LocalFileStore.toPath(directory),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(java.nio.file.Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(java.nio.file.Path visited, IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static FileContext context(TableStorage storage) throws IOException {
    Configuration configuration = storage.hadoopConfiguration();
    return FileContext.getFileContext(new Path(storage.table()).toUri(), configuration);
  }
}
