package io.alexstore.commit;

import io.alexstore.error.CommitConflictException;
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
import java.util.Map;
import java.util.UUID;

/**
 * The rows that a change deletes because it has read them, carried from the version that it began
 * with over what others committed since. Not thread-safe.
 *
 * <p>A row that another writer deleted, too, is a conflict: what this change does was computed from
 * a row that is no more. A row that a compaction moved is found in its new place by its key.
 */
final class PendingDeletions {

  private final Snapshot base;
  private final KeyForm form;
  private final boolean isUnique;
  private final SegmentOpener opener;
  private final DeletionVectors vectors;

  /** The rows that go, by the segment that they are in now. */
  private final Map<UUID, DeletionVector> pending = new HashMap<>();

  /** Of each of these segments, what was deleted in the version that was reached. */
  private final Map<UUID, DeletionVector> known = new HashMap<>();

  /** Segments that compactions since the base have made. */
  private final Map<UUID, SegmentEntry> rewritten = new HashMap<>();

  PendingDeletions(
      Snapshot base,
      KeyForm form,
      boolean isUnique,
      SegmentOpener opener,
      DeletionVectors vectors,
      Map<UUID, DeletionVector> deleted)
      throws IOException {
    this.base = base;
    this.form = form;
    this.isUnique = isUnique;
    this.opener = opener;
    this.vectors = vectors;
    for (Map.Entry<UUID, DeletionVector> rows : deleted.entrySet()) {
      SegmentEntry segment =
          base.segment(rows.getKey())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "Segment " + rows.getKey() + " is no part of " + base));
      DeletionVector before = vectors.of(segment);
      if (rows.getValue().intersects(before) || rows.getValue().lastDeleted() >= segment.rows()) {
        throw new IllegalArgumentException(
            "A row of segment "
                + segment.id()
                + " of "
                + base
                + " is to be deleted that is not there");
      }
      pending.put(segment.id(), rows.getValue());
      known.put(segment.id(), before);
    }
  }

  /** The rows that go, by the segment that they are in now. */
  Map<UUID, DeletionVector> rows() {
    return pending;
  }

  /**
   * Goes over the next version.
   *
   * @throws CommitConflictException if it changed a row that is to be deleted
   */
  void apply(LogEntry entry) throws IOException {
    boolean isRewrite = entry.operation().equals(Operation.COMPACT);
    Map<UUID, DeletionVector> moved = new HashMap<>();
    for (UUID removed : entry.removed()) {
      DeletionVector rows = pending.remove(removed);
      if (rows != null) {
        if (!isRewrite || !isUnique) {
          throw conflict(
              entry,
              isRewrite
                  ? "compacted segments with rows that this write deletes or updates; in a table"
                      + " without a primary key their new places are not known"
                  : "replaced rows that this write deletes or updates");
        }
        moved.put(removed, rows);
      }
    }
    if (isRewrite) {
      entry.added().forEach(s -> rewritten.put(s.id(), s));
    }
    for (Map.Entry<UUID, DeletionVector> rows : moved.entrySet()) {
      move(rows.getKey(), rows.getValue(), entry);
    }
    for (Map.Entry<UUID, Deletions> deletions : entry.deletions().entrySet()) {
      DeletionVector rows = pending.get(deletions.getKey());
      if (rows != null) {
        DeletionVector now = vectors.read(segment(deletions.getKey()), deletions.getValue());
        if (rows.intersects(now.minus(known.get(deletions.getKey())))) {
          throw conflict(entry, "changed a row that this write deletes or updates, too");
        }
        known.put(deletions.getKey(), now);
      }
    }
  }

  private SegmentEntry segment(UUID id) {
    SegmentEntry segment = rewritten.get(id);
    return segment != null ? segment : base.segment(id).orElseThrow();
  }

  /** Looks rows of a segment up, by their keys, in what a compaction made of it. */
  private void move(UUID from, DeletionVector rows, LogEntry compaction) throws IOException {
    Segment old = opener.open(segment(from));
    Map<UUID, DeletionVector.Builder> found = new HashMap<>();
    for (int row = rows.nextDeleted(0); row >= 0; row = rows.nextDeleted(row + 1)) {
      byte[] key = form == KeyForm.LONG ? null : old.keyBytes(row);
      boolean isFound = false;
      for (SegmentEntry entry : compaction.added()) {
        if (!isFound && entry.mayContain(key == null ? old.keyBytes(row) : key)) {
          Segment segment = opener.open(entry);
          int position = key == null ? segment.find(old.longKey(row)) : segment.find(key);
          if (position >= 0) {
            found.computeIfAbsent(entry.id(), id -> new DeletionVector.Builder()).add(position);
            isFound = true;
          }
        }
      }
      if (!isFound) {
        throw conflict(compaction, "changed a row that this write deletes or updates, too");
      }
    }
    found.forEach(
        (id, builder) -> {
          pending.merge(id, builder.build(), DeletionVector::union);
          known.putIfAbsent(id, DeletionVector.NONE);
        });
  }

  private CommitConflictException conflict(LogEntry entry, String what) {
    return new CommitConflictException(base.table(), entry.version(), "it " + what);
  }
}
