package io.alexstore.spark.soak;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A statement, and what must come of it.
 *
 * @param kind what it is, to be counted by
 * @param text what is said to Spark, or to the engine, for whoever reads a failure
 * @param action runs it
 * @param after the table's rows if it succeeds; empty if it must fail
 * @param errors what it may fail with: one of these stands in the error's text; none if it must not
 */
record Step(
    String kind,
    String text,
    Action action,
    Optional<List<List<Object>>> after,
    Set<String> errors) {

  static final String DUPLICATE_KEY = "Duplicate key";
  static final Set<String> CHANGED_TWICE =
      Set.of("MERGE_CARDINALITY_VIOLATION", "is to be changed twice");

  /** Something that may fail. */
  @FunctionalInterface
  interface Action {
    /** Does it. */
    void run() throws Exception;
  }

  /** A statement after which a table has some rows, unless a key that must be unique is not. */
  static Step of(
      SoakSchema schema, String kind, String text, Action action, List<List<Object>> after) {
    return schema.hasDuplicates(after)
        ? new Step(kind, text, action, Optional.empty(), Set.of(DUPLICATE_KEY))
        : new Step(kind, text, action, Optional.of(after), Set.of());
  }

  boolean mustFail() {
    return after.isEmpty();
  }
}
