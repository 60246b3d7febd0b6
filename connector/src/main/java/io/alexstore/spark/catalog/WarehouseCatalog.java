package io.alexstore.spark.catalog;

import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.table.SnapshotPin;
import io.alexstore.spark.table.TablePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.analysis.NamespaceAlreadyExistsException;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.NonEmptyNamespaceException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.NamespaceChange;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;
import org.apache.spark.sql.connector.catalog.TableSummary;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The catalog of the tables in one directory, the warehouse: {@code c.db.t} is the table in the
 * directory {@code db/t}. Namespaces may hold namespaces. Names are told apart by case, as the file
 * system tells them apart, whatever {@code spark.sql.caseSensitive} says of columns.
 *
 * <p>Thread safety: safe for any number of threads, once it is initialized.
 */
public class WarehouseCatalog extends DirectoryCatalog implements SupportsNamespaces {

  private static final String WAREHOUSE = "warehouse";

  private String name;
  private Warehouse warehouse;

  /** A catalog whose tables are read at the version that {@code pin} gives. */
  protected WarehouseCatalog(SnapshotPin pin) {
    super(pin);
  }

  /**
   * Takes the catalog's options: {@code warehouse}, and settings of Hadoop, which have a dot in
   * their names.
   *
   * @throws IllegalArgumentException if there is no warehouse, or an option that is not known
   */
  @Override
  public void initialize(String catalogName, CaseInsensitiveStringMap options) {
    name = catalogName;
    String prefix = "spark.sql.catalog." + catalogName + ".";
    String root = options.get(WAREHOUSE);
    if (root == null || root.isBlank()) {
      throw new IllegalArgumentException(
          "The catalog '"
              + catalogName
              + "' does not know where its tables are: set "
              + prefix
              + WAREHOUSE
              + " to a directory, such as /data/warehouse or hdfs://namenode/warehouse");
    }
    Map<String, String> settings = new HashMap<>();
    TreeSet<String> unknown = new TreeSet<>();
    options
        .asCaseSensitiveMap()
        .forEach(
            (option, value) -> {
              if (option.indexOf('.') >= 0) {
                settings.put(option, value);
              } else if (!option.equalsIgnoreCase(WAREHOUSE)) {
                unknown.add(prefix + option);
              }
            });
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "A catalog of alexstore has no setting "
              + String.join(", ", unknown)
              + ". Remove it or correct its name; there is "
              + prefix
              + WAREHOUSE
              + ", and settings of Hadoop, such as "
              + prefix
              + "dfs.nameservices");
    }
    warehouse = new Warehouse(root.strip(), new AlexStoreOptions(settings));
  }

  @Override
  public String name() {
    return name;
  }

  // --- where things are ---

  @Override
  Optional<AlexStoreOptions> options(Identifier ident) {
    return Optional.of(warehouse.options(directory(ident)));
  }

  @Override
  AlexStoreOptions optionsOf(String path) {
    return warehouse.options(TablePath.absolute(path));
  }

  private String directory(Identifier ident) {
    return warehouse.directory(ident.namespace(), ident.name());
  }

  @Override
  Optional<AlexStoreOptions> elsewhere(Identifier ident) {
    try {
      return warehouse.location(directory(ident)).map(warehouse::options);
    } catch (IOException e) {
      throw failed("Cannot look for the table " + shown(ident), e);
    }
  }

  @Override
  Place place(Identifier ident, Optional<String> location) throws NoSuchNamespaceException {
    requireNamespace(ident.namespace());
    String directory = directory(ident);
    try {
      Optional<String> known =
          exists(warehouse.options(directory))
              ? Optional.of(directory)
              : warehouse.location(directory);
      if (known.isPresent()) {
        requireSamePlace(ident, known.get(), location);
        return new Place(warehouse.options(known.get()), true);
      }
      requireFree(ident, directory);
    } catch (IOException e) {
      throw failed("Cannot look for the table " + shown(ident), e);
    }
    if (location.isEmpty() || TablePath.samePlace(location.get(), directory)) {
      return new Place(warehouse.options(directory), false);
    }
    String path = TablePath.absolute(location.get());
    return new Place(warehouse.options(path), false, () -> register(ident, directory, path));
  }

  private void requireSamePlace(Identifier ident, String known, Optional<String> location) {
    if (location.isPresent() && !TablePath.samePlace(location.get(), known)) {
      throw new IllegalArgumentException(
          "The table "
              + shown(ident)
              + " is at "
              + known
              + ", and cannot be replaced by one at "
              + location.get()
              + ": leave LOCATION out, or drop the table first");
    }
  }

  private void register(Identifier ident, String directory, String path) throws IOException {
    if (!warehouse.register(directory, path)) {
      throw new IllegalStateException(
          "Another has made a table "
              + shown(ident)
              + " meanwhile. The one of this statement is at "
              + path
              + ", and the catalog does not know it: take it up under another name with CREATE"
              + " TABLE ... LOCATION, or delete the directory");
    }
  }

  private void requireFree(Identifier ident, String directory) throws IOException {
    if (warehouse.isNamespace(directory)) {
      throw new IllegalArgumentException(
          shown(ident) + " is a namespace, so no table can have this name: choose another");
    }
    List<String> foreign = warehouse.foreignFiles(directory);
    if (!foreign.isEmpty()) {
      throw new IllegalArgumentException(
          "The table "
              + shown(ident)
              + " would be in the directory "
              + directory
              + ", where something else is, such as "
              + foreign.get(0)
              + ": choose another name, or move that away");
    }
  }

  private String shown(Identifier ident) {
    return name + "." + ident;
  }

  private String requireNamespace(String... namespace) throws NoSuchNamespaceException {
    String directory = warehouse.directory(namespace);
    try {
      if (!warehouse.isNamespace(directory)) {
        throw new NoSuchNamespaceException(namespace);
      }
    } catch (IOException e) {
      throw failed("Cannot look for the namespace at " + directory, e);
    }
    return directory;
  }

  private static UncheckedIOException failed(String what, IOException e) {
    return new UncheckedIOException(what, e);
  }

  // --- tables ---

  @Override
  public Identifier[] listTables(String[] namespace) throws NoSuchNamespaceException {
    String directory = requireNamespace(namespace);
    try {
      return warehouse.list(directory, true).stream()
          .map(table -> Identifier.of(namespace, table))
          .toArray(Identifier[]::new);
    } catch (IOException e) {
      throw failed("Cannot list the tables in " + directory, e);
    }
  }

  @Override
  public TableSummary[] listTableSummaries(String[] namespace) throws NoSuchNamespaceException {
    // All are of one kind: none needs to be opened.
    return Arrays.stream(listTables(namespace))
        .map(ident -> TableSummary.of(ident, TableSummary.MANAGED_TABLE_TYPE))
        .toArray(TableSummary[]::new);
  }

  /**
   * Deletes a table with all that is in its directory, for good: there is no trash. Of an external
   * one only its name goes.
   */
  @Override
  public boolean dropTable(Identifier ident) {
    String directory = directory(ident);
    try {
      if (!warehouse.isTable(directory)) {
        return false;
      }
      TableDirectories.drop(warehouse.storage(directory).store(), directory);
      return true;
    } catch (NoSuchFileException e) {
      return false; // Another dropped or renamed it meanwhile.
    } catch (IOException e) {
      throw failed("Cannot drop the table " + shown(ident) + " at " + directory, e);
    }
  }

  @Override
  public boolean purgeTable(Identifier ident) {
    return dropTable(ident);
  }

  /** Moves a table's directory. Whoever reads the table from HDFS then fails, and reads it anew. */
  @Override
  public void renameTable(Identifier from, Identifier to)
      throws NoSuchTableException, TableAlreadyExistsException {
    String directory = directory(from);
    String target = directory(to);
    try {
      if (!warehouse.isTable(directory)) {
        throw new NoSuchTableException(from);
      }
      if (warehouse.isTable(target)) {
        throw new TableAlreadyExistsException(to);
      }
      if (!warehouse.isNamespace(warehouse.directory(to.namespace()))) {
        throw new IllegalArgumentException(
            "Cannot rename "
                + shown(from)
                + " to "
                + shown(to)
                + ": there is no such namespace. CREATE NAMESPACE makes it");
      }
      TableDirectories.move(warehouse.storage(directory).store(), directory, target);
    } catch (NoSuchFileException e) {
      throw new NoSuchTableException(from); // Another dropped or renamed it meanwhile.
    } catch (FileAlreadyExistsException e) {
      throw new IllegalArgumentException(
          "Cannot rename "
              + shown(from)
              + " to "
              + shown(to)
              + ": something is at "
              + target
              + " already. Choose another name",
          e);
    } catch (IOException e) {
      throw failed("Cannot rename " + shown(from) + " to " + shown(to), e);
    }
  }

  // --- namespaces ---

  @Override
  public boolean namespaceExists(String[] namespace) {
    String directory = warehouse.directory(namespace);
    try {
      return warehouse.isNamespace(directory);
    } catch (IOException e) {
      throw failed("Cannot look for the namespace at " + directory, e);
    }
  }

  @Override
  public String[][] listNamespaces() throws NoSuchNamespaceException {
    return listNamespaces(new String[0]);
  }

  @Override
  public String[][] listNamespaces(String[] namespace) throws NoSuchNamespaceException {
    String directory = requireNamespace(namespace);
    try {
      return warehouse.list(directory, false).stream()
          .map(child -> child(namespace, child))
          .toArray(String[][]::new);
    } catch (IOException e) {
      throw failed("Cannot list the namespaces in " + directory, e);
    }
  }

  private static String[] child(String[] namespace, String name) {
    String[] child = Arrays.copyOf(namespace, namespace.length + 1);
    child[namespace.length] = name;
    return child;
  }

  @Override
  public Map<String, String> loadNamespaceMetadata(String[] namespace)
      throws NoSuchNamespaceException {
    String directory = requireNamespace(namespace);
    try {
      Map<String, String> properties = new HashMap<>(warehouse.properties(directory));
      properties.put(SupportsNamespaces.PROP_LOCATION, directory);
      return properties;
    } catch (IOException e) {
      throw failed("Cannot read the properties of the namespace at " + directory, e);
    }
  }

  @Override
  public void createNamespace(String[] namespace, Map<String, String> metadata)
      throws NamespaceAlreadyExistsException {
    refuseLocation(metadata.get(SupportsNamespaces.PROP_LOCATION));
    String directory = warehouse.directory(namespace);
    try {
      String[] parent = Arrays.copyOf(namespace, Math.max(0, namespace.length - 1));
      if (!warehouse.isNamespace(warehouse.directory(parent))) {
        throw new IllegalArgumentException(
            "There is no namespace "
                + String.join(".", parent)
                + " in the catalog '"
                + name
                + "' for one in it: create it first");
      }
      if (warehouse.isTable(directory)) {
        throw new IllegalArgumentException(
            name
                + "."
                + String.join(".", namespace)
                + " is a table, so no namespace can have this name: choose another");
      }
      if (!warehouse.createNamespace(directory, metadata)) {
        throw new NamespaceAlreadyExistsException(namespace);
      }
    } catch (IOException e) {
      throw failed("Cannot create a namespace at " + directory, e);
    }
  }

  private static void refuseLocation(String location) {
    if (location != null) {
      throw new IllegalArgumentException(
          "A namespace's directory is in the warehouse, and cannot be "
              + location
              + ": leave LOCATION out, or give another catalog this directory as its warehouse");
    }
  }

  @Override
  public void alterNamespace(String[] namespace, NamespaceChange... changes)
      throws NoSuchNamespaceException {
    String directory = requireNamespace(namespace);
    if (namespace.length == 0) {
      throw new IllegalArgumentException(
          "The catalog '" + name + "' itself has no properties: set those of a namespace in it");
    }
    try {
      warehouse.alterNamespace(
          directory,
          properties -> {
            for (NamespaceChange change : changes) {
              apply(change, properties);
            }
          });
    } catch (IOException e) {
      throw failed("Cannot change the properties of the namespace at " + directory, e);
    }
  }

  private static void apply(NamespaceChange change, Map<String, String> properties) {
    if (change instanceof NamespaceChange.SetProperty set) {
      if (set.property().equals(SupportsNamespaces.PROP_LOCATION)) {
        refuseLocation(set.value());
      }
      properties.put(set.property(), set.value());
    } else if (change instanceof NamespaceChange.RemoveProperty remove) {
      properties.remove(remove.property());
    } else {
      throw new UnsupportedOperationException("alexstore cannot apply " + change);
    }
  }

  @Override
  public boolean dropNamespace(String[] namespace, boolean cascade)
      throws NoSuchNamespaceException, NonEmptyNamespaceException {
    String directory = requireNamespace(namespace);
    if (namespace.length == 0) {
      throw new IllegalArgumentException(
          "The catalog '" + name + "' itself cannot be dropped: name a namespace in it");
    }
    Identifier[] tables = listTables(namespace);
    String[][] namespaces = listNamespaces(namespace);
    if (!cascade && tables.length + namespaces.length > 0) {
      throw new NonEmptyNamespaceException(namespace);
    }
    for (Identifier table : tables) {
      dropTable(table);
    }
    for (String[] child : namespaces) {
      dropNamespace(child, true);
    }
    try {
      warehouse.dropNamespace(directory);
      return true;
    } catch (IOException e) {
      throw failed("Cannot drop the namespace at " + directory, e);
    }
  }
}
