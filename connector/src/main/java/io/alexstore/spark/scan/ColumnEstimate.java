package io.alexstore.spark.scan;

import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StringType;
import io.alexstore.segment.ColumnSummary;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.read.colstats.ColumnStatistics;

/**
 * What is known of a column, as Spark's cost-based optimizer takes it.
 *
 * @param min the least value as Spark has values of the type within; empty for strings and binary
 * @param max the greatest value
 */
record ColumnEstimate(
    OptionalLong distinctCount,
    OptionalLong nullCount,
    Optional<Object> min,
    Optional<Object> max,
    OptionalLong avgLen,
    OptionalLong maxLen)
    implements ColumnStatistics {

  /**
   * The estimate; empty where Spark would make less of it than of nothing. It takes a column
   * without bounds for one without values, but strings and binary; and statistics of types that it
   * does not know fail the query.
   */
  static Optional<ColumnStatistics> of(ColumnSummary summary) {
    ColumnType type = summary.column().type();
    boolean isText = type instanceof StringType || type == ScalarType.BINARY;
    boolean hasValues = summary.nullCount() < summary.rows();
    if (!isText && (!isOrdered(type) || (hasValues && summary.min().isEmpty()))) {
      return Optional.empty();
    }
    int width = type.physical().width();
    // Of none, Spark 4.0 divides by zero where it has no bounds to tell it that there is none.
    long distinct = isText ? Math.max(1, summary.distinctCount()) : summary.distinctCount();
    return Optional.of(
        new ColumnEstimate(
            OptionalLong.of(distinct),
            OptionalLong.of(summary.nullCount()),
            summary.min().map(bound -> ColumnAggregates.value(type, bound)),
            summary.max().map(bound -> ColumnAggregates.value(type, bound)),
            isText ? summary.averageLength() : OptionalLong.of(width),
            isText ? summary.maxLength() : OptionalLong.of(width)));
  }

  /** Whether Spark estimates by the bounds of a type. */
  private static boolean isOrdered(ColumnType type) {
    return type instanceof DecimalType
        || (type instanceof ScalarType scalar
            && switch (scalar) {
              case BOOLEAN, BYTE, SHORT, INT, LONG, FLOAT, DOUBLE, DATE, TIMESTAMP -> true;
              default -> false;
            });
  }
}
