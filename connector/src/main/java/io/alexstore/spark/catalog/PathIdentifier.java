package io.alexstore.spark.catalog;

import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.table.TablePath;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A table's directory as the name of a table, with the options of the read or write that names it.
 * Spark hands it from the source to the catalog as it is, unless it creates a table: then only the
 * name arrives there.
 */
public final class PathIdentifier implements Identifier {

  private static final String[] NO_NAMESPACE = {};

  private final String path;
  private final AlexStoreOptions options;
  private final Map<String, String> given;
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
    return NO_NAMESPACE;
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
