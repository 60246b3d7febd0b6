package io.alexstore.spark.plan.lookupjoin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.package$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/** What Spark's expressions need in Java. */
final class Expressions {

  private Expressions() {}

  static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  /** An expression that reads its values by their places in rows. */
  static Expression bind(Expression expression, Seq<Attribute> input) {
    return BindReferences.bindReference(expression, package$.MODULE$.AttributeSeq(input), false);
  }

  /** Expressions that read their values by their places in rows. */
  static Seq<Expression> bind(List<Expression> expressions, Seq<Attribute> input) {
    List<Expression> bound = new ArrayList<>();
    expressions.forEach(expression -> bound.add(bind(expression, input)));
    return seq(bound);
  }

  /** Throws what Spark's Scala code throws without saying so. */
  @SuppressWarnings("unchecked")
  static <E extends Throwable> RuntimeException sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  /** Whether it can be evaluated in a task, as often as one likes. */
  static boolean isPlain(Expression expression) {
    return expression.deterministic()
        && !hasPlan(expression)
        && !expression.exists(e -> e instanceof Unevaluable && !(e instanceof AttributeReference));
  }

  /** Whether a plan with it may not be run a second time, or gives other rows then. */
  static boolean isUnrepeatable(Expression expression) {
    return !expression.deterministic() || hasPlan(expression);
  }

  /** Whether a query stands in it. */
  static boolean hasPlan(Expression expression) {
    return expression.exists(e -> e instanceof PlanExpression<?>);
  }

  /** An expression with attributes replaced. */
  static Expression replace(Expression expression, Map<ExprId, Expression> by) {
    return by.isEmpty() ? expression : expression.transform(new Replacement(by));
  }

  private static final class Replacement extends AbstractPartialFunction<Expression, Expression> {
    private final Map<ExprId, Expression> by;

    Replacement(Map<ExprId, Expression> by) {
      this.by = by;
    }

    @Override
    public boolean isDefinedAt(Expression expression) {
      return expression instanceof AttributeReference attribute
          && by.containsKey(attribute.exprId());
    }

    @Override
    public Expression apply(Expression expression) {
      return by.get(((AttributeReference) expression).exprId());
    }
  }
}
