package io.alexstore.spark.plan;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.catalyst.plans.physical.SinglePartition$;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * Rows that the driver has. Collecting them, or the first or last of them, launches no job; under
 * an operator that needs tasks they are handed out to these.
 */
public final class DriverRowsExec extends SparkPlan {

  private static final long serialVersionUID = 1L;
  private static final String ROWS = "numOutputRows";
  private static final int MAX_ROWS_OF_ONE_TASK = 2000;

  private final Seq<Attribute> output;
  private final transient DriverFold answer;
  private transient Map<String, SQLMetric> metrics;

  /** Public, since Spark makes copies by it. */
  public DriverRowsExec(Seq<Attribute> output, DriverFold answer) {
    this.output = output;
    this.answer = answer;
  }

  @Override
  public Seq<Attribute> output() {
    return output;
  }

  @Override
  public String nodeName() {
    return "AlexStoreDriverRows";
  }

  @Override
  public Iterator<Object> stringArgs() {
    String applied = answer.operators().isEmpty() ? "" : ", then " + answer.operators();
    return CollectionConverters.asScala(
        List.<Object>of(output.mkString("[", ", ", "]"), answer.scan() + applied).iterator());
  }

  @Override
  public Map<String, SQLMetric> metrics() {
    if (metrics == null) {
      SQLMetric rows = SQLMetrics.createMetric(sparkContext(), "number of output rows");
      metrics = Map.from(CollectionConverters.asScala(List.of(new Tuple2<>(ROWS, rows))));
    }
    return metrics;
  }

  private InternalRow[] report(List<InternalRow> rows) {
    SQLMetric metric = metrics().apply(ROWS);
    metric.add(rows.size());
    String execution = sparkContext().getLocalProperty(SQLExecution.EXECUTION_ID_KEY());
    SQLMetrics.postDriverMetricUpdates(
        sparkContext(), execution, CollectionConverters.asScala(List.of(metric)).toSeq());
    return rows.toArray(InternalRow[]::new);
  }

  @Override
  public InternalRow[] executeCollect() {
    return report(answer.rows());
  }

  @Override
  public InternalRow[] executeTake(int n) {
    List<InternalRow> rows = answer.rows();
    return report(rows.subList(0, Math.max(0, Math.min(n, rows.size()))));
  }

  @Override
  public InternalRow[] executeTail(int n) {
    List<InternalRow> rows = answer.rows();
    return report(rows.subList(rows.size() - Math.max(0, Math.min(n, rows.size())), rows.size()));
  }

  /** For a broadcast, which then needs no job to get its rows. */
  @Override
  public Tuple2<Object, Iterator<InternalRow>> executeCollectIterator() {
    InternalRow[] rows = executeCollect();
    return new Tuple2<>(
        (long) rows.length, CollectionConverters.asScala(Arrays.asList(rows).iterator()));
  }

  private boolean isOneTask() {
    return answer.rows().size() <= MAX_ROWS_OF_ONE_TASK;
  }

  /** Few rows are one task's, so that an aggregate or a join of such rows needs no shuffle. */
  @Override
  public Partitioning outputPartitioning() {
    return isOneTask() ? SinglePartition$.MODULE$ : super.outputPartitioning();
  }

  @Override
  public RDD<InternalRow> doExecute() {
    int slices = isOneTask() ? 1 : sparkContext().defaultParallelism();
    return sparkContext()
        .parallelize(
            CollectionConverters.asScala(answer.rows()).toSeq(),
            slices,
            ClassTag$.MODULE$.apply(InternalRow.class));
  }

  // ---- what a case class would bring

  @Override
  public Seq<SparkPlan> children() {
    return CollectionConverters.asScala(List.<SparkPlan>of()).toSeq();
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
    return this;
  }

  @Override
  public int productArity() {
    return 2;
  }

  @Override
  public Object productElement(int n) {
    return n == 0 ? output : answer;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof DriverRowsExec;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // Comparing rows would cost more than it saves.
  public boolean equals(Object other) {
    return other instanceof DriverRowsExec o && output.equals(o.output) && answer == o.answer;
  }

  @Override
  public int hashCode() {
    return 31 * output.hashCode() + System.identityHashCode(answer);
  }
}
