package io.alexstore.table;

import io.alexstore.commit.SegmentOpener;
import io.alexstore.error.CorruptFileException;
import io.alexstore.io.FileStore;
import io.alexstore.log.SegmentEntry;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The segments of a table that are open, each opened when it is first needed.
 *
 * <p>Thread safety: safe for any number of threads; {@link #close} only when nobody reads.
 */
final class OpenSegments implements SegmentOpener, AutoCloseable {

  private final FileStore store;
  private final String table;
  private final UUID tableId;
  private final Map<UUID, Segment> open = new ConcurrentHashMap<>();
  private volatile boolean closed;

  OpenSegments(FileStore store, String table, UUID tableId) {
    this.store = store;
    this.table = table;
    this.tableId = tableId;
  }

  @Override
  public Segment open(SegmentEntry entry) throws IOException {
    Segment segment = open.get(entry.id());
    if (segment != null) {
      return segment;
    }
    if (closed) {
      throw new IllegalStateException("The table at " + table + " is closed");
    }
    try {
      return open.computeIfAbsent(entry.id(), id -> openUnchecked(entry));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Segment openUnchecked(SegmentEntry entry) {
    try {
      return openFile(store, table, tableId, entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens a segment that the caller closes, and checks that it is the one that the log names. */
  static Segment openFile(FileStore store, String table, UUID tableId, SegmentEntry entry)
      throws IOException {
    String path = entry.pathIn(table);
    Segment segment;
    try {
      segment = Segment.open(store, path);
    } catch (NoSuchFileException e) {
      throw new CorruptFileException(
          path, -1, "the file is missing, though the table's log names it");
    }
    if (!segment.segmentId().equals(entry.id()) || !segment.tableId().equals(tableId)) {
      String found = "segment " + segment.segmentId() + " of table " + segment.tableId();
      segment.close();
      throw new CorruptFileException(
          path,
          0,
          "it holds " + found + ", the log says segment " + entry.id() + " of table " + tableId);
    }
    return segment;
  }

  @Override
  public void close() {
    closed = true;
    open.values()
        .removeIf(
            segment -> {
              segment.close();
              return true;
            });
  }
}
