package io.alexstore.spark.plan;

import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.catalyst.plans.physical.SinglePartition$;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A scan whose partitions follow each other in the order of the table's key. Does nothing but say
 * so, for a source has no way to tell Spark: then nobody above distributes or sorts the rows anew.
 */
public final class KeyOrderedExec extends SparkPlan {

  private static final long serialVersionUID = 1L;

  private final SparkPlan child;
  private final Seq<SortOrder> ranges;
  private final int partitions;

  /**
   * Public, since Spark makes copies by it.
   *
   * @param ranges columns by which the partitions are ranges: no two have rows that are equal in
   *     all of them
   * @param partitions how many there are
   */
  public KeyOrderedExec(SparkPlan child, Seq<SortOrder> ranges, int partitions) {
    this.child = child;
    this.ranges = ranges;
    this.partitions = partitions;
  }

  @Override
  public Seq<Attribute> output() {
    return child.output();
  }

  @Override
  public String nodeName() {
    return "AlexStoreKeyOrder";
  }

  @Override
  public Partitioning outputPartitioning() {
    return partitions == 1
        ? SinglePartition$.MODULE$
        : new KeyRangePartitioning(ranges, partitions);
  }

  @Override
  public Seq<SortOrder> outputOrdering() {
    return child.outputOrdering();
  }

  @Override
  public boolean supportsColumnar() {
    return child.supportsColumnar();
  }

  @Override
  public RDD<InternalRow> doExecute() {
    return checked(child.execute());
  }

  @Override
  public RDD<ColumnarBatch> doExecuteColumnar() {
    return checked(child.executeColumnar());
  }

  /** What is above relies on the partitions being those that were promised. */
  private <T> RDD<T> checked(RDD<T> rows) {
    if (rows.getNumPartitions() != partitions) {
      throw new IllegalStateException(
          "A scan in the order of the key was planned with "
              + partitions
              + " partitions and has "
              + rows.getNumPartitions()
              + ". This is a bug of alexstore; run the query without AlexStoreExtensions");
    }
    return rows;
  }

  // ---- what a case class would bring

  @Override
  public Seq<SparkPlan> children() {
    return CollectionConverters.asScala(List.of(child)).toSeq();
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
    return new KeyOrderedExec(newChildren.head(), ranges, partitions);
  }

  @Override
  public int productArity() {
    return 3;
  }

  @Override
  public Object productElement(int n) {
    return switch (n) {
      case 0 -> child;
      case 1 -> ranges;
      default -> partitions;
    };
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof KeyOrderedExec;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyOrderedExec o
        && partitions == o.partitions
        && ranges.equals(o.ranges)
        && child.equals(o.child);
  }

  @Override
  public int hashCode() {
    return 31 * child.hashCode() + ranges.hashCode();
  }
}
