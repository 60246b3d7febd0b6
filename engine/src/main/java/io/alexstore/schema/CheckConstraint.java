package io.alexstore.schema;

import java.util.List;
import java.util.Objects;

/**
 * A condition that every row of a table fulfils: it is not false, so true or null. The engine keeps
 * it and cannot evaluate it; whoever adds rows must.
 *
 * @param name the name, by which it is dropped; unique in the table without regard to case
 * @param dialect the language of the expression, such as {@value #SPARK}
 * @param expression the condition
 * @param columnIds the columns, or fields in them, that the expression names, which can neither be
 *     dropped nor renamed as long as it is there
 */
public record CheckConstraint(
    String name, String dialect, String expression, List<Integer> columnIds) {

  /** Spark's SQL. */
  public static final String SPARK = "spark";

  /** Checks that nothing is missing. */
  public CheckConstraint {
    Objects.requireNonNull(dialect, "dialect");
    Objects.requireNonNull(expression, "expression");
    columnIds = List.copyOf(columnIds);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("A CHECK constraint needs a name");
    }
  }
}
