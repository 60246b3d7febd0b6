package io.alexstore.spark.plan;

import io.alexstore.spark.plan.lookupjoin.DriverLookups;
import io.alexstore.spark.scan.AlexLocalScan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.InterpretedOrdering;
import org.apache.spark.sql.catalyst.expressions.InterpretedPredicate;
import org.apache.spark.sql.catalyst.expressions.InterpretedUnsafeProjection$;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.package$;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rows that operators make of an answer that the driver has.
 *
 * @param rows the rows, each a copy
 * @param scan what the scans say of themselves
 * @param operators what was applied to its rows, first to last
 */
record DriverFold(List<InternalRow> rows, String scan, List<String> operators) {

  static final int MAX_FIELDS_SHOWN = 25;

  /**
   * What a plan's joins need.
   *
   * @param lookups the joins that are looked up
   * @param files those plans of probes that are read from files
   */
  private record Joins(
      IdentityHashMap<LogicalPlan, DriverLookups> lookups,
      IdentityHashMap<LogicalPlan, FileRows> files) {
    Joins() {
      this(new IdentityHashMap<>(), new IdentityHashMap<>());
    }
  }

  /** Folds a plan; empty if it is not made of a local scan and operators that are understood. */
  static Optional<DriverFold> fold(LogicalPlan plan) {
    Joins joins = new Joins();
    if (!isFoldable(plan, DriverFold::isLocalScan, joins)) {
      return Optional.empty();
    }
    try {
      List<String> operators = new ArrayList<>();
      List<InternalRow> rows = rows(plan, operators, joins);
      List<String> scans = new ArrayList<>();
      collectScans(plan, joins, scans);
      return Optional.of(new DriverFold(rows, String.join(" and ", scans), operators));
    } catch (RuntimeException e) {
      // An error of the query, such as a division by zero, is Spark's to report when it runs.
      return Optional.empty();
    }
  }

  /**
   * The rows of a plan that is made of rows which the driver has, read from a table or given by the
   * program, and operators that are understood.
   *
   * @param maxRows the most rows that such a plan may begin with
   * @return empty if it is not, or working them out is an error
   */
  static Optional<List<InternalRow>> rowsOf(LogicalPlan plan, int maxRows) {
    if (!isFoldable(plan, leaf -> isKnown(leaf, maxRows), null)) {
      return Optional.empty();
    }
    try {
      return Optional.of(rows(plan, new ArrayList<>(), new Joins()));
    } catch (RuntimeException e) {
      return Optional.empty(); // As above.
    }
  }

  private static boolean isKnown(LogicalPlan leaf, int maxRows) {
    return isLocalScan(leaf)
        || leaf instanceof OneRowRelation
        || (leaf instanceof LocalRelation local
            && !local.isStreaming()
            && local.data().size() <= maxRows);
  }

  private static boolean isLocalScan(LogicalPlan leaf) {
    return leaf instanceof DataSourceV2ScanRelation relation
        && relation.scan() instanceof AlexLocalScan;
  }

  private static void collectScans(LogicalPlan plan, Joins joins, List<String> scans) {
    DriverLookups lookups = joins.lookups.get(plan);
    FileRows file = joins.files.get(plan);
    if (file != null) {
      scans.add(file.describe());
      return;
    } else if (lookups != null) {
      scans.add(lookups.scan());
      collectScans(lookups.probes(), joins, scans);
      return;
    } else if (plan instanceof DataSourceV2ScanRelation relation) {
      scans.add(relation.scan().description());
    }
    CollectionConverters.asJava(plan.children())
        .forEach(child -> collectScans(child, joins, scans));
  }

  /**
   * Whether a plan can be worked out here.
   *
   * @param isKnown whether the driver has the rows of a plan without children
   * @param joins where joins that are looked up are put; null if there may be none
   */
  private static boolean isFoldable(LogicalPlan plan, Predicate<LogicalPlan> isKnown, Joins joins) {
    if (plan.children().isEmpty()) {
      return isKnown.test(plan);
    }
    if (plan instanceof Aggregate aggregate) {
      return DriverAggregate.of(aggregate).isPresent()
          && isFoldable(aggregate.child(), isKnown, joins);
    } else if (plan instanceof Union) {
      return plan.children().forall(child -> isFoldable(child, isKnown, joins));
    } else if (plan instanceof Join) {
      return joins != null && isLookedUp(plan, joins);
    }
    boolean understood =
        plan instanceof Project
            || plan instanceof Filter
            || plan instanceof Sort
            || (plan instanceof Offset offset && isNumber(offset.offsetExpr()))
            || (plan instanceof LocalLimit local && isNumber(local.limitExpr()))
            || (plan instanceof GlobalLimit global && isNumber(global.limitExpr()));
    return understood
        && plan.expressions().forall(DriverFold::isFoldable)
        && isFoldable(plan.children().head(), isKnown, joins);
  }

  private static boolean isLookedUp(LogicalPlan join, Joins joins) {
    Optional<DriverLookups> found = DriverLookups.of(join);
    if (found.isEmpty()) {
      return false;
    }
    DriverLookups lookups = found.get();
    joins.lookups.put(join, lookups);
    LogicalPlan probes = lookups.probes();
    FileRows.of(probes, lookups).ifPresent(files -> joins.files.put(probes, files));
    return joins.files.containsKey(probes)
        || isFoldable(probes, leaf -> isKnown(leaf, lookups.maxProbes()), joins);
  }

  private static boolean isNumber(Expression limit) {
    return limit instanceof Literal literal && literal.value() instanceof Integer;
  }

  /** Whether an expression can be worked out for a row by itself, always to the same. */
  static boolean isFoldable(Expression expression) {
    return expression.deterministic()
        && !expression.exists(
            e ->
                e instanceof Unevaluable
                    && !(e instanceof AttributeReference)
                    && !(e instanceof SortOrder));
  }

  private static List<InternalRow> rows(LogicalPlan plan, List<String> operators, Joins joins) {
    FileRows files = joins.files.get(plan);
    if (files != null) {
      return files.read().orElseThrow(); // Too many rows end this, as an error does.
    } else if (plan instanceof DataSourceV2ScanRelation relation) {
      return Arrays.asList(((AlexLocalScan) relation.scan()).rows());
    }
    if (plan instanceof LocalRelation local) {
      return CollectionConverters.asJava(local.data());
    } else if (plan instanceof OneRowRelation) {
      return List.of(new GenericInternalRow(0));
    }
    if (plan instanceof Union union) {
      return union(union, operators, joins);
    } else if (plan instanceof Join) {
      return lookUp(joins.lookups.get(plan), operators, joins);
    }
    LogicalPlan child = plan.children().head();
    List<InternalRow> input = rows(child, operators, joins);
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
    if (plan instanceof Aggregate aggregate) {
      return DriverAggregate.of(aggregate).orElseThrow().rows(input);
    } else if (plan instanceof Offset offset) {
      int skipped = (int) ((Literal) offset.offsetExpr()).value();
      return input.subList(Math.max(0, Math.min(skipped, input.size())), input.size());
    }
    Expression limit =
        plan instanceof LocalLimit local ? local.limitExpr() : ((GlobalLimit) plan).limitExpr();
    int most = (int) ((Literal) limit).value();
    return input.subList(0, Math.max(0, Math.min(most, input.size())));
  }

  private static List<InternalRow> lookUp(
      DriverLookups lookups, List<String> operators, Joins joins) {
    List<InternalRow> probes = rows(lookups.probes(), operators, joins);
    operators.add(lookups.describe() + " for " + probes.size() + " probes");
    // Rows that are too many bytes end this, as an error does.
    return lookups.rows(probes, SparkSession.active().sparkContext()).orElseThrow();
  }

  private static List<InternalRow> union(Union union, List<String> operators, Joins joins) {
    List<InternalRow> all = new ArrayList<>();
    for (LogicalPlan child : CollectionConverters.asJava(union.children())) {
      all.addAll(rows(child, operators, joins));
    }
    operators.add(union.simpleString(MAX_FIELDS_SHOWN));
    return all;
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
