package io.alexstore.spark.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.filter.AlwaysFalse;
import org.apache.spark.sql.connector.expressions.filter.AlwaysTrue;
import org.apache.spark.sql.connector.expressions.filter.And;
import org.apache.spark.sql.connector.expressions.filter.Not;
import org.apache.spark.sql.connector.expressions.filter.Or;
import org.apache.spark.sql.connector.expressions.filter.Predicate;

/**
 * Moves NOT down to where it can be part of a comparison. The result is true, false and null for
 * the same rows: De Morgan's laws hold in three-valued logic, and a comparison's opposite is null
 * where the comparison is.
 */
final class Negations {

  /** The opposite of STARTS_WITH, for which Spark has no name. */
  static final String NOT_STARTS_WITH = "NOT_STARTS_WITH";

  /** A longer IN stays as it is under NOT: it leaves out a few of many keys. */
  private static final int MAX_VALUES = 32;

  private Negations() {}

  /** The predicate with every NOT as far down as it goes. */
  static Predicate push(Predicate predicate) {
    if (predicate instanceof Not not) {
      return negate(not.child());
    } else if (predicate instanceof And and) {
      return new And(push(and.left()), push(and.right()));
    } else if (predicate instanceof Or or) {
      return new Or(push(or.left()), push(or.right()));
    }
    return predicate;
  }

  private static Predicate negate(Predicate predicate) {
    if (predicate instanceof Not not) {
      return push(not.child());
    } else if (predicate instanceof And and) {
      return new Or(negate(and.left()), negate(and.right()));
    } else if (predicate instanceof Or or) {
      return new And(negate(or.left()), negate(or.right()));
    } else if (predicate instanceof AlwaysTrue) {
      return new AlwaysFalse();
    } else if (predicate instanceof AlwaysFalse) {
      return new AlwaysTrue();
    }
    Expression[] children = predicate.children();
    return switch (predicate.name()) {
      case "=" -> new Predicate("<>", children);
      case "<>" -> new Predicate("=", children);
      case "<" -> new Predicate(">=", children);
      case "<=" -> new Predicate(">", children);
      case ">" -> new Predicate("<=", children);
      case ">=" -> new Predicate("<", children);
      case "IS_NULL" -> new Predicate("IS_NOT_NULL", children);
      case "IS_NOT_NULL" -> new Predicate("IS_NULL", children);
      case "IN" -> notIn(predicate, children);
      case "STARTS_WITH" -> new Predicate(NOT_STARTS_WITH, children);
      default -> new Not(predicate);
    };
  }

  private static Predicate notIn(Predicate in, Expression[] children) {
    if (children.length < 2 || children.length - 1 > MAX_VALUES) {
      return new Not(in);
    }
    List<Predicate> parts = new ArrayList<>();
    for (Expression value : Arrays.asList(children).subList(1, children.length)) {
      parts.add(new Predicate("<>", new Expression[] {children[0], value}));
    }
    return parts.stream().reduce(And::new).orElseThrow();
  }
}
