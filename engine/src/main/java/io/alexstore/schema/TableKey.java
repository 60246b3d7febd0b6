package io.alexstore.schema;

import java.util.List;
import java.util.Objects;

/**
 * The columns that rows are sorted and found by.
 *
 * @param kind whether the key is unique
 * @param columnIds the ids of the key's top-level columns, in the key's order; at least one
 */
public record TableKey(Kind kind, List<Integer> columnIds) {

  /** What a key promises. */
  public enum Kind {
    /** Unique and without nulls; enforced. */
    PRIMARY,
    /** Sorted and indexed only: duplicates are allowed, nulls sort first. */
    SORT
  }

  /** Checks that there is a column. */
  public TableKey {
    Objects.requireNonNull(kind, "kind");
    columnIds = List.copyOf(columnIds);
    if (columnIds.isEmpty()) {
      throw new IllegalArgumentException("A key needs at least one column");
    }
  }

  /** Whether a key stands in the table at most once. */
  public boolean isUnique() {
    return kind == Kind.PRIMARY;
  }
}
