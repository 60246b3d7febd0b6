package io.alexstore.spark.plan;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ReturnAnswer;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Plans a query, or a part of one, whose rows the driver has already as just these rows: what
 * projections, filters, sorting and limits make of them is worked out here, so that no job is
 * launched.
 */
public final class DriverAnswers extends SparkStrategy {

  /** For one session. */
  public DriverAnswers() {}

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    LogicalPlan query = plan instanceof ReturnAnswer answer ? answer.child() : plan;
    List<SparkPlan> plans =
        DriverFold.fold(query)
            .map(fold -> List.<SparkPlan>of(new DriverRowsExec(query.output(), fold)))
            .orElse(List.of());
    return CollectionConverters.asScala(plans).toSeq();
  }
}
