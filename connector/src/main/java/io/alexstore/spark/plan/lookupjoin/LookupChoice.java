package io.alexstore.spark.plan.lookupjoin;

import io.alexstore.spark.conf.LookupJoinMode;
import io.alexstore.spark.scan.LookupTarget;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.internal.SQLConf;

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

  /**
   * Decides.
   *
   * @param hinted whether the query says that keys are to be looked up
   * @return empty if Spark's own plan is expected to cost less
   */
  static Optional<LookupChoice> of(
      Join join, JoinKind kind, TableSide table, LogicalPlan probes, boolean hinted, SQLConf conf) {
    LookupTarget target = table.target();
    ProbeEstimate estimate = ProbeEstimate.of(probes);
    double count = estimate.rows();
    boolean remote = !target.storage().isLocal();
    LookupCost cost =
        new LookupCost(
            table.rows(),
            table.bytes(),
            target.readSchema().size(),
            remote,
            estimate.rowBytes(),
            kind == JoinKind.INNER,
            conf.autoBroadcastJoinThreshold());
    double most = estimate.isKnown() ? count : UNSURE * count;
    Placement placement = placement(estimate, cost.ofLookups(most), remote, conf);
    if (hinted) {
      return Optional.of(lookUp(placement, "by the hint LOOKUP_JOIN"));
    } else if (target.mode() == LookupJoinMode.NEVER || hasHint(join)) {
      return Optional.empty();
    } else if (target.mode() == LookupJoinMode.ALWAYS) {
      return Optional.of(lookUp(placement, "by lookupJoin=always"));
    }
    if (cost.prefersLookups(most)) {
      return Optional.of(lookUp(placement, why(cost, estimate)));
    }
    long breakEven = cost.breakEven(MAX_COUNTED);
    boolean unsure = !estimate.isKnown() && (cost.prefersLookups(count) || estimate.mayBeFewer());
    if (!unsure || breakEven == 0 || !isCheapToRepeat(estimate, cost)) {
      return Optional.empty();
    }
    String why =
        String.format(
            Locale.ROOT,
            "probes are counted first: up to %d are looked up, for more Spark's own plan runs",
            breakEven);
    return Optional.of(new LookupChoice(true, breakEven, Placement.AS_THEY_COME, why));
  }

  private static LookupChoice lookUp(Placement placement, String why) {
    return new LookupChoice(false, ProbeEstimate.MANY, placement, why);
  }

  private static Placement placement(
      ProbeEstimate probes, double lookups, boolean remote, SQLConf conf) {
    if ((lookups <= MAX_OF_ONE_TASK && probes.isSmall()) || probes.isOnePartition(conf)) {
      return Placement.ONE_TASK;
    }
    boolean inRanges =
        remote
            && probes.rows() >= MIN_PARTITIONED
            && probes.rows() < ProbeEstimate.MANY
            && !probes.isStreaming();
    return inRanges ? Placement.RANGES : Placement.AS_THEY_COME;
  }

  private static String why(LookupCost cost, ProbeEstimate probes) {
    return String.format(
        Locale.ROOT,
        "%s %d probes, estimated at %.1f ms of lookups or %.1f ms of scan and join",
        probes.isKnown() ? "for" : "for about",
        probes.rows(),
        cost.ofLookups((double) probes.rows()) / 1e6,
        cost.ofSpark((double) probes.rows()) / 1e6);
  }

  /**
   * Whether the query, or Spark, wants a join of Spark's. Spark does for a MERGE, whose check that
   * one row of the source matches sees one task's rows only.
   */
  private static boolean hasHint(Join join) {
    return join.hint().leftHint().exists(hint -> hint.strategy().isDefined())
        || join.hint().rightHint().exists(hint -> hint.strategy().isDefined());
  }

  /** Whether running the probes' plan twice costs little beside the rest. */
  private static boolean isCheapToRepeat(ProbeEstimate probes, LookupCost cost) {
    double again = LookupCost.JOB + probes.bytesReadAgain() * READ_BYTE;
    return probes.isRepeatable() && again <= MAX_WASTE * (again + cost.ofSpark(0));
  }
}
