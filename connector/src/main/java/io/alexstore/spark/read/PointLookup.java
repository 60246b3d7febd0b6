package io.alexstore.spark.read;

import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyForm;
import io.alexstore.segment.Segment;
import java.util.Arrays;
import java.util.List;

/** Looks single keys up, interleaved: much faster for each than one at a time. */
final class PointLookup {

  /** How many keys the index is asked for in one call. */
  private static final int GROUP = 1024;

  private PointLookup() {}

  /**
   * For each range that is one key, the first row with it; -1 if there is none, and for the other
   * ranges.
   */
  static int[] find(Segment segment, List<EncodedRange> ranges) {
    int[] found = new int[ranges.size()];
    Arrays.fill(found, -1);
    int[] places = new int[ranges.size()];
    int n = 0;
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).isPoint()) {
        places[n++] = i;
      }
    }
    int[] positions = new int[Math.min(n, GROUP)];
    for (int from = 0; from < n; from += GROUP) {
      int count = Math.min(GROUP, n - from);
      if (segment.keyForm() == KeyForm.LONG) {
        findLongs(segment, ranges, places, from, count, positions);
      } else {
        findBytes(segment, ranges, places, from, count, positions);
      }
      for (int i = 0; i < count; i++) {
        found[places[from + i]] = positions[i];
      }
    }
    return found;
  }

  private static void findLongs(
      Segment segment,
      List<EncodedRange> ranges,
      int[] places,
      int from,
      int count,
      int[] positions) {
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = ((EncodedRange.OfLongs) ranges.get(places[from + i])).lower();
    }
    segment.findAll(keys, 0, count, positions);
  }

  private static void findBytes(
      Segment segment,
      List<EncodedRange> ranges,
      int[] places,
      int from,
      int count,
      int[] positions) {
    int[] offsets = new int[count + 1];
    for (int i = 0; i < count; i++) {
      byte[] key = ((EncodedRange.OfBytes) ranges.get(places[from + i])).lower();
      offsets[i + 1] = Math.addExact(offsets[i], key.length);
    }
    byte[] keys = new byte[offsets[count]];
    for (int i = 0; i < count; i++) {
      byte[] key = ((EncodedRange.OfBytes) ranges.get(places[from + i])).lower();
      System.arraycopy(key, 0, keys, offsets[i], key.length);
    }
    segment.findAll(keys, offsets, count, positions);
  }
}
