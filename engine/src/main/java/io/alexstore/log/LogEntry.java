package io.alexstore.log;

import io.alexstore.schema.Schema;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * One entry of the log, as {@code docs/format/log.md} describes its fields. Immutable.
 *
 * @param tableId the table
 * @param version the version that the entry makes
 * @param parent the commit id of the version before; empty in version 0
 * @param commitId the commit's own id
 * @param timestampMs when, in milliseconds since 1970-01-01 UTC; above the parent's
 * @param operation what was done
 * @param summary figures for people
 * @param writer the program that wrote the entry
 * @param schema the new schema; empty if it stays
 * @param properties all properties; empty if they stay
 * @param readerFeatures what a reader of this version must understand
 * @param writerFeatures what a writer on top of this version must understand
 * @param added the segments that came
 * @param removed the segments that went
 * @param deletions of segments that are there after it, the new deletion vectors, which take the
 *     place of those before
 * @param source which of its writer's commits it is; empty if the writer does not count
 * @param expiredBefore versions below it are given up: their files may be gone. Never falls from
 *     one entry to the next
 * @param owner the store that owns the table from this version on: only it may commit on top
 */
public record LogEntry(
    UUID tableId,
    long version,
    Optional<UUID> parent,
    UUID commitId,
    long timestampMs,
    String operation,
    Map<String, String> summary,
    String writer,
    Optional<Schema> schema,
    Optional<Map<String, String>> properties,
    List<String> readerFeatures,
    List<String> writerFeatures,
    List<SegmentEntry> added,
    List<UUID> removed,
    Map<UUID, Deletions> deletions,
    Optional<CommitSource> source,
    long expiredBefore,
    Optional<String> owner) {

  /** Copies what can change. */
  public LogEntry {
    summary = Map.copyOf(summary);
    properties = properties.map(Map::copyOf);
    readerFeatures = List.copyOf(readerFeatures);
    writerFeatures = List.copyOf(writerFeatures);
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    deletions = Map.copyOf(deletions);
    Objects.requireNonNull(owner, "owner");
  }

  /** The same entry with another owner. */
  LogEntry ownedBy(Optional<String> other) {
    return new LogEntry(
        tableId,
        version,
        parent,
        commitId,
        timestampMs,
        operation,
        summary,
        writer,
        schema,
        properties,
        readerFeatures,
        writerFeatures,
        added,
        removed,
        deletions,
        source,
        expiredBefore,
        other);
  }

  /** The same entry without its lists of segments: what a snapshot keeps of it. */
  LogEntry head() {
    return new LogEntry(
        tableId,
        version,
        parent,
        commitId,
        timestampMs,
        operation,
        summary,
        writer,
        Optional.empty(),
        Optional.empty(),
        readerFeatures,
        writerFeatures,
        List.of(),
        List.of(),
        Map.of(),
        source,
        expiredBefore,
        owner);
  }
}
