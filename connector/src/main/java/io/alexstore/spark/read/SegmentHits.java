package io.alexstore.spark.read;

import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.segment.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of one segment that keys stand for. Keys that are equal stand for the same run of rows,
 * keys that differ for others, so the runs, sorted, are disjoint or the same.
 */
final class SegmentHits {

  /** How many keys the index is asked for in one call. */
  private static final int GROUP = 1024;

  private final ProbeKeys keys;
  // The first position in the high half, the key's number in the low half; sorted.
  private final long[] starts;
  // By the key's place among those asked for: the position after its last row.
  private final int[] ends;
  private final int count;

  private SegmentHits(ProbeKeys keys, long[] starts, int[] ends, int count) {
    this.keys = keys;
    this.starts = starts;
    this.ends = ends;
    this.count = count;
  }

  /**
   * Looks keys up, interleaved.
   *
   * @param lookups the keys' numbers in the low half
   * @param unique whether a whole key stands for one row at most
   */
  static SegmentHits find(
      Segment segment, ProbeKeys keys, long[] lookups, int from, int to, boolean unique) {
    int n = to - from;
    int[] first = new int[n];
    int[] end = new int[n];
    if (keys.isWhole()) {
      findWhole(segment, keys, lookups, from, first);
      for (int i = 0; i < n; i++) {
        if (first[i] >= 0) {
          int key = (int) lookups[from + i];
          end[i] = unique ? first[i] + 1 : upperBound(segment, keys, key);
        }
      }
    } else {
      List<EncodedRange> ranges = new ArrayList<>(n);
      for (int i = from; i < to; i++) {
        int key = (int) lookups[i];
        ranges.add(new EncodedRange.OfBytes(keys.bytes(key), keys.after(key)));
      }
      segment.bounds(ranges, first, end);
    }
    long[] starts = new long[n];
    int count = 0;
    for (int i = 0; i < n; i++) {
      if (first[i] >= 0 && first[i] < end[i]) {
        starts[count++] = (long) first[i] << 32 | i;
      }
    }
    Arrays.sort(starts, 0, count);
    int[] ends = new int[count];
    for (int i = 0; i < count; i++) {
      int place = (int) starts[i];
      ends[i] = end[place];
      starts[i] = (starts[i] & ~0xffffffffL) | (lookups[from + place] & 0xffffffffL);
    }
    return new SegmentHits(keys, starts, ends, count);
  }

  private static int upperBound(Segment segment, ProbeKeys keys, int key) {
    if (keys.isLong()) {
      return segment.upperBound(keys.longKey(key));
    }
    byte[] bytes = keys.bytes(key);
    return segment.upperBound(bytes, 0, bytes.length);
  }

  private static void findWhole(
      Segment segment, ProbeKeys keys, long[] lookups, int from, int[] first) {
    int[] positions = new int[Math.min(first.length, GROUP)];
    for (int start = 0; start < first.length; start += GROUP) {
      int count = Math.min(GROUP, first.length - start);
      if (keys.isLong()) {
        long[] probes = new long[count];
        for (int i = 0; i < count; i++) {
          probes[i] = keys.longKey((int) lookups[from + start + i]);
        }
        segment.findAll(probes, 0, count, positions);
      } else {
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++) {
          int length = keys.length((int) lookups[from + start + i]);
          offsets[i + 1] = Math.addExact(offsets[i], length);
        }
        byte[] probes = new byte[offsets[count]];
        for (int i = 0; i < count; i++) {
          keys.copy((int) lookups[from + start + i], probes, offsets[i]);
        }
        segment.findAll(probes, offsets, count, positions);
      }
      System.arraycopy(positions, 0, first, start, count);
    }
  }

  /** The number of hits: keys that have rows, each as often as it is asked for. */
  int count() {
    return count;
  }

  /** The first row of a hit. */
  int start(int hit) {
    return (int) (starts[hit] >>> 32);
  }

  /** The position after the last row of a hit. */
  int end(int hit) {
    return ends[hit];
  }

  /** The number of the row that asks for a hit. */
  int probe(int hit) {
    return keys.probe((int) starts[hit]);
  }

  /**
   * All rows as {@link Positions}, within bounds.
   *
   * @param bounds the keys that rows must have; null if any will do
   */
  int[] runs(Segment segment, KeyRanges bounds) {
    int[] runs = new int[2 * count];
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (n > 0 && start(i) <= runs[n - 1]) {
        runs[n - 1] = Math.max(runs[n - 1], end(i));
      } else {
        runs[n++] = start(i);
        runs[n++] = end(i);
      }
    }
    int[] all = Arrays.copyOf(runs, n);
    return bounds == null ? all : Positions.intersect(all, Positions.of(segment, bounds));
  }
}
