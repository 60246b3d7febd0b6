package io.alexstore.spark;

import org.apache.spark.sql.SparkSession;

/** The one Spark session of all tests: starting Spark costs more than most tests. */
public final class TestSession {

  private static SparkSession session;
  private static SparkSession extended;

  private TestSession() {}

  /** The session; started at first use, and left to the end of the JVM. */
  public static synchronized SparkSession get() {
    if (session == null) {
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("alexstore tests")
              .config("spark.ui.enabled", "false")
              .config("spark.sql.shuffle.partitions", "3")
              .config("spark.default.parallelism", "2")
              .config("spark.sql.session.timeZone", "UTC")
              .config("spark.sql.timeType.enabled", "true")
              .getOrCreate();
    }
    return session;
  }

  /**
   * Stops Spark, for tests that need one with other settings; {@link #get} starts it again. These
   * tests stop their own before they end.
   */
  public static synchronized void stop() {
    if (session != null) {
      session.stop();
    }
    session = null;
    extended = null;
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
  }

  /** A session of the same Spark with {@link AlexStoreExtensions}; not the active one. */
  public static synchronized SparkSession extended() {
    if (extended == null) {
      SparkSession plain = get();
      SparkSession.clearActiveSession();
      SparkSession.clearDefaultSession();
      extended = SparkSession.builder().withExtensions(new AlexStoreExtensions()).getOrCreate();
      plain
          .conf()
          .getAll()
          .foreach(
              setting -> {
                if (extended.conf().isModifiable(setting._1())) {
                  extended.conf().set(setting._1(), setting._2());
                }
                return null;
              });
      SparkSession.setDefaultSession(plain);
      SparkSession.setActiveSession(plain);
    }
    return extended;
  }
}
