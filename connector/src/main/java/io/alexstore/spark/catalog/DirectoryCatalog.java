package io.alexstore.spark.catalog;

import io.alexstore.error.TableExistsException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.table.AlexStoreTable;
import io.alexstore.spark.table.NewTable;
import io.alexstore.spark.table.SnapshotPin;
import io.alexstore.spark.table.TablePath;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.catalog.StagingTableCatalog;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableCatalogCapability;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.TableInfo;
import org.apache.spark.sql.connector.expressions.Transform;

/**
 * What catalogs have in common that know a table by its directory, however that is named: to find,
 * make and replace it. A table is there as soon as its first version is, so there is nothing that
 * the catalog could hold beside it.
 *
 * <p>Thread safety: safe for any number of threads.
 */
@SuppressWarnings("deprecation") // Spark calls the older forms of create and replace, too.
abstract class DirectoryCatalog implements StagingTableCatalog {

  private final SnapshotPin pin;

  /** A catalog whose tables are read at the version that {@code pin} gives. */
  DirectoryCatalog(SnapshotPin pin) {
    this.pin = pin;
  }

  final SnapshotPin pin() {
    return pin;
  }

  /** Where the table of a name is, or would be, as an option; empty if it can be nowhere. */
  abstract Optional<AlexStoreOptions> options(Identifier ident);

  /**
   * Where the table of a name is, or is to be made.
   *
   * @throws IllegalArgumentException if it can be nowhere
   * @throws NoSuchNamespaceException if what it is to be made in is not there
   */
  abstract AlexStoreOptions requireOptions(Identifier ident) throws NoSuchNamespaceException;

  // --- finding ---

  @Override
  public boolean tableExists(Identifier ident) {
    Optional<AlexStoreOptions> options = options(ident);
    return options.isPresent() && exists(options.get());
  }

  static boolean exists(AlexStoreOptions options) {
    return AlexStoreTable.exists(options.path(), options);
  }

  @Override
  public Table loadTable(Identifier ident) throws NoSuchTableException {
    return load(ident, Map.of());
  }

  @Override
  public Table loadTable(Identifier ident, String version) throws NoSuchTableException {
    return load(ident, Map.of(AlexStoreOptions.VERSION_AS_OF, version));
  }

  private Table load(Identifier ident, Map<String, String> more) throws NoSuchTableException {
    Optional<AlexStoreOptions> options = options(ident);
    if (options.isEmpty()) {
      throw new NoSuchTableException(ident);
    }
    try {
      return AlexStoreTable.open(options.get().with(more), pin);
    } catch (TableNotFoundException e) {
      if (!more.isEmpty() && exists(options.get())) {
        throw e; // The table is there, but not this version of it.
      }
      throw new NoSuchTableException(ident);
    }
  }

  // --- making ---

  @Override
  public Set<TableCatalogCapability> capabilities() {
    return Set.of(TableCatalogCapability.SUPPORT_TABLE_CONSTRAINT);
  }

  @Override
  public Table createTable(Identifier ident, TableInfo info)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    return createTable(ident, info.columns(), info.partitions(), KeyConstraints.properties(info));
  }

  @Override
  public StagedTable stageCreate(Identifier ident, TableInfo info)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    return stageCreate(ident, info.columns(), info.partitions(), KeyConstraints.properties(info));
  }

  @Override
  public StagedTable stageReplace(Identifier ident, TableInfo info)
      throws NoSuchNamespaceException, NoSuchTableException {
    return stageReplace(ident, info.columns(), info.partitions(), KeyConstraints.properties(info));
  }

  @Override
  public StagedTable stageCreateOrReplace(Identifier ident, TableInfo info)
      throws NoSuchNamespaceException {
    return stageCreateOrReplace(
        ident, info.columns(), info.partitions(), KeyConstraints.properties(info));
  }

  @Override
  public Table createTable(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    NewTable table = plan(ident, columns, partitions, properties);
    AlexStoreOptions options = requireOptions(ident);
    if (exists(options)) {
      throw new TableAlreadyExistsException(ident);
    }
    try {
      table.commitStagedChanges();
    } catch (TableExistsException e) {
      // Made meanwhile by another.
      throw new TableAlreadyExistsException(ident);
    }
    return AlexStoreTable.open(options, pin);
  }

  @Override
  public StagedTable stageCreate(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    NewTable table = plan(ident, columns, partitions, properties);
    if (exists(requireOptions(ident))) {
      throw new TableAlreadyExistsException(ident);
    }
    return table;
  }

  @Override
  public StagedTable stageReplace(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws NoSuchTableException, NoSuchNamespaceException {
    NewTable table = plan(ident, columns, partitions, properties);
    if (!exists(requireOptions(ident))) {
      throw new NoSuchTableException(ident);
    }
    return table.replacing();
  }

  @Override
  public StagedTable stageCreateOrReplace(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws NoSuchNamespaceException {
    NewTable table = plan(ident, columns, partitions, properties);
    return exists(requireOptions(ident)) ? table.replacing() : table;
  }

  private NewTable plan(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws NoSuchNamespaceException {
    AlexStoreOptions options = requireOptions(ident);
    String path = options.path();
    NewTable.refusePartitions(partitions);
    String provider = properties.get(TableCatalog.PROP_PROVIDER);
    if (provider != null && !provider.equalsIgnoreCase("alexstore")) {
      throw new IllegalArgumentException(
          "The catalog '"
              + name()
              + "' has alexstore tables only, not those of "
              + provider
              + ": leave USING out, or write USING alexstore");
    }
    String location = properties.get(TableCatalog.PROP_LOCATION);
    if (location != null && !TablePath.samePlace(location, path)) {
      throw new IllegalArgumentException(
          "The table's name says that it is at "
              + path
              + ", its location "
              + location
              + " says otherwise: leave the location out");
    }
    return NewTable.create(path, options, properties, NewTable.struct(Arrays.asList(columns)));
  }

  // --- altering ---

  @Override
  public Table alterTable(Identifier ident, TableChange... changes) {
    throw new UnsupportedOperationException(
        "The columns and properties of the alexstore table "
            + ident
            + " cannot be altered yet. Replace it with its rows: CREATE OR REPLACE TABLE ... AS"
            + " SELECT, or save with mode overwrite and option overwriteSchema=true");
  }
}
