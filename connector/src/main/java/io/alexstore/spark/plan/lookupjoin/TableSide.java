package io.alexstore.spark.plan.lookupjoin;

import io.alexstore.spark.scan.LookupScan;
import io.alexstore.spark.scan.LookupTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BloomFilterMightContain;
import org.apache.spark.sql.catalyst.expressions.DynamicPruning;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.planning.PhysicalOperation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigInt;

/**
 * The side of a join that is a table of alexstore, with filters and projections over it.
 *
 * @param target what is looked up
 * @param plan the side
 * @param columns what the scan gives
 * @param filters what rows must fulfil beyond the scan's key ranges, in terms of the columns
 * @param computed for each attribute of the side that is no column, what it is computed from
 * @param scan what the scan says of itself
 * @param rows how many rows a scan reads
 * @param bytes how many bytes it reads
 */
record TableSide(
    LookupTarget target,
    LogicalPlan plan,
    Seq<Attribute> columns,
    List<Expression> filters,
    Map<ExprId, Expression> computed,
    String scan,
    long rows,
    long bytes) {

  /** So many key ranges would be looked up again by each task. */
  private static final int MAX_RANGES = 1000;

  /** Empty if it is no such side. */
  static Optional<TableSide> of(LogicalPlan plan) {
    Option<Tuple3<Seq<NamedExpression>, Seq<Expression>, LogicalPlan>> operation =
        PhysicalOperation.unapply(plan);
    if (operation.isEmpty()
        || !(operation.get()._3() instanceof DataSourceV2ScanRelation relation)
        || !(relation.scan() instanceof LookupScan scan)) {
      return Optional.empty();
    }
    Optional<LookupTarget> target = scan.lookupTarget();
    Map<ExprId, Expression> computed = new HashMap<>();
    for (NamedExpression column : CollectionConverters.asJava(operation.get()._1())) {
      if (column instanceof Alias alias) {
        computed.put(alias.exprId(), alias.child());
      }
    }
    List<Expression> filters = new ArrayList<>();
    for (Expression filter : CollectionConverters.asJava(operation.get()._2())) {
      if (!isImplied(filter)) {
        filters.add(filter);
      }
    }
    if (target.isEmpty()
        || target.get().ranges().list().size() > MAX_RANGES
        || !filters.stream().allMatch(Expressions::isPlain)
        || !computed.values().stream().allMatch(Expressions::isPlain)) {
      return Optional.empty();
    }
    return Optional.of(
        new TableSide(
            target.get(),
            plan,
            Expressions.seq(List.<Attribute>copyOf(CollectionConverters.asJava(relation.output()))),
            filters,
            computed,
            relation.scan().description(),
            rows(relation).orElse(target.get().snapshot().rows()),
            relation.stats().sizeInBytes().toLong()));
  }

  private static Optional<Long> rows(DataSourceV2ScanRelation relation) {
    Option<BigInt> rows = relation.stats().rowCount();
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get().toLong());
  }

  /**
   * Whether Spark added a filter in order to read less for a join, which drops the same rows
   * anyway.
   */
  private static boolean isImplied(Expression filter) {
    return filter.exists(e -> e instanceof DynamicPruning)
        || (filter instanceof BloomFilterMightContain && Expressions.hasPlan(filter));
  }

  /** An expression of the join in terms of the scan's columns. */
  Expression resolve(Expression expression) {
    return Expressions.replace(expression, computed);
  }
}
