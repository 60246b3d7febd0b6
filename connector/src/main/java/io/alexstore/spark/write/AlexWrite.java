package io.alexstore.spark.write;

import io.alexstore.schema.Schema;
import io.alexstore.spark.conf.TableStorage;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;

/**
 * A write that has Spark bring the rows by ranges of the key, sorted by it, so that tasks write
 * segments which do not overlap.
 */
final class AlexWrite implements RequiresDistributionAndOrdering {

  private final TableStorage storage;
  private final Schema schema;
  private final WriteStart start;
  private final WriteMode mode;
  private final Conflicts conflicts;
  private final long targetSegmentSize;

  AlexWrite(
      TableStorage storage,
      Schema schema,
      WriteStart start,
      WriteMode mode,
      Conflicts conflicts,
      long targetSegmentSize) {
    this.storage = storage;
    this.schema = schema;
    this.start = start;
    this.mode = mode;
    this.conflicts = conflicts;
    this.targetSegmentSize = targetSegmentSize;
  }

  /** By key alone, so that rows with one key come to one task. */
  @Override
  public Distribution requiredDistribution() {
    return Distributions.ordered(KeyOrder.of(schema));
  }

  @Override
  public SortOrder[] requiredOrdering() {
    return conflicts.keepsLast()
        ? KeyOrder.of(schema, schema.columns().get(conflicts.orderBy()).name())
        : KeyOrder.of(schema);
  }

  @Override
  public BatchWrite toBatch() {
    return new AlexBatchWrite(storage, start, mode, conflicts, targetSegmentSize);
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return WriteMetrics.all();
  }

  @Override
  public String description() {
    return toString();
  }

  @Override
  public String toString() {
    return "alexstore " + storage.table() + " [" + mode + "]";
  }
}
