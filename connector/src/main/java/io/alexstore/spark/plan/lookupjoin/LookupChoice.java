package io.alexstore.spark.plan.lookupjoin;

import io.alexstore.spark.conf.LookupJoinMode;
import io.alexstore.spark.scan.LookupTarget;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.execution.adaptive.LogicalQueryStage;
import org.apache.spark.sql.internal.SQLConf;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Whether a join looks keys up, and why.
 *
 * @param counts whether probes are counted before it is decided
 * @param maxProbes up to how many probes are looked up, if they are counted
 * @param placement where probes are looked up
 * @param why the reason, for people
 */
record LookupChoice(boolean counts, long maxProbes, Placement placement, String why) {

  /** Where probes are looked up. */
  enum Placement {
    /** In the tasks that have them. */
    AS_THEY_COME,
    /**
     * In one task: what follows then has all rows in one place, and an aggregate, a sort or a limit
     * needs no shuffle, which takes Spark longer than a second task would save.
     */
    ONE_TASK,
    /** By ranges of the key, sorted. */
    RANGES
  }

  /** An estimate that is made of sizes may be so many times too low. */
  private static final double UNSURE = 4;

  /** What is counted is brought to the driver. */
  private static final long MAX_COUNTED = 500_000;

  static final long MAX_COUNTED_BYTES = 32L << 20;

  /** What reading probes a second time may cost, of what Spark's own plan costs. */
  private static final double MAX_WASTE = 0.15;

  /** Reading a byte of a file, in nanoseconds of one core. */
  private static final double READ_BYTE = 5;

  /** So many probes of a remote table are worth a shuffle and a sort. */
  private static final long MIN_PARTITIONED = 200_000;

  /** Lookups that take less than that are left to one task; a job more costs Spark as much. */
  private static final double MAX_OF_ONE_TASK = 50e6;

  /** So many bytes may be read by that one task, too. */
  private static final long MAX_BYTES_OF_ONE_TASK = 4L << 20;

  private static final long MANY = Long.MAX_VALUE / 4;

  /**
   * Decides.
   *
   * @param hinted whether the query says that keys are to be looked up
   * @return empty if Spark's own plan is expected to cost less
   */
  static Optional<LookupChoice> of(
      Join join, JoinKind kind, TableSide table, LogicalPlan probes, boolean hinted, SQLConf conf) {
    LookupTarget target = table.target();
    Statistics statistics = probes.stats();
    long rowBytes = rowBytes(probes);
    boolean known = statistics.rowCount().isDefined();
    long count =
        known
            ? clip(statistics.rowCount().get())
            : Math.max(1, clip(statistics.sizeInBytes()) / rowBytes);
    boolean remote = !target.storage().isLocal();
    LookupCost cost =
        new LookupCost(
            table.rows(),
            table.bytes(),
            target.readSchema().size(),
            remote,
            rowBytes,
            kind == JoinKind.INNER,
            conf.autoBroadcastJoinThreshold());
    double most = known ? (double) count : UNSURE * count;
    boolean inOneTask = cost.ofLookups(most) <= MAX_OF_ONE_TASK && isSmall(probes);
    boolean inRanges = remote && count >= MIN_PARTITIONED && count < MANY && !probes.isStreaming();
    Placement placement =
        inOneTask ? Placement.ONE_TASK : inRanges ? Placement.RANGES : Placement.AS_THEY_COME;
    if (hinted) {
      return Optional.of(new LookupChoice(false, MANY, placement, "by the hint LOOKUP_JOIN"));
    } else if (target.mode() == LookupJoinMode.NEVER || hasHint(join)) {
      return Optional.empty();
    } else if (target.mode() == LookupJoinMode.ALWAYS) {
      return Optional.of(new LookupChoice(false, MANY, placement, "by lookupJoin=always"));
    }
    if (cost.prefersLookups(most)) {
      return Optional.of(new LookupChoice(false, MANY, placement, why(cost, count, known)));
    }
    long breakEven = cost.breakEven(MAX_COUNTED);
    boolean unsure = !known && (cost.prefersLookups((double) count) || mayBeFewer(probes));
    if (!unsure || breakEven == 0 || !isCheap(probes, cost) || probes.isStreaming()) {
      return Optional.empty();
    }
    String why =
        String.format(
            Locale.ROOT,
            "probes are counted first: up to %d are looked up, for more Spark's own plan runs",
            breakEven);
    return Optional.of(new LookupChoice(true, breakEven, Placement.AS_THEY_COME, why));
  }

  private static String why(LookupCost cost, long count, boolean known) {
    return String.format(
        Locale.ROOT,
        "%s %d probes, estimated at %.1f ms of lookups or %.1f ms of scan and join",
        known ? "for" : "for about",
        count,
        cost.ofLookups((double) count) / 1e6,
        cost.ofSpark((double) count) / 1e6);
  }

  /**
   * Whether the query, or Spark, wants a join of Spark's. Spark does for a MERGE, whose check that
   * one row of the source matches sees one task's rows only.
   */
  private static boolean hasHint(Join join) {
    return join.hint().leftHint().exists(hint -> hint.strategy().isDefined())
        || join.hint().rightHint().exists(hint -> hint.strategy().isDefined());
  }

  /** Bytes of a row, as Spark estimates them. */
  private static long rowBytes(LogicalPlan plan) {
    long bytes = Long.BYTES;
    for (Attribute attribute : CollectionConverters.asJava(plan.output())) {
      bytes += attribute.dataType().defaultSize();
    }
    return bytes;
  }

  /** Whether there may be far fewer rows than sizes tell. */
  private static boolean mayBeFewer(LogicalPlan probes) {
    return probes.exists(node -> !node.children().isEmpty() && !(node instanceof Project));
  }

  /** Whether running the probes' plan twice costs little beside the rest. */
  private static boolean isCheap(LogicalPlan probes, LookupCost cost) {
    double bytes = 0;
    for (LogicalPlan node : CollectionConverters.asJava(probes.collectLeaves())) {
      bytes += node instanceof LogicalQueryStage ? 0 : bytes(node);
    }
    boolean repeatable =
        !probes.exists(node -> node.expressions().exists(Expressions::isUnrepeatable));
    double again = LookupCost.JOB + bytes * READ_BYTE;
    return repeatable && again <= MAX_WASTE * (again + cost.ofSpark(0));
  }

  /** Whether one task does little to read the probes: no more than files and filters over them. */
  private static boolean isSmall(LogicalPlan probes) {
    boolean isPlain =
        !probes.isStreaming()
            && !probes.exists(
                node ->
                    !(node.children().isEmpty()
                        || node instanceof Project
                        || node instanceof Filter));
    return isPlain && probes.collectLeaves().forall(leaf -> bytes(leaf) <= MAX_BYTES_OF_ONE_TASK);
  }

  private static double bytes(LogicalPlan leaf) {
    return leaf.stats().sizeInBytes().toDouble();
  }

  private static long clip(scala.math.BigInt number) {
    return number.isValidLong() ? Math.min(MANY, number.toLong()) : MANY;
  }
}
