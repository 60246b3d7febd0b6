package io.alexstore.spark.catalog;

import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.convert.CheckTexts;
import io.alexstore.spark.procedure.Procedures;
import io.alexstore.spark.table.AlexStoreTable;
import io.alexstore.spark.table.SnapshotPin;
import io.alexstore.spark.table.TablePath;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.DelegatingCatalogExtension;
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
 * The session's own catalog, with alexstore tables among the others: {@code CREATE TABLE t ...
 * USING alexstore}; with what is told of them, as {@code db.t.snapshots}, and procedures in the
 * namespace {@code system}. Tables of other providers, and namespaces, functions and views, are
 * left to Spark.
 *
 * <p>Thread safety: as that of the session's catalog.
 */
@SuppressWarnings("deprecation") // Spark calls the older forms of create and replace, too.
public class SessionCatalog extends DelegatingCatalogExtension
    implements StagingTableCatalog, ProcedureCatalog {

  /** No options: the table as it is. */
  private static final Map<String, String> NEWEST = Map.of();

  private final SnapshotPin pin;
  private final Procedures procedures =
      new Procedures(new NamedTables(this::name, this::own, this::byPath));

  /** A catalog whose tables are read at the version that {@code pin} gives. */
  protected SessionCatalog(SnapshotPin pin) {
    this.pin = pin;
  }

  private TableCatalog others() {
    return (TableCatalog) delegate;
  }

  private SessionTables tables() {
    return new SessionTables(others(), pin);
  }

  private TableCreation creation() {
    return new TableCreation(pin, tables()::place);
  }

  @Override
  public Set<TableCatalogCapability> capabilities() {
    Set<TableCatalogCapability> all = new HashSet<>(super.capabilities());
    all.addAll(Capabilities.ALL);
    return all;
  }

  // --- finding ---

  @Override
  public Table loadTable(Identifier ident) throws NoSuchTableException {
    return isTold(ident)
        ? told(ident, this::own)
        : tables().resolve(super.loadTable(ident), NEWEST);
  }

  @Override
  public Table loadTable(Identifier ident, String version) throws NoSuchTableException {
    Map<String, String> then = Map.of(AlexStoreOptions.VERSION_AS_OF, version);
    if (isTold(ident)) {
      return told(ident, of -> requireOwn(of, tables().resolve(super.loadTable(of), then)));
    }
    Table known = super.loadTable(ident);
    return SessionTables.isOurs(known.properties())
        ? tables().resolve(known, then)
        : super.loadTable(ident, version);
  }

  @Override
  public Table loadTable(Identifier ident, long timestampMicros) throws NoSuchTableException {
    Instant time = Instant.EPOCH.plus(timestampMicros, ChronoUnit.MICROS);
    if (isTold(ident)) {
      return told(ident, of -> own(of).asOf(time));
    }
    Table known = tables().resolve(super.loadTable(ident), NEWEST);
    return known instanceof AlexStoreTable table
        ? table.asOf(time)
        : super.loadTable(ident, timestampMicros);
  }

  /** Whether it can only be what is told of a table: Spark's namespaces hold none themselves. */
  private static boolean isTold(Identifier ident) {
    return ident.namespace().length == 2;
  }

  private static Table told(Identifier ident, MetadataNames.Loader loader)
      throws NoSuchTableException {
    return MetadataNames.load(
        ident,
        of -> {
          if (isTold(of)) {
            throw new NoSuchTableException(of);
          }
          return loader.load(of);
        });
  }

  private AlexStoreTable own(Identifier ident) throws NoSuchTableException {
    if (ident.namespace().length != 1) {
      throw new NoSuchTableException(ident);
    }
    return requireOwn(ident, tables().resolve(super.loadTable(ident), NEWEST));
  }

  private static AlexStoreTable requireOwn(Identifier ident, Table table)
      throws NoSuchTableException {
    if (table instanceof AlexStoreTable own) {
      return own;
    }
    throw new NoSuchTableException(ident);
  }

  private AlexStoreTable byPath(String path) {
    return AlexStoreTable.open(
        new AlexStoreOptions(Map.of(AlexStoreOptions.PATH, TablePath.absolute(path))), pin);
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

  // --- making ---

  @Override
  public Table createTable(Identifier ident, TableInfo info)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    if (!SessionTables.isOurs(info.properties())) {
      return others().createTable(ident, info);
    }
    return create(statement(ident, info));
  }

  @Override
  public Table createTable(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    return SessionTables.isOurs(properties)
        ? create(statement(ident, columns, partitions, properties))
        : super.createTable(ident, columns, partitions, properties);
  }

  @Override
  public Table createTableLike(Identifier ident, TableInfo info, Table source)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    boolean isOurs =
        info.properties().containsKey(TableCatalog.PROP_PROVIDER)
            ? SessionTables.isOurs(info.properties())
            : SessionTables.isOurs(source.properties());
    return isOurs
        ? create(StatementConstraints.like(statement(ident, info), source))
        : super.createTableLike(ident, info, source);
  }

  private Table create(TableCreation.Statement statement)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    creation().create(statement);
    return tables().find(statement.ident()).orElseThrow();
  }

  private static TableCreation.Statement statement(Identifier ident, TableInfo info) {
    return new TableCreation.Statement(
        ident,
        info.columns(),
        info.partitions(),
        StatementConstraints.properties(info),
        StatementConstraints.checks(info));
  }

  private static TableCreation.Statement statement(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties) {
    return new TableCreation.Statement(
        ident, columns, partitions, properties, List.<CheckTexts.Named>of());
  }

  @Override
  public StagedTable stageCreate(Identifier ident, TableInfo info)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    if (SessionTables.isOurs(info.properties())) {
      return creation().stageCreate(statement(ident, info));
    }
    others().createTable(ident, info);
    return null; // Spark then writes to the table that was made.
  }

  @Override
  public StagedTable stageReplace(Identifier ident, TableInfo info)
      throws NoSuchNamespaceException, NoSuchTableException {
    if (SessionTables.isOurs(info.properties())) {
      return creation().stageReplace(statement(ident, info));
    }
    if (!dropTable(ident)) {
      throw new NoSuchTableException(ident);
    }
    return makeOther(ident, () -> others().createTable(ident, info));
  }

  @Override
  public StagedTable stageCreateOrReplace(Identifier ident, TableInfo info)
      throws NoSuchNamespaceException {
    if (SessionTables.isOurs(info.properties())) {
      return creation().stageCreateOrReplace(statement(ident, info));
    }
    dropTable(ident);
    return makeOther(ident, () -> others().createTable(ident, info));
  }

  // Spark 4.0 has these forms only.

  @Override
  public StagedTable stageCreate(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    if (SessionTables.isOurs(properties)) {
      return creation().stageCreate(statement(ident, columns, partitions, properties));
    }
    super.createTable(ident, columns, partitions, properties);
    return null;
  }

  @Override
  public StagedTable stageReplace(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws NoSuchNamespaceException, NoSuchTableException {
    if (SessionTables.isOurs(properties)) {
      return creation().stageReplace(statement(ident, columns, partitions, properties));
    }
    if (!dropTable(ident)) {
      throw new NoSuchTableException(ident);
    }
    return makeOther(ident, () -> super.createTable(ident, columns, partitions, properties));
  }

  @Override
  public StagedTable stageCreateOrReplace(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws NoSuchNamespaceException {
    if (SessionTables.isOurs(properties)) {
      return creation().stageCreateOrReplace(statement(ident, columns, partitions, properties));
    }
    dropTable(ident);
    return makeOther(ident, () -> super.createTable(ident, columns, partitions, properties));
  }

  /** Makes a table of another provider. */
  @FunctionalInterface
  private interface Maker {
    void make() throws TableAlreadyExistsException, NoSuchNamespaceException;
  }

  /** As Spark replaces the tables of a catalog that cannot do it at once. */
  private static StagedTable makeOther(Identifier ident, Maker maker)
      throws NoSuchNamespaceException {
    try {
      maker.make();
    } catch (TableAlreadyExistsException e) {
      throw new IllegalStateException("Another made the table " + ident + " meanwhile", e);
    }
    return null;
  }

  // --- altering and dropping ---

  @Override
  public Table alterTable(Identifier ident, TableChange... changes) throws NoSuchTableException {
    Optional<AlexStoreTable> table = tables().find(ident);
    if (table.isEmpty()) {
      return super.alterTable(ident, changes);
    }
    new TableChanges(SqlNames.of(name(), ident), table.get()).apply(changes);
    return loadTable(ident);
  }

  @Override
  public boolean dropTable(Identifier ident) {
    return tables().drop(ident);
  }

  @Override
  public boolean purgeTable(Identifier ident) {
    return tables().find(ident).isPresent() ? tables().drop(ident) : super.purgeTable(ident);
  }
}
