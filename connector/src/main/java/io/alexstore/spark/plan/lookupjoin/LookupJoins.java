package io.alexstore.spark.plan.lookupjoin;

import io.alexstore.spark.plan.lookupjoin.LookupChoice.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.planning.ExtractEquiJoinKeys;
import org.apache.spark.sql.catalyst.plans.JoinType;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.HintInfo;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.JoinHint;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.CoalesceExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.execution.adaptive.BroadcastQueryStageExec;
import org.apache.spark.sql.execution.adaptive.LogicalQueryStage;
import org.apache.spark.sql.internal.SQLConf;
import scala.Option;
import scala.Tuple8;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Plans joins by a table's key, or by the first columns of it, as lookups, where these are expected
 * to cost less than Spark's own plan, or it is found out when the query runs.
 */
public final class LookupJoins extends SparkStrategy {

  /** For one session. */
  public LookupJoins() {}

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    List<SparkPlan> plans = new ArrayList<>();
    if (plan instanceof Join join && !FallbackPlan.isFallback(join)) {
      choose(join).map(this::exec).ifPresent(plans::add);
    }
    return Expressions.seq(plans);
  }

  /** How a join is to be looked up; empty if it is not. */
  static Optional<LookupPlan> choose(Join join) {
    var matched = ExtractEquiJoinKeys.unapply(join);
    if (matched.isEmpty()) {
      return Optional.empty();
    }
    Optional<LookupPlan> right = choose(join, matched.get(), true);
    Optional<LookupPlan> left = choose(join, matched.get(), false);
    // Of two tables that could be looked up, a hint decides, and then the number of probes.
    if (right.isPresent() && left.isPresent()) {
      boolean leftHinted = hasHint(join.hint().leftHint());
      boolean fewer =
          join.right().stats().sizeInBytes().compare(join.left().stats().sizeInBytes()) < 0;
      return leftHinted || (fewer && !hasHint(join.hint().rightHint())) ? left : right;
    }
    return right.or(() -> left);
  }

  private static Optional<LookupPlan> choose(
      Join join,
      Tuple8<
              JoinType,
              Seq<Expression>,
              Seq<Expression>,
              Option<Expression>,
              Option<Expression>,
              LogicalPlan,
              LogicalPlan,
              JoinHint>
          matched,
      boolean tableIsRight) {
    Optional<JoinKind> kind = JoinKind.of(join.joinType(), tableIsRight);
    LogicalPlan probes = tableIsRight ? join.left() : join.right();
    if (kind.isEmpty() || isBroadcast(probes)) {
      return Optional.empty();
    }
    Optional<TableSide> side = TableSide.of(tableIsRight ? join.right() : join.left());
    if (side.isEmpty()) {
      return Optional.empty();
    }
    TableSide table = side.get();
    List<Expression> left = CollectionConverters.asJava(matched._2());
    List<Expression> right = CollectionConverters.asJava(matched._3());
    Optional<Expression> residual =
        matched._4().isEmpty() ? Optional.empty() : Optional.of(matched._4().get());
    Optional<LookupJoinSpec> spec =
        JoinKeys.of(table, tableIsRight ? left : right, tableIsRight ? right : left)
            .flatMap(keys -> LookupJoinSpec.of(join, kind.get(), table, keys, residual));
    boolean hinted = hasHint(tableIsRight ? join.hint().rightHint() : join.hint().leftHint());
    return spec.flatMap(
        lookups ->
            LookupChoice.of(join, kind.get(), table, probes, hinted, SQLConf.get())
                .map(choice -> new LookupPlan(join, probes, lookups, choice)));
  }

  private SparkPlan exec(LookupPlan plan) {
    LookupChoice choice = plan.choice();
    FallbackPlan fallback = choice.counts() ? new FallbackPlan(plan.join()) : null;
    String type = plan.join().joinType().toString();
    SparkPlan child = planLater(plan.probes());
    if (choice.placement() == Placement.ONE_TASK) {
      child = new CoalesceExec(1, child);
    }
    LookupJoin lookups = new LookupJoin(type, plan.spec(), choice, fallback);
    return new AlexLookupJoinExec(child, plan.join().output(), lookups);
  }

  private static boolean hasHint(Option<HintInfo> hint) {
    return hint.exists(info -> info.strategy().contains(LookupJoinHint.INSTANCE));
  }

  /** Whether the probes were broadcast before: then they cannot be read as rows any more. */
  private static boolean isBroadcast(LogicalPlan probes) {
    LogicalPlan plan = probes;
    while (plan instanceof Project || plan instanceof Filter) {
      plan = plan.children().head();
    }
    return plan instanceof LogicalQueryStage stage
        && stage.physicalPlan().exists(node -> node instanceof BroadcastQueryStageExec);
  }
}
