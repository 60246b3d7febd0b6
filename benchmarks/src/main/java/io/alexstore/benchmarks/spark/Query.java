package io.alexstore.benchmarks.spark;

import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A query that is timed.
 *
 * @param measure its name
 * @param rounds how often it is timed, at least; an odd number
 * @param sql makes the query, with {@code %s} for the table
 */
record Query(String measure, int rounds, Function<SplittableRandom, String> sql) {

  /** A query that is always the same. */
  static Query of(String measure, int rounds, String sql) {
    return new Query(measure, rounds, random -> sql);
  }
}
