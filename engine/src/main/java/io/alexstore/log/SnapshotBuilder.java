package io.alexstore.log;

import io.alexstore.error.CorruptFileException;
import io.alexstore.schema.Schema;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Applies entries, one after another, and checks that each follows the one before. Many entries
 * cost one sort at the end. Not thread-safe.
 */
final class SnapshotBuilder {

  /**
   * The order of a snapshot's segments. The id breaks ties, so that the order is always the same.
   */
  static final Comparator<SegmentEntry> BY_MIN_KEY =
      Comparator.<SegmentEntry, byte[]>comparing(SegmentEntry::minKey, Arrays::compareUnsigned)
          .thenComparing(SegmentEntry::maxKey, Arrays::compareUnsigned)
          .thenComparing(SegmentEntry::id);

  private final String table;
  private final Map<UUID, SegmentEntry> segments = new HashMap<>();
  private final Map<Integer, Schema> schemas = new HashMap<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private LogEntry newest;
  private Schema schema;
  private Map<String, String> properties = Map.of();

  /** Starts before version 0. */
  SnapshotBuilder(String table) {
    this.table = table;
  }

  /** Starts at a snapshot. */
  SnapshotBuilder(Snapshot base) {
    this.table = base.table();
    this.newest = base.newestEntry();
    this.schema = base.schema();
    this.properties = base.properties();
    this.schemas.putAll(base.schemas());
    base.segments().forEach(s -> segments.put(s.id(), s));
    this.sequences.putAll(base.sequences());
  }

  /**
   * Applies the next entry.
   *
   * @throws CorruptFileException if it does not follow what was applied before
   */
  void apply(String path, LogEntry entry) {
    checkFollows(path, entry);
    entry.schema().ifPresent(s -> schema = s);
    if (schema == null) {
      throw corrupt(path, "the table's first entry has no schema");
    }
    schemas.put(schema.id(), schema);
    entry.properties().ifPresent(p -> properties = p);
    for (UUID id : entry.removed()) {
      if (segments.remove(id) == null) {
        throw corrupt(path, "it removes segment " + id + ", which the table does not have");
      }
    }
    for (SegmentEntry segment : entry.added()) {
      if (segments.put(segment.id(), segment) != null) {
        throw corrupt(path, "it adds segment " + segment.id() + " twice");
      }
      if (!schemas.containsKey(segment.schemaId())) {
        throw corrupt(
            path, "segment " + segment.id() + " has the unknown schema " + segment.schemaId());
      }
    }
    entry.deletions().forEach((id, deletions) -> delete(path, id, deletions));
    entry.source().ifPresent(s -> sequences.put(s.writerId(), s.sequence()));
    newest = entry;
  }

  private void delete(String path, UUID id, Deletions deletions) {
    SegmentEntry segment = segments.get(id);
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
    segments.put(id, segment.withDeletions(deletions));
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
    return new Snapshot(table, newest, schemas, schema, properties, segments, sequences);
  }
}
