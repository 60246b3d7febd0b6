package io.alexstore.table;

import io.alexstore.commit.SegmentOpener;
import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.row.Cursor;
import io.alexstore.row.Row;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The rows of some segments whose keys are in some ranges, segment by segment. */
final class TableScan implements Cursor {

  private final SegmentOpener opener;
  private final List<SegmentEntry> segments;
  private final List<EncodedRange> ranges;
  private int nextSegment;
  private int nextRange;
  private Segment segment;
  private Cursor rows;

  TableScan(List<SegmentEntry> segments, KeyRanges ranges, SegmentOpener opener) {
    this.opener = opener;
    this.segments = segments;
    this.ranges = ranges.list();
    this.nextRange = this.ranges.size();
  }

  @Override
  public boolean next() {
    while (rows == null || !rows.next()) {
      if (!nextRows()) {
        return false;
      }
    }
    return true;
  }

  /** Goes to the rows of the next range in the segment, or of the first in the next segment. */
  private boolean nextRows() {
    if (nextRange == ranges.size()) {
      if (nextSegment == segments.size()) {
        return false;
      }
      try {
        segment = opener.open(segments.get(nextSegment++));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      nextRange = 0;
    }
    EncodedRange range = ranges.get(nextRange++);
    int from = segment.from(range);
    rows = segment.rows(from, Math.max(from, segment.to(range)));
    return true;
  }

  @Override
  public Row row() {
    if (rows == null) {
      throw new IllegalStateException("The cursor stands on no row; call next first");
    }
    return rows.row();
  }

  @Override
  public void close() {
    nextRange = ranges.size();
    nextSegment = segments.size();
    rows = null;
  }
}
