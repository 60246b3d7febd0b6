package io.alexstore.maintain;

import io.alexstore.maintain.LiveHead.Sink;
import java.io.IOException;
import java.util.Collection;
import java.util.PriorityQueue;

/**
 * Merges the rows of several segments that are not deleted, in the order of their keys. It goes by
 * runs: as long as one segment has the smallest keys, its rows are handed over without being
 * compared. O(n + r log k) for n rows in r runs of k segments; memory is O(k).
 */
final class LiveMerge {

  private LiveMerge() {}

  /** Hands all rows over. */
  static void merge(Collection<LiveHead> segments, Sink sink) throws IOException {
    PriorityQueue<LiveHead> heads = new PriorityQueue<>();
    for (LiveHead head : segments) {
      if (head.moveTo(0)) {
        heads.add(head);
      }
    }
    while (!heads.isEmpty()) {
      LiveHead first = heads.poll();
      int end = heads.isEmpty() ? first.segment().rowCount() : first.upperBound(heads.peek());
      first.copyTo(end, sink);
      if (first.moveTo(end)) {
        heads.add(first);
      }
    }
  }
}
