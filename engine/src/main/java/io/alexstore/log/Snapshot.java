package io.alexstore.log;

import io.alexstore.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.IntConsumer;

/**
 * One version of a table: its schema and the segments that its rows stand in. Immutable, and so
 * safe for any number of threads.
 */
public final class Snapshot {

  private final String table;
  private final LogEntry newest;
  private final Map<Integer, Schema> schemas;
  private final Schema schema;
  private final Map<String, String> properties;
  private final List<SegmentEntry> segments;
  private final KeyIntervals intervals;
  private final Map<UUID, SegmentEntry> byId;
  private final Map<String, Long> sequences;
  private final long rows;
  private final long deletedRows;
  private final long bytes;

  Snapshot(
      String table,
      LogEntry newest,
      Map<Integer, Schema> schemas,
      Schema schema,
      Map<String, String> properties,
      Map<UUID, SegmentEntry> byId,
      Map<String, Long> sequences) {
    this.table = table;
    this.newest = newest;
    this.schemas = Map.copyOf(schemas);
    this.schema = schema;
    this.properties = Map.copyOf(properties);
    this.segments = byId.values().stream().sorted(SnapshotBuilder.BY_MIN_KEY).toList();
    this.intervals = new KeyIntervals(segments);
    this.byId = Map.copyOf(byId);
    this.sequences = Map.copyOf(sequences);
    this.rows = segments.stream().mapToLong(SegmentEntry::liveRows).sum();
    this.deletedRows = segments.stream().mapToLong(SegmentEntry::deletedRows).sum();
    this.bytes = segments.stream().mapToLong(SegmentEntry::bytes).sum();
  }

  /** The path of the table's directory. */
  public String table() {
    return table;
  }

  /** The table. */
  public UUID tableId() {
    return newest.tableId();
  }

  /** The version, from 0. */
  public long version() {
    return newest.version();
  }

  /** The id of the commit that made this version. */
  public UUID commitId() {
    return newest.commitId();
  }

  /** When this version was made, in milliseconds since 1970-01-01 UTC; strictly increasing. */
  public long timestampMs() {
    return newest.timestampMs();
  }

  /** What the commit that made this version did; see {@link Operation}. */
  public String operation() {
    return newest.operation();
  }

  /** Figures about the commit that made this version, for people. */
  public Map<String, String> summary() {
    return newest.summary();
  }

  /**
   * The first version that can be read: those before it were given up, and their files may be gone.
   * 0 if none was; a later version may say more.
   */
  public long expiredBefore() {
    return newest.expiredBefore();
  }

  /** The schema that rows of this version are read with. */
  public Schema schema() {
    return schema;
  }

  /** The schema with an id, current or earlier. */
  public Optional<Schema> schema(int id) {
    return Optional.ofNullable(schemas.get(id));
  }

  /** The table's properties. */
  public Map<String, String> properties() {
    return properties;
  }

  /** What a reader must understand to read this version. */
  public List<String> readerFeatures() {
    return newest.readerFeatures();
  }

  /** What a writer must understand to commit on top of this version. */
  public List<String> writerFeatures() {
    return newest.writerFeatures();
  }

  /** The segments, in the order of their smallest keys. */
  public List<SegmentEntry> segments() {
    return segments;
  }

  /** Whether a segment is part of this version. */
  public boolean contains(UUID segment) {
    return byId.containsKey(segment);
  }

  /** A segment of this version, by its id. */
  public Optional<SegmentEntry> segment(UUID id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The number of rows that are not deleted. */
  public long rows() {
    return rows;
  }

  /** The number of rows that are deleted, but still in the segments' files. */
  public long deletedRows() {
    return deletedRows;
  }

  /** The largest sequence that a writer committed, see {@link CommitSource}. */
  public OptionalLong lastSequence(String writerId) {
    Long sequence = sequences.get(writerId);
    return sequence == null ? OptionalLong.empty() : OptionalLong.of(sequence);
  }

  Map<String, Long> sequences() {
    return sequences;
  }

  /** The size of the segments' files together, in bytes. */
  public long bytes() {
    return bytes;
  }

  /** Whether no two segments' ranges of keys meet, so that reading them in order is key order. */
  public boolean isDisjoint() {
    return intervals.disjoint();
  }

  /**
   * The segments that may hold a key, in the order of their smallest keys; O(log n + found).
   *
   * @param key the encoded key
   */
  public List<SegmentEntry> segmentsFor(byte[] key) {
    return segmentsFor(key, key);
  }

  /**
   * The segments whose keys may lie in {@code [low, high]}, in the order of their smallest keys;
   * O(log n + found).
   *
   * @param low the smallest encoded key; null for no bound
   * @param high the largest encoded key; null for no bound
   */
  public List<SegmentEntry> segmentsFor(byte[] low, byte[] high) {
    List<SegmentEntry> found = new ArrayList<>();
    intervals.find(low, high, place -> found.add(segments.get(place)));
    return found;
  }

  /** Like {@link #segmentsFor(byte[], byte[])}, but gives their places in {@link #segments}. */
  public void segmentPlaces(byte[] low, byte[] high, IntConsumer places) {
    intervals.find(low, high, places);
  }

  LogEntry newestEntry() {
    return newest;
  }

  /** All schemas that versions up to this one had, by their ids. */
  public Map<Integer, Schema> schemas() {
    return schemas;
  }

  @Override
  public String toString() {
    return table + "@v" + version();
  }
}
