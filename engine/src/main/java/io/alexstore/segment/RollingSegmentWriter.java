package io.alexstore.segment;

import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.key.KeyBuffer;
import io.alexstore.key.KeyForm;
import io.alexstore.schema.Schema;
import io.alexstore.schema.Values;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes rows in the order of their keys into as many segments as {@link
 * SegmentOptions#targetSegmentSize} asks for, each named {@code <uuid>.alexseg}. Not thread-safe.
 */
public final class RollingSegmentWriter implements AutoCloseable {

  /** What the names of segments end with. */
  public static final String SUFFIX = ".alexseg";

  private final FileStore store;
  private final String directory;
  private final UUID tableId;
  private final Schema schema;
  private final SegmentOptions options;
  private final List<SegmentInfo> finished = new ArrayList<>();
  private SegmentWriter current;
  private SegmentWriter previous;
  private boolean ended;

  /**
   * A writer. Creates nothing before the first row.
   *
   * @param directory where the segments go (a table's {@code data}); must exist
   */
  public RollingSegmentWriter(
      FileStore store, String directory, UUID tableId, Schema schema, SegmentOptions options) {
    this.store = store;
    this.directory = directory;
    this.tableId = tableId;
    this.schema = schema;
    this.options = options;
  }

  /** Appends a row; see {@link SegmentWriter#append}. */
  public void append(Values row) throws IOException {
    if (ended) {
      throw new IllegalStateException("The writer is closed");
    }
    if (current == null) {
      UUID id = UUID.randomUUID();
      String path = FilePaths.resolve(directory, id + SUFFIX);
      current = SegmentWriter.create(store, path, tableId, id, schema, options);
      if (previous != null) {
        current.follow(previous);
        previous = null;
      }
    }
    current.append(row);
    if (current.encodedBytes() >= options.targetSegmentSize() || current.isFull()) {
      roll();
    }
  }

  /** The key of the row that was appended last, of the form {@link KeyForm#LONG}. */
  public long lastLongKey() {
    return last().lastLong();
  }

  /** Adds the key of the row that was appended last, of the form {@link KeyForm#BYTES}. */
  public void putLastKey(KeyBuffer out) {
    last().putLast(out);
  }

  private KeySpill last() {
    return (current == null ? previous : current).keys();
  }

  private void roll() throws IOException {
    finished.add(current.finish());
    previous = current;
    current = null;
  }

  /** The number of segments that have been begun. */
  public int segmentCount() {
    return finished.size() + (current == null ? 0 : 1);
  }

  /** About how many bytes have been written, in all segments. */
  public long encodedBytes() {
    long bytes = current == null ? 0 : current.encodedBytes();
    for (SegmentInfo segment : finished) {
      bytes += segment.fileSize();
    }
    return bytes;
  }

  /**
   * Finishes the last segment and makes all of them and their names durable.
   *
   * @return the segments in the order of their keys; empty if there were no rows
   */
  public List<SegmentInfo> finish() throws IOException {
    if (ended) {
      throw new IllegalStateException("The writer is closed");
    }
    if (current != null) {
      roll();
    }
    if (!finished.isEmpty()) {
      store.syncDirectory(directory);
    }
    ended = true;
    return List.copyOf(finished);
  }

  /**
   * Deletes everything written, as far as possible, unless {@link #finish} has succeeded; what is
   * left over is named by no snapshot.
   */
  @Override
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    if (current != null) {
      current.close();
    }
    for (SegmentInfo segment : finished) {
      try {
        store.delete(segment.path());
      } catch (IOException e) {
        // No snapshot names it, so nobody reads it.
      }
    }
  }
}
