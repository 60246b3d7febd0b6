package io.alexstore.spark.soak;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * An expression in SQL, and what it comes to.
 *
 * @param sql the expression
 * @param value its value for a row of the table and one of a source, either of which may be missing
 */
record Term(String sql, Function<Pair, Object> value) {

  /** A row of the table and one of a source. */
  record Pair(List<Object> target, List<Object> source) {}

  static Term literal(SoakSchema.Column column, Object value) {
    return new Term(column.literal(value), pair -> value);
  }

  Object of(List<Object> target, List<Object> source) {
    return value.apply(new Pair(target, source));
  }

  /** Whether it is a condition that holds: null does not. */
  boolean holds(List<Object> target, List<Object> source) {
    return Boolean.TRUE.equals(of(target, source));
  }

  /** A function of both values, null if one is. */
  Term with(String operator, Term other, BinaryOperator<Object> function) {
    return new Term(
        "(" + sql + " " + operator + " " + other.sql + ")",
        pair -> {
          Object a = value.apply(pair);
          Object b = other.value.apply(pair);
          return a == null || b == null ? null : function.apply(a, b);
        });
  }

  Term not() {
    return new Term(
        "NOT " + sql,
        pair -> {
          Object a = value.apply(pair);
          return a == null ? null : !(Boolean) a;
        });
  }

  Term and(Term other) {
    return new Term(
        "(" + sql + " AND " + other.sql + ")",
        pair -> both(value.apply(pair), other.value.apply(pair)));
  }

  Term or(Term other) {
    return new Term(
        "(" + sql + " OR " + other.sql + ")",
        pair -> negated(both(negated(value.apply(pair)), negated(other.value.apply(pair)))));
  }

  private static Object both(Object a, Object b) {
    if (Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)) {
      return false;
    }
    return a == null || b == null ? null : (Object) true;
  }

  private static Object negated(Object a) {
    return a == null ? null : !(Boolean) a;
  }
}
