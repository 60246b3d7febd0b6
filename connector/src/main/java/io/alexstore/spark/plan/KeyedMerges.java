package io.alexstore.spark.plan;

import io.alexstore.spark.rowlevel.RowChange;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MergeRows;
import org.apache.spark.sql.catalyst.plans.logical.WriteDelta;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Tells a MERGE when its condition is an equality of the whole key with columns of the source. It
 * then depends on single keys rather than on all rows of the table, and goes together with what
 * others commit of other keys. Plans nothing.
 */
public final class KeyedMerges extends SparkStrategy {

  /** For one session. */
  public KeyedMerges() {}

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    if (plan instanceof WriteDelta delta
        && delta.operation() instanceof RowChange change
        && change.isMerge()
        && isKeyed(delta, change.keyColumns())) {
      change.dependOnKeysOnly();
    }
    return CollectionConverters.asScala(List.<SparkPlan>of()).toSeq();
  }

  static boolean isKeyed(WriteDelta delta, List<String> key) {
    boolean seesOnlyMatches =
        delta.query().exists(KeyedMerges::isMerge)
            && !delta.query().exists(node -> isMerge(node) && changesOthers((MergeRows) node));
    Set<String> equal = new HashSet<>();
    collect(delta.condition(), ((LogicalPlan) delta.originalTable()).outputSet(), equal);
    return seesOnlyMatches && equal.containsAll(key);
  }

  private static boolean isMerge(LogicalPlan node) {
    return node instanceof MergeRows;
  }

  /** Whether rows are changed that no row of the source matches. */
  private static boolean changesOthers(MergeRows merge) {
    return !merge.notMatchedBySourceInstructions().isEmpty();
  }

  /** Collects the names of the table's columns that must equal something of the source. */
  private static void collect(Expression condition, AttributeSet table, Set<String> equal) {
    if (condition instanceof And and) {
      collect(and.left(), table, equal);
      collect(and.right(), table, equal);
    } else if (condition instanceof EqualTo equality) {
      collect(equality.left(), equality.right(), table, equal);
      collect(equality.right(), equality.left(), table, equal);
    }
  }

  private static void collect(
      Expression column, Expression other, AttributeSet table, Set<String> equal) {
    if (column instanceof AttributeReference attribute
        && table.contains(attribute)
        && other.references().intersect(table).isEmpty()) {
      equal.add(attribute.name());
    }
  }
}
