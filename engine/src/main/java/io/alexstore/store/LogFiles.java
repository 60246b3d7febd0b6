package io.alexstore.store;

import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.MappedFile;
import io.alexstore.key.KeyForm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/** The chunks that a store's directory has, when nobody writes. Not thread-safe. */
final class LogFiles {

  /** All files that are named as chunks are, by their ids. */
  private final NavigableMap<Long, String> paths = new TreeMap<>();

  /** Those of them whose headers are whole. */
  private final NavigableMap<Long, LogChunk> begun = new TreeMap<>();

  private LogFiles() {}

  /**
   * Lists and maps the chunks.
   *
   * @throws CorruptFileException if one is of another table, or of keys of another form
   * @throws UnsupportedFormatException if one needs a newer release
   */
  static LogFiles open(FileStore store, String directory, KeyForm form, UUID table)
      throws IOException {
    LogFiles files = new LogFiles();
    for (FileStatus file : store.list(directory)) {
      OptionalLong id = WalFormat.chunkId(file.name());
      if (id.isPresent()) {
        String path = FilePaths.resolve(directory, file.name());
        files.paths.put(id.getAsLong(), path);
        files.open(store, id.getAsLong(), path, form, table);
      }
    }
    return files;
  }

  private void open(FileStore store, long id, String path, KeyForm form, UUID table)
      throws IOException {
    LogChunk chunk;
    try (MappedFile map = store.map(path)) {
      chunk = LogChunk.open(id, path, map.buffer());
    }
    if (!chunk.hasHeader()) {
      return;
    }
    if (chunk.version() != WalFormat.VERSION) {
      throw new UnsupportedFormatException(
          path,
          "it has log format "
              + chunk.version()
              + ", and this release reads format "
              + WalFormat.VERSION);
    }
    if (!chunk.isOf(form, table)) {
      throw new CorruptFileException(
          path, 0, "it is a chunk of another store's log, or has another name than it should");
    }
    begun.put(id, chunk);
  }

  /** An id above those of all files. */
  long nextId() {
    return paths.isEmpty() ? 1 : paths.lastKey() + 1;
  }

  /** The chunks whose headers are whole, by their ids. */
  NavigableMap<Long, LogChunk> begun() {
    return begun;
  }

  /** The files of all chunks but some. */
  List<String> pathsBut(Collection<LogChunk> kept) {
    List<String> others = new ArrayList<>(paths.values());
    kept.forEach(chunk -> others.remove(chunk.path()));
    return others;
  }
}
