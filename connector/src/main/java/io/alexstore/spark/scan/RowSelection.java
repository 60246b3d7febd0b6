package io.alexstore.spark.scan;

import java.util.Optional;

/**
 * Which of the rows with some keys a scan is of. They are sampled first, then cut.
 *
 * @param sample the sample; empty for all rows
 * @param direction of what order of the keys the rows are the first ones
 * @param isExact whether they are exactly the first ones of that order, and come in it; else they
 *     are some more, in any order
 * @param limit how many rows are enough, those skipped included, or {@link #NO_LIMIT}
 * @param skip how many of the first rows are left out
 */
record RowSelection(
    Optional<SystemSample> sample, KeyDirection direction, boolean isExact, int limit, int skip) {

  /** Where there is no limit. */
  static final int NO_LIMIT = -1;

  /** All rows. */
  static final RowSelection ALL =
      new RowSelection(Optional.empty(), KeyDirection.ANY, true, NO_LIMIT, 0);

  RowSelection of(SystemSample some) {
    return new RowSelection(Optional.of(some), direction, isExact, limit, skip);
  }

  RowSelection first(int rows) {
    return new RowSelection(sample, direction, isExact, rows, skip);
  }

  RowSelection first(int rows, KeyDirection inOrder, boolean exact) {
    return new RowSelection(sample, inOrder, exact, rows, skip);
  }

  RowSelection after(int rows) {
    return new RowSelection(sample, direction, isExact, limit, rows);
  }

  /** Whether the first rows are others if some are left out. */
  boolean isCut() {
    return limit != NO_LIMIT || skip > 0;
  }

  /** Whether the rows come in the order of their keys, whatever their segments are. */
  boolean isMerged() {
    return direction != KeyDirection.ANY && isExact;
  }

  /** As people read it, each part after a comma; empty if it is of all rows. */
  String describe() {
    String order =
        switch (direction) {
          case ANY -> "";
          case ASCENDING -> isExact ? " by key" : " by key at least";
          case DESCENDING -> isExact ? " by key, descending" : " by key, descending, at least";
        };
    return sample.map(some -> ", " + some).orElse("")
        + (limit == NO_LIMIT ? "" : ", limit " + limit + order)
        + (skip == 0 ? "" : ", offset " + skip);
  }
}
