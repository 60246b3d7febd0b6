package io.alexstore.table;

import io.alexstore.io.FileStore;
import io.alexstore.key.KeyForm;
import io.alexstore.log.Deletions;
import io.alexstore.log.SegmentEntry;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The deletion vectors of a table's segments, each read when it is first needed. Of each segment
 * the vector of one version is kept, that which was asked for last.
 *
 * <p>Thread safety: safe for any number of threads.
 */
final class OpenDeletions {

  private record Known(Deletions deletions, DeletionVector vector) {}

  private final FileStore store;
  private final String table;
  private final Map<UUID, Known> known = new ConcurrentHashMap<>();

  OpenDeletions(FileStore store, String table) {
    this.store = store;
    this.table = table;
  }

  /** The deleted rows of a segment, in the version that the entry is of. */
  DeletionVector of(SegmentEntry entry) throws IOException {
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
   * The first row that is not deleted, of those with one key.
   *
   * @param position the first row with the key; -1 if there is none
   * @return -1 if all of them are deleted
   */
  static int firstLive(Segment segment, DeletionVector deleted, int position) {
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
