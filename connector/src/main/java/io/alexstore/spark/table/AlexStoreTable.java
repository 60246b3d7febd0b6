package io.alexstore.spark.table;

import io.alexstore.io.FileStore;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.Snapshot;
import io.alexstore.schema.Schema;
import io.alexstore.schema.TableKey;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.SessionSettings;
import io.alexstore.spark.conf.SparkFeatures;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.SparkColumns;
import io.alexstore.spark.convert.SparkSchemas;
import io.alexstore.spark.read.MetadataColumns;
import io.alexstore.spark.rowlevel.RowChange;
import io.alexstore.spark.scan.AlexScanBuilder;
import io.alexstore.spark.scan.KeyConditions;
import io.alexstore.spark.write.AlexWriteBuilder;
import io.alexstore.spark.write.CheckedRows;
import io.alexstore.spark.write.Conflicts;
import io.alexstore.spark.write.WriteMode;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWrite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsDeleteV2;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsRowLevelOperations;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.constraints.Constraint;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.RowLevelOperationBuilder;
import org.apache.spark.sql.connector.write.RowLevelOperationInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A table that is there, as Spark sees it. It is read at the version that is the newest when a
 * query is planned. A table that is yet to be made is a {@link NewTable}.
 */
public class AlexStoreTable
    implements SupportsRead,
        SupportsWrite,
        SupportsMetadataColumns,
        SupportsDeleteV2,
        SupportsRowLevelOperations {

  /** By which name the primary key is known among the constraints. */
  public static final String KEY_CONSTRAINT = "primary_key";

  private final String path;
  private final AlexStoreOptions options;
  private final TableStorage storage;
  private final SnapshotPin pin;
  private final Schema schema;
  private final Snapshot opened;
  private final UUID tableId;
  private final AlexTable table;
  // Whether Spark compares the table's partitions with those that a write asks for.
  private final boolean toWrite;
  // Whether the place is not one that the table's name says.
  private boolean isExternal;

  AlexStoreTable(
      TableStorage storage,
      AlexStoreOptions options,
      SnapshotPin pin,
      AlexTable table,
      boolean toWrite) {
    this.path = storage.table();
    this.options = options;
    this.storage = storage;
    this.pin = pin;
    this.schema = table.schema();
    this.opened = table.snapshot();
    this.tableId = opened.tableId();
    this.table = table;
    this.toWrite = toWrite;
  }

  /**
   * The table at a path, to be read.
   *
   * @throws io.alexstore.error.TableNotFoundException if there is none
   */
  public static AlexStoreTable open(AlexStoreOptions options, SnapshotPin pin) {
    return open(options, pin, false);
  }

  /**
   * The table at a path, to be written with {@code save}.
   *
   * @throws IllegalArgumentException if the options name another key than the table's
   */
  public static AlexStoreTable openToWrite(AlexStoreOptions options, SnapshotPin pin) {
    AlexStoreTable table = open(options, pin, true);
    table.requireSameKey(options);
    return table;
  }

  private static AlexStoreTable open(AlexStoreOptions given, SnapshotPin pin, boolean toWrite) {
    SparkSession session = SparkSession.active();
    AlexStoreOptions options = given.withSession(SessionSettings.of(session));
    String path = TablePath.absolute(options.path());
    TableStorage storage = TableStorage.of(session, path, options);
    try {
      AlexTable table = KnownTables.open(storage.store(), path);
      if (options.versionAsOf().isPresent()) {
        table = table.asOf(options.versionAsOf().getAsLong());
      }
      return make(storage, options, pin, table, toWrite);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the alexstore table at " + path, e);
    }
  }

  /** One whose columns Spark may have changed by a write, where Spark can. */
  private static AlexStoreTable make(
      TableStorage storage,
      AlexStoreOptions options,
      SnapshotPin pin,
      AlexTable table,
      boolean toWrite) {
    return SparkFeatures.SCHEMA_EVOLUTION
        ? EvolvingTable.of(storage, options, pin, table, toWrite)
        : new AlexStoreTable(storage, options, pin, table, toWrite);
  }

  /**
   * The table at a path, or the one that rows with some columns are to make there.
   *
   * @param columns the columns of the rows, or those that a reader expects
   */
  public static Table openOrPlan(AlexStoreOptions options, StructType columns, SnapshotPin pin) {
    String path = TablePath.absolute(options.path());
    if (!exists(path, options)) {
      return NewTable.create(path, options, Map.of(), columns);
    }
    AlexStoreTable table = openToWrite(options, pin);
    table.requireColumns(columns);
    return table;
  }

  /** The same table, which a catalog found at a place that its name does not say. */
  public AlexStoreTable external() {
    AlexStoreTable other = make(storage, options, pin, table, toWrite);
    other.isExternal = true;
    return other;
  }

  /**
   * The same table, read as it was at a time.
   *
   * @throws io.alexstore.error.TableNotFoundException if it was not there yet, that version has
   *     expired, or the time is in the future
   */
  public AlexStoreTable asOf(Instant time) {
    try {
      AlexTable old = table.asOf(time);
      AlexStoreOptions then = options.atVersion(old.snapshot().version());
      AlexStoreTable other = new AlexStoreTable(storage, then, pin, old, false);
      other.isExternal = isExternal;
      return other;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot find the version of " + path + " at " + time, e);
    }
  }

  /** Whether there is a table at a path. */
  public static boolean exists(String path, AlexStoreOptions options) {
    try {
      return AlexTable.exists(TableStorage.of(SparkSession.active(), path, options).store(), path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look for an alexstore table at " + path, e);
    }
  }

  static boolean isCaseSensitive() {
    return Boolean.parseBoolean(SparkSession.active().conf().get("spark.sql.caseSensitive"));
  }

  /**
   * Checks that it has the key that options name, if they name one.
   *
   * @throws IllegalArgumentException if not
   */
  public void requireSameKey(AlexStoreOptions options) {
    Optional<TableKey.Kind> kind = options.keyKind();
    if (kind.isEmpty()) {
      return;
    }
    StructType columns = SparkSchemas.toSpark(schema);
    List<String> given = options.keyColumns();
    List<Integer> places = SparkSchemas.resolve(columns, given, isCaseSensitive());
    List<Integer> key = Arrays.stream(schema.keyIndexes()).boxed().toList();
    if (kind.get() != schema.key().kind() || !places.equals(key)) {
      String option =
          kind.get() == TableKey.Kind.PRIMARY
              ? AlexStoreOptions.PRIMARY_KEY
              : AlexStoreOptions.SORT_KEY;
      throw new IllegalArgumentException(
          "The table at "
              + path
              + " has the "
              + SparkSchemas.describeKey(schema)
              + ", and the write says "
              + option
              + " '"
              + String.join(",", given)
              + "'. A table keeps its key: leave the option out, write to another path, or replace"
              + " the table with mode overwrite and option overwriteSchema=true");
    }
  }

  @Override
  public String name() {
    return "alexstore.`" + path + "`";
  }

  /** The table's directory. */
  public String path() {
    return path;
  }

  /** Where it lies. */
  public TableStorage storage() {
    return storage;
  }

  /** The file store that it lies in. */
  public FileStore store() {
    return storage.store();
  }

  /** The version that was the newest, or asked for, when it was opened. */
  public final Snapshot opened() {
    return opened;
  }

  /** The columns, the key and the constraints. */
  public Schema tableSchema() {
    return schema;
  }

  /** The table's columns. */
  public StructType sparkSchema() {
    return SparkSchemas.toSpark(schema);
  }

  /** For Spark 4.0, which has no other way to ask for the columns everywhere. */
  @Override
  @SuppressWarnings("deprecation")
  public StructType schema() {
    return sparkSchema();
  }

  @Override
  public Column[] columns() {
    return SparkColumns.columns(sparkSchema());
  }

  @Override
  public Transform[] partitioning() {
    return toWrite ? new Transform[] {new NoPartitions()} : new Transform[0];
  }

  @Override
  public Constraint[] constraints() {
    return SparkConstraints.of(schema);
  }

  /** The table's own properties, its key, and what Spark wants to know of every table. */
  @Override
  public Map<String, String> properties() {
    Map<String, String> all = new TreeMap<>(table.snapshot().properties());
    all.putAll(TableFacts.of(table.snapshot()));
    String option =
        schema.key().kind() == TableKey.Kind.PRIMARY
            ? AlexStoreOptions.PRIMARY_KEY
            : AlexStoreOptions.SORT_KEY;
    List<String> key = schema.keyColumns().stream().map(io.alexstore.schema.Column::name).toList();
    all.put(option, AlexStoreOptions.joinNames(key));
    all.put(TableCatalog.PROP_PROVIDER, AlexStoreOptions.SESSION_PREFIX);
    all.put(TableCatalog.PROP_LOCATION, path);
    // Where its name says where it is, a statement that makes it needs no location.
    all.put(
        isExternal ? TableCatalog.PROP_EXTERNAL : TableCatalog.PROP_IS_MANAGED_LOCATION, "true");
    return all;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(
        TableCapability.BATCH_READ,
        TableCapability.BATCH_WRITE,
        TableCapability.TRUNCATE,
        TableCapability.OVERWRITE_BY_FILTER,
        TableCapability.OVERWRITE_DYNAMIC);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap scanOptions) {
    // A table that is named, not loaded by its path, has the options of the read from here only.
    AlexStoreOptions all = options.with(scanOptions.asCaseSensitiveMap());
    if (all.metadataTable().isPresent()) {
      throw new IllegalArgumentException(
          "Option 'metadataTable' is for tables that are loaded by their path. Write what it asks"
              + " for behind the table's name, as in db.orders.snapshots");
    }
    Snapshot snapshot = options.versionAsOf().isPresent() ? table.snapshot() : pinned();
    return new AlexScanBuilder(storage, snapshot, all);
  }

  /** The version that a query reads which is being planned, whatever its schema. */
  public Snapshot snapshotToRead() {
    return options.versionAsOf().isPresent() ? table.snapshot() : loadPinned();
  }

  /** The version that the query reads which is being planned. */
  private Snapshot pinned() {
    Snapshot snapshot = loadPinned();
    requireSchema(snapshot);
    return snapshot;
  }

  private Snapshot loadPinned() {
    try {
      return pin.pin(table.store(), path, () -> newest(table));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot load the newest version of " + path, e);
    }
  }

  private void requireSchema(Snapshot snapshot) {
    if (snapshot.schema().id() != schema.id() || !snapshot.tableId().equals(tableId)) {
      throw new IllegalStateException(
          "The table at "
              + path
              + " has got another schema since this DataFrame was made: load it"
              + " again");
    }
  }

  private static Snapshot newest(AlexTable table) throws IOException {
    table.refresh();
    return table.snapshot();
  }

  /**
   * Checks that it has some columns.
   *
   * @throws IllegalArgumentException if not
   */
  public void requireColumns(StructType expected) {
    StructType own = sparkSchema();
    if (!DataType.equalsIgnoreNullability(own, expected)) {
      throw new IllegalArgumentException(
          "The table at "
              + path
              + " has the columns "
              + own.sql()
              + ", which are not those given: "
              + expected.sql()
              + ". Leave them out, and select or cast columns after loading");
    }
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    AlexStoreOptions all = options.with(info.options());
    all.requireNewest();
    requireSameKey(all);
    if (all.overwriteSchema()) {
      throw new IllegalArgumentException(
          "Option 'overwriteSchema' is for mode overwrite of save(path); with writeTo use replace()"
              + " or createOrReplace(), in SQL CREATE OR REPLACE TABLE");
    }
    int retries = all.commitRetries(properties());
    return new AlexWriteBuilder(
        storage,
        schema,
        info,
        mode -> begin(mode).withCommitRetries(retries),
        Conflicts.of(all, path, schema, properties(), isCaseSensitive()),
        all.targetSegmentSize(properties()),
        predicates -> KeyConditions.exact(table.keyCodec(), predicates));
  }

  private TableWrite begin(WriteMode mode) {
    requireSchema(table.snapshot());
    TableWrite write;
    if (mode instanceof WriteMode.OverwriteRanges some) {
      write = table.beginOverwrite(some.ranges());
    } else if (mode instanceof WriteMode.Append append) {
      write = table.beginAppend(append.onConflict());
    } else {
      write = table.beginOverwrite();
    }
    return CheckedRows.promised(write);
  }

  // --- rows that change ---

  @Override
  public MetadataColumn[] metadataColumns() {
    return Arrays.stream(SparkSchemas.toSpark(MetadataColumns.all()).fields())
        .map(PlaceColumn::new)
        .toArray(MetadataColumn[]::new);
  }

  @Override
  public RowLevelOperationBuilder newRowLevelOperationBuilder(RowLevelOperationInfo info) {
    options.requireNewest();
    for (io.alexstore.schema.Column place : MetadataColumns.all()) {
      for (String own : sparkSchema().fieldNames()) {
        if (own.equalsIgnoreCase(place.name())) {
          throw new IllegalArgumentException(
              "The table at "
                  + path
                  + " has a column '"
                  + own
                  + "', by which UPDATE, DELETE and MERGE tell rows apart in every other table."
                  + " Replace the table by one whose column has another name");
        }
      }
    }
    return () -> new RowChange(storage, table, options, info.command(), this::pinned);
  }

  /** Whether keys alone say which rows go: then none is read. */
  @Override
  public boolean canDeleteWhere(Predicate[] predicates) {
    return keys(predicates).isPresent();
  }

  private Optional<KeyRanges> keys(Predicate... predicates) {
    return KeyConditions.exact(table.keyCodec(), predicates);
  }

  @Override
  public void deleteWhere(Predicate[] predicates) {
    options.requireNewest();
    delete(keys(predicates).orElseThrow());
  }

  @Override
  public boolean truncateTable() {
    options.requireNewest();
    delete(KeyRanges.all(table.keyCodec().form()));
    return true;
  }

  private void delete(KeyRanges keys) {
    try {
      newest(table);
      table
          .beginDelete(keys)
          .withCommitRetries(options.commitRetries(table.snapshot().properties()))
          .commit(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException("The rows of " + path + " were not deleted", e);
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
