package io.alexstore.spark.table;

import io.alexstore.spark.conf.TableStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Paths;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** A table's directory as users give it. */
public final class TablePath {

  private static final String DEFAULT_FS = "fs.defaultFS";
  private static final String LOCAL = "file:";

  private TablePath() {}

  /**
   * The path in a form that means the same everywhere: executors need not have the driver's working
   * directory. A path without a scheme lies, as Spark's users know it, in the default file system
   * of the session's Hadoop configuration ({@code fs.defaultFS}).
   */
  public static String absolute(String path) {
    String trimmed =
        path.endsWith("/") && path.length() > 1 ? path.substring(0, path.length() - 1) : path;
    if (trimmed.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) {
      return trimmed;
    }
    SparkSession session = SparkSession.active();
    String byDefault = session.sparkContext().hadoopConfiguration().get(DEFAULT_FS, LOCAL);
    byDefault = session.conf().get(DEFAULT_FS, byDefault);
    if (byDefault.startsWith(LOCAL)) {
      return Paths.get(trimmed).toAbsolutePath().normalize().toString();
    }
    try {
      FileSystem fileSystem = FileSystem.get(TableStorage.configuration(session));
      return fileSystem.makeQualified(new Path(trimmed)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot tell where " + path + " is in the default file system " + byDefault, e);
    }
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
