package io.alexstore.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;

/** Looks into physical plans. */
final class Plans {

  private Plans() {}

  /** The plan as text. */
  static String text(Dataset<Row> query) {
    return query.queryExecution().executedPlan().toString();
  }

  /** The operator at the bottom of a plan without joins. */
  static SparkPlan leaf(Dataset<Row> query) {
    SparkPlan plan = query.queryExecution().executedPlan();
    while (true) {
      if (plan instanceof AdaptiveSparkPlanExec adaptive) {
        plan = adaptive.initialPlan();
      } else if (plan.children().isEmpty()) {
        return plan;
      } else {
        plan = plan.children().head();
      }
    }
  }
}
