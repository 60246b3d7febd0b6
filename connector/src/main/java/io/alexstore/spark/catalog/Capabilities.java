package io.alexstore.spark.catalog;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.catalog.TableCatalogCapability;

/**
 * What catalogs with alexstore tables tell Spark that they can. By name, since an older Spark does
 * not know all of it.
 */
final class Capabilities {

  private static final Set<String> NAMES =
      Set.of(
          "SUPPORT_TABLE_CONSTRAINT",
          "SUPPORT_COLUMN_DEFAULT_VALUE",
          // These are refused, but with a hint that Spark would not give.
          "SUPPORTS_CREATE_TABLE_WITH_GENERATED_COLUMNS",
          "SUPPORTS_CREATE_TABLE_WITH_IDENTITY_COLUMNS");

  static final Set<TableCatalogCapability> ALL =
      Arrays.stream(TableCatalogCapability.values())
          .filter(capability -> NAMES.contains(capability.name()))
          .collect(Collectors.toUnmodifiableSet());

  private Capabilities() {}
}
