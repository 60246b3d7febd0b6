package io.alexstore.spark.read;

import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.log.Deletions;
import io.alexstore.log.SegmentEntry;
import io.alexstore.segment.DeletionVector;
import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The deleted rows of a segment in one version of its table, to be read where they are needed.
 * Vectors that have files of their own are remembered by this process. Such a file has a name that
 * no other vector ever has, so one version's are not taken for another's.
 *
 * <p>Thread safety: safe for any number of threads.
 *
 * @param table the table's directory
 * @param segment the segment, as the version has it; null if none of its rows is deleted
 */
public record DeletedRows(String table, SegmentEntry segment) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** None. */
  public static final DeletedRows NONE = new DeletedRows("", null);

  /** How many bytes of vectors are remembered. */
  private static final long MAX_BYTES = 64L << 20;

  private record File(FileStore store, String path) {}

  private record Known(DeletionVector vector, int bytes) {}

  private static final Map<File, Known> KNOWN = new LinkedHashMap<>(16, 0.75f, true);
  private static long knownBytes;

  /** Those of a segment. */
  public static DeletedRows of(String table, SegmentEntry segment) {
    return segment.deletions().isEmpty() ? NONE : new DeletedRows(table, segment);
  }

  /** Reads them. */
  public DeletionVector read(FileStore store) throws IOException {
    if (segment == null) {
      return DeletionVector.NONE;
    }
    Deletions deletions = segment.deletions();
    if (deletions.path() == null) {
      return deletions.read(store, table, segment);
    }
    File file = new File(store, FilePaths.resolve(table, deletions.path()));
    synchronized (KNOWN) {
      Known known = KNOWN.get(file);
      if (known != null) {
        return known.vector();
      }
    }
    DeletionVector vector = deletions.read(store, table, segment);
    remember(file, new Known(vector, deletions.bytes()));
    return vector;
  }

  private static void remember(File file, Known known) {
    synchronized (KNOWN) {
      if (known.bytes() > MAX_BYTES || KNOWN.putIfAbsent(file, known) != null) {
        return;
      }
      knownBytes += known.bytes();
      var eldest = KNOWN.values().iterator();
      while (knownBytes > MAX_BYTES) {
        knownBytes -= eldest.next().bytes();
        eldest.remove();
      }
    }
  }
}
