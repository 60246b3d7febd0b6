package io.alexstore.spark.catalog;

import io.alexstore.error.TableNotFoundException;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.convert.CheckTexts;
import io.alexstore.spark.procedure.Procedures;
import io.alexstore.spark.table.AlexStoreTable;
import io.alexstore.spark.table.SnapshotPin;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.ProcedureCatalog;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.catalog.StagingTableCatalog;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableCatalogCapability;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.TableInfo;
import org.apache.spark.sql.connector.catalog.procedures.UnboundProcedure;
import org.apache.spark.sql.connector.expressions.Transform;

/**
 * What catalogs have in common that know a table by its directory, however that is named: to find,
 * make and replace it. A table is there as soon as its first version is, so there is nothing that
 * the catalog could hold beside it.
 *
 * <p>Thread safety: safe for any number of threads.
 */
@SuppressWarnings("deprecation") // Spark calls the older forms of create and replace, too.
abstract class DirectoryCatalog implements StagingTableCatalog, ProcedureCatalog {

  private final SnapshotPin pin;
  private final TableCreation creation;
  private final Procedures procedures =
      new Procedures(
          new NamedTables(
              this::name, this::load, path -> AlexStoreTable.open(optionsOf(path), pin())));

  /** A catalog whose tables are read at the version that {@code pin} gives. */
  DirectoryCatalog(SnapshotPin pin) {
    this.pin = pin;
    this.creation = new TableCreation(pin, this::place);
  }

  final SnapshotPin pin() {
    return pin;
  }

  /** Where the table of a name is, or would be, as options that open it; empty if nowhere. */
  abstract Optional<AlexStoreOptions> options(Identifier ident);

  /** The table at a path, as options that open it in the way of this catalog. */
  abstract AlexStoreOptions optionsOf(String path);

  /** Where the table of a name is if it is not where the name says; empty if it is nowhere. */
  Optional<AlexStoreOptions> elsewhere(Identifier ident) {
    return Optional.empty();
  }

  /** See {@link TableCreation.Placement#of}. */
  abstract Place place(Identifier ident, Optional<String> location) throws NoSuchNamespaceException;

  // --- finding ---

  @Override
  public boolean tableExists(Identifier ident) {
    Optional<AlexStoreOptions> options = options(ident);
    return options.isPresent() && (exists(options.get()) || elsewhere(ident).isPresent());
  }

  static boolean exists(AlexStoreOptions options) {
    return AlexStoreTable.exists(options.path(), options);
  }

  @Override
  public Table loadTable(Identifier ident) throws NoSuchTableException {
    return MetadataNames.load(ident, this::load);
  }

  @Override
  public Table loadTable(Identifier ident, String version) throws NoSuchTableException {
    return MetadataNames.load(
        ident, own -> load(own, Map.of(AlexStoreOptions.VERSION_AS_OF, version)));
  }

  @Override
  public Table loadTable(Identifier ident, long timestampMicros) throws NoSuchTableException {
    Instant time = Instant.EPOCH.plus(timestampMicros, ChronoUnit.MICROS);
    return MetadataNames.load(ident, own -> load(own).asOf(time));
  }

  private AlexStoreTable load(Identifier ident) throws NoSuchTableException {
    return load(ident, Map.of());
  }

  private AlexStoreTable load(Identifier ident, Map<String, String> more)
      throws NoSuchTableException {
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
      AlexStoreOptions there = elsewhere(ident).orElseThrow(() -> new NoSuchTableException(ident));
      return AlexStoreTable.open(there.with(more), pin).external();
    }
  }

  // --- making ---

  @Override
  public Set<TableCatalogCapability> capabilities() {
    return Capabilities.ALL;
  }

  @Override
  public Table createTable(Identifier ident, TableInfo info)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    return create(statement(ident, info));
  }

  @Override
  public StagedTable stageCreate(Identifier ident, TableInfo info)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    return creation.stageCreate(statement(ident, info));
  }

  @Override
  public StagedTable stageReplace(Identifier ident, TableInfo info)
      throws NoSuchNamespaceException, NoSuchTableException {
    return creation.stageReplace(statement(ident, info));
  }

  @Override
  public StagedTable stageCreateOrReplace(Identifier ident, TableInfo info)
      throws NoSuchNamespaceException {
    return creation.stageCreateOrReplace(statement(ident, info));
  }

  @Override
  public Table createTable(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    return create(statement(ident, columns, partitions, properties, List.of()));
  }

  @Override
  public StagedTable stageCreate(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    return creation.stageCreate(statement(ident, columns, partitions, properties, List.of()));
  }

  @Override
  public StagedTable stageReplace(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws NoSuchTableException, NoSuchNamespaceException {
    return creation.stageReplace(statement(ident, columns, partitions, properties, List.of()));
  }

  @Override
  public StagedTable stageCreateOrReplace(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws NoSuchNamespaceException {
    return creation.stageCreateOrReplace(
        statement(ident, columns, partitions, properties, List.of()));
  }

  @Override
  public Table createTableLike(Identifier ident, TableInfo info, Table source)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    return create(StatementConstraints.like(statement(ident, info), source));
  }

  private Table create(TableCreation.Statement statement)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    creation.create(statement);
    try {
      return loadTable(statement.ident());
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("Another dropped " + statement.ident() + " at once", e);
    }
  }

  private TableCreation.Statement statement(Identifier ident, TableInfo info) {
    return statement(
        ident,
        info.columns(),
        info.partitions(),
        StatementConstraints.properties(info),
        StatementConstraints.checks(info));
  }

  private TableCreation.Statement statement(
      Identifier ident,
      Column[] columns,
      Transform[] partitions,
      Map<String, String> properties,
      List<CheckTexts.Named> checks) {
    String provider = properties.get(TableCatalog.PROP_PROVIDER);
    if (provider != null && !provider.equalsIgnoreCase("alexstore")) {
      throw new IllegalArgumentException(
          "The catalog '"
              + name()
              + "' has alexstore tables only, not those of "
              + provider
              + ": leave USING out, or write USING alexstore");
    }
    return new TableCreation.Statement(ident, columns, partitions, properties, checks);
  }

  // --- maintaining ---

  @Override
  public UnboundProcedure loadProcedure(Identifier ident) {
    return procedures.load(ident);
  }

  @Override
  public Identifier[] listProcedures(String[] namespace) {
    return procedures.list(namespace);
  }

  // --- altering ---

  @Override
  public Table alterTable(Identifier ident, TableChange... changes) throws NoSuchTableException {
    AlexStoreTable table = load(ident, Map.of());
    new TableChanges(SqlNames.of(name(), ident), table).apply(changes);
    return load(ident, Map.of());
  }
}
