package io.alexstore.spark.plan;

import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.ClusteredDistribution;
import org.apache.spark.sql.catalyst.plans.physical.Distribution;
import org.apache.spark.sql.catalyst.plans.physical.OrderedDistribution;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.catalyst.plans.physical.RangePartitioning;
import org.apache.spark.sql.catalyst.plans.physical.ShuffleSpec;
import scala.collection.immutable.Seq;

/**
 * Partitions that are ranges of columns. Spark's own compares these with the ones that a sort wants
 * by how they were written, the table's name included; here they are the same if they mean the
 * same.
 */
final class KeyRangePartitioning implements Partitioning {

  private final RangePartitioning ranges;

  KeyRangePartitioning(Seq<SortOrder> order, int partitions) {
    this.ranges = new RangePartitioning(order, partitions);
  }

  @Override
  public int numPartitions() {
    return ranges.numPartitions();
  }

  @Override
  public boolean satisfies0(Distribution required) {
    return required instanceof OrderedDistribution wanted
        ? isOrdered(wanted.ordering())
        : ranges.satisfies0(required);
  }

  /** Whether one of the two orders is the beginning of the other. */
  private boolean isOrdered(Seq<SortOrder> wanted) {
    Seq<SortOrder> own = ranges.ordering();
    for (int i = 0; i < Math.min(wanted.size(), own.size()); i++) {
      if (!wanted.apply(i).semanticEquals(own.apply(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public ShuffleSpec createShuffleSpec(ClusteredDistribution distribution) {
    return ranges.createShuffleSpec(distribution);
  }

  @Override
  public String toString() {
    return ranges.toString();
  }
}
