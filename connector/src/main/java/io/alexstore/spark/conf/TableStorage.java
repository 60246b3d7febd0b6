package io.alexstore.spark.conf;

import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.io.LocalFileStore;
import io.alexstore.io.hadoop.HadoopFileStore;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.sql.SparkSession;

/**
 * How the files of a table are reached, on the driver and, sent with the plan, in tasks: by the
 * Hadoop configuration of the session ({@code spark.hadoop.*}), and what the options of the read or
 * write add to it. A local table, and one in a store of its own scheme, needs none of it, and
 * carries none.
 *
 * <p>A process has one file store for each configuration and user, however often that arrives, so
 * that what is open of a file is shared by all who would read it in the same way.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class TableStorage implements Serializable {

  private static final long serialVersionUID = 1L;

  /** A store holds next to nothing but its configuration. */
  private static final int MAX_STORES = 64;

  /** What a file store stands for. */
  private record StoreKey(String fingerprint, UserGroupInformation user) {}

  private static final Map<StoreKey, FileStore> STORES =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StoreKey, FileStore> eldest) {
          return size() > MAX_STORES;
        }
      };

  private final String table;
  // Empty, and no configuration, if the table is reached without Hadoop.
  private final String fingerprint;
  private transient Configuration configuration;

  private TableStorage(String table, String fingerprint, Configuration configuration) {
    this.table = table;
    this.fingerprint = fingerprint;
    this.configuration = configuration;
  }

  /**
   * The storage of a table for a session.
   *
   * @param table the table's directory: absolute, or a URI
   * @param options may bring settings of Hadoop, see {@link AlexStoreOptions#hadoopSettings}
   * @throws io.alexstore.error.AlexStoreException if no file store serves the path's scheme
   */
  public static TableStorage of(SparkSession session, String table, AlexStoreOptions options) {
    if (!(FileStores.forPath(table) instanceof HadoopFileStore)) {
      return new TableStorage(table, "", null);
    }
    Configuration configuration = configuration(session);
    options.hadoopSettings().forEach(configuration::set);
    return new TableStorage(table, fingerprint(configuration), configuration);
  }

  /** The storage of a table on the local file system. */
  public static TableStorage ofLocal(String table) {
    return new TableStorage(table, "", null);
  }

  /**
   * The Hadoop configuration of a session, as Spark's own sources see it. Settings of Spark itself
   * mean nothing to a file system and are left out.
   */
  public static Configuration configuration(SparkSession session) {
    Configuration configuration = new Configuration(session.sparkContext().hadoopConfiguration());
    session
        .conf()
        .getAll()
        .foreach(
            setting -> {
              if (!setting._1().startsWith("spark.") && setting._2() != null) {
                configuration.set(setting._1(), setting._2());
              }
              return null;
            });
    return configuration;
  }

  /** Names the content of a configuration: equal contents have equal names, others others. */
  private static String fingerprint(Configuration configuration) {
    TreeMap<String, String> sorted = new TreeMap<>();
    configuration.forEach(setting -> sorted.put(setting.getKey(), setting.getValue()));
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      sorted.forEach(
          (name, value) -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(value.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
          });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }

  /** The table's directory. */
  public String table() {
    return table;
  }

  /** Whether the table's files are mapped where they are. */
  public boolean isLocal() {
    return FileStores.forPath(table) instanceof LocalFileStore;
  }

  /**
   * The file store. Of HDFS it is always the same for one process, configuration and user, as long
   * as not very many of them are in use.
   */
  public FileStore store() {
    if (configuration == null) {
      return FileStores.forPath(table);
    }
    StoreKey key;
    try {
      key = new StoreKey(fingerprint, UserGroupInformation.getCurrentUser());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot tell who reads " + table, e);
    }
    synchronized (STORES) {
      return STORES.computeIfAbsent(key, k -> HadoopFileStore.forPath(table, configuration));
    }
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    if (!fingerprint.isEmpty()) {
      configuration.write(out);
    }
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    if (!fingerprint.isEmpty()) {
      configuration = new Configuration(false);
      configuration.readFields(in);
    }
  }

  /** Says where, and nothing of the configuration: there may be secrets in it. */
  @Override
  public String toString() {
    return table;
  }
}
