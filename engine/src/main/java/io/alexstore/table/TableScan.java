package io.alexstore.table;

import io.alexstore.commit.DeletionVectors;
import io.alexstore.commit.SegmentOpener;
import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.row.Cursor;
import io.alexstore.row.Row;
import io.alexstore.schema.Schema;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The rows of some segments whose keys are in some ranges, segment by segment, as rows of a schema.
 */
final class TableScan implements Cursor {

  private final SegmentOpener opener;
  private final List<SegmentEntry> segments;
  private final Schema schema;
  private final List<EncodedRange> ranges;
  private int nextSegment;
  private int nextRange;
  private final DeletionVectors deletions;
  private Segment segment;
  private DeletionVector deleted;
  private int from;
  private int to;
  private Cursor rows;

  TableScan(
      List<SegmentEntry> segments,
      Schema schema,
      KeyRanges ranges,
      SegmentOpener opener,
      DeletionVectors deletions) {
    this.opener = opener;
    this.deletions = deletions;
    this.segments = segments;
    this.schema = schema;
    this.ranges = ranges.list();
    this.nextRange = this.ranges.size();
  }

  @Override
  public boolean next() {
    while (rows == null || !rows.next()) {
      rows = null;
      if (!nextRows()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Goes to the next rows that follow each other: behind the deleted ones in the same range, in the
   * next range, or in the next segment.
   */
  private boolean nextRows() {
    if (from < to) {
      int gap = deleted.nextDeleted(from);
      int end = gap < 0 ? to : Math.min(gap, to);
      rows = segment.as(schema).rows(from, end);
      from = Math.min(to, deleted.nextLive(end));
      return true;
    }
    if (nextRange == ranges.size()) {
      if (nextSegment == segments.size()) {
        return false;
      }
      try {
        SegmentEntry entry = segments.get(nextSegment++);
        segment = opener.open(entry);
        deleted = deletions.of(entry);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      nextRange = 0;
    }
    EncodedRange range = ranges.get(nextRange++);
    to = segment.to(range);
    from = Math.min(to, deleted.nextLive(segment.from(range)));
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
    from = to;
    rows = null;
  }
}
