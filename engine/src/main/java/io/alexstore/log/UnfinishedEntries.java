package io.alexstore.log;

import io.alexstore.error.AlexStoreException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands in the log directory under temporary names: entries of commits that may be under way,
 * or were given up by a process that died. Immutable.
 *
 * @param entries those that are whole, and so may be published at any moment
 * @param isUnclear whether there are others, which may just be being written
 * @param old the paths of those that have not been modified for long
 */
public record UnfinishedEntries(List<LogEntry> entries, boolean isUnclear, List<String> old) {

  /** Copies the lists. */
  public UnfinishedEntries {
    entries = List.copyOf(entries);
    old = List.copyOf(old);
  }

  /**
   * Reads them.
   *
   * @param oldBefore those that were last modified before it, in milliseconds since 1970-01-01 UTC,
   *     are {@link #old} and not read
   */
  public static UnfinishedEntries read(FileStore store, String table, long oldBefore)
      throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    List<String> old = new ArrayList<>();
    boolean isUnclear = false;
    String directory = FilePaths.resolve(table, LogFormat.LOG_DIRECTORY);
    for (FileStatus file : store.list(directory)) {
      String path = FilePaths.resolve(directory, file.name());
      if (file.directory() || !FilePaths.isTemporary(file.name())) {
        continue;
      }
      if (file.modifiedMillis() < oldBefore) {
        old.add(path);
        continue;
      }
      if (file.name().endsWith(CheckpointFormat.SUFFIX)) {
        continue; // Names nothing that no entry names.
      }
      try {
        byte[] content = store.readFully(path, LogFormat.MAX_ENTRY_BYTES);
        entries.add(LogEntryJson.parse(path, LogFrame.unwrap(path, content)));
      } catch (NoSuchFileException e) {
        // Published, or given up, in between.
      } catch (AlexStoreException e) {
        isUnclear = true;
      }
    }
    return new UnfinishedEntries(entries, isUnclear, old);
  }
}
