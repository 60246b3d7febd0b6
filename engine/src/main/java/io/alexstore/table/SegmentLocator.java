package io.alexstore.table;

import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.SegmentInfo;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Which segments of a snapshot a key may be in. Where keys are 64-bit and segments do not overlap,
 * which is the rule, that is a binary search in an array of longs. Immutable.
 */
final class SegmentLocator {

  private final Snapshot snapshot;
  private final long[] minKeys;
  private final long[] maxKeys;

  SegmentLocator(Snapshot snapshot, KeyForm form) {
    this.snapshot = snapshot;
    if (form == KeyForm.LONG && snapshot.isDisjoint()) {
      List<SegmentEntry> segments = snapshot.segments();
      minKeys = segments.stream().mapToLong(s -> toLong(s.minKey())).toArray();
      maxKeys = segments.stream().mapToLong(s -> toLong(s.maxKey())).toArray();
    } else {
      minKeys = null;
      maxKeys = null;
    }
  }

  /** Whether a segment may have a key that is in some ranges. */
  static boolean overlaps(KeyRanges ranges, SegmentEntry entry) {
    return ranges.form() == KeyForm.LONG
        ? ranges.overlaps(toLong(entry.minKey()), toLong(entry.maxKey()))
        : ranges.overlaps(entry.minKey(), entry.maxKey());
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
    if (minKeys == null) {
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
    int low = 0;
    int high = minKeys.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (maxKeys[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < minKeys.length && minKeys[low] <= key ? low : -1;
  }

  /** Gives the places of the segments that an encoded key may be in, in the snapshot's order. */
  void locate(byte[] key, IntConsumer places) {
    snapshot.segmentPlaces(key, key, places);
  }
}
