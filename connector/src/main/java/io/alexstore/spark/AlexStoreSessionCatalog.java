package io.alexstore.spark;

import io.alexstore.spark.catalog.SessionCatalog;
import io.alexstore.spark.plan.QueryVersions;

/**
 * Lets Spark's own catalog, {@code spark_catalog}, have alexstore tables: set {@code
 * spark.sql.catalog.spark_catalog=io.alexstore.spark.AlexStoreSessionCatalog}, and make tables with
 * {@code USING alexstore}. All other tables stay as they are.
 */
public final class AlexStoreSessionCatalog extends SessionCatalog {

  /** For Spark. */
  public AlexStoreSessionCatalog() {
    super(QueryVersions.INSTANCE);
  }
}
