package io.alexstore.spark.write;

import io.alexstore.commit.OnConflict;
import io.alexstore.key.KeyRanges;
import java.util.Locale;

/** What becomes of the rows that a table has when others are written. */
public sealed interface WriteMode {

  /**
   * They stay.
   *
   * @param onConflict unless a new row has the key of one: what becomes of them then
   */
  record Append(OnConflict onConflict) implements WriteMode {
    @Override
    public String toString() {
      return onConflict == OnConflict.ERROR
          ? "append"
          : "append, on conflict " + onConflict.name().toLowerCase(Locale.ROOT);
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
