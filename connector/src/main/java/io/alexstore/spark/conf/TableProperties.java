package io.alexstore.spark.conf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a table says of itself in its properties: those that are options, too, and so only count
 * where no option is given (see {@link AlexStoreOptions}), and those that are about the table for
 * whoever maintains it.
 *
 * <p>Users may give a table properties of their own; one that is nearly one of these is taken for a
 * mistake.
 */
public final class TableProperties {

  /** Whether a commit that leaves many small segments is followed by a small compaction. */
  public static final String AUTO_COMPACT = "autoCompact";

  /** How long a version is kept after it was the newest. */
  public static final String RETENTION_PERIOD = "retentionPeriod";

  /** How many of the newest versions are kept, however old. */
  public static final String RETENTION_VERSIONS = "retentionVersions";

  /** How a time is written, for errors. */
  public static final String PERIOD_FORM =
      "a number of days, hours, minutes or seconds, such as '7 days'";

  /** What {@link #RETENTION_PERIOD} is if nothing is said. */
  public static final Duration DEFAULT_RETENTION_PERIOD = Duration.ofDays(7);

  private static final int DEFAULT_RETENTION_VERSIONS = 1;

  private static final List<String> OWN =
      List.of(AUTO_COMPACT, RETENTION_PERIOD, RETENTION_VERSIONS);

  private static final Pattern PERIOD =
      Pattern.compile("(\\d{1,9})\\s*(days?|d|hours?|h|minutes?|min|seconds?|s)");

  private TableProperties() {}

  /** The names of all properties that mean something, but for the key. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(AlexStoreOptions.ofTable());
    names.addAll(OWN);
    return names;
  }

  /**
   * Checks a property that a table is to get.
   *
   * @throws IllegalArgumentException if its name is nearly a known one, or its value is no value of
   *     it
   */
  public static void check(String name, String value) {
    if (name.indexOf('.') >= 0) {
      return; // The user's, or Spark's.
    }
    if (!names().contains(name)) {
      Optional<String> near = NearNames.nearest(name, allNames());
      if (near.isPresent() && !near.get().equals(name)) {
        throw new IllegalArgumentException(
            "alexstore has no table property '"
                + name
                + "'; did you mean '"
                + near.get()
                + "'? If it is one of your own, give it a name with a dot, such as 'my."
                + name
                + "'");
      }
      return;
    }
    Map<String, String> one = Map.of(name, value);
    autoCompact(one);
    retentionPeriod(one);
    retentionVersions(one);
  }

  private static List<String> allNames() {
    List<String> names = new ArrayList<>(names());
    names.add(AlexStoreOptions.PRIMARY_KEY);
    names.add(AlexStoreOptions.SORT_KEY);
    return names;
  }

  /** Checks all properties that a table is to get; see {@link #check(String, String)}. */
  public static void check(Map<String, String> properties) {
    properties.forEach(TableProperties::check);
  }

  /** Whether commits are followed by a small compaction, where it pays; not unless told. */
  public static boolean autoCompact(Map<String, String> properties) {
    String text = properties.get(AUTO_COMPACT);
    if (text == null || text.strip().equalsIgnoreCase("false")) {
      return false;
    }
    if (text.strip().equalsIgnoreCase("true")) {
      return true;
    }
    throw wrong(AUTO_COMPACT, text, "true or false");
  }

  /** How long a version is kept after it was the newest. */
  public static Duration retentionPeriod(Map<String, String> properties) {
    String text = properties.get(RETENTION_PERIOD);
    if (text == null) {
      return DEFAULT_RETENTION_PERIOD;
    }
    return period(text).orElseThrow(() -> wrong(RETENTION_PERIOD, text, PERIOD_FORM));
  }

  /** A time as people write it, such as {@code 7 days}; empty if it is none. */
  public static Optional<Duration> period(String text) {
    Matcher matcher = PERIOD.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2).charAt(0)) {
          case 'd' -> Duration.ofDays(number);
          case 'h' -> Duration.ofHours(number);
          case 'm' -> Duration.ofMinutes(number);
          default -> Duration.ofSeconds(number);
        });
  }

  /** How many of the newest versions are kept, however old; at least 1. */
  public static int retentionVersions(Map<String, String> properties) {
    String text = properties.get(RETENTION_VERSIONS);
    if (text == null) {
      return DEFAULT_RETENTION_VERSIONS;
    }
    try {
      int versions = Integer.parseInt(text.strip());
      if (versions >= 1) {
        return versions;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw wrong(RETENTION_VERSIONS, text, "a number of versions from 1");
  }

  private static IllegalArgumentException wrong(String name, String text, String what) {
    return new IllegalArgumentException(
        "Table property '" + name + "' is '" + text + "', but must be " + what);
  }
}
