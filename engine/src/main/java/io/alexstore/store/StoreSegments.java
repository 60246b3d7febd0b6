package io.alexstore.store;

import io.alexstore.commit.DeletionVectors;
import io.alexstore.commit.SegmentOpener;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.MissingFileException;
import io.alexstore.io.FileStore;
import io.alexstore.key.KeyForm;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The segments of one version of a store's table, all open. They are arranged in as few levels as
 * there are segments that overlap somewhere; a lookup goes through the levels, the largest first.
 *
 * <p>Whoever has it can read on, whatever becomes of the files: they are mapped, and the maps stay
 * for as long as they can be reached.
 *
 * <p>Immutable, and so safe for any number of threads.
 */
final class StoreSegments {

  /** So many bytes of fresh segments are in the system's cache, most likely. */
  private static final long MAX_AHEAD = 1L << 30;

  private final Snapshot snapshot;
  private final Map<UUID, Segment> byId;
  private final SegmentFilters filters;
  // The largest first.
  private final SegmentLevel[] levels;

  private StoreSegments(
      Snapshot snapshot, Map<UUID, Segment> byId, SegmentFilters filters, SegmentLevel[] levels) {
    this.snapshot = snapshot;
    this.byId = byId;
    this.filters = filters;
    this.levels = levels;
  }

  /**
   * Opens the segments of a version, as yet without filters, so that it takes no time: {@link
   * #withFilters}.
   *
   * @param filterBytes how much heap filters may take
   */
  static StoreSegments open(
      FileStore store, Snapshot snapshot, KeyForm form, DeletionVectors vectors, long filterBytes)
      throws IOException {
    SegmentFilters filters = SegmentFilters.none(filterBytes);
    return of(store, snapshot, form, vectors, Map.of(), filters);
  }

  /** The same with filters for as many segments as may have them. */
  StoreSegments withFilters(KeyForm form, DeletionVectors vectors) throws IOException {
    return arrange(snapshot, form, vectors, byId, filters.forSegments(smallestLevelFirst()));
  }

  private List<Segment> smallestLevelFirst() {
    List<Segment> all = new ArrayList<>();
    for (int i = levels.length - 1; i >= 0; i--) {
      for (int place = 0; place < levels[i].size(); place++) {
        all.add(levels[i].segment(place));
      }
    }
    return all;
  }

  /**
   * Opens those segments of another version that are not open here.
   *
   * @param others segments that are open besides, which are taken over or given up
   */
  StoreSegments goTo(
      FileStore store,
      Snapshot newest,
      KeyForm form,
      DeletionVectors vectors,
      Map<UUID, Segment> others)
      throws IOException {
    Map<UUID, Segment> open = new HashMap<>(others);
    open.putAll(byId);
    StoreSegments next = of(store, newest, form, vectors, open, filters);
    next.readAhead(byId.keySet());
    open.forEach(
        (id, segment) -> {
          if (!next.byId.containsKey(id)) {
            segment.release(); // Those who read this version go on.
          }
        });
    return next.withFilters(form, vectors);
  }

  /**
   * Checks segments that were just written, before lookups come: else they would check and map them
   * block by block, which is what most of their time went to after a large compaction.
   *
   * @param known those that were there before
   */
  private void readAhead(Set<UUID> known) {
    long left = MAX_AHEAD;
    for (Segment segment : byId.values()) {
      boolean isFresh = !known.contains(segment.segmentId());
      left -= isFresh ? segment.fileSize() : 0;
      if (isFresh && left >= 0) {
        segment.bytes().touch(0, segment.bytes().size());
      }
    }
  }

  private static StoreSegments of(
      FileStore store,
      Snapshot snapshot,
      KeyForm form,
      DeletionVectors vectors,
      Map<UUID, Segment> open,
      SegmentFilters filters)
      throws IOException {
    Map<UUID, Segment> byId = new HashMap<>();
    try {
      for (SegmentEntry entry : snapshot.segments()) {
        Segment segment = open.get(entry.id());
        byId.put(entry.id(), segment != null ? segment : open(store, snapshot, entry));
      }
      return arrange(snapshot, form, vectors, byId, filters);
    } catch (IOException | RuntimeException e) {
      byId.forEach(
          (id, segment) -> {
            if (!open.containsKey(id)) {
              segment.close();
            }
          });
      throw e;
    }
  }

  private static StoreSegments arrange(
      Snapshot snapshot,
      KeyForm form,
      DeletionVectors vectors,
      Map<UUID, Segment> byId,
      SegmentFilters filters)
      throws IOException {
    List<LevelBuilder> building = new ArrayList<>();
    for (SegmentEntry entry : snapshot.segments()) { // In the order of their smallest keys.
      LevelBuilder.of(building, entry).add(entry, byId.get(entry.id()), vectors.of(entry));
    }
    SegmentLevel[] levels =
        building.stream()
            .sorted(Comparator.comparingLong((LevelBuilder level) -> level.rows).reversed())
            .map(level -> new SegmentLevel(form, level.segments, level.deleted, filters))
            .toArray(SegmentLevel[]::new);
    return new StoreSegments(snapshot, byId, filters, levels);
  }

  private static Segment open(FileStore store, Snapshot snapshot, SegmentEntry entry)
      throws IOException {
    String path = entry.pathIn(snapshot.table());
    Segment segment;
    try {
      segment = Segment.open(store, path);
    } catch (NoSuchFileException e) {
      throw new MissingFileException(path);
    }
    if (!segment.segmentId().equals(entry.id()) || !segment.tableId().equals(snapshot.tableId())) {
      segment.close();
      throw new CorruptFileException(path, 0, "it holds another segment than the log says");
    }
    return segment;
  }

  /** Segments that do not overlap. */
  private static final class LevelBuilder {
    private final List<Segment> segments = new ArrayList<>();
    private final List<DeletionVector> deleted = new ArrayList<>();
    private byte[] maxKey;
    private long rows;

    /** The first level that a segment goes into. Few levels are full, so there are few. */
    static LevelBuilder of(List<LevelBuilder> levels, SegmentEntry entry) {
      for (LevelBuilder level : levels) {
        if (Arrays.compareUnsigned(level.maxKey, entry.minKey()) < 0) {
          return level;
        }
      }
      LevelBuilder level = new LevelBuilder();
      levels.add(level);
      return level;
    }

    void add(SegmentEntry entry, Segment segment, DeletionVector vector) {
      segments.add(segment);
      deleted.add(vector);
      maxKey = entry.maxKey();
      rows += entry.liveRows();
    }
  }

  /** The version. */
  Snapshot snapshot() {
    return snapshot;
  }

  /** Opens nothing: gives what is open, for commits on top of this version. */
  SegmentOpener opener(FileStore store, Map<UUID, Segment> others) {
    return entry -> {
      Segment segment = byId.get(entry.id());
      if (segment == null) {
        segment = others.get(entry.id());
      }
      if (segment == null) {
        segment = open(store, snapshot, entry);
        others.put(entry.id(), segment);
      }
      return segment;
    };
  }

  int levelCount() {
    return levels.length;
  }

  SegmentLevel level(int i) {
    return levels[i];
  }

  /** Whether some segments may have filters that they do not have. */
  boolean lacksFilters() {
    return filters.lacksAny(smallestLevelFirst());
  }

  long filterBytes() {
    return filters.memoryBytes();
  }

  /** Gives the maps up. Those who read go on. */
  void release() {
    byId.values().forEach(Segment::release);
  }
}
