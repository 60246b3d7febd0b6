package io.alexstore.commit;

import io.alexstore.key.KeyRanges;
import io.alexstore.log.CommitSource;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.schema.Schema;
import io.alexstore.segment.DeletionVector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What a write does to the version of a table that it began with, and what it has read of it.
 * Immutable; start with {@link #of} and add to it.
 *
 * @param operation its name in the log; see {@link Operation}
 * @param added new segments
 * @param onConflict what becomes of new rows whose keys are in the table
 * @param deleted rows that go, by segment of the version that the write began with. They were read,
 *     so it is a conflict if another writer deletes one of them, too
 * @param removed segments that go whole; a conflict if another writer changes one of them
 * @param deletedKeys all rows with these keys go, in whatever version the commit comes to stand on
 * @param read rows with these keys were read: it is a conflict if another writer adds one
 * @param isExclusive whether any other commit since is a conflict
 * @param isRewrite whether the new segments hold just the rows of the removed ones
 * @param schema the table's new schema
 * @param properties the table's new properties
 * @param source which of its writer's commits it is
 */
public record Change(
    String operation,
    List<SegmentEntry> added,
    OnConflict onConflict,
    Map<UUID, DeletionVector> deleted,
    Set<UUID> removed,
    Optional<KeyRanges> deletedKeys,
    Optional<KeyRanges> read,
    boolean isExclusive,
    boolean isRewrite,
    Optional<Schema> schema,
    Optional<Map<String, String>> properties,
    Optional<CommitSource> source) {

  /** Copies what can change. */
  public Change {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(onConflict, "onConflict");
    added = List.copyOf(added);
    removed = Set.copyOf(removed);
    Map<UUID, DeletionVector> some = new HashMap<>(deleted);
    some.values().removeIf(DeletionVector::isEmpty);
    deleted = Map.copyOf(some);
    properties = properties.map(Map::copyOf);
  }

  /** A change that adds segments, and does nothing else yet. */
  public static Change of(String operation, List<SegmentEntry> added, OnConflict onConflict) {
    return new Change(
        operation,
        added,
        onConflict,
        Map.of(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** With new segments. */
  public Change adding(List<SegmentEntry> segments) {
    return edited(draft -> draft.added = segments);
  }

  /** With rows that go; see {@link #deleted}. */
  public Change deleting(Map<UUID, DeletionVector> rows) {
    return edited(draft -> draft.deleted = rows);
  }

  /** With segments that go; see {@link #removed}. */
  public Change removing(Set<UUID> segments) {
    return edited(draft -> draft.removed = segments);
  }

  /** With all rows of some keys going; see {@link #deletedKeys}. */
  public Change deletingKeys(KeyRanges keys) {
    return edited(draft -> draft.deletedKeys = Optional.of(keys));
  }

  /** Having read rows; see {@link #read}. */
  public Change reading(KeyRanges keys) {
    return edited(draft -> draft.read = Optional.of(keys));
  }

  /** In conflict with any other; see {@link #isExclusive}. */
  public Change exclusive() {
    return edited(draft -> draft.isExclusive = true);
  }

  /** Writing the same rows anew; see {@link #isRewrite}. */
  public Change rewriting() {
    return edited(draft -> draft.isRewrite = true);
  }

  /** Giving the table another schema and other properties. */
  public Change with(Schema newSchema, Map<String, String> newProperties) {
    return edited(
        draft -> {
          draft.schema = Optional.of(newSchema);
          draft.properties = Optional.of(newProperties);
        });
  }

  /** Of a writer that counts its commits. */
  public Change from(Optional<CommitSource> newSource) {
    return edited(draft -> draft.source = newSource);
  }

  private Change edited(Consumer<Draft> edit) {
    Draft draft = new Draft(this);
    edit.accept(draft);
    return draft.change();
  }

  /** A copy that can be edited, of what can be added to a change. */
  private static final class Draft {
    private final Change of;
    private List<SegmentEntry> added;
    private Map<UUID, DeletionVector> deleted;
    private Set<UUID> removed;
    private Optional<KeyRanges> deletedKeys;
    private Optional<KeyRanges> read;
    private boolean isExclusive;
    private boolean isRewrite;
    private Optional<Schema> schema;
    private Optional<Map<String, String>> properties;
    private Optional<CommitSource> source;

    Draft(Change of) {
      this.of = of;
      added = of.added;
      deleted = of.deleted;
      removed = of.removed;
      deletedKeys = of.deletedKeys;
      read = of.read;
      isExclusive = of.isExclusive;
      isRewrite = of.isRewrite;
      schema = of.schema;
      properties = of.properties;
      source = of.source;
    }

    Change change() {
      return new Change(
          of.operation,
          added,
          of.onConflict,
          deleted,
          removed,
          deletedKeys,
          read,
          isExclusive,
          isRewrite,
          schema,
          properties,
          source);
    }
  }
}
