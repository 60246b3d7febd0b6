package io.alexstore.spark.catalog;

import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.table.AlexStoreTable;
import io.alexstore.spark.table.SnapshotPin;
import io.alexstore.spark.table.TablePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.expressions.Transform;

/**
 * The alexstore tables among those of a session's own catalog, which holds of each its name, its
 * provider and its place. All else is in the table's directory, and what the catalog copied of it
 * is not looked at.
 *
 * <p>The catalog is told that each is external, since it would take a directory with files in it
 * for no new table's; of those whose directory goes when they are dropped, a property says so.
 *
 * <p>Thread safety: as that of the catalog.
 */
final class SessionTables {

  private static final String PROVIDER = "alexstore";

  /** Set where no statement named the place, so that the directory belongs to the name. */
  private static final String MANAGED = "alexstore.managed";

  private final TableCatalog catalog;
  private final SnapshotPin pin;

  SessionTables(TableCatalog catalog, SnapshotPin pin) {
    this.catalog = catalog;
    this.pin = pin;
  }

  /** What the catalog has of a table. */
  private record Entry(String path, boolean isManaged) {
    AlexStoreOptions options() {
      return new AlexStoreOptions(Map.of(AlexStoreOptions.PATH, path));
    }
  }

  private Optional<Entry> entry(Identifier ident) {
    try {
      return entry(catalog.loadTable(ident));
    } catch (NoSuchTableException e) {
      return Optional.empty();
    }
  }

  private static Optional<Entry> entry(Table table) {
    Map<String, String> properties = table.properties();
    String location = properties.get(TableCatalog.PROP_LOCATION);
    return isOurs(properties) && location != null
        ? Optional.of(new Entry(TablePath.absolute(location), properties.containsKey(MANAGED)))
        : Optional.empty();
  }

  /** Whether properties say that a table is one of alexstore. */
  static boolean isOurs(Map<String, String> properties) {
    return PROVIDER.equalsIgnoreCase(properties.get(TableCatalog.PROP_PROVIDER));
  }

  /** The table itself, in the place of what the catalog has of it. */
  Table resolve(Table known, Map<String, String> options) {
    Optional<Entry> entry = entry(known);
    if (entry.isEmpty()) {
      return known;
    }
    AlexStoreTable table = AlexStoreTable.open(entry.get().options().with(options), pin);
    return entry.get().isManaged() ? table : table.external();
  }

  /** The table of a name; empty if there is none, or one of another provider. */
  Optional<AlexStoreTable> find(Identifier ident) {
    return entry(ident).map(entry -> AlexStoreTable.open(entry.options(), pin));
  }

  // --- making ---

  /** See {@link TableCreation.Placement}. */
  Place place(Identifier ident, Optional<String> location) throws NoSuchNamespaceException {
    Optional<Entry> entry = entry(ident);
    if (entry.isPresent()) {
      requireSamePlace(ident, entry.get().path(), location);
      return new Place(entry.get().options(), true);
    }
    if (catalog.tableExists(ident)) {
      throw new IllegalArgumentException(
          "The table "
              + ident
              + " is not one of alexstore, and cannot be replaced by one: drop it first");
    }
    boolean isManaged = location.isEmpty();
    String path = TablePath.absolute(isManaged ? free(ident) : location.get());
    Entry made = new Entry(path, isManaged);
    return new Place(made.options(), false, () -> register(ident, made));
  }

  private static void requireSamePlace(Identifier ident, String known, Optional<String> location) {
    if (location.isPresent() && !TablePath.samePlace(location.get(), known)) {
      throw new IllegalArgumentException(
          "The table "
              + ident
              + " is at "
              + known
              + ", and cannot be replaced by one at "
              + location.get()
              + ": leave LOCATION out, or drop the table first");
    }
  }

  /** A directory in the namespace's that nothing is in. */
  private String free(Identifier ident) throws NoSuchNamespaceException {
    Map<String, String> namespace =
        ((SupportsNamespaces) catalog).loadNamespaceMetadata(ident.namespace());
    String root = TablePath.absolute(namespace.get(SupportsNamespaces.PROP_LOCATION));
    String path = FilePaths.resolve(root, DirectoryNames.encode(ident.name()));
    try {
      // Such as that of a table which was renamed, or of one whose creation was cut off.
      return store(path).list(path).isEmpty() ? path : path + "-" + UUID.randomUUID();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look for a place of the table " + ident, e);
    }
  }

  private static FileStore store(String path) {
    AlexStoreOptions none = new AlexStoreOptions(Map.of());
    return TableStorage.of(SparkSession.active(), path, none).store();
  }

  @SuppressWarnings("deprecation") // An older Spark has this form only.
  private void register(Identifier ident, Entry made) throws IOException {
    Map<String, String> properties = new HashMap<>();
    properties.put(TableCatalog.PROP_PROVIDER, PROVIDER);
    properties.put(TableCatalog.PROP_LOCATION, made.path());
    properties.put(TableCatalog.PROP_EXTERNAL, "true");
    if (made.isManaged()) {
      properties.put(MANAGED, "true");
    }
    try {
      catalog.createTable(ident, new Column[0], new Transform[0], properties);
    } catch (TableAlreadyExistsException | NoSuchNamespaceException e) {
      if (made.isManaged()) {
        TableDirectories.drop(store(made.path()), made.path());
      }
      throw new IllegalStateException(
          "The session's catalog did not take the table "
              + ident
              + " up, which was made at "
              + made.path()
              + (made.isManaged() ? " and is deleted again" : ""),
          e);
    }
  }

  // --- dropping ---

  /**
   * Drops the table of a name, with its directory unless a statement named that.
   *
   * @return false if there is none
   * @throws io.alexstore.error.TableOwnedException if its directory is to go, and an embedded store
   *     owns it
   */
  boolean drop(Identifier ident) {
    Optional<Entry> entry = entry(ident);
    if (entry.isPresent() && entry.get().isManaged()) {
      requireNotOwned(entry.get().path()); // While the session's catalog has the name.
    }
    if (!catalog.dropTable(ident)) {
      return false;
    }
    if (entry.isPresent() && entry.get().isManaged()) {
      String path = entry.get().path();
      try {
        TableDirectories.drop(store(path), path);
      } catch (NoSuchFileException e) {
        // Somebody deleted the directory: that is what was asked for.
      } catch (IOException e) {
        throw new UncheckedIOException(
            "The table " + ident + " is dropped, but its directory is still at " + path, e);
      }
    }
    return true;
  }

  private static void requireNotOwned(String path) {
    try {
      TableDirectories.requireNotOwned(store(path), path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot see whether the table at " + path + " may go", e);
    }
  }
}
