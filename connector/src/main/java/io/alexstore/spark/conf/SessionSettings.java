package io.alexstore.spark.conf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * What a session says of alexstore's options: {@code spark.datasource.alexstore.<option>}. A name
 * that says nothing is refused, as an option's is.
 */
public final class SessionSettings {

  /** What the names of settings begin with. */
  static final String PREFIX = "spark.datasource." + AlexStoreOptions.SESSION_PREFIX + ".";

  /** What they are mistaken to begin with, after how other libraries name theirs. */
  private static final List<String> MISTAKEN =
      List.of("spark.alexstore.", "spark.sql.alexstore.", "spark.sql.datasource.alexstore.");

  private SessionSettings() {}

  /** All settings of a session. */
  public static Map<String, String> of(SparkSession session) {
    Map<String, String> all = new HashMap<>();
    session
        .conf()
        .getAll()
        .foreach(
            setting -> {
              all.put(setting._1(), setting._2());
              return null;
            });
    return all;
  }

  /**
   * Options by their names, which are not told apart by case.
   *
   * @param session all settings of a session
   * @throws IllegalArgumentException if there is a name that is no option for a session; but for
   *     settings of Hadoop, which Spark brings where {@code format("alexstore")} is read or written
   */
  static Map<String, String> options(Map<String, String> session) {
    TreeMap<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    session.forEach(
        (setting, value) -> {
          if (setting.startsWith(PREFIX)) {
            String name = setting.substring(PREFIX.length());
            if (!AlexStoreOptions.isHadoopSetting(name)) {
              requireOfSession(setting, name);
              options.put(name, value);
            }
          }
          for (String prefix : MISTAKEN) {
            if (setting.startsWith(prefix)) {
              throw unknown(setting, setting.substring(prefix.length()));
            }
          }
        });
    return options;
  }

  private static void requireOfSession(String setting, String name) {
    if (AlexStoreOptions.ofSession().stream().anyMatch(name::equalsIgnoreCase)) {
      return;
    }
    if (AlexStoreOptions.names().stream().anyMatch(name::equalsIgnoreCase)) {
      throw new IllegalArgumentException(
          "The session has the setting "
              + setting
              + ", but this option is for one table: unset it, and give the option with the read or"
              + " the write");
    }
    throw unknown(setting, name);
  }

  private static IllegalArgumentException unknown(String setting, String name) {
    return new IllegalArgumentException(
        "alexstore has no setting "
            + setting
            + NearNames.nearest(name, AlexStoreOptions.ofSession())
                .map(near -> " (did you mean " + PREFIX + near + "?)")
                .orElse("")
            + ". Unset it or correct its name; a session may set "
            + PREFIX
            + "<option> for the options "
            + String.join(", ", AlexStoreOptions.ofSession()));
  }
}
