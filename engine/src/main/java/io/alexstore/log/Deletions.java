package io.alexstore.log;

import io.alexstore.error.CorruptFileException;
import io.alexstore.error.MissingFileException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.segment.DeletionVector;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Objects;

/**
 * Where a segment's deletion vector stands: in the log's entry itself, if it is small, or in a file
 * of its own. Immutable; the bytes must not be changed.
 *
 * @param rows how many rows are deleted; 0 only in {@link #NONE}
 * @param inline the vector's bytes; null if it has a file
 * @param path the vector's file, relative to the table's directory; null if it is inline
 * @param bytes the size of the vector
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode are its own.
public record Deletions(long rows, byte[] inline, String path, int bytes) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** No row is deleted. */
  public static final Deletions NONE = new Deletions(0, new byte[0], null, 0);

  /** Vectors up to this size, in bytes, stand in the log's entry. */
  public static final int INLINE_LIMIT = 2048;

  /** The largest vector that is read, so that a damaged log cannot ask for any amount of memory. */
  static final int MAX_BYTES = 512 << 20;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if they cannot be
   */
  public Deletions {
    if (rows < 0 || (rows == 0) != (bytes == 0) || bytes < 0 || bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a deletion vector of " + rows + " rows and " + bytes + " bytes");
    }
    if ((inline == null) == (path == null) || (inline != null && inline.length != bytes)) {
      throw new IllegalArgumentException(
          "a deletion vector must be inline, in its full length, or have a file");
    }
    if (path != null) {
      FilePaths.resolve("table", path); // Refuses a path that leaves the table.
    }
  }

  /** A vector, not empty, in the log's entry. */
  public static Deletions inline(DeletionVector vector) {
    byte[] bytes = vector.toBytes();
    return new Deletions(vector.count(), bytes, null, bytes.length);
  }

  /** A vector in a file of its own. */
  public static Deletions file(long rows, String path, int bytes) {
    return new Deletions(rows, null, path, bytes);
  }

  /** Whether no row is deleted. */
  public boolean isEmpty() {
    return rows == 0;
  }

  /**
   * Reads the vector.
   *
   * @param table the table's directory
   * @param segment whose rows they are
   * @throws CorruptFileException if it is damaged or does not fit the segment
   * @throws MissingFileException if its file is not there
   */
  public DeletionVector read(FileStore store, String table, SegmentEntry segment)
      throws IOException {
    if (isEmpty()) {
      return DeletionVector.NONE;
    }
    String file = path == null ? segment.pathIn(table) : FilePaths.resolve(table, path);
    byte[] content = path == null ? inline : readFile(store, file);
    DeletionVector vector = DeletionVector.parse(file, content, Math.toIntExact(segment.rows()));
    if (vector.count() != rows) {
      throw new CorruptFileException(
          file,
          -1,
          "a deletion vector of " + vector.count() + " rows, of which the log says " + rows);
    }
    return vector;
  }

  private byte[] readFile(FileStore store, String file) throws IOException {
    try {
      return store.readFully(file, bytes);
    } catch (NoSuchFileException e) {
      throw new MissingFileException(file);
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Deletions d
        && rows == d.rows
        && bytes == d.bytes
        && Arrays.equals(inline, d.inline)
        && Objects.equals(path, d.path);
  }

  @Override
  public int hashCode() {
    return Objects.hash(rows, bytes, path, Arrays.hashCode(inline));
  }

  @Override
  public String toString() {
    return rows + " deleted rows" + (path == null ? "" : " in " + path);
  }
}
