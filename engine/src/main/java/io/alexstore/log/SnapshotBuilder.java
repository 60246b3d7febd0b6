package io.alexstore.log;

import io.alexstore.error.CorruptFileException;
import io.alexstore.schema.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Applies entries, one after another, and checks that each follows the one before. Costs time by
 * what they change, not by the number of segments, until they have changed a good part of them; so
 * many entries cost one sort at the end. Not thread-safe.
 */
final class SnapshotBuilder {

  /** Trees are made anew, not changed, if more than one segment in this many changes. */
  private static final int REBUILD = 8;

  private final String table;
  private final SegmentTree baseByKey;
  private final SegmentTree baseById;
  // What differs from the base: null for a segment that is gone.
  private final Map<UUID, SegmentEntry> changed = new HashMap<>();
  private final Map<Integer, Schema> schemas = new HashMap<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private LogEntry newest;
  private Schema schema;
  private Map<String, String> properties = Map.of();
  private long uncheckpointed;

  /** Starts before version 0. */
  SnapshotBuilder(String table) {
    this.table = table;
    this.baseByKey = SegmentTree.empty(SegmentTree.BY_KEY);
    this.baseById = SegmentTree.empty(SegmentTree.BY_ID);
  }

  /** Starts at a snapshot. */
  SnapshotBuilder(Snapshot base) {
    this.table = base.table();
    this.newest = base.newestEntry();
    this.schema = base.schema();
    this.properties = base.properties();
    this.schemas.putAll(base.schemas());
    this.baseByKey = base.byKey();
    this.baseById = base.byId();
    this.sequences.putAll(base.sequences());
    this.uncheckpointed = base.uncheckpointed();
  }

  /** The segment with an id at this point; null if there is none. */
  private SegmentEntry segment(UUID id) {
    return changed.containsKey(id) ? changed.get(id) : inBase(id);
  }

  private SegmentEntry inBase(UUID id) {
    return baseById.find(segment -> segment.id().compareTo(id));
  }

  /**
   * Applies the next entry.
   *
   * @param bytes the size of its file
   * @throws CorruptFileException if it does not follow what was applied before
   */
  void apply(String path, LogEntry entry, int bytes) {
    checkFollows(path, entry);
    entry.schema().ifPresent(s -> schema = s);
    if (schema == null) {
      throw corrupt(path, "the table's first entry has no schema");
    }
    schemas.put(schema.id(), schema);
    entry.properties().ifPresent(p -> properties = p);
    for (UUID id : entry.removed()) {
      if (segment(id) == null) {
        throw corrupt(path, "it removes segment " + id + ", which the table does not have");
      }
      changed.put(id, null);
    }
    for (SegmentEntry segment : entry.added()) {
      if (segment(segment.id()) != null) {
        throw corrupt(path, "it adds segment " + segment.id() + " twice");
      }
      changed.put(segment.id(), segment);
      if (!schemas.containsKey(segment.schemaId())) {
        throw corrupt(
            path, "segment " + segment.id() + " has the unknown schema " + segment.schemaId());
      }
    }
    entry.deletions().forEach((id, deletions) -> delete(path, id, deletions));
    entry.source().ifPresent(s -> sequences.put(s.writerId(), s.sequence()));
    newest = entry.head();
    uncheckpointed += bytes;
  }

  private void delete(String path, UUID id, Deletions deletions) {
    SegmentEntry segment = segment(id);
    if (segment == null) {
      throw corrupt(path, "it deletes rows of segment " + id + ", which the table does not have");
    }
    if (deletions.rows() <= segment.deletedRows() || deletions.rows() >= segment.rows()) {
      throw corrupt(
          path,
          "it leaves segment "
              + id
              + " of "
              + segment.rows()
              + " rows with "
              + deletions.rows()
              + " deleted ones, after "
              + segment.deletedRows());
    }
    changed.put(id, segment.withDeletions(deletions));
  }

  private void checkFollows(String path, LogEntry entry) {
    long expected = newest == null ? 0 : newest.version() + 1;
    if (entry.version() != expected) {
      throw corrupt(path, "it says version " + entry.version() + ", expected " + expected);
    }
    if (newest == null) {
      if (entry.parent().isPresent()) {
        throw corrupt(path, "the table's first entry has a parent");
      }
      return;
    }
    if (!entry.tableId().equals(newest.tableId())) {
      throw corrupt(
          path, "it belongs to table " + entry.tableId() + ", not to " + newest.tableId());
    }
    if (!entry.parent().filter(newest.commitId()::equals).isPresent()) {
      throw corrupt(
          path,
          "it follows commit "
              + entry.parent().map(UUID::toString).orElse("(none)")
              + ", but version "
              + newest.version()
              + " is commit "
              + newest.commitId());
    }
    if (entry.expiredBefore() < newest.expiredBefore()
        || entry.expiredBefore() >= entry.version()) {
      throw corrupt(
          path,
          "it gives up the versions below "
              + entry.expiredBefore()
              + ", after those below "
              + newest.expiredBefore()
              + " were given up");
    }
    if (entry.timestampMs() <= newest.timestampMs()) {
      throw corrupt(
          path,
          "its timestamp "
              + entry.timestampMs()
              + " is not above the "
              + newest.timestampMs()
              + " of the version before");
    }
  }

  private static CorruptFileException corrupt(String path, String what) {
    return new CorruptFileException(path, -1, what);
  }

  Snapshot build() {
    boolean rebuild = changed.size() > baseById.size() / REBUILD;
    SegmentTree byKey = rebuild ? rebuild(baseByKey, SegmentTree.BY_KEY) : baseByKey;
    SegmentTree byId = rebuild ? rebuild(baseById, SegmentTree.BY_ID) : baseById;
    if (!rebuild) {
      for (Map.Entry<UUID, SegmentEntry> change : changed.entrySet()) {
        SegmentEntry before = inBase(change.getKey());
        SegmentEntry after = change.getValue();
        // Of other keys only if the segment was taken out and came back as another.
        if (before != null && (after == null || SegmentTree.BY_KEY.compare(before, after) != 0)) {
          byKey = byKey.without(before);
        }
        if (after != null) {
          byKey = byKey.with(after);
          byId = byId.with(after);
        } else if (before != null) {
          byId = byId.without(before);
        }
      }
    }
    return new Snapshot(
        table, newest, schemas, schema, properties, byKey, byId, sequences, uncheckpointed);
  }

  private SegmentTree rebuild(SegmentTree base, Comparator<SegmentEntry> order) {
    List<SegmentEntry> all = new ArrayList<>();
    for (SegmentEntry segment : base.asList()) {
      if (!changed.containsKey(segment.id())) {
        all.add(segment);
      }
    }
    changed.values().stream().filter(Objects::nonNull).forEach(all::add);
    SegmentEntry[] sorted = all.toArray(SegmentEntry[]::new);
    if (order == SegmentTree.BY_ID) {
      SegmentTree.sortById(sorted);
    } else {
      Arrays.sort(sorted, order);
    }
    return SegmentTree.ofSorted(order, sorted);
  }
}
