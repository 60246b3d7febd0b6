package io.alexstore.spark;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.execution.SparkPlan;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Hands rows on until a fault happens, in one partition after {@value #ROWS} rows. */
final class FaultyExec extends SparkPlan {

  private static final long serialVersionUID = 1L;

  /** After how many rows the fault happens. */
  static final int ROWS = 5_000;

  /** In which partition. */
  static final int PARTITION = 1;

  /** What happens. */
  enum Fault {
    NONE,
    /** The first attempt fails. */
    FAILS_ONCE,
    /** Each attempt fails. */
    FAILS,
    /** The first attempt stands still. */
    STALLS_ONCE
  }

  private final SparkPlan child;
  private final Fault fault;

  FaultyExec(SparkPlan child, Fault fault) {
    this.child = child;
    this.fault = fault;
  }

  private static final class FaultyRows implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final Fault fault;
    private int count;

    FaultyRows(Iterator<InternalRow> rows, Fault fault) {
      this.rows = rows;
      this.fault = fault;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      boolean first = TaskContext.get().attemptNumber() == 0;
      if (++count == ROWS && (first || fault == Fault.FAILS)) {
        if (fault == Fault.STALLS_ONCE) {
          stall();
        }
        throw new IllegalStateException("a fault of the test in " + TaskContext.getPartitionId());
      }
      return rows.next();
    }

    private static void stall() {
      try {
        TimeUnit.MINUTES.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Iterator<InternalRow> rows(
      int partition, Iterator<InternalRow> rows, Fault fault) {
    return partition == PARTITION ? new FaultyRows(rows, fault) : rows;
  }

  @Override
  public RDD<InternalRow> doExecute() {
    Fault what = fault; // What is sent to tasks must not be this plan.
    return child
        .execute()
        .toJavaRDD()
        .mapPartitionsWithIndex((partition, rows) -> rows(partition, rows, what), true)
        .rdd();
  }

  @Override
  public Seq<Attribute> output() {
    return child.output();
  }

  // ---- what a case class would bring

  @Override
  public Seq<SparkPlan> children() {
    return CollectionConverters.asScala(List.of(child)).toSeq();
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
    return new FaultyExec(newChildren.head(), fault);
  }

  @Override
  public int productArity() {
    return 2;
  }

  @Override
  public Object productElement(int n) {
    return n == 0 ? child : fault;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof FaultyExec;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FaultyExec o && child.equals(o.child) && fault == o.fault;
  }

  @Override
  public int hashCode() {
    return 31 * child.hashCode() + fault.hashCode();
  }
}
