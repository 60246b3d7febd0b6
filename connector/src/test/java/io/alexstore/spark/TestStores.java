package io.alexstore.spark;

import io.alexstore.io.FileStore;
import io.alexstore.io.FileStoreProvider;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets Spark use a file store that a test made, such as one that fails: {@code test://<name>/table}
 * is a table in the store of that name. For executors in the test's own process.
 */
public final class TestStores implements FileStoreProvider {

  private static final Map<String, FileStore> STORES = new ConcurrentHashMap<>();

  /** For {@link java.util.ServiceLoader}. */
  public TestStores() {}

  /** The path of a table in the store of a name. */
  public static String path(String name) {
    return "test://" + name + "/table";
  }

  /** Gives a name to a store, and takes it from another. */
  public static void put(String name, FileStore store) {
    STORES.put(name, store);
  }

  /** Forgets a store. */
  public static void remove(String name) {
    STORES.remove(name);
  }

  @Override
  public Set<String> schemes() {
    return Set.of("test");
  }

  @Override
  public FileStore forPath(String path) {
    String name = path.substring("test://".length()).replaceFirst("/.*", "");
    return Optional.ofNullable(STORES.get(name))
        .orElseThrow(() -> new IllegalArgumentException("No test has made the store of " + path));
  }
}
