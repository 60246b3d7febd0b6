package io.alexstore.spark.plan.lookupjoin;

import io.alexstore.spark.plan.lookupjoin.LookupChoice.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Ascending$;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Distribution;
import org.apache.spark.sql.catalyst.plans.physical.OrderedDistribution;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.catalyst.plans.physical.UnknownPartitioning;
import org.apache.spark.sql.execution.CoalesceExec;
import org.apache.spark.sql.execution.LocalTableScanExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.metric.SQLMetric;
import scala.collection.Iterator;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * A join that looks the rows of its child, the probes, up in a table by key. If probes are to be
 * counted first and turn out to be too many, Spark's own plan runs instead.
 */
public final class AlexLookupJoinExec extends SparkPlan {

  private static final long serialVersionUID = 1L;

  private final SparkPlan child;
  private final Seq<Attribute> output;
  private final transient LookupJoin join;
  private transient Map<String, SQLMetric> metrics;
  private transient LookupMetrics counters;

  /** Public, since Spark makes copies by it. */
  public AlexLookupJoinExec(SparkPlan child, Seq<Attribute> output, LookupJoin join) {
    this.child = child;
    this.output = output;
    this.join = join;
  }

  @Override
  public Seq<Attribute> output() {
    return output;
  }

  @Override
  public AttributeSet producedAttributes() {
    return outputSet();
  }

  @Override
  public String nodeName() {
    return "AlexLookupJoin";
  }

  @Override
  public Iterator<Object> stringArgs() {
    LookupJoinSpec spec = join.spec();
    List<Object> args = new ArrayList<>();
    args.add(join.type());
    args.add(spec.describeKeys());
    spec.condition().ifPresent(condition -> args.add("if " + condition.sql()));
    args.add(spec.scan());
    args.add(join.choice().why() + join.outcome());
    return CollectionConverters.asScala(args.iterator());
  }

  private LookupMetrics counters() {
    if (counters == null) {
      counters = LookupMetrics.of(sparkContext());
      metrics = counters.byName();
    }
    return counters;
  }

  @Override
  public Map<String, SQLMetric> metrics() {
    counters();
    return metrics;
  }

  @Override
  public RDD<InternalRow> doExecute() {
    RDD<InternalRow> probes = probes();
    if (join.choice().counts()) {
      Optional<CountedProbes> counted =
          CountedProbes.count(
              probes, child.output(), join.choice().maxProbes(), LookupChoice.MAX_COUNTED_BYTES);
      join.setOutcome(counted.map(CountedProbes::rows));
      if (counted.isEmpty()) {
        return join.fallback().execute(session());
      }
      probes = counted.get().distribute(sparkContext(), child.output().size());
    }
    return probes.mapPartitions(
        new LookupTask(join.spec(), child.output(), counters()),
        true,
        ClassTag$.MODULE$.<InternalRow>apply(InternalRow.class));
  }

  /** The child's rows; those that the driver has go to tasks in blocks. */
  private RDD<InternalRow> probes() {
    boolean inOneTask = child instanceof CoalesceExec;
    SparkPlan source = inOneTask ? child.children().head() : child;
    if (!(source instanceof LocalTableScanExec)) {
      return child.execute();
    }
    CountedProbes rows = CountedProbes.of(source.executeCollect(), source.output());
    int fields = source.output().size();
    return inOneTask
        ? rows.distribute(sparkContext(), fields, 1)
        : rows.distribute(sparkContext(), fields);
  }

  // ---- where probes are, and where rows come to be

  @Override
  public Seq<Distribution> requiredChildDistribution() {
    return join.choice().placement() == Placement.RANGES
        ? Expressions.seq(List.of(new OrderedDistribution(order())))
        : super.requiredChildDistribution();
  }

  @Override
  public Seq<Seq<SortOrder>> requiredChildOrdering() {
    return join.choice().placement() == Placement.RANGES
        ? Expressions.seq(List.of(order()))
        : super.requiredChildOrdering();
  }

  private Seq<SortOrder> order() {
    List<SortOrder> order = new ArrayList<>();
    join.spec()
        .keys()
        .probes()
        .forEach(
            key ->
                order.add(
                    new SortOrder(
                        key,
                        Ascending$.MODULE$,
                        Ascending$.MODULE$.defaultNullOrdering(),
                        Expressions.seq(List.of()))));
    return Expressions.seq(order);
  }

  /** Each probe's rows come where the probe is, unless probes are brought to the driver. */
  @Override
  public Partitioning outputPartitioning() {
    return join.choice().counts() ? new UnknownPartitioning(0) : child.outputPartitioning();
  }

  // ---- what a case class would bring

  @Override
  public Seq<SparkPlan> children() {
    return Expressions.seq(List.of(child));
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
    return new AlexLookupJoinExec(newChildren.head(), output, join);
  }

  @Override
  public int productArity() {
    return 3;
  }

  @Override
  public Object productElement(int n) {
    return switch (n) {
      case 0 -> child;
      case 1 -> output;
      default -> join;
    };
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof AlexLookupJoinExec;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // Each join that is planned is one of its own.
  public boolean equals(Object other) {
    return other instanceof AlexLookupJoinExec o
        && child.equals(o.child)
        && output.equals(o.output)
        && join == o.join;
  }

  @Override
  public int hashCode() {
    return 31 * child.hashCode() + output.hashCode();
  }
}
