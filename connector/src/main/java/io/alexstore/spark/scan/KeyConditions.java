package io.alexstore.spark.scan;

import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyRanges;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.filter.Predicate;

/** Conditions that keys alone decide. */
public final class KeyConditions {

  private KeyConditions() {}

  /** The keys of exactly the rows that fulfil all predicates; empty if keys do not say so. */
  public static Optional<KeyRanges> exact(KeyCodec codec, Predicate... predicates) {
    KeyPredicates.Result result =
        new KeyPredicates(codec).analyze(Arrays.stream(predicates).map(Negations::push).toList());
    for (boolean exact : result.exact()) {
      if (!exact) {
        return Optional.empty();
      }
    }
    return Optional.of(result.ranges());
  }
}
