package io.alexstore.spark.plan;

import io.alexstore.spark.scan.AlexLocalScan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InterpretedOrdering;
import org.apache.spark.sql.catalyst.expressions.InterpretedPredicate;
import org.apache.spark.sql.catalyst.expressions.InterpretedUnsafeProjection$;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.package$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rows that operators make of an answer that the driver has.
 *
 * @param rows the rows, each a copy
 * @param scan what the scan says of itself
 * @param operators what was applied to its rows, first to last
 */
record DriverFold(List<InternalRow> rows, String scan, List<String> operators) {

  private static final int MAX_FIELDS_SHOWN = 25;

  /** Folds a plan; empty if it is not made of a local scan and operators that are understood. */
  static Optional<DriverFold> fold(LogicalPlan plan) {
    if (!isFoldable(plan)) {
      return Optional.empty();
    }
    try {
      List<String> operators = new ArrayList<>();
      List<InternalRow> rows = rows(plan, operators);
      return Optional.of(new DriverFold(rows, scan(plan).description(), operators));
    } catch (RuntimeException e) {
      // An error of the query, such as a division by zero, is Spark's to report when it runs.
      return Optional.empty();
    }
  }

  private static AlexLocalScan scan(LogicalPlan plan) {
    return plan instanceof DataSourceV2ScanRelation relation
        ? (AlexLocalScan) relation.scan()
        : scan(plan.children().head());
  }

  private static boolean isFoldable(LogicalPlan plan) {
    if (plan instanceof DataSourceV2ScanRelation relation) {
      return relation.scan() instanceof AlexLocalScan;
    }
    boolean understood =
        plan instanceof Project
            || plan instanceof Filter
            || plan instanceof Sort
            || (plan instanceof LocalLimit local && isNumber(local.limitExpr()))
            || (plan instanceof GlobalLimit global && isNumber(global.limitExpr()));
    return understood
        && plan.expressions().forall(DriverFold::isFoldable)
        && isFoldable(plan.children().head());
  }

  private static boolean isNumber(Expression limit) {
    return limit instanceof Literal literal && literal.value() instanceof Integer;
  }

  private static boolean isFoldable(Expression expression) {
    return expression.deterministic()
        && !expression.exists(
            e ->
                e instanceof Unevaluable
                    && !(e instanceof AttributeReference)
                    && !(e instanceof SortOrder));
  }

  private static List<InternalRow> rows(LogicalPlan plan, List<String> operators) {
    if (plan instanceof DataSourceV2ScanRelation relation) {
      return Arrays.asList(((AlexLocalScan) relation.scan()).rows());
    }
    LogicalPlan child = plan.children().head();
    List<InternalRow> input = rows(child, operators);
    operators.add(plan.simpleString(MAX_FIELDS_SHOWN));
    if (plan instanceof Project project) {
      return project(project, child.output(), input);
    } else if (plan instanceof Filter filter) {
      return filter(filter, child.output(), input);
    } else if (plan instanceof Sort sort) {
      List<InternalRow> sorted = new ArrayList<>(input);
      sorted.sort(new InterpretedOrdering(sort.order(), child.output()));
      return sorted;
    }
    Expression limit =
        plan instanceof LocalLimit local ? local.limitExpr() : ((GlobalLimit) plan).limitExpr();
    int most = (int) ((Literal) limit).value();
    return input.subList(0, Math.max(0, Math.min(most, input.size())));
  }

  private static List<InternalRow> project(
      Project project, Seq<Attribute> columns, List<InternalRow> input) {
    List<Expression> bound = new ArrayList<>();
    for (Object expression : CollectionConverters.asJava(project.projectList())) {
      bound.add(bind((Expression) expression, columns));
    }
    UnsafeProjection projection =
        InterpretedUnsafeProjection$.MODULE$.createProjection(
            CollectionConverters.asScala(bound).toSeq());
    projection.initialize(0);
    List<InternalRow> output = new ArrayList<>();
    for (InternalRow row : input) {
      output.add(projection.apply(row).copy());
    }
    return output;
  }

  private static List<InternalRow> filter(
      Filter filter, Seq<Attribute> columns, List<InternalRow> input) {
    InterpretedPredicate predicate = new InterpretedPredicate(bind(filter.condition(), columns));
    predicate.initialize(0);
    List<InternalRow> output = new ArrayList<>();
    for (InternalRow row : input) {
      if (predicate.eval(row)) {
        output.add(row);
      }
    }
    return output;
  }

  private static Expression bind(Expression expression, Seq<Attribute> columns) {
    return BindReferences.bindReference(expression, package$.MODULE$.AttributeSeq(columns), false);
  }
}
