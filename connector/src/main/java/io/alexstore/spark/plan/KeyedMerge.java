package io.alexstore.spark.plan;

import io.alexstore.spark.scan.KeyedScan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.package$;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.LiteralValue;
import org.apache.spark.sql.connector.expressions.filter.AlwaysFalse;
import org.apache.spark.sql.connector.expressions.filter.Or;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;

/**
 * The join of a MERGE that equates the whole key with expressions of the source.
 *
 * @param join the table on its left side, the source on its right one
 * @param target what is read of the table
 * @param keys for each column of the key its name, and what it equals in the source
 */
record KeyedMerge(Join join, DataSourceV2ScanRelation target, List<KeyPart> keys) {

  /**
   * One column of the key.
   *
   * @param column its name
   * @param source what it equals, of the same type
   */
  record KeyPart(String column, Expression source) {}

  /** The join of a MERGE's query; empty if there is none that is understood. */
  static Optional<KeyedMerge> of(LogicalPlan query, List<String> keyColumns) {
    LogicalPlan node = query;
    while (!(node instanceof Join)) {
      if (node.children().size() != 1) {
        return Optional.empty();
      }
      node = node.children().head();
    }
    Join join = (Join) node;
    LogicalPlan left = join.left();
    while (left.children().size() == 1) {
      left = left.children().head();
    }
    if (!(left instanceof DataSourceV2ScanRelation target)
        || !(target.scan() instanceof KeyedScan)
        || join.condition().isEmpty()) {
      return Optional.empty();
    }
    Map<String, Expression> equal = new HashMap<>();
    List<Expression> conjuncts = new ArrayList<>();
    Conjunctions.split(join.condition().get(), conjuncts);
    for (Expression conjunct : conjuncts) {
      if (conjunct instanceof EqualTo equality) {
        collect(equality.left(), equality.right(), target, join.right(), equal);
        collect(equality.right(), equality.left(), target, join.right(), equal);
      }
    }
    List<KeyPart> keys = new ArrayList<>();
    for (String column : keyColumns) {
      if (!equal.containsKey(column)) {
        return Optional.empty();
      }
      keys.add(new KeyPart(column, equal.get(column)));
    }
    return Optional.of(new KeyedMerge(join, target, keys));
  }

  private static void collect(
      Expression column,
      Expression other,
      DataSourceV2ScanRelation target,
      LogicalPlan source,
      Map<String, Expression> equal) {
    if (column instanceof AttributeReference attribute
        && target.outputSet().contains(attribute)
        && other.deterministic()
        && other.references().subsetOf(source.outputSet())) {
      equal.put(attribute.name(), other);
    }
  }

  /** The rows that are merged into the table. */
  LogicalPlan source() {
    return join.right();
  }

  /** What is read of the table. */
  KeyedScan scan() {
    return (KeyedScan) target.scan();
  }

  /** A predicate that is true of the keys that rows of the source have. */
  Predicate keysOf(List<InternalRow> rows) {
    List<Expression> bound =
        keys.stream()
            .map(
                part ->
                    BindReferences.bindReference(
                        part.source(), package$.MODULE$.AttributeSeq(source().output()), false))
            .toList();
    List<Predicate> any = new ArrayList<>();
    List<org.apache.spark.sql.connector.expressions.Expression> single = new ArrayList<>();
    single.add(reference(0));
    for (InternalRow row : rows) {
      List<Predicate> all = new ArrayList<>();
      for (int i = 0; i < bound.size(); i++) {
        Object value = bound.get(i).eval(row);
        if (value != null) { // Null equals nothing.
          var literal = new LiteralValue<>(value, bound.get(i).dataType());
          single.add(literal);
          all.add(predicate("=", List.of(reference(i), literal)));
        }
      }
      if (all.size() == bound.size()) {
        any.add(all.stream().reduce(KeyedMerge::and).orElseThrow());
      }
    }
    if (any.isEmpty()) {
      return new AlwaysFalse();
    }
    return keys.size() == 1 ? predicate("IN", single) : any(any);
  }

  private static Predicate and(Predicate a, Predicate b) {
    return new org.apache.spark.sql.connector.expressions.filter.And(a, b);
  }

  /** As a tree that is not deep. */
  private static Predicate any(List<Predicate> of) {
    int half = of.size() / 2;
    return half == 0
        ? of.get(0)
        : new Or(any(of.subList(0, half)), any(of.subList(half, of.size())));
  }

  private org.apache.spark.sql.connector.expressions.Expression reference(int key) {
    return Expressions.column("`" + keys.get(key).column().replace("`", "``") + "`");
  }

  private static Predicate predicate(
      String name, List<org.apache.spark.sql.connector.expressions.Expression> of) {
    return new Predicate(
        name, of.toArray(org.apache.spark.sql.connector.expressions.Expression[]::new));
  }
}
