package io.alexstore.spark.conf;

/**
 * What the Spark on the class path has: one jar is for several versions, and whatever depends on
 * the version asks here. A feature is told by a class that came with it. What only a newer Spark
 * has is used in classes of their own, which nothing loads where it is not there.
 */
public final class SparkFeatures {

  private static final String SQL = "org.apache.spark.sql.";

  /** Constraints, which Spark evaluates on the rows that it writes: from 4.1 on. */
  public static final boolean CONSTRAINTS = has("connector.catalog.constraints.Constraint");

  /** The type TIME: from 4.1 on. */
  public static final boolean TIME = has("types.TimeType");

  /**
   * Columns' defaults of which a table need not say what they were worth: from 4.1 on, which no
   * class of its own tells.
   */
  public static final boolean DEFAULTS_WITHOUT_VALUE = CONSTRAINTS;

  /** Writes that change a table's columns: from 4.2 on. */
  public static final boolean SCHEMA_EVOLUTION = has("connector.catalog.SupportsSchemaEvolution");

  private SparkFeatures() {}

  private static boolean has(String name) {
    try {
      Class.forName(SQL + name, false, SparkFeatures.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
