package io.alexstore.spark;

import io.alexstore.spark.plan.DriverAnswers;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * What alexstore adds to Spark's planning. Set {@code
 * spark.sql.extensions=io.alexstore.spark.AlexStoreExtensions} when the session is made.
 *
 * <p>Without it, a query for few keys is answered on the driver only if it selects columns as they
 * are; with it, also under projections, filters, sorting and limits.
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
    return BoxedUnit.UNIT;
  }
}
