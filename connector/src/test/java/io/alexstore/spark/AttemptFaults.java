package io.alexstore.spark;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.ColumnarRule;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.v2.V2TableWriteExec;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * A Spark extension that puts a fault into the tasks that write: between their sorted rows and the
 * writer, where no expression of a query stands.
 */
final class AttemptFaults extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {

  private static volatile FaultyExec.Fault fault = FaultyExec.Fault.NONE;

  /** Runs an action whose writes get a fault. */
  static void during(FaultyExec.Fault what, Runnable action) {
    fault = what;
    try {
      action.run();
    } finally {
      fault = FaultyExec.Fault.NONE;
    }
  }

  private static final class Insert extends Rule<SparkPlan> {
    @Override
    public SparkPlan apply(SparkPlan plan) {
      boolean put = plan instanceof V2TableWriteExec && fault != FaultyExec.Fault.NONE;
      return put ? plan.mapChildren(child()) : plan;
    }

    private static AbstractFunction1<SparkPlan, SparkPlan> child() {
      return new AbstractFunction1<>() {
        @Override
        public SparkPlan apply(SparkPlan child) {
          return new FaultyExec(child, fault);
        }
      };
    }
  }

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectColumnar(
        new AbstractFunction1<>() {
          @Override
          public ColumnarRule apply(SparkSession session) {
            return new ColumnarRule() {
              @Override
              public Rule<SparkPlan> postColumnarTransitions() {
                return new Insert();
              }
            };
          }
        });
    return BoxedUnit.UNIT;
  }
}
