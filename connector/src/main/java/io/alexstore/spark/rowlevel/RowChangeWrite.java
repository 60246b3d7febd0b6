package io.alexstore.spark.rowlevel;

import io.alexstore.schema.Schema;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.read.MetadataColumns;
import io.alexstore.spark.write.KeyOrder;
import io.alexstore.spark.write.WriteMetrics;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.write.DeltaBatchWrite;
import org.apache.spark.sql.connector.write.DeltaWrite;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;

/**
 * A change that has Spark bring new rows by ranges of the key, sorted by it. Rows that are merely
 * deleted have no key here; they come by their places, so that whoever changes one twice is one
 * task.
 */
final class RowChangeWrite implements DeltaWrite, RequiresDistributionAndOrdering {

  private final TableStorage storage;
  private final Schema schema;
  private final RowChangeBatch batch;
  private final String description;
  private final boolean bringsRows;
  private final boolean isSmall;

  /**
   * A write.
   *
   * @param bringsRows whether there are new rows, or only deleted ones
   * @param isSmall whether one task is enough
   */
  RowChangeWrite(
      TableStorage storage,
      Schema schema,
      RowChangeBatch batch,
      String description,
      boolean bringsRows,
      boolean isSmall) {
    this.storage = storage;
    this.schema = schema;
    this.batch = batch;
    this.description = description;
    this.bringsRows = bringsRows;
    this.isSmall = isSmall;
  }

  @Override
  public Distribution requiredDistribution() {
    return bringsRows
        ? Distributions.ordered(
            KeyOrder.of(schema, MetadataColumns.SEGMENT, MetadataColumns.POSITION))
        : Distributions.unspecified();
  }

  @Override
  public int requiredNumPartitions() {
    return bringsRows && isSmall ? 1 : 0;
  }

  @Override
  public SortOrder[] requiredOrdering() {
    return bringsRows ? KeyOrder.of(schema) : new SortOrder[0];
  }

  @Override
  public DeltaBatchWrite toBatch() {
    return batch;
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
    return "alexstore " + storage.table() + " [" + description + "]";
  }
}
