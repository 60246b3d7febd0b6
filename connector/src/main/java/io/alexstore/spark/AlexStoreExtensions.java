package io.alexstore.spark;

import io.alexstore.spark.plan.DriverAnswers;
import io.alexstore.spark.plan.KeyOrderedScans;
import io.alexstore.spark.plan.KeyedMerges;
import io.alexstore.spark.plan.PathTimeTravel;
import io.alexstore.spark.plan.SmallWrites;
import io.alexstore.spark.plan.lookupjoin.LookupHints;
import io.alexstore.spark.plan.lookupjoin.LookupJoins;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.Function1;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * What alexstore adds to Spark's planning. Set {@code
 * spark.sql.extensions=io.alexstore.spark.AlexStoreExtensions} when the session is made.
 *
 * <p>With it, {@code alexstore.`/a/path`} names a table in SQL from the start, and a function may
 * say the time that such a table is read as of.
 *
 * <p>Without it, a query for few keys is answered on the driver only if it selects columns as they
 * are; with it, also under projections, filters, sorting, limits and aggregates.
 *
 * <p>Without it, a join by a table's key scans the table; with it, keys are looked up where that
 * costs less, or the hint {@code LOOKUP_JOIN} says so.
 *
 * <p>Without it, rows are distributed and sorted for a sort, a group-by or a window by the key;
 * with it, where no segments overlap, they are read as they stand.
 *
 * <p>Without it, a MERGE conflicts with every commit that adds rows meanwhile; with it, if its
 * condition is an equality of the key, only with those that change the same keys. Such a MERGE, if
 * its source is small, looks the source's keys up; and writes of few rows take one task.
 */
public final class AlexStoreExtensions
    extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {

  /** For Spark. */
  public AlexStoreExtensions() {}

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectPlannerStrategy(
        new AbstractFunction1<>() {
          @Override
          public DriverAnswers apply(org.apache.spark.sql.SparkSession session) {
            return new DriverAnswers();
          }
        });
    extensions.injectPlannerStrategy(
        new AbstractFunction1<>() {
          @Override
          public KeyedMerges apply(org.apache.spark.sql.SparkSession session) {
            return new KeyedMerges();
          }
        });
    extensions.injectPlannerStrategy(
        new AbstractFunction1<>() {
          @Override
          public SmallWrites apply(org.apache.spark.sql.SparkSession session) {
            return new SmallWrites();
          }
        });
    extensions.injectPlannerStrategy(
        new AbstractFunction1<>() {
          @Override
          public LookupJoins apply(org.apache.spark.sql.SparkSession session) {
            return new LookupJoins();
          }
        });
    extensions.injectPlannerStrategy(
        new AbstractFunction1<>() {
          @Override
          public KeyOrderedScans apply(org.apache.spark.sql.SparkSession session) {
            return new KeyOrderedScans();
          }
        });
    extensions.injectHintResolutionRule(
        new AbstractFunction1<>() {
          @Override
          public LookupHints apply(org.apache.spark.sql.SparkSession session) {
            return new LookupHints();
          }
        });
    // Sessions with Hive support, as of spark-sql and the pyspark shell, leave out rules for hints.
    extensions.injectResolutionRule(
        new AbstractFunction1<>() {
          @Override
          public LookupHints apply(org.apache.spark.sql.SparkSession session) {
            return new LookupHints();
          }
        });
    // With the rules for hints, since these run before Spark looks for tables.
    extensions.injectHintResolutionRule(
        new AbstractFunction1<>() {
          @Override
          public PathTimeTravel apply(org.apache.spark.sql.SparkSession session) {
            return new PathTimeTravel(session);
          }
        });
    extensions.injectCheckRule(
        new AbstractFunction1<>() {
          @Override
          public Function1<LogicalPlan, BoxedUnit> apply(
              org.apache.spark.sql.SparkSession session) {
            // Spark asks for the rule before it analyses the session's first query, which may name
            // a table by its path. Nothing is checked.
            AlexStorePathCatalog.registerIfFree(session);
            return new NoCheck();
          }
        });
    return BoxedUnit.UNIT;
  }

  private static final class NoCheck extends AbstractFunction1<LogicalPlan, BoxedUnit> {
    @Override
    public BoxedUnit apply(LogicalPlan plan) {
      return BoxedUnit.UNIT;
    }
  }
}
