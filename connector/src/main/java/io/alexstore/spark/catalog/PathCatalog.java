package io.alexstore.spark.catalog;

import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.metadata.MetadataKind;
import io.alexstore.spark.metadata.MetadataTable;
import io.alexstore.spark.table.AlexStoreTable;
import io.alexstore.spark.table.NewTable;
import io.alexstore.spark.table.SnapshotPin;
import io.alexstore.spark.table.TablePath;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The catalog of tables that are named by their directory: {@code alexstore.`/data/orders`}. It
 * holds no list of tables; a name with a slash in it is a path, and no other name is a table.
 *
 * <p>Thread safety: safe for any number of threads; it has no state but its name.
 */
public class PathCatalog extends DirectoryCatalog {

  private String name = "alexstore";

  /** A catalog whose tables are read at the version that {@code pin} gives. */
  protected PathCatalog(SnapshotPin pin) {
    super(pin);
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

  @Override
  Optional<AlexStoreOptions> options(Identifier ident) {
    if (!ident.name().contains("/")) {
      return Optional.empty();
    }
    return PathIdentifier.hadoopSettings(ident.namespace())
        .map(AlexStoreOptions::new)
        .map(settings -> settings.with(AlexStoreOptions.PATH, TablePath.absolute(ident.name())));
  }

  @Override
  AlexStoreOptions optionsOf(String path) {
    return new AlexStoreOptions(Map.of(AlexStoreOptions.PATH, TablePath.absolute(path)));
  }

  @Override
  Place place(Identifier ident, Optional<String> location) {
    AlexStoreOptions options = requireOptions(ident);
    if (location.isPresent() && !TablePath.samePlace(location.get(), options.path())) {
      throw new IllegalArgumentException(
          "The table's name says that it is at "
              + options.path()
              + ", its location "
              + location.get()
              + " says otherwise: leave the location out");
    }
    return new Place(options, exists(options));
  }

  private AlexStoreOptions requireOptions(Identifier ident) {
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
  public Table loadTable(Identifier ident) throws NoSuchTableException {
    if (ident instanceof PathIdentifier byPath) {
      return load(byPath);
    }
    return super.loadTable(ident);
  }

  @Override
  public Table loadTable(Identifier ident, String version) throws NoSuchTableException {
    if (ident instanceof PathIdentifier byPath) {
      AlexStoreOptions then = byPath.options().with(AlexStoreOptions.VERSION_AS_OF, version);
      return told(byPath, AlexStoreTable.open(then, pin()));
    }
    return super.loadTable(ident, version);
  }

  @Override
  public Table loadTable(Identifier ident, long timestampMicros) throws NoSuchTableException {
    if (ident instanceof PathIdentifier byPath) {
      Instant time = Instant.EPOCH.plus(timestampMicros, ChronoUnit.MICROS);
      return told(byPath, AlexStoreTable.open(byPath.options(), pin()).asOf(time));
    }
    return super.loadTable(ident, timestampMicros);
  }

  /** A table that was loaded by its path, or what the options say is to be told of it. */
  private static Table told(PathIdentifier ident, AlexStoreTable table) {
    Optional<String> asked = ident.options().metadataTable();
    if (asked.isEmpty()) {
      return table;
    }
    MetadataKind kind =
        MetadataKind.named(asked.get())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Option 'metadataTable' is '"
                            + asked.get()
                            + "', but must be one of "
                            + MetadataKind.allNames()));
    return new MetadataTable(table, kind);
  }

  /** For {@code load(path)}, and for {@code save(path)} in the modes append and overwrite. */
  private Table load(PathIdentifier ident) {
    if (ident.isForReading()) {
      return told(ident, AlexStoreTable.open(ident.options(), pin()));
    }
    if (ident.options().metadataTable().isPresent()) {
      throw new IllegalArgumentException(
          "Option 'metadataTable' is for reading: what it names comes from the table's commits");
    }
    if (!AlexStoreTable.exists(ident.path(), ident.options())) {
      return NewTable.create(ident.path(), ident.options(), Map.of(), new StructType());
    }
    return ident.options().overwriteSchema()
        ? NewTable.overwrite(ident.path(), ident.options())
        : AlexStoreTable.openToWrite(ident.options(), pin());
  }

  @Override
  public Identifier[] listTables(String[] namespace) {
    return new Identifier[0];
  }

  // --- what a directory cannot do ---

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
