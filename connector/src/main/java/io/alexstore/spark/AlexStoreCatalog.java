package io.alexstore.spark;

import io.alexstore.spark.catalog.WarehouseCatalog;
import io.alexstore.spark.plan.QueryVersions;

/**
 * A catalog of alexstore tables by name. To have it under the name {@code c}, set {@code
 * spark.sql.catalog.c=io.alexstore.spark.AlexStoreCatalog}, and {@code
 * spark.sql.catalog.c.warehouse} to the directory of its tables.
 */
public final class AlexStoreCatalog extends WarehouseCatalog {

  /** For Spark. */
  public AlexStoreCatalog() {
    super(QueryVersions.INSTANCE);
  }
}
