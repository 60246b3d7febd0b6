package io.alexstore.spark.catalog;

import io.alexstore.error.TableNotFoundException;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.table.AlexStoreTable;
import io.alexstore.spark.table.NewTable;
import io.alexstore.spark.table.SnapshotPin;
import io.alexstore.spark.table.TablePath;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.catalog.StagingTableCatalog;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The catalog of tables that are named by their directory: {@code alexstore.`/data/orders`}. It
 * holds no list of tables; a name with a slash in it is a path, and no other name is a table.
 *
 * <p>Thread safety: safe for any number of threads; it has no state but its name.
 */
@SuppressWarnings("deprecation") // Spark calls the older forms of create and replace, too.
public class PathCatalog implements StagingTableCatalog {

  private final SnapshotPin pin;
  private String name = "alexstore";

  /** A catalog whose tables are read at the version that {@code pin} gives. */
  protected PathCatalog(SnapshotPin pin) {
    this.pin = pin;
  }

  @Override
  public void initialize(String catalogName, CaseInsensitiveStringMap options) {
    name = catalogName;
  }

  @Override
  public String name() {
    return name;
  }

  // --- finding ---

  /** The path that a name is, as the option it stands for; empty if it is none. */
  private static Optional<AlexStoreOptions> options(Identifier ident) {
    if (!ident.name().contains("/")) {
      return Optional.empty();
    }
    return PathIdentifier.hadoopSettings(ident.namespace())
        .map(AlexStoreOptions::new)
        .map(settings -> settings.with(AlexStoreOptions.PATH, TablePath.absolute(ident.name())));
  }

  private static AlexStoreOptions requirePath(Identifier ident) {
    return options(ident)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + String.join(".", ident.namespace())
                        + (ident.namespace().length > 0 ? "." : "")
                        + ident.name()
                        + "' is no path. Name an alexstore table by its directory in backticks,"
                        + " with a slash in it: alexstore.`/data/orders`"));
  }

  @Override
  public boolean tableExists(Identifier ident) {
    Optional<AlexStoreOptions> options = options(ident);
    return options.isPresent() && exists(options.get());
  }

  private static boolean exists(AlexStoreOptions options) {
    return AlexStoreTable.exists(options.path(), options);
  }

  @Override
  public Table loadTable(Identifier ident) throws NoSuchTableException {
    if (ident instanceof PathIdentifier byPath) {
      return load(byPath);
    }
    return loadNamed(ident, Map.of());
  }

  @Override
  public Table loadTable(Identifier ident, String version) throws NoSuchTableException {
    if (ident instanceof PathIdentifier byPath) {
      return AlexStoreTable.open(
          byPath.options().with(AlexStoreOptions.VERSION_AS_OF, version), pin);
    }
    return loadNamed(ident, Map.of(AlexStoreOptions.VERSION_AS_OF, version));
  }

  private Table loadNamed(Identifier ident, Map<String, String> more) throws NoSuchTableException {
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

  /** For {@code load(path)}, and for {@code save(path)} in the modes append and overwrite. */
  private Table load(PathIdentifier ident) {
    if (ident.isForReading()) {
      return AlexStoreTable.open(ident.options(), pin);
    }
    if (!AlexStoreTable.exists(ident.path(), ident.options())) {
      return NewTable.create(ident.path(), ident.options(), Map.of(), new StructType());
    }
    return ident.options().overwriteSchema()
        ? NewTable.overwrite(ident.path(), ident.options())
        : AlexStoreTable.openToWrite(ident.options(), pin);
  }

  @Override
  public Identifier[] listTables(String[] namespace) {
    return new Identifier[0];
  }

  // --- making ---

  @Override
  public Table createTable(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws TableAlreadyExistsException {
    NewTable table = plan(ident, columns, partitions, properties);
    AlexStoreOptions options = requirePath(ident);
    if (exists(options)) {
      throw new TableAlreadyExistsException(ident);
    }
    table.commitStagedChanges();
    return AlexStoreTable.open(options, pin);
  }

  @Override
  public StagedTable stageCreate(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws TableAlreadyExistsException {
    NewTable table = plan(ident, columns, partitions, properties);
    if (exists(requirePath(ident))) {
      throw new TableAlreadyExistsException(ident);
    }
    return table;
  }

  @Override
  public StagedTable stageReplace(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws NoSuchTableException {
    NewTable table = plan(ident, columns, partitions, properties);
    if (!exists(requirePath(ident))) {
      throw new NoSuchTableException(ident);
    }
    return table.replacing();
  }

  @Override
  public StagedTable stageCreateOrReplace(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties) {
    NewTable table = plan(ident, columns, partitions, properties);
    return exists(requirePath(ident)) ? table.replacing() : table;
  }

  private NewTable plan(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties) {
    AlexStoreOptions options = requirePath(ident);
    String path = options.path();
    NewTable.refusePartitions(partitions);
    String provider = properties.get(TableCatalog.PROP_PROVIDER);
    if (provider != null && !provider.equalsIgnoreCase("alexstore")) {
      throw new IllegalArgumentException(
          "The catalog '"
              + name
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

  // --- what a directory cannot do ---

  @Override
  public Table alterTable(Identifier ident, TableChange... changes) {
    throw new UnsupportedOperationException(
        "The columns and properties of the alexstore table at "
            + ident.name()
            + " cannot be altered yet. Replace it with its rows: save with mode overwrite and option"
            + " overwriteSchema=true");
  }

  @Override
  public boolean dropTable(Identifier ident) {
    throw new UnsupportedOperationException(
        "A table that is named by its directory is not dropped by name. Delete the directory "
            + ident.name()
            + " if nobody needs it any more");
  }

  @Override
  public void renameTable(Identifier from, Identifier to) {
    throw new UnsupportedOperationException(
        "A table that is named by its directory is not renamed by name: move the directory "
            + from.name());
  }
}
