package io.alexstore.table;

import io.alexstore.commit.KeyUniqueness;
import io.alexstore.error.CommitConflictException;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.row.Cursor;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.segment.SegmentOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The commit of a write that replaces the rows of some ranges of keys: the segments that these
 * ranges meet leave the table, and what they hold outside of the ranges comes back in new ones.
 */
final class RangeOverwrite {

  private final TableLog log;
  private final Snapshot base;
  private final KeyRanges ranges;
  private final KeyUniqueness uniqueness;

  RangeOverwrite(TableLog log, Snapshot base, KeyRanges ranges, KeyUniqueness uniqueness) {
    this.log = log;
    this.base = base;
    this.ranges = ranges;
    this.uniqueness = uniqueness;
  }

  /** Writes the rows that stay of the segments that leave. */
  static List<SegmentInfo> writeKept(
      TableWrite write, Snapshot base, KeyRanges ranges, OpenSegments opened) throws IOException {
    List<SegmentInfo> kept = new ArrayList<>();
    KeyRanges staying = ranges.complement();
    try {
      for (SegmentEntry entry : met(base, ranges)) {
        // One writer each: segments of a table may overlap, and a writer takes rows in order.
        try (RollingSegmentWriter writer =
                write.target().openWriter(write.store(), SegmentOptions.defaults());
            Cursor rows = new TableScan(
                    List.of(entry),
                    staying,
                    opened,
                    new OpenDeletions(write.store(), base.table()))) {
          while (rows.next()) {
            writer.append(rows.row());
          }
          kept.addAll(writer.finish());
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      for (SegmentInfo segment : kept) {
        try {
          write.store().delete(segment.path());
        } catch (IOException leftBehind) {
          // No snapshot names it, so nobody reads it.
        }
      }
      throw e;
    }
    return kept;
  }

  private static List<SegmentEntry> met(Snapshot snapshot, KeyRanges ranges) {
    return snapshot.segments().stream().filter(s -> SegmentLocator.overlaps(ranges, s)).toList();
  }

  /** Commits; the checks among {@code added} have been made. */
  Snapshot commit(List<SegmentEntry> added, List<SegmentEntry> kept) throws IOException {
    uniqueness.checkAgainstKept(added, kept, log.table());
    List<SegmentEntry> all = new ArrayList<>(added);
    all.addAll(kept);
    List<UUID> leaving = met(base, ranges).stream().map(SegmentEntry::id).toList();
    Set<UUID> left = new HashSet<>(leaving);
    Snapshot newest = base;
    Snapshot checked = null;
    for (int attempt = 0; ; attempt++) {
      newest = log.refresh(newest);
      requireUntouched(newest, left);
      uniqueness.checkAgainst(added, newest, checked, left);
      checked = newest;
      try {
        return log.publish(
            newest,
            SnapshotEdit.replace(newest.schema(), newest.properties(), newest, all, leaving));
      } catch (CommitConflictException e) {
        if (attempt == TableWrite.MAX_ATTEMPTS) {
          throw e;
        }
        TableWrite.pause(attempt);
      }
    }
  }

  /** Whoever wrote into the ranges since would have rows replaced that nobody here has seen. */
  private void requireUntouched(Snapshot newest, Set<UUID> leaving) {
    boolean sameSchema = newest.schema().id() == base.schema().id();
    Set<UUID> now = new HashSet<>();
    if (sameSchema) {
      met(newest, ranges).forEach(s -> now.add(s.id()));
    }
    if (!sameSchema || !now.equals(leaving)) {
      throw new CommitConflictException(
          log.table(),
          newest.version(),
          "another writer changed rows that this overwrite replaces, or the table's schema, after"
              + " version "
              + base.version());
    }
  }
}
