package io.alexstore.spark.plan.lookupjoin;

import io.alexstore.spark.scan.LookupTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A join as lookups. All expressions are in terms of the probes' attributes and the scan's columns.
 *
 * @param kind what becomes of a probe
 * @param keys what is looked up
 * @param target where
 * @param columns the scan's columns
 * @param scan what the scan says of itself
 * @param condition what a probe and a row that it finds must fulfil
 * @param matched what a pair, or a probe with a pair, gives; empty if nothing
 * @param unmatched what a probe without a pair gives, in terms of the probe; empty if nothing
 */
record LookupJoinSpec(
    JoinKind kind,
    JoinKeys keys,
    LookupTarget target,
    Seq<Attribute> columns,
    String scan,
    Optional<Expression> condition,
    Optional<List<Expression>> matched,
    Optional<List<Expression>> unmatched) {

  /**
   * A join as lookups.
   *
   * @param residual what the join demands besides equalities
   * @return empty if it cannot be one
   */
  static Optional<LookupJoinSpec> of(
      Join join, JoinKind kind, TableSide table, JoinKeys keys, Optional<Expression> residual) {
    List<Expression> conditions = new ArrayList<>(table.filters());
    keys.others().forEach(equality -> conditions.add(table.resolve(equality)));
    residual.ifPresent(condition -> conditions.add(table.resolve(condition)));
    if (!conditions.stream().allMatch(Expressions::isPlain)) {
      return Optional.empty();
    }
    List<Expression> matched = new ArrayList<>();
    List<Expression> unmatched = new ArrayList<>();
    for (Attribute attribute : CollectionConverters.asJava(join.output())) {
      if (table.plan().outputSet().contains(attribute)) {
        matched.add(table.resolve(attribute));
        unmatched.add(new Literal(null, attribute.dataType()));
      } else if (isOfJoin(join, attribute)) {
        matched.add(new Literal(true, DataTypes.BooleanType));
        unmatched.add(new Literal(false, DataTypes.BooleanType));
      } else {
        matched.add(attribute);
        unmatched.add(attribute);
      }
    }
    return Optional.of(
        new LookupJoinSpec(
            kind,
            keys,
            table.target(),
            table.columns(),
            table.scan(),
            conditions.stream().reduce(And::new),
            kind == JoinKind.ANTI ? Optional.empty() : Optional.of(matched),
            kind == JoinKind.INNER || kind == JoinKind.SEMI
                ? Optional.empty()
                : Optional.of(unmatched)));
  }

  /** Whether an attribute is neither side's: the one that tells whether a probe finds a row. */
  private static boolean isOfJoin(Join join, Attribute attribute) {
    return !join.left().outputSet().contains(attribute)
        && !join.right().outputSet().contains(attribute);
  }

  /** The equalities as people read them. */
  String describeKeys() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < keys.names().size(); i++) {
      texts.add(keys.names().get(i) + " = " + keys.probes().get(i).sql());
    }
    return texts.toString();
  }
}
