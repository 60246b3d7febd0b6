package io.alexstore.spark.plan.lookupjoin;

import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ReturnAnswer;
import org.apache.spark.sql.catalyst.trees.TreeNodeTag;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.QueryExecution$;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveExecutionContext;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;

/**
 * Spark's own plan of a join, made only if it is needed: as a part of the plan, adaptive execution
 * would begin with it at once.
 */
final class FallbackPlan {

  /** Marks a join that is Spark's to plan. */
  private static final TreeNodeTag<Boolean> OURS_NOT = new TreeNodeTag<>("alexstore.noLookupJoin");

  private final Join join;

  FallbackPlan(Join join) {
    this.join = (Join) join.clone();
    this.join.setTagValue(OURS_NOT, true);
  }

  /** Whether a join is Spark's to plan. */
  static boolean isFallback(LogicalPlan plan) {
    return plan.getTagValue(OURS_NOT).isDefined();
  }

  /** Plans and runs it. */
  RDD<InternalRow> execute(SparkSession session) {
    return plan(session).execute();
  }

  private SparkPlan plan(SparkSession session) {
    if (!session.sessionState().conf().adaptiveExecutionEnabled()) {
      return QueryExecution$.MODULE$.prepareExecutedPlan(session, join);
    }
    LogicalPlan copy = join.clone();
    QueryExecution query = session.sessionState().executePlan(copy, CommandExecutionMode.SKIP());
    SparkPlan plan = session.sessionState().planner().plan(new ReturnAnswer(copy)).next();
    // As a subquery's, so that it does not take the place of the whole query's plan in the UI.
    return new AdaptiveSparkPlanExec(
        plan,
        new AdaptiveExecutionContext(session, query),
        Expressions.seq(List.of()),
        true,
        false);
  }
}
