package io.alexstore.spark.scan;

import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.spark.read.ZoneFilter.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.Count;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;

/**
 * An aggregate of all rows that Spark asks for.
 *
 * @param kind what is aggregated
 * @param column of which column; null for a count of rows
 */
record PushedAggregate(Kind kind, Column column) {

  /** What there is. */
  enum Kind {
    /** How many rows there are. */
    ROWS,
    /** The least value of the key's first column. */
    FIRST_KEY,
    /** The greatest value of the key's first column. */
    LAST_KEY,
    /** How many values of another column are not null. */
    COUNT,
    /** The least value of another column. */
    MIN,
    /** The greatest value of another column. */
    MAX
  }

  /** Whether keys alone tell it. */
  boolean isOfKeys() {
    return kind == Kind.ROWS || kind == Kind.FIRST_KEY || kind == Kind.LAST_KEY;
  }

  /**
   * Those of an aggregation; empty if it is one by groups, or something of it is not known here.
   */
  static Optional<List<PushedAggregate>> of(Schema schema, Aggregation aggregation) {
    if (aggregation.groupByExpressions().length > 0
        || aggregation.aggregateExpressions().length == 0) {
      return Optional.empty();
    }
    List<PushedAggregate> all = new ArrayList<>();
    for (AggregateFunc function : aggregation.aggregateExpressions()) {
      Optional<PushedAggregate> one = of(schema, function);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      all.add(one.get());
    }
    return Optional.of(all);
  }

  private static Optional<PushedAggregate> of(Schema schema, AggregateFunc function) {
    if (function instanceof CountStar) {
      return Optional.of(new PushedAggregate(Kind.ROWS, null));
    } else if (function instanceof Count count && !count.isDistinct()) {
      return column(schema, count.column())
          .filter(column -> !column.nullable() || !isOfKey(schema, column))
          .map(
              column ->
                  column.nullable()
                      ? new PushedAggregate(Kind.COUNT, column)
                      : new PushedAggregate(Kind.ROWS, null));
    } else if (function instanceof Min min) {
      return bound(schema, min.column(), false);
    } else if (function instanceof Max max) {
      return bound(schema, max.column(), true);
    }
    return Optional.empty();
  }

  private static Optional<PushedAggregate> bound(
      Schema schema, Expression expression, boolean isMax) {
    Column first = schema.keyColumns().get(0);
    return column(schema, expression)
        .flatMap(
            column -> {
              if (column.id() == first.id()) {
                // Nulls come first: the last one is null only if all are.
                return isMax || !column.nullable()
                    ? Optional.of(
                        new PushedAggregate(isMax ? Kind.LAST_KEY : Kind.FIRST_KEY, column))
                    : Optional.empty();
              }
              return isOfKey(schema, column) || !Values.isComparable(column.type())
                  ? Optional.empty()
                  : Optional.of(new PushedAggregate(isMax ? Kind.MAX : Kind.MIN, column));
            });
  }

  private static boolean isOfKey(Schema schema, Column column) {
    return schema.key().columnIds().contains(column.id());
  }

  private static Optional<Column> column(Schema schema, Expression expression) {
    return expression instanceof NamedReference reference && reference.fieldNames().length == 1
        ? schema.columns().stream()
            .filter(column -> column.name().equals(reference.fieldNames()[0]))
            .findFirst()
        : Optional.empty();
  }

  /** As {@code count(*)} or {@code min(id)}. */
  @Override
  public String toString() {
    return switch (kind) {
      case ROWS -> "count(*)";
      case COUNT -> "count(" + column.name() + ")";
      case FIRST_KEY, MIN -> "min(" + column.name() + ")";
      case LAST_KEY, MAX -> "max(" + column.name() + ")";
    };
  }
}
