package io.alexstore.spark.read;

/**
 * The rows of the batch that is being read: which rows of one row group the batch's rows are.
 * Shared by all vectors of a reader, and moved on by it. Not thread-safe.
 */
final class RowWindow {

  /**
   * The most rows of a batch: small enough for what is decoded of a column to stay in the cache.
   */
  static final int MAX_ROWS = 4096;

  /** How many rows are decoded for one that is wanted, at most, before that does not pay. */
  private static final int CLOSE = 4;

  private final int[] selection = new int[MAX_ROWS];
  private boolean dense;
  private int span;
  private int base;
  private int count;
  private int groupStart;
  private int epoch;

  /** The rows from {@code base} on. */
  void setDense(int newGroupStart, int newBase, int newCount) {
    dense = true;
    groupStart = newGroupStart;
    base = newBase;
    count = newCount;
    span = newCount;
    epoch++;
  }

  /** The first {@code newCount} rows, at least 1, of {@link #selection}, which ascend. */
  void setSelected(int newGroupStart, int newCount) {
    dense = false;
    groupStart = newGroupStart;
    count = newCount;
    base = selection[0];
    span = selection[newCount - 1] + 1 - base;
    epoch++;
  }

  /** Where to put rows that do not follow each other, before {@link #setSelected}. */
  int[] selection() {
    return selection;
  }

  /** Whether the rows follow each other, from {@link #base} on. */
  boolean isDense() {
    return dense;
  }

  /**
   * Whether the rows stand so close together, as where few are deleted, that decoding all from the
   * first to the last and leaving some out costs less than decoding them one by one.
   */
  boolean isClose() {
    return span <= MAX_ROWS && span <= CLOSE * count;
  }

  /** How many rows there are from the first to the last, with those in between. */
  int span() {
    return span;
  }

  /** The first row's place in its row group. */
  int base() {
    return base;
  }

  /** The number of rows. */
  int count() {
    return count;
  }

  /** The position in the segment of the row group's first row. */
  int groupStart() {
    return groupStart;
  }

  /** Changes with each batch, so that a vector knows what it has decoded. */
  int epoch() {
    return epoch;
  }

  /** The place in the row group of a row of the batch. */
  int at(int row) {
    return dense ? base + row : selection[row];
  }
}
