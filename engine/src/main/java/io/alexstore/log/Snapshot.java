package io.alexstore.log;

import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.schema.Schema;
import io.alexstore.segment.SegmentInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
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
  private final SegmentTree byKey;
  private final SegmentTree byId;
  private final Map<String, Long> sequences;
  private final long uncheckpointed;

  /**
   * @param newest the entry of this version, without its segments
   * @param uncheckpointed the bytes of entries since the last checkpoint that is known of
   */
  Snapshot(
      String table,
      LogEntry newest,
      Map<Integer, Schema> schemas,
      Schema schema,
      Map<String, String> properties,
      SegmentTree byKey,
      SegmentTree byId,
      Map<String, Long> sequences,
      long uncheckpointed) {
    this.table = table;
    this.newest = newest;
    this.schemas = Map.copyOf(schemas);
    this.schema = schema;
    this.properties = Map.copyOf(properties);
    this.byKey = byKey;
    this.byId = byId;
    this.sequences = Map.copyOf(sequences);
    this.uncheckpointed = uncheckpointed;
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

  /**
   * The embedded store that owns the table: it is open, or was not closed, and only it may commit.
   * Empty if anybody may.
   */
  public Optional<String> owner() {
    return newest.owner();
  }

  /** The schema that rows of this version are read with. */
  public Schema schema() {
    return schema;
  }

  /** The schema with an id, current or earlier. */
  public Optional<Schema> schema(int id) {
    return Optional.ofNullable(schemas.get(id));
  }

  /** The number that the table's next schema gets: one that no schema had. */
  public int nextSchemaId() {
    return schemas.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
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

  /**
   * The segments, in the order of their smallest keys. Access by place is O(log n), a walk O(n).
   */
  public List<SegmentEntry> segments() {
    return byKey.asList();
  }

  /** Whether a segment is part of this version; O(log n). */
  public boolean contains(UUID segment) {
    return segment(segment).isPresent();
  }

  /** A segment of this version, by its id; O(log n). */
  public Optional<SegmentEntry> segment(UUID id) {
    return Optional.ofNullable(byId.find(segment -> segment.id().compareTo(id)));
  }

  /**
   * Gives the segments that another version does not have. Costs little where the versions lie
   * close together and one was made from the other, whatever the number of segments.
   */
  public void forEachMissingIn(Snapshot other, Consumer<SegmentEntry> missing) {
    byId.forEachMissingIn(other.byId, missing);
  }

  /** The number of rows that are not deleted. */
  public long rows() {
    return byKey.rows();
  }

  /** The number of rows that are deleted, but still in the segments' files. */
  public long deletedRows() {
    return byKey.deletedRows();
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
    return byKey.bytes();
  }

  /** Whether no two segments' ranges of keys meet, so that reading them in order is key order. */
  public boolean isDisjoint() {
    return byKey.disjoint();
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
    byKey.find(low, high, (segment, place) -> found.add(segment));
    return found;
  }

  /**
   * The segments that may have a key that is in some ranges, in the order of their smallest keys;
   * O(r log n + found) for r ranges, or a walk where that is less.
   */
  public List<SegmentEntry> segmentsFor(KeyRanges ranges) {
    if (ranges.isAll()) {
      return segments();
    }
    if (ranges.list().size() > byKey.size()) {
      return segments().stream().filter(segment -> segment.overlaps(ranges)).toList();
    }
    // By place: a segment may meet several ranges, and those before it may be longer.
    SortedMap<Integer, SegmentEntry> found = new TreeMap<>();
    for (EncodedRange range : ranges.list()) {
      byte[] low;
      byte[] high;
      if (range instanceof EncodedRange.OfLongs longs) {
        low = SegmentInfo.longKeyBytes(longs.lower());
        high = SegmentInfo.longKeyBytes(longs.upper());
      } else {
        low = ((EncodedRange.OfBytes) range).lower();
        high = ((EncodedRange.OfBytes) range).upper();
      }
      byKey.find(
          low,
          high,
          (segment, place) -> {
            // The upper bound of bytes is exclusive, and the search takes it in.
            if (segment.overlaps(ranges)) {
              found.put(place, segment);
            }
          });
    }
    return List.copyOf(found.values());
  }

  /** Like {@link #segmentsFor(byte[], byte[])}, but gives their places in {@link #segments}. */
  public void segmentPlaces(byte[] low, byte[] high, IntConsumer places) {
    byKey.find(low, high, (segment, place) -> places.accept(place));
  }

  LogEntry newestEntry() {
    return newest;
  }

  /** All schemas that versions up to this one had, by their ids. */
  public Map<Integer, Schema> schemas() {
    return schemas;
  }

  SegmentTree byKey() {
    return byKey;
  }

  SegmentTree byId() {
    return byId;
  }

  long uncheckpointed() {
    return uncheckpointed;
  }

  /** The same version, known to have a checkpoint. */
  Snapshot checkpointed() {
    return new Snapshot(table, newest, schemas, schema, properties, byKey, byId, sequences, 0);
  }

  @Override
  public String toString() {
    return table + "@v" + version();
  }
}
