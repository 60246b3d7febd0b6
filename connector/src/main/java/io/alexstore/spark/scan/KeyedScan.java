package io.alexstore.spark.scan;

import java.util.Optional;
import org.apache.spark.sql.connector.expressions.filter.Predicate;

/** A scan of a table, of whose rows those with some keys can be had at once. */
public interface KeyedScan {

  /**
   * Those of the scan's rows that may fulfil a predicate on the key, read here and now, in the
   * version that the scan reads.
   *
   * @param maxRows the most rows that are read
   * @param maxBytes the most bytes that they may have
   * @return empty if there are more, or the predicate does not tell which they are
   */
  Optional<AlexLocalScan> rowsWhere(Predicate keys, int maxRows, long maxBytes);
}
