package io.alexstore.maintain;

import io.alexstore.key.KeyForm;
import io.alexstore.log.SegmentEntry;
import io.alexstore.row.Cursor;
import io.alexstore.schema.Values;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentView;
import java.io.IOException;
import java.util.Arrays;

/**
 * A segment's rows that are not deleted, on their way through a merge by key. In the order of the
 * keys that heads stand at. Not thread-safe.
 */
final class LiveHead implements Comparable<LiveHead> {

  /** Takes rows in the order of their keys. */
  @FunctionalInterface
  interface Sink {
    void append(Values row) throws IOException;
  }

  private final SegmentEntry entry;
  private final Segment segment;
  private final SegmentView view;
  private final DeletionVector deleted;
  private final boolean isLong;
  private int position;
  private long longKey;
  private byte[] bytesKey;
  private int loadedGroups;

  /**
   * A head.
   *
   * @param view the rows as they are handed over
   */
  LiveHead(SegmentEntry entry, SegmentView view, DeletionVector deleted) {
    this.entry = entry;
    this.segment = view.segment();
    this.view = view;
    this.deleted = deleted;
    this.isLong = segment.keyForm() == KeyForm.LONG;
  }

  SegmentEntry entry() {
    return entry;
  }

  Segment segment() {
    return segment;
  }

  int position() {
    return position;
  }

  /** Moves to the first row at or after a position that is not deleted; false if there is none. */
  boolean moveTo(int from) {
    position = deleted.nextLive(from);
    if (position >= segment.rowCount()) {
      return false;
    }
    if (isLong) {
      longKey = segment.longKey(position);
    } else {
      bytesKey = segment.keyBytes(position);
    }
    return true;
  }

  /** Moves to the next row, if need be by the index to the first key that is at least another's. */
  boolean leapTo(LiveHead other) {
    if (!moveTo(position + 1)) {
      return false;
    }
    return compareTo(other) >= 0 || moveTo(isLong ? lowerBound(other.longKey) : lowerBound(other));
  }

  private int lowerBound(long key) {
    return segment.lowerBound(key);
  }

  private int lowerBound(LiveHead other) {
    return segment.lowerBound(other.bytesKey, 0, other.bytesKey.length);
  }

  /** The end of the rows whose keys are at most that which another stands at. */
  int upperBound(LiveHead other) {
    int next = position + 1;
    if (next < segment.rowCount() && isAfter(next, other)) {
      return next; // Where rows alternate, that saves the index.
    }
    return isLong
        ? segment.upperBound(other.longKey)
        : segment.upperBound(other.bytesKey, 0, other.bytesKey.length);
  }

  private boolean isAfter(int row, LiveHead other) {
    return isLong
        ? segment.longKey(row) > other.longKey
        : Arrays.compareUnsigned(segment.keyBytes(row), other.bytesKey) > 0;
  }

  /** Hands over the rows from where it stands to a position. */
  void copyTo(int end, Sink sink) throws IOException {
    int from = position;
    while (from < end) {
      int gap = deleted.nextDeleted(from);
      int to = gap < 0 ? end : Math.min(gap, end);
      load(to);
      try (Cursor rows = view.rows(from, to)) {
        while (rows.next()) {
          sink.append(rows.row());
        }
      }
      from = deleted.nextLive(to);
    }
  }

  /** Brings what rows before a position need of a remote file in by few, large reads. */
  private void load(int to) {
    if (!segment.isRemote()) {
      return;
    }
    if (loadedGroups == 0) {
      segment.prefetchKeys(segment.rowCount());
    }
    for (; loadedGroups << segment.rowGroupShift() < to; loadedGroups++) {
      view.touchGroup(loadedGroups);
    }
  }

  @Override
  public int compareTo(LiveHead other) {
    return isLong
        ? Long.compare(longKey, other.longKey)
        : Arrays.compareUnsigned(bytesKey, other.bytesKey);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
