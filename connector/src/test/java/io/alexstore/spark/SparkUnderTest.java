package io.alexstore.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.package$;

/** The Spark that tests run on, which need not be that of the build: {@code ./connector/compat}. */
public final class SparkUnderTest {

  /** The first version that parses constraints in CREATE TABLE. */
  private static final String CONSTRAINTS = "4.1";

  private static final Pattern KEY = Pattern.compile(",?\\s*PRIMARY KEY \\(([^()]*)\\)");

  private SparkUnderTest() {}

  /** Whether it is a version or a newer one, such as {@code 4.1}. */
  public static boolean isAtLeast(String version) {
    return number(package$.MODULE$.SPARK_VERSION()) >= number(version);
  }

  private static int number(String version) {
    String[] parts = version.split("[.-]", -1);
    return Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
  }

  /**
   * A statement as this Spark understands it: where it has no PRIMARY KEY in CREATE TABLE, the key
   * is a property of the table.
   */
  public static String sql(String statement) {
    return isAtLeast(CONSTRAINTS) ? statement : keyAsProperty(statement);
  }

  static String keyAsProperty(String statement) {
    Matcher key = KEY.matcher(statement);
    if (!statement.matches("(?s)(CREATE|REPLACE|CREATE OR REPLACE) TABLE .*") || !key.find()) {
      return statement;
    }
    String property = "TBLPROPERTIES ('primaryKey'='" + key.group(1) + "'";
    String rest = key.replaceFirst("");
    return rest.contains("TBLPROPERTIES (")
        ? rest.replace("TBLPROPERTIES (", property + ", ")
        : rest + " " + property + ")";
  }
}
