package io.alexstore.spark.plan;

import io.alexstore.spark.scan.OrderedScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Ascending$;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.DynamicPruning;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NullsFirst$;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import org.apache.spark.sql.execution.FilterExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Has a table read in partitions that follow each other in the order of its key where that saves a
 * query from distributing or sorting rows: a sort by the key, a group-by or a window over the key,
 * each with or without further columns.
 *
 * <p>Plans are made from the top down. So who wants the order is met first, and asks the scan for
 * it; when the scan itself is met, it is planned below a {@link KeyOrderedExec}.
 */
public final class KeyOrderedScans extends SparkStrategy {

  /** For one session. */
  public KeyOrderedScans() {}

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    List<SparkPlan> plans = new ArrayList<>();
    if (plan instanceof Sort || plan instanceof Aggregate || plan instanceof Window) {
      // Windows are on top of each other, and a sort may be on top of them.
      LogicalPlan child = plan.children().head();
      while (child instanceof Window || child instanceof Aggregate) {
        child = child.children().head();
      }
      relation(child).ifPresent(relation -> ask(plan, relation));
    } else if (!isBare(plan)) {
      relation(plan)
          .filter(relation -> scan(relation).together() > 0)
          .ifPresent(relation -> plans.add(plan(plan, relation)));
    }
    return seq(plans);
  }

  /** The table under nothing but projections and filters that Spark does not hand to its scan. */
  private static Optional<DataSourceV2ScanRelation> relation(LogicalPlan plan) {
    LogicalPlan node = plan;
    while (node instanceof Project || (node instanceof Filter filter && isPlain(filter))) {
      node = node.children().head();
    }
    return node instanceof DataSourceV2ScanRelation relation
            && relation.scan() instanceof OrderedScan
        ? Optional.of(relation)
        : Optional.empty();
  }

  private static boolean isPlain(Filter filter) {
    return !filter
        .condition()
        .exists(e -> e instanceof DynamicPruning || e instanceof PlanExpression);
  }

  private static OrderedScan scan(DataSourceV2ScanRelation relation) {
    return (OrderedScan) relation.scan();
  }

  // --- who wants the order ---

  private static void ask(LogicalPlan plan, DataSourceV2ScanRelation relation) {
    List<Attribute> key = key(relation);
    int columns = 0;
    if (plan instanceof Sort sort) {
      columns = sort.global() ? sorted(key, CollectionConverters.asJava(sort.order())) : 0;
    } else if (plan instanceof Aggregate aggregate) {
      columns = among(key, CollectionConverters.asJava(aggregate.groupingExpressions()));
    } else if (plan instanceof Window window) {
      columns = among(key, CollectionConverters.asJava(window.partitionSpec()));
    }
    if (columns > 0) {
      scan(relation).keepTogether(columns);
    }
  }

  /** The first columns of the key, as far as they are read. */
  private static List<Attribute> key(DataSourceV2ScanRelation relation) {
    List<Attribute> key = new ArrayList<>();
    for (String name : scan(relation).orderColumns()) {
      for (AttributeReference column : CollectionConverters.asJava(relation.output())) {
        if (column.name().equals(name)) {
          key.add(column);
          break;
        }
      }
    }
    return key;
  }

  /** By how many of the key's first columns rows are sorted first of all. */
  private static int sorted(List<Attribute> key, List<SortOrder> order) {
    int n = 0;
    while (n < key.size()
        && n < order.size()
        && order.get(n).child().semanticEquals(key.get(n))
        && order.get(n).direction() == Ascending$.MODULE$
        && (order.get(n).nullOrdering() == NullsFirst$.MODULE$ || !key.get(n).nullable())) {
      n++;
    }
    return n;
  }

  /** How many of the key's first columns are among some expressions. */
  private static int among(List<Attribute> key, List<Expression> expressions) {
    int n = 0;
    while (n < key.size() && isAmong(key.get(n), expressions)) {
      n++;
    }
    return n;
  }

  private static boolean isAmong(Attribute column, List<Expression> expressions) {
    return expressions.stream().anyMatch(e -> e.semanticEquals(column));
  }

  // --- the scan ---

  /** Whether it is a scan that is to be planned by Spark. */
  private static boolean isBare(LogicalPlan plan) {
    return plan instanceof Project project
        && project.child() instanceof DataSourceV2ScanRelation relation
        && project.projectList().equals(relation.output());
  }

  private SparkPlan plan(LogicalPlan plan, DataSourceV2ScanRelation relation) {
    if (plan instanceof Project project) {
      return new ProjectExec(project.projectList(), planLater(project.child()));
    } else if (plan instanceof Filter filter) {
      return new FilterExec(filter.condition(), planLater(filter.child()));
    }
    List<SortOrder> ranges = new ArrayList<>();
    for (Attribute column : key(relation).subList(0, scan(relation).together())) {
      ranges.add(new SortOrder(column, Ascending$.MODULE$, NullsFirst$.MODULE$, seq(List.of())));
    }
    List<NamedExpression> columns = List.copyOf(CollectionConverters.asJava(relation.output()));
    return new KeyOrderedExec(
        planLater(new Project(seq(columns), relation)), seq(ranges), scan(relation).partitions());
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }
}
