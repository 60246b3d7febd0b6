package io.alexstore.log;

import io.alexstore.schema.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What one commit changes. Immutable.
 *
 * @param commitId the commit's own id; how a writer finds out whether it won
 * @param operation what is done; see {@link Operation}
 * @param summary figures about the commit for people; no reader depends on them
 * @param schema the table's new schema; empty if it stays as it is
 * @param properties all of the table's new properties; empty if they stay as they are
 * @param added the segments that the commit adds; their {@code addedIn} is ignored
 * @param removed the segments that the commit takes out of the table
 * @param deletions of segments that are there after it, added ones too, the new deletion vectors,
 *     which take the place of those before and have more rows than them
 * @param source which of its writer's commits it is; empty if the writer does not count
 * @param expiredBefore gives up the versions below it; no more than are given up already if it is
 *     not above that
 */
public record SnapshotEdit(
    UUID commitId,
    String operation,
    Map<String, String> summary,
    Optional<Schema> schema,
    Optional<Map<String, String>> properties,
    List<SegmentEntry> added,
    List<UUID> removed,
    Map<UUID, Deletions> deletions,
    Optional<CommitSource> source,
    long expiredBefore) {

  /** Checks that nothing is missing. */
  public SnapshotEdit {
    Objects.requireNonNull(commitId, "commitId");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(schema, "schema");
    summary = Map.copyOf(summary);
    properties = properties.map(Map::copyOf);
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    deletions = Map.copyOf(deletions);
    Objects.requireNonNull(source, "source");
  }

  /** A commit that creates a table. */
  public static SnapshotEdit create(
      Schema schema, Map<String, String> properties, List<SegmentEntry> added) {
    return of(Operation.CREATE, Optional.of(schema), Optional.of(properties), added, List.of());
  }

  /** A commit that adds segments. */
  public static SnapshotEdit append(List<SegmentEntry> added) {
    return of(Operation.APPEND, Optional.empty(), Optional.empty(), added, List.of());
  }

  /** A commit that replaces all segments of a snapshot. */
  public static SnapshotEdit overwrite(Snapshot base, List<SegmentEntry> added) {
    List<UUID> removed = base.segments().stream().map(SegmentEntry::id).toList();
    return replace(base.schema(), base.properties(), base, added, removed);
  }

  /**
   * A commit that takes segments of a snapshot out and puts others in, and may give the table
   * another schema and other properties.
   *
   * @param schema the schema that the table is to have
   * @param properties the properties that it is to have
   */
  public static SnapshotEdit replace(
      Schema schema,
      Map<String, String> properties,
      Snapshot base,
      List<SegmentEntry> added,
      List<UUID> removed) {
    return of(
        Operation.OVERWRITE,
        Optional.of(schema).filter(s -> !s.equals(base.schema())),
        Optional.of(properties).filter(p -> !p.equals(base.properties())),
        added,
        removed);
  }

  /** A commit that adds and removes segments; the figures of its summary are counted. */
  public static SnapshotEdit of(
      String operation,
      Optional<Schema> schema,
      Optional<Map<String, String>> properties,
      List<SegmentEntry> added,
      List<UUID> removed) {
    long rows = added.stream().mapToLong(SegmentEntry::rows).sum();
    long bytes = added.stream().mapToLong(SegmentEntry::bytes).sum();
    Map<String, String> summary =
        Map.of(
            "addedSegments", Integer.toString(added.size()),
            "addedRows", Long.toString(rows),
            "addedBytes", Long.toString(bytes),
            "removedSegments", Integer.toString(removed.size()));
    return new SnapshotEdit(
        UUID.randomUUID(),
        operation,
        summary,
        schema,
        properties,
        added,
        removed,
        Map.of(),
        Optional.empty(),
        0);
  }

  /**
   * A commit that changes columns or properties, and no row.
   *
   * @param schema the new schema, whose columns the old segments can be read as
   * @param properties all new properties
   * @param summary what was changed, for people
   */
  public static SnapshotEdit alter(
      Optional<Schema> schema,
      Optional<Map<String, String>> properties,
      Map<String, String> summary) {
    return new SnapshotEdit(
        UUID.randomUUID(),
        Operation.ALTER,
        summary,
        schema,
        properties,
        List.of(),
        List.of(),
        Map.of(),
        Optional.empty(),
        0);
  }

  /**
   * A commit that gives versions up and changes nothing else.
   *
   * @param version the first version that stays
   */
  public static SnapshotEdit expire(long version) {
    return new SnapshotEdit(
        UUID.randomUUID(),
        Operation.EXPIRE,
        Map.of("expiredBefore", Long.toString(version)),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Map.of(),
        Optional.empty(),
        version);
  }

  /** A commit that changes nothing but who owns the table. */
  static SnapshotEdit own() {
    return new SnapshotEdit(
        UUID.randomUUID(),
        Operation.OWN,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Map.of(),
        Optional.empty(),
        0);
  }

  /**
   * The same commit, with deletion vectors.
   *
   * @param rows how many rows the commit deletes, those of segments that it removes for it too
   */
  public SnapshotEdit withDeletions(Map<UUID, Deletions> other, long rows) {
    if (rows == 0) {
      return this;
    }
    Map<String, String> figures = new HashMap<>(summary);
    figures.put("deletedRows", Long.toString(rows));
    return new SnapshotEdit(
        commitId,
        operation,
        figures,
        schema,
        properties,
        added,
        removed,
        other,
        source,
        expiredBefore);
  }

  /** The same commit, of a writer that counts its commits. */
  public SnapshotEdit withSource(Optional<CommitSource> other) {
    return new SnapshotEdit(
        commitId,
        operation,
        summary,
        schema,
        properties,
        added,
        removed,
        deletions,
        other,
        expiredBefore);
  }
}
