package io.alexstore.spark.plan;

import io.alexstore.spark.rowlevel.RowChange;
import io.alexstore.spark.scan.AlexLocalScan;
import io.alexstore.spark.table.AlexStoreTable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MergeRows;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RebalancePartitions;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.V2WriteCommand;
import org.apache.spark.sql.catalyst.plans.logical.WriteDelta;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Plans writes of few rows with less of Spark's machinery.
 *
 * <p>A write wants its rows by ranges of the key. Spark finds these by a job that samples the rows,
 * and brings the rows there by another. Few rows are better off in one task: they are gathered
 * there without the first job, and without the second if the program has given them.
 *
 * <p>A MERGE by key whose source is such rows, too, is a lookup: the rows of the table that match
 * are read here, and the join of the two is one task. If its source is anything else that is small,
 * Spark is told to find out the source's keys and to read the table's rows with these, rather than
 * to join the keys of the whole table with the source in order to find out which match.
 */
public final class SmallWrites extends SparkStrategy {

  /** Rows of up to so many bytes, as estimated, are written by one task. */
  private static final long MAX_BYTES_OF_ONE_TASK = 16L << 20;

  /** Up to so many rows, as far as their bytes tell, are written by one task. */
  private static final long MAX_ROWS_OF_ONE_TASK = 250_000;

  /** Sources of up to so many bytes, as estimated, have few enough keys for the driver. */
  private static final long MAX_BYTES_FOR_KEYS = 128L << 20;

  /** For one session. */
  public SmallWrites() {}

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    List<SparkPlan> plans = List.of();
    if (plan instanceof V2WriteCommand write) {
      LogicalPlan query = write.query();
      LogicalPlan better = improve(write, query);
      if (better != query) {
        plans = List.of(planLater(withChildren(plan, better)));
      }
    }
    return CollectionConverters.asScala(plans).toSeq();
  }

  private static LogicalPlan improve(V2WriteCommand write, LogicalPlan query) {
    if (write instanceof WriteDelta delta) {
      if (!(delta.operation() instanceof RowChange change)) {
        return query;
      }
      Optional<KeyedMerge> merge =
          change.isMerge() && KeyedMerges.isKeyed(delta, change.keyColumns())
              ? KeyedMerge.of(query, change.keyColumns())
              : Optional.empty();
      return merge.isPresent() ? improve(query, merge.get(), change) : gather(query, query);
    }
    boolean isOurs =
        write.table() instanceof DataSourceV2Relation relation
            && relation.table() instanceof AlexStoreTable;
    return isOurs ? gather(query, query) : query;
  }

  private static long sizeOf(LogicalPlan plan) {
    var size = plan.stats().sizeInBytes();
    return size.isValidLong() ? size.toLong() : Long.MAX_VALUE;
  }

  private static boolean isForOneTask(LogicalPlan rows) {
    long size = sizeOf(rows);
    long rowSize = Math.max(1, rows.schema().defaultSize());
    return size <= MAX_BYTES_OF_ONE_TASK && size / rowSize <= MAX_ROWS_OF_ONE_TASK;
  }

  /**
   * A write's query whose rows come to one task, if they are few.
   *
   * @param estimate a plan that has about as many rows
   */
  private static LogicalPlan gather(LogicalPlan query, LogicalPlan estimate) {
    return isForOneTask(estimate)
        ? undistributed(query, rows -> new Repartition(1, !isGiven(rows), rows))
        : query;
  }

  /** A write's query with something else in place of how Spark distributes its rows. */
  private static LogicalPlan undistributed(
      LogicalPlan query, UnaryOperator<LogicalPlan> replacement) {
    if (query instanceof RepartitionByExpression || query instanceof RebalancePartitions) {
      return replacement.apply(query.children().head());
    } else if (query instanceof Sort sort && !sort.global()) {
      LogicalPlan child = undistributed(sort.child(), replacement);
      return child == sort.child() ? sort : withChildren(sort, child);
    }
    return query;
  }

  /** Whether the driver has the rows, so that there is no work to be done in several tasks. */
  private static boolean isGiven(LogicalPlan rows) {
    return rows instanceof LocalRelation
        || rows instanceof OneRowRelation
        || (rows instanceof DataSourceV2ScanRelation relation
            && relation.scan() instanceof AlexLocalScan)
        || ((rows instanceof Project || rows instanceof Filter) && isGiven(rows.children().head()));
  }

  // --- MERGE by key ---

  private static LogicalPlan improve(LogicalPlan query, KeyedMerge merge, RowChange change) {
    // What is planned instead comes by here, too.
    if (merge.source() instanceof Repartition) {
      return gather(query, merge.source());
    } else if (merge.source() instanceof RepartitionByExpression) {
      return query;
    }
    Optional<LogicalPlan> found = lookUp(merge, change);
    if (found.isPresent()) {
      return inOneTask(query, merge, found.get());
    } else if (change.isKeyUnique() && isForOneTask(merge.source())) {
      // No more rows match than the source has.
      LogicalPlan all = merge.join().left();
      LogicalPlan some = replace(all, node -> SourceKeys.prune(node, merge, false));
      return some == all
          ? gather(query, merge.source())
          : inOneTask(
              query, merge, withChildren(merge.join(), gathered(some), gathered(merge.source())));
    }
    LogicalPlan pruned =
        sizeOf(merge.source()) <= MAX_BYTES_FOR_KEYS
            ? replace(query, node -> SourceKeys.prune(node, merge, true))
            : query;
    return byKey(pruned, change);
  }

  /**
   * A MERGE's query in which source rows with one key are in one task, if it is to be an error that
   * two of them match a row: Spark sees that within a task only, and rows are looked up wherever
   * their keys are.
   */
  private static LogicalPlan byKey(LogicalPlan query, RowChange change) {
    boolean checks =
        query.exists(node -> node instanceof MergeRows rows && rows.checkCardinality());
    Optional<KeyedMerge> merge = KeyedMerge.of(query, change.keyColumns());
    if (!checks || merge.isEmpty()) {
      return query;
    }
    Join join = merge.get().join();
    List<Expression> keys = merge.get().keys().stream().map(KeyedMerge.KeyPart::source).toList();
    LogicalPlan source =
        new RepartitionByExpression(
            CollectionConverters.asScala(keys).toSeq(),
            join.right(),
            Option.empty(),
            Option.empty());
    return replace(query, node -> node == join ? withChildren(join, join.left(), source) : null);
  }

  /** A MERGE's query with another join, all of whose rows are in one partition. */
  private static LogicalPlan inOneTask(LogicalPlan query, KeyedMerge merge, LogicalPlan join) {
    return replace(
        undistributed(query, UnaryOperator.identity()), node -> node == merge.join() ? join : null);
  }

  private static LogicalPlan gathered(LogicalPlan rows) {
    return new Repartition(1, true, rows);
  }

  /** The join with the rows that match, where the source's rows are known. */
  private static Optional<LogicalPlan> lookUp(KeyedMerge merge, RowChange change) {
    int maxRows = change.maxLocalRows();
    Optional<List<InternalRow>> source = DriverFold.rowsOf(merge.source(), maxRows);
    if (maxRows == 0 || source.isEmpty()) {
      return Optional.empty();
    }
    return merge
        .scan()
        .rowsWhere(merge.keysOf(source.get()), maxRows, change.maxLocalBytes())
        .map(
            found -> {
              LogicalPlan matches = known(merge.target().output(), Arrays.asList(found.rows()));
              LogicalPlan left =
                  replace(
                      merge.join().left(),
                      node ->
                          node == merge.target() || SourceKeys.isPruned(node, merge.target())
                              ? matches
                              : null);
              return withChildren(merge.join(), left, known(merge.source().output(), source.get()));
            });
  }

  /** Rows in one partition, so that their join needs no shuffle. */
  private static LogicalPlan known(Seq<? extends Attribute> columns, List<InternalRow> rows) {
    Seq<Attribute> output =
        CollectionConverters.asScala(List.<Attribute>copyOf(CollectionConverters.asJava(columns)))
            .toSeq();
    Seq<InternalRow> data = CollectionConverters.asScala(rows).toSeq();
    return new Repartition(1, false, new LocalRelation(output, data, false, Option.empty()));
  }

  // --- trees ---

  /** A plan in which nodes are replaced, but for those for which there is null. */
  private static LogicalPlan replace(LogicalPlan plan, UnaryOperator<LogicalPlan> replacement) {
    LogicalPlan other = replacement.apply(plan);
    if (other != null) {
      return other;
    }
    List<LogicalPlan> children = CollectionConverters.asJava(plan.children());
    List<LogicalPlan> replaced =
        children.stream().map(child -> replace(child, replacement)).toList();
    for (int i = 0; i < children.size(); i++) {
      if (replaced.get(i) != children.get(i)) {
        return withChildren(plan, replaced.toArray(LogicalPlan[]::new));
      }
    }
    return plan;
  }

  private static LogicalPlan withChildren(LogicalPlan plan, LogicalPlan... children) {
    return plan.withNewChildren(CollectionConverters.asScala(List.of(children)).toSeq());
  }
}
