package io.alexstore.benchmarks.spark;

import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A query that is timed.
 *
 * @param measure its name
 * @param warmUps how often it is asked before
 * @param rounds how often it is timed; an odd number
 * @param turn how many rounds a format has in a row before the next one's turn; divides the others
 * @param sql makes the query, with {@code %s} for the table
 */
record Query(
    String measure, int warmUps, int rounds, int turn, Function<SplittableRandom, String> sql) {

  /**
   * A query for one key. Spark plans it in a few milliseconds once that code is compiled, which
   * takes more than a thousand queries; a turn is long, since queries for keys come in a row and
   * not each between two scans.
   */
  static Query point(String measure, Function<SplittableRandom, String> sql) {
    return new Query(measure, 1000, 275, 25, sql);
  }

  /** A query of which each is another. */
  static Query each(String measure, int rounds, Function<SplittableRandom, String> sql) {
    return new Query(measure, 3 * rounds, rounds, 1, sql);
  }

  /** A query that is always the same. */
  static Query of(String measure, int rounds, String sql) {
    return new Query(measure, rounds, rounds, 1, random -> sql);
  }
}
