package io.alexstore.maintain;

import io.alexstore.error.CommitConflictException;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.log.Deletions;
import io.alexstore.log.LogFormat;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.schema.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Makes the rows, schema and properties of an earlier version those of the newest, by a commit of
 * its own: versions in between stay readable, and can be gone back to.
 *
 * <p>Everything since that version goes, what others commit until the rollback itself is committed
 * too. Writes that began before it, and change or replace rows that it brings back or takes away,
 * fail with a conflict. A writer that counts its commits (see {@link
 * io.alexstore.log.CommitSource}) does not make those again that were rolled back.
 *
 * <p>No row is read or written: it costs time in proportion to the number of segments.
 */
public final class Rollback {

  private static final int MAX_ATTEMPTS = 100;

  private Rollback() {}

  /** Rolls the table at a path back; see {@link #to(FileStore, String, long)}. */
  public static Snapshot to(String path, long version) throws IOException {
    return to(FileStores.forPath(path), path, version);
  }

  /**
   * Rolls a table back.
   *
   * @param version the version whose rows are to be the table's
   * @return the version that it made; the newest if that is the version
   * @throws TableNotFoundException if there is no such version, or it has expired
   * @throws CorruptFileException if a file that the version needs is gone; nothing was changed
   * @throws CommitConflictException if others won too many races
   * @throws io.alexstore.error.CommitStateUnknownException if it may or may not have happened
   */
  public static Snapshot to(FileStore store, String path, long version) throws IOException {
    TableLog log = new TableLog(store, path);
    Snapshot target = log.load(version);
    Snapshot newest = target;
    for (int attempt = 1; ; attempt++) {
      newest = log.refresh(newest);
      requireNotExpired(newest, version);
      if (version == newest.version()) {
        return newest;
      }
      SnapshotEdit edit = edit(newest, target);
      try {
        requireFiles(store, path, edit);
      } catch (CorruptFileException e) {
        requireNotExpired(log.refresh(newest), version); // Meanwhile: then that is the reason.
        throw e;
      }
      try {
        return log.publish(newest, edit);
      } catch (CommitConflictException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static void requireNotExpired(Snapshot newest, long version) {
    if (version < newest.expiredBefore()) {
      throw TableNotFoundException.expired(
          newest.table(), version, newest.expiredBefore(), newest.version());
    }
  }

  private static SnapshotEdit edit(Snapshot newest, Snapshot target) {
    List<SegmentEntry> added = new ArrayList<>();
    List<UUID> removed = new ArrayList<>();
    Map<UUID, Deletions> deletions = new HashMap<>();
    for (SegmentEntry segment : newest.segments()) {
      if (target.segment(segment.id()).isEmpty()) {
        removed.add(segment.id());
      }
    }
    for (SegmentEntry segment : target.segments()) {
      Optional<SegmentEntry> now = newest.segment(segment.id());
      if (now.isPresent() && now.get().deletions().equals(segment.deletions())) {
        continue;
      }
      // A vector can only grow; to make it smaller, the segment goes and comes again.
      if (now.isPresent()) {
        removed.add(segment.id());
      }
      added.add(segment);
      if (!segment.deletions().isEmpty()) {
        deletions.put(segment.id(), segment.deletions());
      }
    }
    return new SnapshotEdit(
        UUID.randomUUID(),
        Operation.ROLLBACK,
        Map.of(
            "version", Long.toString(target.version()),
            "addedSegments", Integer.toString(added.size()),
            "removedSegments", Integer.toString(removed.size())),
        Optional.of(schema(newest, target.schema())).filter(s -> !s.equals(newest.schema())),
        Optional.of(target.properties()).filter(p -> !p.equals(newest.properties())),
        added,
        removed,
        deletions,
        Optional.empty(),
        0);
  }

  /** The schema to go back to, which remembers the ids of columns that were added after it. */
  private static Schema schema(Snapshot newest, Schema old) {
    int lastColumnId = old.lastColumnId();
    for (Schema schema : newest.schemas().values()) {
      lastColumnId = Math.max(lastColumnId, schema.lastColumnId());
    }
    if (lastColumnId == old.lastColumnId()) {
      return old;
    }
    Schema schema = newest.schema();
    boolean isSame =
        schema.columns().equals(old.columns())
            && schema.key().equals(old.key())
            && schema.checks().equals(old.checks());
    return isSame && schema.lastColumnId() == lastColumnId
        ? schema
        : new Schema(newest.nextSchemaId(), old.columns(), old.key(), lastColumnId, old.checks());
  }

  private static void requireFiles(FileStore store, String path, SnapshotEdit edit)
      throws IOException {
    Set<String> present = new HashSet<>();
    for (FileStatus file : store.list(FilePaths.resolve(path, LogFormat.DATA_DIRECTORY))) {
      present.add(file.name());
    }
    for (SegmentEntry segment : edit.added()) {
      require(present, path, segment.path());
      if (segment.deletions().path() != null) {
        require(present, path, segment.deletions().path());
      }
    }
  }

  private static void require(Set<String> present, String table, String path) {
    if (!present.contains(FilePaths.name(path))) {
      throw new CorruptFileException(
          FilePaths.resolve(table, path), -1, "the file is missing, and the rollback needs it");
    }
  }
}
