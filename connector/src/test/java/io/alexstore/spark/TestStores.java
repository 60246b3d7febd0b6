package io.alexstore.spark;

import io.alexstore.error.AlexStoreException;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStoreProvider;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * File stores of tests, such as one that fails or crashes, under paths of their own: whatever Spark
 * does with a table at {@code test:/7/...}, on the driver and in tasks of {@code local} mode, goes
 * through the store that {@link #root} gave that root.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class TestStores implements FileStoreProvider {

  private static final String SCHEME = "test";
  private static final Map<String, FileStore> STORES = new ConcurrentHashMap<>();
  private static final AtomicLong NUMBER = new AtomicLong();

  /** For {@link java.util.ServiceLoader}. */
  public TestStores() {}

  /** A root whose files are in a store, until {@link #exchange} or {@link #forget}. */
  static String root(FileStore store) {
    String root = SCHEME + ":/" + NUMBER.incrementAndGet();
    STORES.put(root, store);
    return root;
  }

  /** Puts another store in the place of a root's, such as what a crash has left of it. */
  static void exchange(String root, FileStore store) {
    STORES.put(root, store);
  }

  /** Gives a root up. */
  static void forget(String root) {
    STORES.remove(root);
  }

  @Override
  public Set<String> schemes() {
    return Set.of(SCHEME);
  }

  @Override
  public FileStore forPath(String path) {
    int end = path.indexOf('/', SCHEME.length() + 2);
    FileStore store = STORES.get(end < 0 ? path : path.substring(0, end));
    if (store == null) {
      throw new AlexStoreException("No test has a store for " + path);
    }
    return store;
  }
}
