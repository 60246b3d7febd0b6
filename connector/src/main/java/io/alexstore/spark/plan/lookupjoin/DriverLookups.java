package io.alexstore.spark.plan.lookupjoin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A join of rows that the driver has with a table by its whole primary key. So few rows are looked
 * up sooner than Spark launches a task for them. Each probe finds one row at most, so that the
 * answer has no more rows than there are probes.
 */
public final class DriverLookups {

  private final LookupPlan plan;

  private DriverLookups(LookupPlan plan) {
    this.plan = plan;
  }

  /**
   * A join that the driver may look up itself.
   *
   * @return empty if it is no join with a table by its whole key, if the table is remote, if
   *     Spark's own plan is expected to cost less, or if the query or its table does not want it
   */
  public static Optional<DriverLookups> of(LogicalPlan plan) {
    return plan instanceof Join join && !FallbackPlan.isFallback(join)
        ? LookupJoins.choose(join).filter(DriverLookups::isDriverWork).map(DriverLookups::new)
        : Optional.empty();
  }

  private static boolean isDriverWork(LookupPlan plan) {
    LookupJoinSpec spec = plan.spec();
    return plan.choice().placement() == LookupChoice.Placement.ONE_TASK
        && spec.target().storage().isLocal()
        && spec.keys().pinsPrimaryKey(spec.target().snapshot().schema());
  }

  /** The plan whose rows are looked up. */
  public LogicalPlan probes() {
    return plan.probes();
  }

  /** The most probes that are looked up on the driver. */
  public int maxProbes() {
    return plan.spec().target().driverRows();
  }

  /** How many bytes of rows the driver is to have at most. */
  public long maxBytes() {
    return plan.spec().target().driverBytes();
  }

  /** Whether there are expected to be so many probes at most. */
  public boolean expectsAtMost(long probes) {
    return ProbeEstimate.of(plan.probes()).rows() <= probes;
  }

  /** What is read, for people. */
  public String scan() {
    return plan.spec().scan();
  }

  /** What is done, for people. */
  public String describe() {
    return "AlexLookupJoin " + plan.join().joinType() + " " + plan.spec().describeKeys();
  }

  /**
   * Looks up.
   *
   * @param probes the rows of {@link #probes()}
   * @return the join's rows; empty if they take more bytes than the driver is to read
   */
  public Optional<List<InternalRow>> rows(List<InternalRow> probes, SparkContext context) {
    LookupTask task =
        new LookupTask(plan.spec(), plan.probes().output(), LookupMetrics.of(context));
    List<InternalRow> rows = new ArrayList<>();
    long bytes = 0;
    try (LookupIterator found =
        new LookupIterator(task, CollectionConverters.asScala(probes.iterator()))) {
      while (found.hasNext()) {
        UnsafeRow row = ((UnsafeRow) found.next()).copy();
        bytes += row.getSizeInBytes();
        if (bytes > maxBytes()) {
          return Optional.empty();
        }
        rows.add(row);
      }
    }
    return Optional.of(rows);
  }
}
