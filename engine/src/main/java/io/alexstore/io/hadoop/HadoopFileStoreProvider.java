package io.alexstore.io.hadoop;

import io.alexstore.error.AlexStoreException;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStoreProvider;
import java.util.Set;

/**
 * Brings {@link HadoopFileStore}, with the configuration that Hadoop finds on the class path.
 *
 * <p>It names no class of Hadoop itself, so it can be found, and can say what is missing, without
 * them.
 */
public final class HadoopFileStoreProvider implements FileStoreProvider {

  /** For {@link java.util.ServiceLoader}. */
  public HadoopFileStoreProvider() {}

  @Override
  public Set<String> schemes() {
    return HadoopSchemes.SUPPORTED;
  }

  @Override
  public FileStore forPath(String path) {
    try {
      return HadoopFileStore.ofDefaultConfiguration();
    } catch (NoClassDefFoundError e) {
      throw new AlexStoreException(
          "Cannot open "
              + path
              + ": Hadoop's client is not on the class path ("
              + e.getMessage()
              + " is missing). Add org.apache.hadoop:hadoop-client-api and"
              + " org.apache.hadoop:hadoop-client-runtime.",
          e);
    }
  }
}
