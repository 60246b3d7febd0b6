package io.alexstore.commit;

import io.alexstore.io.FileOutput;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.key.KeyForm;
import io.alexstore.log.Deletions;
import io.alexstore.log.LogFormat;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The deletion vectors of a table's segments, each read when it is first needed. Of each segment
 * the vector of one version is kept, that which was asked for last.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class DeletionVectors {

  private record Known(Deletions deletions, DeletionVector vector) {}

  private final FileStore store;
  private final String table;
  private final Map<UUID, Known> known = new ConcurrentHashMap<>();

  public DeletionVectors(FileStore store, String table) {
    this.store = store;
    this.table = table;
  }

  /** The deleted rows of a segment, in the version that the entry is of. */
  public DeletionVector of(SegmentEntry entry) throws IOException {
    if (entry.deletions().isEmpty()) {
      return DeletionVector.NONE;
    }
    Deletions deletions = entry.deletions();
    Known found = known.get(entry.id());
    if (found == null || !found.deletions().equals(deletions)) {
      found = new Known(deletions, deletions.read(store, table, entry));
      known.put(entry.id(), found);
    }
    return found.vector();
  }

  /**
   * Forgets the vectors of segments that a version does not have: for who keeps this for as long as
   * a table lives, whose segments come and go.
   */
  public void keepOnly(Snapshot snapshot) {
    known.keySet().removeIf(id -> !snapshot.contains(id));
  }

  /** Of how many segments a vector is kept. */
  public int size() {
    return known.size();
  }

  /** A vector that stands in the log; see {@link #of}. Reads it anew each time. */
  DeletionVector read(SegmentEntry segment, Deletions deletions) throws IOException {
    return deletions.read(store, table, segment);
  }

  /**
   * Puts a vector where a commit can name it: small ones go into the log's entry, larger ones into
   * durable files of their own.
   *
   * @param vector at least one row
   */
  Deletions write(DeletionVector vector) throws IOException {
    Deletions inline = Deletions.inline(vector);
    if (inline.bytes() <= Deletions.INLINE_LIMIT) {
      return inline;
    }
    String path = LogFormat.DATA_DIRECTORY + "/" + UUID.randomUUID() + LogFormat.DELETIONS_SUFFIX;
    String file = FilePaths.resolve(table, path);
    try (FileOutput output = store.create(file)) {
      output.write(inline.inline(), 0, inline.bytes());
      output.sync();
    } catch (IOException | RuntimeException e) {
      discard(file);
      throw e;
    }
    return Deletions.file(vector.count(), path, inline.bytes());
  }

  /** Deletes the files of vectors that {@link #write} made and no commit names. */
  void discard(Collection<Deletions> vectors) {
    for (Deletions vector : vectors) {
      if (vector.path() != null) {
        discard(FilePaths.resolve(table, vector.path()));
      }
    }
  }

  private void discard(String file) {
    try {
      store.delete(file);
    } catch (IOException e) {
      // No version names it, so nobody reads it.
    }
  }

  /**
   * The first row that is not deleted, of those with one key.
   *
   * @param position the first row with the key; -1 if there is none
   * @return -1 if all of them are deleted
   */
  public static int firstLive(Segment segment, DeletionVector deleted, int position) {
    if (position < 0 || !deleted.contains(position)) {
      return position;
    }
    int next = deleted.nextLive(position);
    return next < segment.rowCount() && haveSameKey(segment, position, next) ? next : -1;
  }

  private static boolean haveSameKey(Segment segment, int a, int b) {
    return segment.keyForm() == KeyForm.LONG
        ? segment.longKey(a) == segment.longKey(b)
        : Arrays.equals(segment.keyBytes(a), segment.keyBytes(b));
  }
}
