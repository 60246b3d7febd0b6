package io.alexstore.table;

import io.alexstore.key.KeyForm;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.SegmentInfo;
import java.util.function.IntConsumer;

/**
 * Which segments of a snapshot a key may be in. Where keys are 64-bit and segments do not overlap,
 * which is the rule, that is a binary search in an array of longs; of many segments the array is
 * made only after so many lookups that it pays, since each new version needs another. Thread-safe.
 */
final class SegmentLocator {

  /** An array is made after one lookup for this many segments. */
  private static final int SEGMENTS_PER_LOOKUP = 64;

  /** The keys of segments that do not overlap, and the segments, in their order. */
  private static final class Table {
    final long[] minKeys;
    final long[] maxKeys;
    final SegmentEntry[] entries;

    Table(Snapshot snapshot) {
      entries = snapshot.segments().toArray(SegmentEntry[]::new);
      minKeys = new long[entries.length];
      maxKeys = new long[entries.length];
      for (int i = 0; i < entries.length; i++) {
        minKeys[i] = toLong(entries[i].minKey());
        maxKeys[i] = toLong(entries[i].maxKey());
      }
    }
  }

  private final Snapshot snapshot;
  private final boolean disjoint;
  private final int lookupsBefore;
  // Both are read and written without order: at worst, threads count less or make the table twice.
  private int lookups;
  private Table made;

  SegmentLocator(Snapshot snapshot, KeyForm form) {
    this.snapshot = snapshot;
    this.disjoint = form == KeyForm.LONG && snapshot.isDisjoint();
    this.lookupsBefore = snapshot.segments().size() / SEGMENTS_PER_LOOKUP;
  }

  /** The table, if it is there or pays; else null. */
  private Table table() {
    Table table = made;
    if (table == null && lookups++ >= lookupsBefore) {
      table = new Table(snapshot);
      made = table;
    }
    return table;
  }

  static long toLong(byte[] key) {
    long bits = 0;
    for (byte b : key) {
      bits = bits << 8 | (b & 0xff);
    }
    return bits ^ Long.MIN_VALUE;
  }

  /** Gives the places of the segments that a 64-bit key may be in, in the snapshot's order. */
  void locate(long key, IntConsumer places) {
    if (!disjoint) {
      locate(SegmentInfo.longKeyBytes(key), places);
      return;
    }
    int place = locateDisjoint(key);
    if (place >= 0) {
      places.accept(place);
    }
  }

  /** The place of the one segment that a 64-bit key may be in, or -1; if no segments overlap. */
  int locateDisjoint(long key) {
    Table table = table();
    if (table == null) {
      int[] place = {-1};
      locate(SegmentInfo.longKeyBytes(key), found -> place[0] = found);
      return place[0];
    }
    long[] maxKeys = table.maxKeys;
    int low = 0;
    int high = maxKeys.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (maxKeys[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < maxKeys.length && table.minKeys[low] <= key ? low : -1;
  }

  /** The segment at a place. */
  SegmentEntry entry(int place) {
    Table table = made;
    return table == null ? snapshot.segments().get(place) : table.entries[place];
  }

  /** Gives the places of the segments that an encoded key may be in, in the snapshot's order. */
  void locate(byte[] key, IntConsumer places) {
    snapshot.segmentPlaces(key, key, places);
  }
}
