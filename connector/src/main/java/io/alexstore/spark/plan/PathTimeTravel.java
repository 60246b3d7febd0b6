package io.alexstore.spark.plan;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.RelationTimeTravel;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Resolves the time of {@code alexstore.`/a/path` TIMESTAMP AS OF now()} before the table. Spark
 * looks for a table once its time is resolved, which a function is only after Spark has looked; and
 * by then it takes a name of two parts for a file that is queried directly, and refuses it.
 */
public final class PathTimeTravel extends Rule<LogicalPlan> {

  private final SparkSession session;

  /** For one session. */
  public PathTimeTravel(SparkSession session) {
    this.session = session;
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.resolveOperatorsUp(
        new AbstractPartialFunction<>() {
          @Override
          public boolean isDefinedAt(LogicalPlan node) {
            return isToResolve(node);
          }

          @Override
          public LogicalPlan apply(LogicalPlan node) {
            RelationTimeTravel travel = (RelationTimeTravel) node;
            return travel.copy(
                travel.relation(),
                Option.apply(resolved(travel.timestamp().get())),
                travel.version());
          }
        });
  }

  private static boolean isToResolve(LogicalPlan node) {
    return node instanceof RelationTimeTravel travel
        && travel.relation() instanceof UnresolvedRelation relation
        && isPath(CollectionConverters.asJava(relation.multipartIdentifier()))
        && travel.timestamp().isDefined()
        && !travel.timestamp().get().resolved()
        && !travel.timestamp().get().exists(e -> e instanceof PlanExpression<?>);
  }

  private static boolean isPath(List<String> name) {
    return name.size() == 2 && name.get(1).contains("/");
  }

  /** The expression as the analyzer resolves it in a query of its own. */
  private Expression resolved(Expression time) {
    NamedExpression named =
        new Alias(
            time,
            "time",
            NamedExpression$.MODULE$.newExprId(),
            seq(List.of()),
            Option.empty(),
            seq(List.of()));
    LogicalPlan query = new Project(seq(List.of(named)), new OneRowRelation());
    LogicalPlan analyzed =
        ((org.apache.spark.sql.classic.SparkSession) session)
            .sessionState()
            .analyzer()
            .execute(query);
    return ((Alias) analyzed.expressions().head()).child();
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }
}
