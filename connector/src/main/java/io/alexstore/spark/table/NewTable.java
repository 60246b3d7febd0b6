package io.alexstore.spark.table;

import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.schema.TableKey;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.SessionSettings;
import io.alexstore.spark.conf.TableProperties;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.CheckTexts;
import io.alexstore.spark.convert.SparkColumns;
import io.alexstore.spark.convert.SparkSchemas;
import io.alexstore.spark.write.AlexWriteBuilder;
import io.alexstore.spark.write.CheckedRows;
import io.alexstore.spark.write.Conflicts;
import io.alexstore.spark.write.WriteMode;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWrite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.constraints.Constraint;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;

/**
 * A table that a write will make, or make anew with other columns and another key. The commit of
 * the write makes table and rows visible at once; before it there is nothing.
 */
public final class NewTable implements SupportsWrite, StagedTable {

  /** Properties that Spark gives every table, which say nothing about it. */
  private static final Set<String> SPARKS_OWN =
      Set.of(
          TableCatalog.PROP_PROVIDER,
          TableCatalog.PROP_LOCATION,
          TableCatalog.PROP_OWNER,
          TableCatalog.PROP_EXTERNAL,
          TableCatalog.PROP_IS_MANAGED_LOCATION);

  private enum Kind {
    CREATE,
    REPLACE,
    // As REPLACE, but only if the write says that it is an overwrite.
    OVERWRITE
  }

  private final String path;
  private final AlexStoreOptions options;
  private final Map<String, String> properties;
  private final StructType columns;
  private final List<CheckTexts.Named> checks;
  private final Kind kind;
  private final Optional<AlexTable> replaced;
  private Registration registration = () -> {};
  private volatile boolean begun;

  private NewTable(
      String path,
      AlexStoreOptions options,
      Map<String, String> properties,
      StructType columns,
      List<CheckTexts.Named> checks,
      Kind kind) {
    this.path = path;
    SparkSession session = SparkSession.active();
    this.options = options.withSession(SessionSettings.of(session));
    this.properties = Map.copyOf(properties);
    this.columns = columns;
    this.checks = List.copyOf(checks);
    this.kind = kind;
    try {
      this.replaced =
          kind == Kind.CREATE
              ? Optional.empty()
              : Optional.of(AlexTable.open(storage(options).store(), path));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the alexstore table at " + path, e);
    }
  }

  /**
   * A table to be made.
   *
   * @param options say its key, unless {@code properties} or the write's options do
   * @param properties the table's properties as Spark gives them
   * @param columns the columns, unless the write brings others
   */
  public static NewTable create(
      String path, AlexStoreOptions options, Map<String, String> properties, StructType columns) {
    return create(path, options, properties, columns, List.of());
  }

  /**
   * A table to be made, with CHECK constraints; see {@link #create(String, AlexStoreOptions, Map,
   * StructType)}.
   */
  public static NewTable create(
      String path,
      AlexStoreOptions options,
      Map<String, String> properties,
      StructType columns,
      List<CheckTexts.Named> checks) {
    return new NewTable(path, options, properties, columns, checks, Kind.CREATE);
  }

  /** A table that is there, all of which an overwrite will replace. */
  public static NewTable overwrite(String path, AlexStoreOptions options) {
    return new NewTable(path, options, Map.of(), new StructType(), List.of(), Kind.OVERWRITE);
  }

  /** The same in place of the table that is there. */
  public NewTable replacing() {
    return new NewTable(path, options, properties, columns, checks, Kind.REPLACE);
  }

  /** How a catalog that keeps a list of its tables comes to know of a new one. */
  @FunctionalInterface
  public interface Registration {
    /** Makes the table known by name, when it is there. */
    void register() throws IOException;
  }

  /** The same, which a catalog comes to know of when it has been made. */
  public NewTable registeredBy(Registration catalog) {
    registration = catalog;
    return this;
  }

  /**
   * Refuses partitions.
   *
   * @throws IllegalArgumentException if there are any
   */
  public static void refusePartitions(Transform... partitions) {
    if (partitions.length > 0) {
      throw new IllegalArgumentException(
          "alexstore tables have no partitions or buckets such as "
              + Arrays.toString(partitions)
              + ": rows lie in the order of the key. Leave partitionBy, bucketBy and clusterBy out"
              + " (in SQL: PARTITIONED BY, CLUSTERED BY, CLUSTER BY), and make the column the first"
              + " of primaryKey or sortKey");
    }
  }

  private TableStorage storage(AlexStoreOptions all) {
    return TableStorage.of(SparkSession.active(), path, all);
  }

  /** The table's directory. */
  public String path() {
    return path;
  }

  @Override
  public String name() {
    return "alexstore.`" + path + "`";
  }

  /** For Spark 4.0, which has no other way to ask for the columns everywhere. */
  @Override
  @SuppressWarnings("deprecation")
  public StructType schema() {
    return columns;
  }

  @Override
  public org.apache.spark.sql.connector.catalog.Column[] columns() {
    return SparkColumns.columns(columns);
  }

  /** Those that rows must fulfil which replace the table's; of what is new, no row is here yet. */
  @Override
  public Constraint[] constraints() {
    return kind == Kind.OVERWRITE
        ? SparkConstraints.checks(replaced.orElseThrow().schema())
        : new Constraint[0];
  }

  @Override
  public Transform[] partitioning() {
    return new Transform[] {new NoPartitions()};
  }

  @Override
  public Map<String, String> properties() {
    return properties;
  }

  @Override
  public Set<TableCapability> capabilities() {
    // The rows bring the columns.
    return Set.of(
        TableCapability.BATCH_WRITE, TableCapability.TRUNCATE, TableCapability.ACCEPT_ANY_SCHEMA);
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    AlexStoreOptions all = keyFromProperties().with(info.options());
    all.requireNewest();
    // As of Spark's own tables, columns of which rows happen to have no nulls may get some.
    Schema schema = plan(info.schema().asNullable(), all);
    Map<String, String> kept = newProperties(all);
    TableStorage storage = storage(all);
    int retries = all.commitRetries(kept);
    return new AlexWriteBuilder(
        storage,
        schema,
        info,
        mode -> begin(storage, mode, schema, kept).withCommitRetries(retries),
        Conflicts.of(all, path, schema, kept, AlexStoreTable.isCaseSensitive()),
        all.targetSegmentSize(kept),
        predicates -> Optional.empty());
  }

  private AlexStoreOptions keyFromProperties() {
    return withKey(options, properties);
  }

  /** Options, and what a new table's properties say of its key, which wins. */
  public static AlexStoreOptions withKey(AlexStoreOptions options, Map<String, String> properties) {
    Map<String, String> known = new LinkedHashMap<>();
    properties.forEach(
        (name, value) -> {
          if (isOption(name)) {
            known.put(name, value);
          }
        });
    return options.with(known);
  }

  private static boolean isOption(String name) {
    return name.equalsIgnoreCase(AlexStoreOptions.PRIMARY_KEY)
        || name.equalsIgnoreCase(AlexStoreOptions.SORT_KEY)
        || name.equalsIgnoreCase(AlexStoreOptions.TARGET_SEGMENT_SIZE);
  }

  private Schema plan(StructType given, AlexStoreOptions all) {
    List<CheckTexts.Named> fulfilled =
        kind == Kind.OVERWRITE ? CheckTexts.of(replaced.orElseThrow().schema()) : checks;
    return CheckTexts.with(keyed(given, all), fulfilled);
  }

  private Schema keyed(StructType given, AlexStoreOptions all) {
    Optional<TableKey.Kind> asked = all.keyKind();
    boolean sensitive = AlexStoreTable.isCaseSensitive();
    if (asked.isPresent()) {
      return SparkSchemas.create(given, asked.get(), all.keyColumns(), sensitive);
    }
    if (replaced.isPresent()) {
      Schema old = replaced.get().schema();
      List<String> key = old.keyColumns().stream().map(Column::name).toList();
      return SparkSchemas.create(given, old.key().kind(), key, sensitive);
    }
    throw new IllegalArgumentException(
        "There is no alexstore table at "
            + path
            + ", and a new one needs a key: add .option(\"primaryKey\", \"<columns>\") if their"
            + " values are unique and never null, otherwise .option(\"sortKey\", \"<columns>\")"
            + " (in SQL: PRIMARY KEY (<columns>) after the last column, or TBLPROPERTIES"
            + " ('primaryKey'='<columns>')). The columns are "
            + String.join(", ", given.fieldNames()));
  }

  private Map<String, String> newProperties(AlexStoreOptions all) {
    Map<String, String> result = new TreeMap<>();
    if (kind == Kind.OVERWRITE) {
      result.putAll(replaced.orElseThrow().snapshot().properties());
    }
    properties.forEach(
        (name, value) -> {
          boolean sparks = SPARKS_OWN.contains(name) || name.startsWith(TableCatalog.OPTION_PREFIX);
          if (!sparks && !isOption(name) && !TableFacts.isFact(name)) {
            TableProperties.check(name, value);
            result.put(name, value);
          }
        });
    result.putAll(all.newTableProperties());
    return result;
  }

  private TableWrite begin(
      TableStorage storage, WriteMode mode, Schema schema, Map<String, String> kept)
      throws IOException {
    begun = true;
    if (replaced.isEmpty()) {
      // There is nothing yet that an overwrite could replace.
      return CheckedRows.promised(AlexTable.beginCreate(storage.store(), path, schema, kept));
    }
    if (kind == Kind.OVERWRITE && !(mode instanceof WriteMode.Overwrite)) {
      throw new IllegalArgumentException(
          "Option 'overwriteSchema' replaces the table at "
              + path
              + ", and this write appends to it: use mode overwrite, or leave the option out");
    }
    return CheckedRows.promised(replaced.get().beginOverwrite(schema, kept));
  }

  /** Makes the table without rows, unless a write has made it with its rows. */
  @Override
  public void commitStagedChanges() {
    if (!begun) { // Else the write's commit was the table's.
      commitEmpty();
    }
    try {
      registration.register();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The table was made at " + path + ", but the catalog could not take it up", e);
    }
  }

  private void commitEmpty() {
    AlexStoreOptions all = keyFromProperties();
    Schema schema = plan(columns, all);
    Map<String, String> kept = newProperties(all);
    // Refuses what no write could be made with.
    Conflicts.of(all, path, schema, kept, AlexStoreTable.isCaseSensitive());
    all.targetSegmentSize(kept);
    try {
      begin(storage(all), new WriteMode.Overwrite(), schema, kept)
          .withCommitRetries(all.commitRetries(kept))
          .commit(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException("No table was made at " + path, e);
    }
  }

  @Override
  public void abortStagedChanges() {
    // A write that fails takes its files away itself, and nothing else was made.
  }

  @Override
  public String toString() {
    return name();
  }
}
