package io.alexstore.spark.plan.lookupjoin;

import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.execution.adaptive.LogicalQueryStage;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import org.apache.spark.sql.internal.SQLConf;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What is known of a join's probes before they are read.
 *
 * @param plan what gives them
 * @param rows about how many; at most {@link #MANY}
 * @param isKnown whether that is a count, and not made of sizes
 * @param rowBytes the bytes of a row, as Spark estimates them
 */
record ProbeEstimate(LogicalPlan plan, long rows, boolean isKnown, long rowBytes) {

  /** Stands for any number that is too large. */
  static final long MANY = Long.MAX_VALUE / 4;

  /** So many bytes one task reads without being missed. */
  private static final long MAX_BYTES_OF_ONE_TASK = 4L << 20;

  static ProbeEstimate of(LogicalPlan plan) {
    long rowBytes = Long.BYTES;
    for (Attribute attribute : CollectionConverters.asJava(plan.output())) {
      rowBytes += attribute.dataType().defaultSize();
    }
    LogicalPlan source = plan;
    while (source instanceof Project) {
      source = source.children().head();
    }
    Statistics statistics = plan.stats();
    if (statistics.rowCount().isDefined()) {
      return new ProbeEstimate(plan, clip(statistics.rowCount().get()), true, rowBytes);
    } else if (source instanceof LocalRelation local && !local.isStreaming()) {
      return new ProbeEstimate(plan, local.data().size(), true, rowBytes);
    }
    long rows = Math.max(1, clip(statistics.sizeInBytes()) / rowBytes);
    return new ProbeEstimate(plan, rows, false, rowBytes);
  }

  private static long clip(scala.math.BigInt number) {
    return number.isValidLong() ? Math.min(MANY, number.toLong()) : MANY;
  }

  boolean isStreaming() {
    return plan.isStreaming();
  }

  /** Whether there may be far fewer rows than sizes tell. */
  boolean mayBeFewer() {
    return plan.exists(node -> !node.children().isEmpty() && !(node instanceof Project));
  }

  /** Whether the plan may run twice, and gives the same rows then. */
  boolean isRepeatable() {
    return !isStreaming()
        && !plan.exists(node -> node.expressions().exists(Expressions::isUnrepeatable));
  }

  /** The bytes of what is read anew when the plan runs again. */
  double bytesReadAgain() {
    return sum(leaf -> leaf instanceof LogicalQueryStage ? 0 : bytes(leaf));
  }

  /** Whether one task does little to read them: no more than files and filters over them. */
  boolean isSmall() {
    return isPlain() && plan.collectLeaves().forall(leaf -> bytes(leaf) <= MAX_BYTES_OF_ONE_TASK);
  }

  /** Whether Spark reads them in one task anyway: one file, too small to be split. */
  boolean isOnePartition(SQLConf conf) {
    if (!isPlain() || plan.collectLeaves().size() != 1) {
      return false;
    }
    return plan.collectLeaves().head() instanceof LogicalRelation relation
        && relation.relation() instanceof HadoopFsRelation files
        && files.bucketSpec().isEmpty()
        && files.location() instanceof PartitioningAwareFileIndex index
        && index.sizeInBytes() <= conf.filesOpenCostInBytes()
        && index.inputFiles().length == 1;
  }

  private boolean isPlain() {
    return !isStreaming()
        && !plan.exists(
            node ->
                !(node.children().isEmpty() || node instanceof Project || node instanceof Filter));
  }

  private double sum(ToDoubleFunction<LogicalPlan> of) {
    return CollectionConverters.asJava(plan.collectLeaves()).stream().mapToDouble(of).sum();
  }

  private static double bytes(LogicalPlan leaf) {
    return leaf.stats().sizeInBytes().toDouble();
  }
}
