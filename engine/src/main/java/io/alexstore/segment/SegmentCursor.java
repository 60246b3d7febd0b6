package io.alexstore.segment;

import io.alexstore.row.Cursor;
import io.alexstore.row.Row;

/** The rows of a run of positions. */
final class SegmentCursor implements Cursor {
  private final SegmentRow row;
  private final int to;
  private int next;
  private boolean onRow;

  SegmentCursor(SegmentRow row, int from, int to) {
    this.row = row;
    this.next = from;
    this.to = to;
  }

  @Override
  public boolean next() {
    onRow = next < to;
    if (onRow) {
      row.moveTo(next++);
    }
    return onRow;
  }

  @Override
  public Row row() {
    if (!onRow) {
      throw new IllegalStateException("The cursor stands on no row; call next first");
    }
    return row;
  }

  @Override
  public void close() {
    onRow = false;
    next = to;
  }
}
