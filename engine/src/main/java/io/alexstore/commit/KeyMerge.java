package io.alexstore.commit;

import io.alexstore.key.KeyForm;
import io.alexstore.segment.Segment;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Looks for a key that stands in two of several segments, each of which has its keys in strictly
 * ascending order: a merge that leaps. The segment with the smallest key goes on to the smallest
 * key of all others, by its index where that is not the next row. So where ranges do not meet it
 * costs a lookup, and where rows alternate a step each.
 */
final class KeyMerge {

  private KeyMerge() {}

  /** A key in two segments, which are given by their places in the list. */
  record Duplicate(int first, int second, int position) {}

  /** A segment on its way through the merge. */
  private abstract static class Head implements Comparable<Head> {
    final int place;
    final Segment segment;
    int position;

    Head(int place, Segment segment) {
      this.place = place;
      this.segment = segment;
    }

    /** Moves to the first key that is at least another's; false at the end. */
    final boolean leapTo(Head other) {
      position++;
      if (position < segment.rowCount()) {
        load();
        if (compareTo(other) < 0) {
          position = lowerBound(other);
          if (position < segment.rowCount()) {
            load();
          }
        }
      }
      return position < segment.rowCount();
    }

    abstract void load();

    abstract int lowerBound(Head other);
  }

  private static final class LongHead extends Head {
    private long key;

    LongHead(int place, Segment segment) {
      super(place, segment);
    }

    @Override
    void load() {
      key = segment.longKey(position);
    }

    @Override
    int lowerBound(Head other) {
      return segment.lowerBound(((LongHead) other).key);
    }

    @Override
    public int compareTo(Head other) {
      return Long.compare(key, ((LongHead) other).key);
    }
  }

  private static final class BytesHead extends Head {
    private byte[] key;

    BytesHead(int place, Segment segment) {
      super(place, segment);
    }

    @Override
    void load() {
      key = segment.keyBytes(position);
    }

    @Override
    int lowerBound(Head other) {
      byte[] bound = ((BytesHead) other).key;
      return segment.lowerBound(bound, 0, bound.length);
    }

    @Override
    public int compareTo(Head other) {
      return Arrays.compareUnsigned(key, ((BytesHead) other).key);
    }
  }

  /** The smallest key that stands in two of the segments; null if there is none. */
  static Duplicate findDuplicate(KeyForm form, List<Segment> segments) {
    PriorityQueue<Head> heads = new PriorityQueue<>();
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      Head head = form == KeyForm.LONG ? new LongHead(i, segment) : new BytesHead(i, segment);
      head.load();
      heads.add(head);
    }
    while (heads.size() > 1) {
      Head smallest = heads.poll();
      Head next = heads.peek();
      if (smallest.compareTo(next) == 0) {
        return new Duplicate(smallest.place, next.place, smallest.position);
      }
      if (smallest.leapTo(next)) {
        heads.add(smallest);
      }
    }
    return null;
  }
}
