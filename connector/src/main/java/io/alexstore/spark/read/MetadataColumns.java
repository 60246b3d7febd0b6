package io.alexstore.spark.read;

import io.alexstore.schema.Column;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StringType;
import java.util.ArrayList;
import java.util.List;

/** The columns that every table has besides its own: where a row stands. */
public final class MetadataColumns {

  /** The id of the segment that a row is in. */
  public static final String SEGMENT = "_segment";

  /** A row's position in its segment, from 0. */
  public static final String POSITION = "_position";

  // Ids that no column of a table comes to.
  private static final Column SEGMENT_COLUMN =
      new Column(Integer.MAX_VALUE, SEGMENT, StringType.BINARY_ORDER, false);
  private static final Column POSITION_COLUMN =
      new Column(Integer.MAX_VALUE - 1, POSITION, ScalarType.INT, false);

  private MetadataColumns() {}

  /** All of them. */
  public static List<Column> all() {
    return List.of(SEGMENT_COLUMN, POSITION_COLUMN);
  }

  /** Where a row stands in its segment, whatever a table's own columns are called. */
  static Column position() {
    return POSITION_COLUMN;
  }

  /** A table's own columns, and those of these whose names they leave. */
  public static List<Column> and(List<Column> own) {
    List<Column> both = new ArrayList<>(own);
    for (Column column : all()) {
      if (own.stream().noneMatch(c -> c.name().equals(column.name()))) {
        both.add(column);
      }
    }
    return both;
  }

  /** Whether a column is one of these. */
  public static boolean isMetadata(Column column) {
    return column.id() >= POSITION_COLUMN.id();
  }
}
