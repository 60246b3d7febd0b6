package io.alexstore.spark.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.CorruptFileException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.table.TablePath;
import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * The directory of a catalog:
 *
 * <pre>
 * db/_namespace/00000000000000000000   says that db is a namespace, and its properties, as JSON
 * db/orders/_alexstore/log/...         a table
 * db/lines/_location                   where another table is, as a path or URI: an external one
 * </pre>
 *
 * <p>The root is a namespace without that. A directory that is neither is not the catalog's. As a
 * version of a table is, the properties of a namespace are published anew when they change.
 *
 * <p>Thread safety: safe for any number of threads, and of processes.
 */
final class Warehouse {

  private static final String NAMESPACE = "_namespace";
  private static final String LOCATION = "_location";
  private static final int MAX_LOCATION_BYTES = 1 << 20;
  private static final int MAX_NAMESPACE_BYTES = 16 << 20;
  private static final int MAX_ATTEMPTS = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String root;
  private final AlexStoreOptions settings;

  /**
   * A warehouse.
   *
   * @param root its directory, which need not be there yet
   * @param settings settings of Hadoop for it
   */
  Warehouse(String root, AlexStoreOptions settings) {
    this.root = TablePath.absolute(root);
    this.settings = settings;
  }

  /** The directory of a table or namespace. */
  String directory(String[] namespace, String... name) {
    String directory = root;
    for (String part : namespace) {
      directory = FilePaths.resolve(directory, DirectoryNames.encode(part));
    }
    for (String part : name) {
      directory = FilePaths.resolve(directory, DirectoryNames.encode(part));
    }
    return directory;
  }

  /** How a directory of the warehouse is reached. */
  TableStorage storage(String directory) {
    return TableStorage.of(SparkSession.active(), directory, settings);
  }

  /** The directory of a table, as options that open it. */
  AlexStoreOptions options(String directory) {
    return settings.with(AlexStoreOptions.PATH, directory);
  }

  boolean isTable(String directory) throws IOException {
    return AlexTable.exists(storage(directory).store(), directory)
        || storage(directory).store().exists(FilePaths.resolve(directory, LOCATION));
  }

  /** Where the table is that a directory stands for, if it is not in it; empty if it is nowhere. */
  Optional<String> location(String directory) throws IOException {
    String path = FilePaths.resolve(directory, LOCATION);
    try {
      byte[] location = storage(directory).store().readFully(path, MAX_LOCATION_BYTES);
      return Optional.of(new String(location, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Has a directory stand for a table that is elsewhere.
   *
   * @return false if it stands for one already
   */
  boolean register(String directory, String location) throws IOException {
    FileStore store = storage(directory).store();
    store.createDirectories(directory);
    byte[] content = location.getBytes(StandardCharsets.UTF_8);
    return store.publish(FilePaths.resolve(directory, LOCATION), content);
  }

  /** What stands in a directory, neither table nor namespace, that is not of a failed creation. */
  List<String> foreignFiles(String directory) throws IOException {
    return storage(directory).store().list(directory).stream()
        .map(FileStatus::name)
        .filter(name -> !name.equals("data") && !name.equals("_alexstore"))
        .toList();
  }

  /** The names of the tables in a namespace, or of the namespaces. */
  List<String> list(String directory, boolean tables) throws IOException {
    List<String> names = new ArrayList<>();
    for (FileStatus entry : storage(directory).store().list(directory)) {
      Optional<String> name = DirectoryNames.decode(entry.name());
      if (entry.directory() && name.isPresent()) {
        String child = FilePaths.resolve(directory, entry.name());
        if (tables ? isTable(child) : isNamespace(child)) {
          names.add(name.get());
        }
      }
    }
    return names;
  }

  // --- namespaces ---

  boolean isNamespace(String directory) throws IOException {
    return directory.equals(root) || newest(directory) >= 0;
  }

  /** The newest version of a namespace's properties; -1 if there is none. */
  private long newest(String directory) throws IOException {
    long newest = -1;
    FileStore store = storage(directory).store();
    for (FileStatus entry : store.list(FilePaths.resolve(directory, NAMESPACE))) {
      if (entry.name().matches("\\d{20}")) {
        newest = Math.max(newest, Long.parseLong(entry.name()));
      }
    }
    return newest;
  }

  private static String versionPath(String directory, long version) {
    return FilePaths.resolve(
        directory, NAMESPACE + "/" + String.format(Locale.ROOT, "%020d", version));
  }

  /** The properties of a namespace. */
  Map<String, String> properties(String directory) throws IOException {
    return directory.equals(root) ? Map.of() : read(directory, newest(directory));
  }

  private Map<String, String> read(String directory, long version) throws IOException {
    String path = versionPath(directory, version);
    byte[] json = storage(directory).store().readFully(path, MAX_NAMESPACE_BYTES);
    try {
      return JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      CorruptFileException corrupt =
          new CorruptFileException(path, 0, "the properties of a namespace are no JSON object");
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  /**
   * Makes a namespace.
   *
   * @return false if there is one
   */
  boolean createNamespace(String directory, Map<String, String> properties) throws IOException {
    FileStore store = storage(directory).store();
    byte[] json = JSON.writeValueAsBytes(new TreeMap<>(properties));
    if (isNamespace(directory)) {
      return false;
    }
    store.createDirectories(FilePaths.resolve(directory, NAMESPACE));
    return store.publish(versionPath(directory, 0), json);
  }

  /** Changes the properties of a namespace. */
  void alterNamespace(String directory, Consumer<Map<String, String>> change) throws IOException {
    for (int attempt = 1; ; attempt++) {
      long version = newest(directory);
      Map<String, String> properties = new TreeMap<>(read(directory, version));
      change.accept(properties);
      byte[] json = JSON.writeValueAsBytes(properties);
      if (storage(directory).store().publish(versionPath(directory, version + 1), json)) {
        return;
      }
      if (attempt == MAX_ATTEMPTS) {
        throw new CommitConflictException(
            directory, version + 1, "the properties of the namespace keep changing");
      }
    }
  }

  /** Deletes an empty namespace. What is not the catalog's, in its directory, stays. */
  void dropNamespace(String directory) throws IOException {
    FileStore store = storage(directory).store();
    TableDirectories.deleteLeftovers(store, directory);
    String own = FilePaths.resolve(directory, NAMESPACE);
    for (FileStatus entry : store.list(own)) {
      store.delete(FilePaths.resolve(own, entry.name()));
    }
    store.delete(own);
    if (store.list(directory).isEmpty()) {
      store.delete(directory);
    }
    store.syncDirectory(FilePaths.parent(directory));
  }
}
