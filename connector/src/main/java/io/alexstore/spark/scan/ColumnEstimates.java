package io.alexstore.spark.scan;

import io.alexstore.schema.Column;
import io.alexstore.segment.ColumnSummary;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.read.colstats.ColumnStatistics;

/** Estimates of columns by the names that Spark knows them by. */
final class ColumnEstimates {

  /** A column by its name as it is. Spark looks for that, and has names quoted where it can. */
  private record PlainName(String name) implements NamedReference {
    @Override
    public String[] fieldNames() {
      return new String[] {name};
    }

    @Override
    public String describe() {
      return name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private ColumnEstimates() {}

  /** Whether Spark plans by statistics of columns: only then are they worth being read. */
  static boolean areUsedBy(SparkSession session) {
    return isSet(session, "spark.sql.cbo.enabled")
        || isSet(session, "spark.sql.cbo.planStats.enabled");
  }

  private static boolean isSet(SparkSession session, String setting) {
    return Boolean.parseBoolean(session.conf().get(setting, "false"));
  }

  /** The estimates of columns of which something is known that Spark can use. */
  static Map<NamedReference, ColumnStatistics> of(
      Collection<Column> columns, Map<Integer, ColumnSummary> known) {
    Map<NamedReference, ColumnStatistics> estimates = new LinkedHashMap<>();
    for (Column column : columns) {
      ColumnSummary summary = known.get(column.id());
      if (summary != null) {
        ColumnEstimate.of(summary).ifPresent(e -> put(estimates, column.name(), e));
      }
    }
    return estimates;
  }

  private static void put(
      Map<NamedReference, ColumnStatistics> estimates, String name, ColumnStatistics estimate) {
    NamedReference reference = reference(name);
    estimates.put(reference, estimate);
    if (!reference.describe().equals(name)) {
      estimates.put(new PlainName(name), estimate);
    }
  }

  /** A reference to a top-level column. */
  static NamedReference reference(String column) {
    return Expressions.column("`" + column.replace("`", "``") + "`");
  }
}
