package io.alexstore.spark.plan.lookupjoin;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ResolvedHint;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedHint;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.internal.SQLConf;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractPartialFunction;

/**
 * Brings {@code LOOKUP_JOIN(t)} to the relation that it names, and {@code hint("lookup_join")} to
 * the DataFrame that it was asked of, by the rules by which Spark does it for its own join hints.
 */
public final class LookupHints extends Rule<LogicalPlan> {

  /** For one session. */
  public LookupHints() {}

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.exists(LookupHints::isHint)
        ? plan.resolveOperatorsUp(
            new AbstractPartialFunction<>() {
              @Override
              public boolean isDefinedAt(LogicalPlan node) {
                return isHint(node);
              }

              @Override
              public LogicalPlan apply(LogicalPlan node) {
                return resolve((UnresolvedHint) node);
              }
            })
        : plan;
  }

  private static boolean isHint(LogicalPlan node) {
    return node instanceof UnresolvedHint hint && hint.name().equalsIgnoreCase(LookupJoinHint.NAME);
  }

  private LogicalPlan resolve(UnresolvedHint hint) {
    if (hint.parameters().isEmpty()) {
      return new ResolvedHint(hint.child(), LookupJoinHint.info());
    }
    List<List<String>> names = new ArrayList<>();
    for (Expression parameter : CollectionConverters.asJava(hint.parameters())) {
      if (parameter instanceof UnresolvedAttribute name) {
        names.add(CollectionConverters.asJava(name.nameParts()));
      } else if (parameter instanceof Literal literal && literal.value() != null) {
        names.add(
            CollectionConverters.asJava(
                UnresolvedAttribute.parseAttributeName(literal.value().toString())));
      } else {
        throw new IllegalArgumentException(
            "The hint LOOKUP_JOIN has the parameter "
                + parameter.sql()
                + ", but takes names of tables or their aliases, as in /*+ LOOKUP_JOIN(t) */");
      }
    }
    return apply(hint.child(), names);
  }

  private LogicalPlan apply(LogicalPlan plan, List<List<String>> names) {
    boolean named =
        (plan instanceof UnresolvedRelation relation
                && isNamed(CollectionConverters.asJava(relation.multipartIdentifier()), names))
            || (plan instanceof SubqueryAlias alias && isNamed(nameOf(alias), names));
    if (named) {
      return new ResolvedHint(plan, LookupJoinHint.info());
    } else if (plan instanceof ResolvedHint
        || plan instanceof View
        || plan instanceof UnresolvedWith
        || plan instanceof SubqueryAlias) {
      return plan; // A scope of its own.
    }
    return plan.mapChildren(
        new AbstractFunction1<LogicalPlan, LogicalPlan>() {
          @Override
          public LogicalPlan apply(LogicalPlan child) {
            return LookupHints.this.apply(child, names);
          }
        });
  }

  private static List<String> nameOf(SubqueryAlias alias) {
    List<String> name =
        new ArrayList<>(CollectionConverters.asJava(alias.identifier().qualifier()));
    name.add(alias.identifier().name());
    return name;
  }

  /** Whether a name in the hint is the end of a relation's name. */
  private static boolean isNamed(List<String> parts, List<List<String>> names) {
    for (List<String> name : names) {
      int from = parts.size() - name.size();
      boolean same = from >= 0;
      for (int i = 0; same && i < name.size(); i++) {
        same = (Boolean) SQLConf.get().resolver().apply(parts.get(from + i), name.get(i));
      }
      if (same) {
        return true;
      }
    }
    return false;
  }
}
