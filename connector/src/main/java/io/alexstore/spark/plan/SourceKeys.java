package io.alexstore.spark.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.DynamicPruningExpression;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InSubquery;
import org.apache.spark.sql.catalyst.expressions.ListQuery;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The filter that Spark puts on the table of a MERGE: the keys of the rows that match, by a query
 * that joins the table's keys with the source. The keys of the source do as well: they take in all
 * that match, and to look up those that do not costs less than a scan.
 */
final class SourceKeys {

  private SourceKeys() {}

  /** Whether a plan is a table with such a filter, and no other. */
  static boolean isPruned(LogicalPlan plan, LogicalPlan table) {
    return plan instanceof Filter filter
        && filter.child() == table
        && filter.condition() instanceof DynamicPruningExpression;
  }

  /**
   * The table of a MERGE by a key of one column with a filter by the source's keys.
   *
   * @param distinct whether to make them distinct first, which is another stage
   * @return null if the plan is not a table with Spark's filter
   */
  static LogicalPlan prune(LogicalPlan plan, KeyedMerge merge, boolean distinct) {
    if (!isPruned(plan, merge.target()) || merge.keys().size() != 1) {
      return null;
    }
    Filter filter = (Filter) plan;
    DynamicPruningExpression pruning = (DynamicPruningExpression) filter.condition();
    if (!(pruning.child() instanceof InSubquery in) || in.values().size() != 1) {
      return null;
    }
    return query(in.query().plan(), distinct)
        .map(
            query -> {
              ListQuery list = in.query().withNewPlan(query);
              return new Filter(
                  new DynamicPruningExpression(new InSubquery(in.values(), list)), filter.child());
            })
        .orElse(null);
  }

  /** The keys of the source, given the query for those of the rows that match. */
  private static Optional<LogicalPlan> query(LogicalPlan matching, boolean distinct) {
    if (!(matching instanceof Aggregate aggregate) || aggregate.output().size() != 1) {
      return Optional.empty();
    }
    LogicalPlan node = aggregate.child();
    while (node instanceof Project project) {
      node = project.child();
    }
    if (!(node instanceof Join join) || join.condition().isEmpty()) {
      return Optional.empty();
    }
    Attribute key = aggregate.child().output().head();
    return equalTo(key, join)
        .map(
            source -> {
              NamedExpression renamed =
                  new Alias(
                      source, key.name(), key.exprId(), key.qualifier(), Option.empty(), none());
              Project keys = new Project(seq(List.of(renamed)), join.right());
              return distinct ? aggregate.withNewChildren(seq(List.<LogicalPlan>of(keys))) : keys;
            });
  }

  private static Optional<Expression> equalTo(Attribute key, Join join) {
    List<Expression> conjuncts = new ArrayList<>();
    Conjunctions.split(join.condition().get(), conjuncts);
    for (Expression conjunct : conjuncts) {
      if (conjunct instanceof EqualTo equality) {
        if (equality.left().semanticEquals(key) && isOf(equality.right(), join.right())) {
          return Optional.of(equality.right());
        } else if (equality.right().semanticEquals(key) && isOf(equality.left(), join.right())) {
          return Optional.of(equality.left());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isOf(Expression expression, LogicalPlan plan) {
    return expression.deterministic() && expression.references().subsetOf(plan.outputSet());
  }

  private static <T> Seq<T> none() {
    return seq(List.of());
  }

  private static <T> Seq<T> seq(List<T> of) {
    return CollectionConverters.asScala(of).toSeq();
  }
}
