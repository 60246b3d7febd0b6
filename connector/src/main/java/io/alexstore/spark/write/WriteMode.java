package io.alexstore.spark.write;

import io.alexstore.key.KeyRanges;

/** What becomes of the rows that a table has when others are written. */
public sealed interface WriteMode {

  /** They stay. */
  record Append() implements WriteMode {
    @Override
    public String toString() {
      return "append";
    }
  }

  /** They go. */
  record Overwrite() implements WriteMode {
    @Override
    public String toString() {
      return "overwrite";
    }
  }

  /**
   * Those with some keys go.
   *
   * @param ranges the keys
   */
  record OverwriteRanges(KeyRanges ranges) implements WriteMode {
    @Override
    public String toString() {
      return "overwrite " + ranges.list().size() + " key ranges";
    }
  }
}
