package io.alexstore.log;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The key ranges of segments, so that the segments which a key or a range may lie in are found
 * without walking the list: an interval tree laid over the sorted array (the node of {@code [from,
 * to)} is its middle), where each node knows the largest key below it. Immutable.
 *
 * <p>O(log n + k) for k segments found.
 */
final class KeyIntervals {

  private final SegmentEntry[] segments;
  private final byte[][] maxBelow;
  private final boolean disjoint;

  /**
   * @param sorted segments in the order of their smallest keys
   */
  KeyIntervals(List<SegmentEntry> sorted) {
    this.segments = sorted.toArray(SegmentEntry[]::new);
    this.maxBelow = new byte[segments.length][];
    build(0, segments.length);
    this.disjoint = isDisjoint();
  }

  private byte[] build(int from, int to) {
    if (from == to) {
      return null;
    }
    int middle = (from + to) >>> 1;
    byte[] max = segments[middle].maxKey();
    max = larger(max, build(from, middle));
    max = larger(max, build(middle + 1, to));
    maxBelow[middle] = max;
    return max;
  }

  private static byte[] larger(byte[] a, byte[] b) {
    return b == null || Arrays.compareUnsigned(a, b) >= 0 ? a : b;
  }

  private boolean isDisjoint() {
    for (int i = 1; i < segments.length; i++) {
      if (Arrays.compareUnsigned(segments[i - 1].maxKey(), segments[i].minKey()) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether no two segments have a key in common, by their ranges. */
  boolean disjoint() {
    return disjoint;
  }

  /**
   * The segments whose range meets {@code [low, high]}, in the order of their smallest keys.
   *
   * @param low the smallest key; null for no bound
   * @param high the largest key; null for no bound
   * @param found receives the places of the segments in the list
   */
  void find(byte[] low, byte[] high, IntConsumer found) {
    find(0, segments.length, low, high, found);
  }

  private void find(int from, int to, byte[] low, byte[] high, IntConsumer found) {
    if (from == to) {
      return;
    }
    int middle = (from + to) >>> 1;
    if (low != null && Arrays.compareUnsigned(maxBelow[middle], low) < 0) {
      return;
    }
    find(from, middle, low, high, found);
    SegmentEntry segment = segments[middle];
    if (high != null && Arrays.compareUnsigned(segment.minKey(), high) > 0) {
      return;
    }
    if (low == null || Arrays.compareUnsigned(segment.maxKey(), low) >= 0) {
      found.accept(middle);
    }
    find(middle + 1, to, low, high, found);
  }
}
