package io.alexstore.spark;

import io.alexstore.spark.catalog.PathCatalog;
import io.alexstore.spark.plan.QueryVersions;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;

/**
 * The catalog behind {@code alexstore.`/a/path`}. A session with {@link AlexStoreExtensions} has it
 * from the start; another gets it when it first reads or writes {@code format("alexstore")}, and to
 * name tables by path in SQL before that, set {@code spark.sql.catalog.alexstore} to this class's
 * name.
 */
public final class AlexStorePathCatalog extends PathCatalog {

  private static final String PREFIX = "spark.sql.catalog.";
  private static final String NAME = "alexstore";

  // Where the user gave the name to a catalog of another kind, which stays as it is.
  private static final String OTHER_NAME = "alexstore_path";

  /** For Spark. */
  public AlexStorePathCatalog() {
    super(QueryVersions.INSTANCE);
  }

  /** Gives a session the catalog, unless the user gave its name to another. */
  static void registerIfFree(SparkSession session) {
    if (session.conf().get(PREFIX + NAME, null) == null) {
      session.conf().set(PREFIX + NAME, AlexStorePathCatalog.class.getName());
    }
  }

  /** Makes sure that a session has the catalog; gives the name under which it has it. */
  static String register(SparkSession session) {
    String own = AlexStorePathCatalog.class.getName();
    RuntimeConfig conf = session.conf();
    for (String name : new String[] {NAME, OTHER_NAME}) {
      String known = conf.get(PREFIX + name, null);
      if (known == null) {
        conf.set(PREFIX + name, own);
        return name;
      }
      if (known.equals(own)) {
        return name;
      }
    }
    throw new IllegalStateException(
        "The session has catalogs of other kinds under the names "
            + NAME
            + " and "
            + OTHER_NAME
            + ", and alexstore needs one of them to find tables by path: rename the second");
  }
}
