package io.alexstore.store;

import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Which segments of a store are merged next.
 *
 * <p>The segments of one commit do not overlap: they are a run. Where more runs overlap than may,
 * the smallest of them are merged, and with them each larger one that is no larger than those
 * before it together: so a row is written again only when it moves to a run of about twice the
 * size. When nobody writes, all that overlap are merged, unless they are small beside the largest.
 * Otherwise a segment of which much is deleted is written anew; and of many small ones, such as
 * frequent flushes leave, those of about one size are merged.
 */
final class CompactionChoice {

  /** From this share of deleted rows on a segment is written anew. */
  private static final double MAX_DELETED_SHARE = 0.5;

  /** So many small segments are let alone. */
  private static final int MAX_SMALL = 32;

  /** A segment below this share of the size that is aimed at is small. */
  private static final int SMALL_SHARE = 8;

  /** What is merged when nobody writes is at least this part of the largest that goes with it. */
  private static final int IDLE_FACTOR = 16;

  /** Segments that one commit added, as far as they are left. */
  private record Run(List<SegmentEntry> segments, long bytes) {}

  private CompactionChoice() {}

  /**
   * The segments to be merged by one commit; none if all is well.
   *
   * @param maxLevels how many may overlap
   * @param targetSegmentSize the size that is aimed at, in bytes
   */
  static Set<UUID> of(Snapshot snapshot, int maxLevels, long targetSegmentSize) {
    List<SegmentEntry> deepest = deepest(snapshot);
    if (deepest.size() > maxLevels) {
      return ids(smallest(runs(snapshot, deepest)));
    }
    for (SegmentEntry segment : snapshot.segments()) {
      if (segment.deletedRows() > segment.rows() * MAX_DELETED_SHARE) {
        return Set.of(segment.id());
      }
    }
    List<SegmentEntry> small =
        snapshot.segments().stream()
            .filter(segment -> segment.bytes() < targetSegmentSize / SMALL_SHARE)
            .toList();
    return small.size() <= MAX_SMALL ? Set.of() : mostOfOneSize(small);
  }

  /**
   * The segments to be merged when nobody writes, so that none overlap; none if what there is to
   * merge is too little beside what would be written again for it.
   */
  static Set<UUID> whenIdle(Snapshot snapshot) {
    List<Run> runs = runs(snapshot, deepest(snapshot));
    long bytes = runs.stream().mapToLong(Run::bytes).sum();
    for (int chosen = runs.size(); chosen > 1; chosen--) {
      long largest = runs.get(chosen - 1).bytes();
      bytes -= largest;
      if (largest <= IDLE_FACTOR * bytes) {
        return ids(runs.subList(0, chosen));
      }
    }
    return Set.of();
  }

  /** The largest group of segments whose sizes differ by less than a factor of about four. */
  private static Set<UUID> mostOfOneSize(List<SegmentEntry> segments) {
    Map<Integer, Set<UUID>> bySize = new HashMap<>();
    for (SegmentEntry segment : segments) {
      int size = (Long.SIZE - Long.numberOfLeadingZeros(segment.bytes())) / 2;
      bySize.computeIfAbsent(size, s -> new HashSet<>()).add(segment.id());
    }
    return Collections.max(bySize.values(), Comparator.comparingInt(Set::size));
  }

  /** All segments, for a compaction of everything; none if there is nothing to gain. */
  static Set<UUID> all(Snapshot snapshot) {
    boolean isDone = snapshot.isDisjoint() && snapshot.deletedRows() == 0;
    return isDone ? Set.of() : ids(List.of(new Run(snapshot.segments(), 0)));
  }

  private static Set<UUID> ids(List<Run> runs) {
    Set<UUID> ids = new HashSet<>();
    runs.forEach(run -> run.segments().forEach(segment -> ids.add(segment.id())));
    return ids;
  }

  /** How many segments overlap where most do. O(n d) for n segments. */
  static int depth(Snapshot snapshot) {
    return deepest(snapshot).size();
  }

  /** The segments that overlap where most do. */
  private static List<SegmentEntry> deepest(Snapshot snapshot) {
    List<SegmentEntry> open = new ArrayList<>();
    List<SegmentEntry> deepest = List.of();
    for (SegmentEntry segment : snapshot.segments()) { // In the order of their smallest keys.
      open.removeIf(other -> Arrays.compareUnsigned(other.maxKey(), segment.minKey()) < 0);
      open.add(segment);
      if (open.size() > deepest.size()) {
        deepest = List.copyOf(open);
      }
    }
    return deepest;
  }

  /** The runs of some segments, the smallest first. */
  private static List<Run> runs(Snapshot snapshot, List<SegmentEntry> some) {
    Set<Long> versions = new HashSet<>();
    some.forEach(segment -> versions.add(segment.addedIn()));
    Map<Long, List<SegmentEntry>> byVersion = new HashMap<>();
    for (SegmentEntry segment : snapshot.segments()) {
      if (versions.contains(segment.addedIn())) {
        byVersion.computeIfAbsent(segment.addedIn(), v -> new ArrayList<>()).add(segment);
      }
    }
    return byVersion.values().stream()
        .map(run -> new Run(run, run.stream().mapToLong(SegmentEntry::bytes).sum()))
        .sorted(Comparator.comparingLong(Run::bytes))
        .toList();
  }

  private static List<Run> smallest(List<Run> runs) {
    List<Run> chosen = new ArrayList<>();
    long bytes = 0;
    for (Run run : runs) {
      if (chosen.size() >= 2 && run.bytes() > bytes) {
        break;
      }
      chosen.add(run);
      bytes += run.bytes();
    }
    return chosen;
  }
}
