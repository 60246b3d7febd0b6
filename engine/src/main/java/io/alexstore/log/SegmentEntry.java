package io.alexstore.log;

import io.alexstore.io.FilePaths;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRanges;
import io.alexstore.segment.SegmentInfo;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * One segment of a snapshot, as the log describes it. Immutable; the key arrays must not be
 * changed.
 *
 * @param id the segment
 * @param path its file, relative to the table's directory; null for the one that its id gives,
 *     which takes no memory
 * @param schemaId the schema that it was written with
 * @param rows number of rows, at least 1
 * @param bytes size of the file
 * @param minKey the encoded smallest key, whole
 * @param maxKey the encoded largest key, whole
 * @param addedIn the version that added it
 * @param deletions its deleted rows
 */
public record SegmentEntry(
    UUID id,
    String path,
    int schemaId,
    long rows,
    long bytes,
    byte[] minKey,
    byte[] maxKey,
    long addedIn,
    Deletions deletions)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if they cannot be
   */
  public SegmentEntry {
    Objects.requireNonNull(id, "id");
    if (path != null) {
      FilePaths.resolve("table", path); // Refuses a path that leaves the table.
      path = path.equals(usualPath(id)) ? null : path;
    }
    if (rows < 1 || bytes < 0 || schemaId < 0) {
      throw new IllegalArgumentException(
          "segment " + id + " has rows=" + rows + ", bytes=" + bytes + ", schemaId=" + schemaId);
    }
    if (deletions.rows() >= rows) {
      throw new IllegalArgumentException(
          "segment "
              + id
              + " has "
              + rows
              + " rows, of which "
              + deletions.rows()
              + " are deleted; with none left it is no part of a table");
    }
    if (Arrays.compareUnsigned(minKey, maxKey) > 0) {
      throw new IllegalArgumentException("segment " + id + " has a minKey above its maxKey");
    }
  }

  /** A segment without deleted rows. */
  public SegmentEntry(
      UUID id,
      String path,
      int schemaId,
      long rows,
      long bytes,
      byte[] minKey,
      byte[] maxKey,
      long addedIn) {
    this(id, path, schemaId, rows, bytes, minKey, maxKey, addedIn, Deletions.NONE);
  }

  private static String usualPath(UUID id) {
    return LogFormat.DATA_DIRECTORY + "/" + id + LogFormat.SEGMENT_SUFFIX;
  }

  /** Its file, relative to the table's directory. */
  @Override
  public String path() {
    return path == null ? usualPath(id) : path;
  }

  /** Whether its file has the name that its id gives. */
  boolean hasUsualPath() {
    return path == null;
  }

  SegmentEntry addedIn(long version) {
    return new SegmentEntry(
        id, path, schemaId, rows, bytes, minKey, maxKey, version, Deletions.NONE);
  }

  /** The same segment with other deletions. */
  public SegmentEntry withDeletions(Deletions other) {
    return new SegmentEntry(id, path, schemaId, rows, bytes, minKey, maxKey, addedIn, other);
  }

  /** The number of rows that are not deleted, at least 1. */
  public long liveRows() {
    return rows - deletedRows();
  }

  /** The number of deleted rows. */
  public long deletedRows() {
    return deletions.rows();
  }

  /** The path of its file in the table at {@code table}. */
  public String pathIn(String table) {
    return FilePaths.resolve(table, path());
  }

  /** Whether a key, encoded, lies between its smallest and largest. */
  public boolean mayContain(byte[] key) {
    return Arrays.compareUnsigned(minKey, key) <= 0 && Arrays.compareUnsigned(key, maxKey) <= 0;
  }

  /** Whether its range of keys and that of another have a key in common. */
  public boolean overlaps(SegmentEntry other) {
    return Arrays.compareUnsigned(minKey, other.maxKey) <= 0
        && Arrays.compareUnsigned(other.minKey, maxKey) <= 0;
  }

  /** Whether it may have a key that is in some ranges. */
  public boolean overlaps(KeyRanges ranges) {
    return ranges.form() == KeyForm.LONG
        ? ranges.overlaps(SegmentInfo.longKey(minKey), SegmentInfo.longKey(maxKey))
        : ranges.overlaps(minKey, maxKey);
  }

  /** Whether all keys from its smallest to its largest are in some ranges. */
  public boolean isWithin(KeyRanges ranges) {
    return !overlaps(ranges.complement());
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof SegmentEntry e
        && id.equals(e.id)
        && Objects.equals(path, e.path)
        && schemaId == e.schemaId
        && rows == e.rows
        && bytes == e.bytes
        && addedIn == e.addedIn
        && deletions.equals(e.deletions)
        && Arrays.equals(minKey, e.minKey)
        && Arrays.equals(maxKey, e.maxKey);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return path() + "[rows=" + rows + ", addedIn=" + addedIn + "]";
  }
}
