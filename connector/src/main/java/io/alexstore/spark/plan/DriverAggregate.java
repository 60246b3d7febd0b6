package io.alexstore.spark.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.InterpretedUnsafeProjection$;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.DeclarativeAggregate;
import org.apache.spark.sql.catalyst.expressions.aggregate.ImperativeAggregate;
import org.apache.spark.sql.catalyst.expressions.package$;
import org.apache.spark.sql.catalyst.optimizer.NormalizeFloatingNumbers$;
import org.apache.spark.sql.catalyst.planning.PhysicalAggregation$;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.util.UnsafeRowUtils;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Works out the aggregates of few rows as one task would: by Spark's own functions, each from its
 * first value to its result.
 *
 * @param grouping what rows of one group have in common
 * @param functions the aggregate functions
 * @param results what comes out, in terms of the two
 * @param child what is aggregated
 */
record DriverAggregate(
    List<NamedExpression> grouping,
    List<AggregateExpression> functions,
    List<NamedExpression> results,
    LogicalPlan child) {

  /** Empty if something of it can be worked out in a task only. */
  static Optional<DriverAggregate> of(Aggregate plan) {
    var parts = PhysicalAggregation$.MODULE$.unapply(plan);
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    DriverAggregate aggregate =
        new DriverAggregate(
            CollectionConverters.asJava(parts.get()._1()),
            CollectionConverters.asJava(parts.get()._2()),
            CollectionConverters.asJava(parts.get()._3()),
            parts.get()._4());
    return aggregate.isUnderstood() ? Optional.of(aggregate) : Optional.empty();
  }

  private boolean isUnderstood() {
    return grouping.stream().allMatch(e -> isGroup((Expression) e))
        && results.stream().allMatch(e -> DriverFold.isFoldable((Expression) e))
        && functions.stream().allMatch(DriverAggregate::isUnderstood);
  }

  private static boolean isUnderstood(AggregateExpression call) {
    Expression function = call.aggregateFunction();
    return (function instanceof DeclarativeAggregate || function instanceof ImperativeAggregate)
        && function.children().forall(DriverFold::isFoldable)
        && (!call.isDistinct() || function.children().forall(DriverAggregate::isGroup))
        && call.filter().forall(DriverFold::isFoldable);
  }

  /** Whether values are equal where their bytes are, once numbers are brought into one form. */
  private static boolean isGroup(Expression expression) {
    return DriverFold.isFoldable(expression)
        && UnsafeRowUtils.isBinaryStable(expression.dataType());
  }

  /** The rows that come out. */
  List<InternalRow> rows(List<InternalRow> input) {
    Seq<Attribute> columns = child.output();
    UnsafeProjection key =
        projection(
            grouping.stream()
                .map(
                    e -> bind(NormalizeFloatingNumbers$.MODULE$.normalize((Expression) e), columns))
                .toList());
    Map<UnsafeRow, List<Buffer>> groups = new LinkedHashMap<>();
    if (grouping.isEmpty()) {
      groups.put(key.apply(InternalRow.empty()).copy(), buffers());
    }
    for (InternalRow row : input) {
      UnsafeRow group = key.apply(row);
      List<Buffer> buffers = groups.get(group);
      if (buffers == null) {
        buffers = buffers();
        groups.put(group.copy(), buffers);
      }
      buffers.forEach(buffer -> buffer.update(row));
    }
    List<Attribute> known = new ArrayList<>();
    grouping.forEach(e -> known.add(e.toAttribute()));
    functions.forEach(call -> known.add(call.resultAttribute()));
    UnsafeProjection result =
        projection(results.stream().map(e -> bind((Expression) e, seq(known))).toList());
    List<InternalRow> rows = new ArrayList<>();
    groups.forEach(
        (group, buffers) -> {
          InternalRow values =
              new GenericInternalRow(buffers.stream().map(Buffer::result).toArray());
          rows.add(result.apply(new JoinedRow(group, values)).copy());
        });
    return rows;
  }

  private List<Buffer> buffers() {
    return functions.stream().map(call -> Buffer.of(call, child.output())).toList();
  }

  private static UnsafeProjection projection(List<Expression> bound) {
    UnsafeProjection projection = InterpretedUnsafeProjection$.MODULE$.createProjection(seq(bound));
    projection.initialize(0);
    return projection;
  }

  private static Expression bind(Expression expression, Seq<Attribute> columns) {
    return BindReferences.bindReference(expression, package$.MODULE$.AttributeSeq(columns), false);
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  /** What one function knows of one group. */
  private abstract static class Buffer {
    private Expression filter;
    // Null where equal values count as often as they come.
    private UnsafeProjection distinct;
    private final Set<UnsafeRow> seen = new HashSet<>();

    static Buffer of(AggregateExpression call, Seq<Attribute> columns) {
      Buffer buffer =
          call.aggregateFunction() instanceof DeclarativeAggregate function
              ? new Declarative(function, columns)
              : new Imperative((ImperativeAggregate) call.aggregateFunction(), columns);
      if (call.filter().isDefined()) {
        buffer.filter = bind(call.filter().get(), columns);
      }
      if (call.isDistinct()) {
        List<Expression> values = new ArrayList<>();
        for (Expression value : CollectionConverters.asJava(call.aggregateFunction().children())) {
          values.add(bind(NormalizeFloatingNumbers$.MODULE$.normalize(value), columns));
        }
        buffer.distinct = projection(values);
      }
      return buffer;
    }

    final void update(InternalRow row) {
      if (filter != null && !Boolean.TRUE.equals(filter.eval(row))) {
        return;
      } else if (distinct != null) {
        UnsafeRow values = distinct.apply(row);
        if (!seen.contains(values)) {
          seen.add(values.copy());
          add(row);
        }
        return;
      }
      add(row);
    }

    abstract void add(InternalRow row);

    abstract Object result();
  }

  /** A function that is given by expressions. */
  private static final class Declarative extends Buffer {
    private final List<Expression> updates;
    private final Expression result;
    private Object[] values;

    Declarative(DeclarativeAggregate function, Seq<Attribute> columns) {
      List<Attribute> own =
          List.copyOf(CollectionConverters.asJava(function.aggBufferAttributes()));
      List<Attribute> all = new ArrayList<>(own);
      all.addAll(CollectionConverters.asJava(columns));
      values =
          CollectionConverters.asJava(function.initialValues()).stream()
              .map(e -> e.eval(InternalRow.empty()))
              .toArray();
      updates =
          CollectionConverters.asJava(function.updateExpressions()).stream()
              .map(e -> bind(e, seq(all)))
              .toList();
      result = bind(function.evaluateExpression(), seq(own));
    }

    @Override
    void add(InternalRow row) {
      // All of them see the values of before.
      InternalRow both = new JoinedRow(new GenericInternalRow(values), row);
      values = updates.stream().map(e -> e.eval(both)).toArray();
    }

    @Override
    Object result() {
      return result.eval(new GenericInternalRow(values));
    }
  }

  /** A function that is given by code. */
  private static final class Imperative extends Buffer {
    private final ImperativeAggregate function;
    private final InternalRow buffer;

    Imperative(ImperativeAggregate unbound, Seq<Attribute> columns) {
      function = ((ImperativeAggregate) bind(unbound, columns)).withNewMutableAggBufferOffset(0);
      buffer = new GenericInternalRow(new Object[function.aggBufferAttributes().size()]);
      function.initialize(buffer);
    }

    @Override
    void add(InternalRow row) {
      function.update(buffer, row);
    }

    @Override
    Object result() {
      return function.eval(buffer);
    }
  }
}
