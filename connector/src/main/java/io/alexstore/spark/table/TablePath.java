package io.alexstore.spark.table;

import java.nio.file.Paths;
import org.apache.hadoop.fs.Path;

/** A table's directory as users give it. */
public final class TablePath {

  private TablePath() {}

  /**
   * The path in a form that means the same everywhere: executors need not have the driver's working
   * directory.
   */
  public static String absolute(String path) {
    String trimmed =
        path.endsWith("/") && path.length() > 1 ? path.substring(0, path.length() - 1) : path;
    if (trimmed.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) {
      return trimmed;
    }
    return Paths.get(trimmed).toAbsolutePath().normalize().toString();
  }

  /**
   * Whether two paths may be one. Spark writes a location with the scheme of the default file
   * system, so only what follows the scheme is compared.
   */
  public static boolean samePlace(String a, String b) {
    return withoutScheme(a).equals(withoutScheme(b));
  }

  private static String withoutScheme(String path) {
    return new Path(absolute(path)).toUri().getPath();
  }
}
