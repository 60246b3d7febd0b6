package io.alexstore.io;

import java.util.Set;

/**
 * Brings the stores of some URI schemes. Providers are found by {@link java.util.ServiceLoader}.
 *
 * <p>Thread safety: must be safe for any number of threads.
 */
public interface FileStoreProvider {

  /** The URI schemes that this provider serves, in lower case, such as {@code hdfs}. */
  Set<String> schemes();

  /**
   * The store that a path of one of these schemes lies in.
   *
   * @param path the path, with its scheme
   */
  FileStore forPath(String path);
}
