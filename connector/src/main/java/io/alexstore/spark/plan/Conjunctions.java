package io.alexstore.spark.plan;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;

/** Conditions that are several ones, all of which must be true. */
final class Conjunctions {

  private Conjunctions() {}

  /** Adds each of them to a list. */
  static void split(Expression condition, List<Expression> conjuncts) {
    if (condition instanceof And and) {
      split(and.left(), conjuncts);
      split(and.right(), conjuncts);
    } else {
      conjuncts.add(condition);
    }
  }
}
