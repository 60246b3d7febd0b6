package io.alexstore.spark.plan;

import io.alexstore.spark.plan.lookupjoin.DriverLookups;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext$;
import org.apache.spark.TaskContextImpl;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.trees.TreeNodeTag;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.QueryExecution$;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import scala.Option;
import scala.collection.Iterator;

/**
 * The rows of files so small that the driver reads them sooner than Spark launches a task for them.
 * Spark's own operators read them, in the thread that plans the query, as a task would.
 */
final class FileRows {

  /** Marks files that turned out to have too many rows, so that they are not read again. */
  private static final TreeNodeTag<Boolean> TOO_MANY = new TreeNodeTag<>("alexstore.manyFileRows");

  /** More files, or more bytes of them, take a task's time. */
  private static final int MAX_FILES = 4;

  private static final long MAX_BYTES = 1L << 20;

  private final LogicalPlan plan;
  private final LogicalRelation relation;
  private final int maxRows;
  private final long maxRowBytes;
  private final List<InternalRow> rows = new ArrayList<>();
  private long rowBytes;

  private FileRows(LogicalPlan plan, LogicalRelation relation, DriverLookups lookups) {
    this.plan = plan;
    this.relation = relation;
    this.maxRows = lookups.maxProbes();
    this.maxRowBytes = lookups.maxBytes();
  }

  /** Rows of files, under projections and filters, that a lookup join may take as its probes. */
  static Optional<FileRows> of(LogicalPlan plan, DriverLookups lookups) {
    LogicalPlan leaf = plan;
    while (leaf instanceof Project || leaf instanceof Filter) {
      if (!leaf.expressions().forall(DriverFold::isFoldable)) {
        return Optional.empty();
      }
      leaf = leaf.children().head();
    }
    return leaf instanceof LogicalRelation relation
            && isSmall(relation)
            && lookups.expectsAtMost(lookups.maxProbes())
        ? Optional.of(new FileRows(plan, relation, lookups))
        : Optional.empty();
  }

  private static boolean isSmall(LogicalRelation relation) {
    // Other indexes of files may launch a job to list them.
    return !relation.isStreaming()
        && relation.getTagValue(TOO_MANY).isEmpty()
        && relation.relation() instanceof HadoopFsRelation files
        && files.location() instanceof PartitioningAwareFileIndex index
        && index.sizeInBytes() <= MAX_BYTES
        && index.inputFiles().length <= MAX_FILES;
  }

  /** What is read, for people. */
  String describe() {
    return relation.simpleString(DriverFold.MAX_FIELDS_SHOWN);
  }

  /**
   * Reads; once.
   *
   * @return empty if there are more rows than the driver is to have
   * @throws RuntimeException whatever Spark's operators throw
   */
  Optional<List<InternalRow>> read() {
    SparkSession session = SparkSession.active();
    RDD<InternalRow> rdd = QueryExecution$.MODULE$.prepareExecutedPlan(session, plan).execute();
    for (Partition partition : rdd.partitions()) {
      if (!read(rdd, partition)) {
        relation.setTagValue(TOO_MANY, true);
        return Optional.empty();
      }
    }
    return Optional.of(rows);
  }

  private boolean read(RDD<InternalRow> rdd, Partition partition) {
    // It only closes files. Set as the thread's it would need what an executor keeps of a task, and
    // hide the session's settings.
    TaskContextImpl task = TaskContext$.MODULE$.empty();
    try {
      Iterator<InternalRow> read = rdd.iterator(partition, task);
      while (read.hasNext()) {
        InternalRow row = read.next().copy();
        rowBytes += row instanceof UnsafeRow unsafe ? unsafe.getSizeInBytes() : 0;
        if (rows.size() == maxRows || rowBytes > maxRowBytes) {
          return false;
        }
        rows.add(row);
      }
      return true;
    } finally {
      task.markTaskCompleted(Option.empty());
    }
  }
}
