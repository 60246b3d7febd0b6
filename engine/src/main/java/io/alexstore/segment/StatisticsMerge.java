package io.alexstore.segment;

import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Unites what segments of a table tell of its columns. Columns are known by their ids: what was
 * written as a narrower type is told as the type of now, and a column that a segment does not have
 * is its default in all rows there.
 *
 * <p>Of a column of which one of the segments tells nothing, nothing is known. Not thread-safe.
 */
public final class StatisticsMerge {

  private final List<MergedColumn> columns = new ArrayList<>();

  /**
   * Nothing yet.
   *
   * @param schema the table's
   * @param wanted ids of columns
   */
  public StatisticsMerge(Schema schema, Set<Integer> wanted) {
    for (Column column : schema.columns()) {
      if (wanted.contains(column.id()) && ColumnStatistics.isOf(column.type())) {
        // The first column of the key is cut by ranges of keys, all others are strewn.
        boolean isCut = schema.key().columnIds().get(0) == column.id();
        columns.add(new MergedColumn(column, isCut));
      }
    }
  }

  /**
   * Adds rows of a segment. O(number of columns).
   *
   * @param positions how many of its rows, deleted ones too
   * @param live how many of these are not deleted
   * @throws io.alexstore.error.CorruptFileException if what the segment tells is damaged
   */
  public void add(Segment segment, long positions, long live) {
    SegmentStatistics told = segment.statistics();
    for (MergedColumn column : columns) {
      column.add(segment, told, positions, live);
    }
  }

  /** What is known now, by the columns' ids. */
  public Map<Integer, ColumnSummary> summaries() {
    Map<Integer, ColumnSummary> summaries = new HashMap<>();
    for (MergedColumn column : columns) {
      column.summary().ifPresent(summary -> summaries.put(summary.column().id(), summary));
    }
    return summaries;
  }
}
