package io.alexstore.spark;

import io.alexstore.spark.catalog.PathIdentifier;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.plan.QueryVersions;
import io.alexstore.spark.table.AlexStoreTable;
import io.alexstore.spark.table.NewTable;
import io.alexstore.spark.table.TableFacts;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.SessionConfigSupport;
import org.apache.spark.sql.connector.catalog.SupportsCatalogOptions;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The data source {@code alexstore}: tables by path. Spark makes an instance for each read and
 * write.
 */
public final class AlexStoreSource
    implements SupportsCatalogOptions, DataSourceRegister, SessionConfigSupport {

  private static final Set<String> OF_CATALOG =
      Set.of(
          TableCatalog.PROP_PROVIDER,
          TableCatalog.PROP_LOCATION,
          TableCatalog.PROP_OWNER,
          TableCatalog.PROP_COMMENT,
          TableCatalog.PROP_EXTERNAL,
          TableCatalog.PROP_IS_MANAGED_LOCATION);

  private volatile PathIdentifier identifier;

  /** For Spark. */
  public AlexStoreSource() {}

  @Override
  public String shortName() {
    return "alexstore";
  }

  @Override
  public String keyPrefix() {
    return AlexStoreOptions.SESSION_PREFIX;
  }

  @Override
  public boolean supportsExternalMetadata() {
    // A first write brings the columns of the table that it makes.
    return true;
  }

  @Override
  public Identifier extractIdentifier(CaseInsensitiveStringMap options) {
    identifier = new PathIdentifier(options);
    return identifier;
  }

  @Override
  public String extractCatalog(CaseInsensitiveStringMap options) {
    return AlexStorePathCatalog.register(SparkSession.active());
  }

  /**
   * The version to read. Spark asks for it on reads only, after the identifier: so it is how a read
   * of a table that is not there, an error, is told from a first append, which makes the table.
   */
  @Override
  public Optional<String> extractTimeTravelVersion(CaseInsensitiveStringMap options) {
    PathIdentifier current = identifier;
    if (current != null) {
      current.markForReading();
    }
    AlexStoreOptions read = new AlexStoreOptions(options);
    return read.versionAsOf().isPresent()
        ? Optional.of(Long.toString(read.versionAsOf().getAsLong()))
        : Optional.empty();
  }

  /** The time as of which to read; Spark takes it for a timestamp as a cast does. */
  @Override
  public Optional<String> extractTimeTravelTimestamp(CaseInsensitiveStringMap options) {
    return new AlexStoreOptions(options).timestampAsOf();
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return AlexStoreTable.open(ofCatalog(options), QueryVersions.INSTANCE).sparkSchema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    NewTable.refusePartitions(partitioning);
    return AlexStoreTable.openOrPlan(ofCatalog(properties), schema, QueryVersions.INSTANCE);
  }

  /** A session's catalog gives all that it knows of a table as if these were its options. */
  private static AlexStoreOptions ofCatalog(Map<String, String> properties) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(properties);
    if (options.containsKey(TableCatalog.PROP_PROVIDER)) {
      OF_CATALOG.forEach(options::remove);
      options.keySet().removeIf(TableFacts::isFact);
    }
    AlexStoreOptions all = new AlexStoreOptions(options);
    if (all.timestampAsOf().isPresent()) {
      throw new IllegalArgumentException(
          "Option 'timestampAsOf' cannot belong to a table of a catalog: leave it out there, and"
              + " give it with the query, or name a version by 'versionAsOf'");
    }
    return all;
  }
}
