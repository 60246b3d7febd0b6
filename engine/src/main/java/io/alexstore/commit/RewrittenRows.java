package io.alexstore.commit;

import io.alexstore.error.CommitConflictException;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.log.Deletions;
import io.alexstore.log.LogEntry;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The rows of segments that a compaction writes anew, carried over what others committed since it
 * read them: a row that others deleted is looked up by its key in what the compaction made of it,
 * and goes there. Not thread-safe.
 */
final class RewrittenRows {

  /** What a commit does to a segment that it removes by one of these: it deletes all its rows. */
  private static final Set<String> ROW_CHANGES =
      Set.of(
          Operation.APPEND, Operation.UPSERT, Operation.UPDATE, Operation.DELETE, Operation.MERGE);

  private final Snapshot base;
  private final KeyCodec codec;
  private final SegmentOpener opener;
  private final DeletionVectors vectors;
  private final Change change;
  private final Set<UUID> replaced;

  /** What was deleted of the old segments, in the version that was reached. */
  private final Map<UUID, DeletionVector> known = new HashMap<>();

  /** The rows of the new segments that go. */
  private final Map<UUID, DeletionVector.Builder> gone = new LinkedHashMap<>();

  /**
   * @param base the version that the compaction read
   * @param change the compaction
   * @param replaced the segments that it replaces; those are taken out of which others left nothing
   */
  RewrittenRows(
      Snapshot base,
      KeyCodec codec,
      SegmentOpener opener,
      DeletionVectors vectors,
      Change change,
      Set<UUID> replaced)
      throws IOException {
    this.base = base;
    this.codec = codec;
    this.opener = opener;
    this.vectors = vectors;
    this.change = change;
    this.replaced = replaced;
    for (UUID id : change.removed()) {
      known.put(id, vectors.of(base.segment(id).orElseThrow()));
    }
  }

  /** The rows of the new segments that go, by segment. */
  Map<UUID, DeletionVector> gone() {
    Map<UUID, DeletionVector> rows = new LinkedHashMap<>();
    gone.forEach((id, builder) -> rows.put(id, builder.build()));
    return rows;
  }

  /**
   * Goes over the next version.
   *
   * @throws CommitConflictException if it deleted rows that cannot be told by their keys
   */
  void apply(LogEntry entry) throws IOException {
    if (codec.isUnique() && ROW_CHANGES.contains(entry.operation())) {
      for (UUID id : entry.removed()) {
        DeletionVector before = known.get(id);
        if (before != null && replaced.remove(id)) {
          SegmentEntry segment = base.segment(id).orElseThrow();
          int rows = Math.toIntExact(segment.rows());
          move(opener.open(segment), DeletionVector.ofRange(0, rows).minus(before));
        }
      }
    }
    for (Map.Entry<UUID, Deletions> deletions : entry.deletions().entrySet()) {
      DeletionVector before = known.get(deletions.getKey());
      if (before != null) {
        if (!codec.isUnique()) {
          throw new CommitConflictException(
              base.table(),
              entry.version(),
              "it deleted rows of a segment that is being compacted; in a table without a primary"
                  + " key their new places are not known");
        }
        SegmentEntry segment = base.segment(deletions.getKey()).orElseThrow();
        DeletionVector now = vectors.read(segment, deletions.getValue());
        move(opener.open(segment), now.minus(before));
        known.put(deletions.getKey(), now);
      }
    }
  }

  private void move(Segment old, DeletionVector rows) throws IOException {
    for (int row = rows.nextDeleted(0); row >= 0; row = rows.nextDeleted(row + 1)) {
      byte[] key = old.keyBytes(row);
      for (SegmentEntry output : change.added()) {
        if (output.mayContain(key)) {
          Segment segment = opener.open(output);
          int position =
              codec.form() == KeyForm.LONG ? segment.find(old.longKey(row)) : segment.find(key);
          if (position >= 0) {
            gone.computeIfAbsent(output.id(), id -> new DeletionVector.Builder()).add(position);
          }
        }
      }
    }
  }
}
