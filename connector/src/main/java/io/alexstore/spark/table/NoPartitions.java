package io.alexstore.spark.table;

import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.Transform;

/**
 * Stands for the partitions that a table does not have, while {@code save} writes to it. Spark
 * compares it with what {@code partitionBy} or {@code clusterBy} asked for, and shows it in its
 * error: so it says what to do.
 */
final class NoPartitions implements Transform {

  static final String HINT =
      "none: rows lie in the order of the key. Leave partitionBy, bucketBy and clusterBy out, and"
          + " make the column the first of primaryKey or sortKey";

  @Override
  public String name() {
    return "none";
  }

  @Override
  public NamedReference[] references() {
    return new NamedReference[0];
  }

  @Override
  public Expression[] arguments() {
    return new Expression[0];
  }

  @Override
  public String describe() {
    return HINT;
  }

  @Override
  public String toString() {
    return HINT;
  }
}
