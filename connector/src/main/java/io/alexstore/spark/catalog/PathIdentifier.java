package io.alexstore.spark.catalog;

import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.table.TablePath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A table's directory as the name of a table, with the options of the read or write that names it.
 * Spark hands it from the source to the catalog as it is, unless it creates a table: then only the
 * name arrives there.
 */
public final class PathIdentifier implements Identifier {

  private static final String[] NO_NAMESPACE = {};

  /** How many different settings of Hadoop are remembered by name. */
  private static final int MAX_NAMED = 256;

  /**
   * Settings of Hadoop by the name that stands for them in a namespace. They may hold secrets, so
   * they are not spelled out in what Spark may show.
   */
  private static final Map<String, Map<String, String>> NAMED =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, String>> eldest) {
          return size() > MAX_NAMED;
        }
      };

  private static final AtomicLong NUMBER = new AtomicLong();

  private final String path;
  private final AlexStoreOptions options;
  private final Map<String, String> given;
  private final String[] namespace;
  private volatile boolean forReading;

  /**
   * The identifier that options with a path make.
   *
   * @throws IllegalArgumentException if there is not exactly one path, or an option is not known
   */
  public PathIdentifier(CaseInsensitiveStringMap options) {
    this.options = new AlexStoreOptions(options);
    this.path = TablePath.absolute(this.options.path());
    this.given = options.asCaseSensitiveMap();
    this.namespace = namespace(this.options.hadoopSettings());
  }

  /**
   * Where Spark creates a table, only names arrive at the catalog; so settings of Hadoop, without
   * which the table may not be found, become a name.
   */
  private static String[] namespace(Map<String, String> settings) {
    if (settings.isEmpty()) {
      return NO_NAMESPACE;
    }
    synchronized (NAMED) {
      for (Map.Entry<String, Map<String, String>> known : NAMED.entrySet()) {
        if (known.getValue().equals(settings)) {
          return new String[] {known.getKey()};
        }
      }
      String name = "hadoop-options-" + NUMBER.incrementAndGet();
      NAMED.put(name, Map.copyOf(settings));
      return new String[] {name};
    }
  }

  /** The settings of Hadoop that a namespace stands for; empty if it stands for none. */
  static Optional<Map<String, String>> hadoopSettings(String... namespace) {
    if (namespace.length == 0) {
      return Optional.of(Map.of());
    }
    synchronized (NAMED) {
      return namespace.length == 1
          ? Optional.ofNullable(NAMED.get(namespace[0]))
          : Optional.empty();
    }
  }

  /** The table's directory: absolute, or a URI. */
  public String path() {
    return path;
  }

  /** The options of the read or write. */
  public AlexStoreOptions options() {
    return options;
  }

  /** Says that this is a read, for which the table must be there. */
  public void markForReading() {
    forReading = true;
  }

  /** Whether it is known to be a read. */
  boolean isForReading() {
    return forReading;
  }

  @Override
  public String[] namespace() {
    return namespace.clone();
  }

  @Override
  public String name() {
    return path;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PathIdentifier o && path.equals(o.path) && given.equals(o.given);
  }

  @Override
  public int hashCode() {
    return Objects.hash(path, given);
  }

  @Override
  public String toString() {
    return "`" + path + "`";
  }
}
