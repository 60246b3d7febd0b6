package io.alexstore.spark.conf;

import io.alexstore.commit.OnConflict;
import io.alexstore.schema.TableKey;
import io.alexstore.table.TableWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The one place that decides which option wins: an option of the read or write wins over the
 * session's ({@code spark.datasource.alexstore.<option>}, which Spark adds to the options where
 * they are not set), the session's over the table's property, the table's over the default.
 *
 * <p>An option with a dot in its name, such as {@code fs.defaultFS}, is a setting of Hadoop, which
 * wins over the session's configuration.
 *
 * <p>Immutable.
 */
public final class AlexStoreOptions {

  /** What the session's options begin with, after {@code spark.datasource.}. */
  public static final String SESSION_PREFIX = "alexstore";

  /** The table's directory. */
  public static final String PATH = "path";

  /** The columns of a unique key, comma-separated. */
  public static final String PRIMARY_KEY = "primaryKey";

  /** The columns of a key that need not be unique, comma-separated. */
  public static final String SORT_KEY = "sortKey";

  /** At how many encoded bytes a new segment is begun. */
  public static final String TARGET_SEGMENT_SIZE = "targetSegmentSize";

  /** What becomes of a row whose key the table has: error, update or ignore. */
  public static final String ON_CONFLICT = "onConflict";

  /** The column by which the last of several new rows with one key is known. */
  public static final String ORDER_BY = "orderBy";

  /** How often a commit is tried again that lost the race for the next version. */
  public static final String COMMIT_RETRIES = "commitRetries";

  /** The version to read. */
  public static final String VERSION_AS_OF = "versionAsOf";

  /** The time as of which to read. */
  public static final String TIMESTAMP_AS_OF = "timestampAsOf";

  /** Which of the tables that tell of a table to read, in place of its rows. */
  public static final String METADATA_TABLE = "metadataTable";

  /** Whether an overwrite replaces the table's columns and key, too. */
  public static final String OVERWRITE_SCHEMA = "overwriteSchema";

  /** Up to how many rows, found by key, are read on the driver, without a job; 0 for none. */
  public static final String LOCAL_SCAN_ROWS = "localScanRows";

  /** Up to how many bytes of rows, found by key, are read on the driver. */
  public static final String LOCAL_SCAN_BYTES = "localScanBytes";

  /** Whether joins by key look keys up: auto, always or never. */
  public static final String LOOKUP_JOIN = "lookupJoin";

  /** Up to how many keys, found out by the other side of a join, are looked up one by one. */
  public static final String RUNTIME_FILTER_KEYS = "runtimeFilterKeys";

  private static final List<String> KNOWN =
      List.of(
          PATH,
          PRIMARY_KEY,
          SORT_KEY,
          TARGET_SEGMENT_SIZE,
          ON_CONFLICT,
          ORDER_BY,
          COMMIT_RETRIES,
          VERSION_AS_OF,
          TIMESTAMP_AS_OF,
          METADATA_TABLE,
          OVERWRITE_SCHEMA,
          LOCAL_SCAN_ROWS,
          LOCAL_SCAN_BYTES,
          LOOKUP_JOIN,
          RUNTIME_FILTER_KEYS);

  /** Those that can be meant for many tables. */
  private static final List<String> OF_SESSION =
      List.of(
          ON_CONFLICT,
          ORDER_BY,
          COMMIT_RETRIES,
          TARGET_SEGMENT_SIZE,
          LOCAL_SCAN_ROWS,
          LOCAL_SCAN_BYTES,
          LOOKUP_JOIN,
          RUNTIME_FILTER_KEYS);

  /** Those that may be properties of a table, too. */
  private static final List<String> OF_TABLE =
      List.of(ON_CONFLICT, ORDER_BY, COMMIT_RETRIES, TARGET_SEGMENT_SIZE);

  /** What Spark gives in place of {@code path} when several paths are loaded. */
  private static final String PATHS = "paths";

  /** A column's name that stands for itself in a list of names. */
  private static final Pattern PLAIN_NAME = Pattern.compile("[^`,\\s]+");

  private static final long DEFAULT_TARGET_SEGMENT_SIZE = 256L << 20;
  private static final long MAX_TARGET_SEGMENT_SIZE = 1L << 30;
  private static final int MAX_COMMIT_RETRIES = 1_000_000;
  private static final int DEFAULT_LOCAL_SCAN_ROWS = 10_000;
  private static final int MAX_LOCAL_SCAN_ROWS = 1_000_000;
  private static final long DEFAULT_LOCAL_SCAN_BYTES = 4L << 20;
  private static final int DEFAULT_RUNTIME_FILTER_KEYS = 100_000;
  private static final int MAX_RUNTIME_FILTER_KEYS = 10_000_000;

  private final CaseInsensitiveStringMap options;

  /**
   * Takes options, whose names Spark does not tell apart by case.
   *
   * @throws IllegalArgumentException if there is an option that alexstore does not know: a misspelt
   *     one that does nothing is worse than an error
   */
  public AlexStoreOptions(Map<String, String> options) {
    this.options =
        options instanceof CaseInsensitiveStringMap map
            ? map
            : new CaseInsensitiveStringMap(options);
    TreeMap<String, String> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    KNOWN.forEach(name -> known.put(name, name));
    TreeSet<String> unknown = new TreeSet<>(this.options.asCaseSensitiveMap().keySet());
    unknown.removeIf(
        name -> known.containsKey(name) || name.equalsIgnoreCase(PATHS) || isHadoopSetting(name));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "alexstore has no option "
              + unknown.stream().map(AlexStoreOptions::withHint).collect(Collectors.joining(", "))
              + ". Remove it or correct its name; the options are "
              + String.join(", ", KNOWN));
    }
  }

  private static String withHint(String unknown) {
    return unknown
        + NearNames.nearest(unknown, KNOWN).map(near -> " (did you mean " + near + "?)").orElse("");
  }

  /** The names of all options, as users write them. */
  public static List<String> names() {
    return KNOWN;
  }

  /** The names of those that may be settings of the session, too. */
  public static List<String> ofSession() {
    return OF_SESSION;
  }

  /** The names of those that may be properties of a table, too. */
  public static List<String> ofTable() {
    return OF_TABLE;
  }

  /**
   * The value that counts: what the read or write says; else what the session says, which is among
   * these options where the read or write is silent ({@link #withSession}); else what the table
   * says.
   */
  private Optional<String> first(String name, Map<String, String> tableProperties) {
    String own = options.get(name);
    return Optional.ofNullable(own != null ? own : tableProperties.get(name));
  }

  static boolean isHadoopSetting(String name) {
    return name.indexOf('.') >= 0;
  }

  /** The settings of Hadoop among the options. */
  public Map<String, String> hadoopSettings() {
    TreeMap<String, String> settings = new TreeMap<>();
    options
        .asCaseSensitiveMap()
        .forEach(
            (name, value) -> {
              if (isHadoopSetting(name)) {
                settings.put(name, value);
              }
            });
    return settings;
  }

  /**
   * The table's directory.
   *
   * @throws IllegalArgumentException if there is not exactly one path
   */
  public String path() {
    String path = options.get(PATH);
    if (path == null || path.isBlank()) {
      String paths = options.get(PATHS);
      throw new IllegalArgumentException(
          paths == null
              ? "alexstore needs the table's directory: .load(path), .save(path) or option 'path'"
              : "alexstore reads one table at a time, and was given the paths "
                  + paths
                  + ". Load each by itself and unite them with union()");
    }
    return path;
  }

  /** Which kind of key is asked for; empty if none is. */
  public Optional<TableKey.Kind> keyKind() {
    boolean primary = options.containsKey(PRIMARY_KEY);
    boolean sort = options.containsKey(SORT_KEY);
    if (primary && sort) {
      throw new IllegalArgumentException(
          "Both primaryKey='"
              + options.get(PRIMARY_KEY)
              + "' and sortKey='"
              + options.get(SORT_KEY)
              + "' are set, and a table has one key. Keep primaryKey if its columns are unique,"
              + " otherwise sortKey");
    }
    return primary
        ? Optional.of(TableKey.Kind.PRIMARY)
        : sort ? Optional.of(TableKey.Kind.SORT) : Optional.empty();
  }

  /**
   * The names of the key's columns as they were given, in the key's order; empty if no key is
   * given. A name with a comma in it stands in backticks.
   */
  public List<String> keyColumns() {
    Optional<TableKey.Kind> kind = keyKind();
    if (kind.isEmpty()) {
      return List.of();
    }
    String option = kind.get() == TableKey.Kind.PRIMARY ? PRIMARY_KEY : SORT_KEY;
    String value = options.get(option);
    List<String> names = splitNames(value);
    if (names.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException(
          "Option '"
              + option
              + "' is '"
              + value
              + "', which has an empty column name: write the columns as 'a' or 'a,b'");
    }
    return names;
  }

  private static List<String> splitNames(String value) {
    List<String> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '`') {
        if (quoted && i + 1 < value.length() && value.charAt(i + 1) == '`') {
          name.append(c);
          i++;
        } else {
          quoted = !quoted;
          wasQuoted = true;
          if (quoted) {
            name.setLength(0);
          }
        }
      } else if (c == ',' && !quoted) {
        names.add(wasQuoted ? name.toString() : name.toString().strip());
        name.setLength(0);
        wasQuoted = false;
      } else if (quoted || !wasQuoted) {
        name.append(c);
      }
    }
    names.add(wasQuoted ? name.toString() : name.toString().strip());
    return names;
  }

  /** The names of columns as the value of an option. */
  public static String joinNames(List<String> columns) {
    return columns.stream()
        .map(
            name -> PLAIN_NAME.matcher(name).matches() ? name : "`" + name.replace("`", "``") + "`")
        .collect(Collectors.joining(","));
  }

  /** At how many encoded bytes a new segment is begun. */
  public long targetSegmentSize(Map<String, String> tableProperties) {
    return first(TARGET_SEGMENT_SIZE, tableProperties)
        .map(text -> ByteSize.parse(TARGET_SEGMENT_SIZE, text, 1, MAX_TARGET_SEGMENT_SIZE))
        .orElse(DEFAULT_TARGET_SEGMENT_SIZE);
  }

  /** What a table that is created with these options remembers of them. */
  public Map<String, String> newTableProperties() {
    String size = options.get(TARGET_SEGMENT_SIZE);
    return size == null
        ? Map.of()
        : Map.of(TARGET_SEGMENT_SIZE, Long.toString(targetSegmentSize(Map.of())));
  }

  /** What becomes of a row whose key the table has. */
  public OnConflict onConflict(Map<String, String> tableProperties) {
    String text = first(ON_CONFLICT, tableProperties).orElse("error");
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "error" -> OnConflict.ERROR;
      case "update" -> OnConflict.UPDATE;
      case "ignore" -> OnConflict.IGNORE;
      default ->
          throw new IllegalArgumentException(
              "Option 'onConflict' is '"
                  + text
                  + "', but must be error (a row whose key is in the table fails the write),"
                  + " update (it replaces the row that is there) or ignore (it is left out)");
    };
  }

  /** The column by which the last of several new rows with one key is known, if there is one. */
  public Optional<String> orderBy(Map<String, String> tableProperties) {
    return first(ORDER_BY, tableProperties).map(String::strip);
  }

  /** How often a commit is tried again that lost the race for the next version. */
  public int commitRetries(Map<String, String> tableProperties) {
    return first(COMMIT_RETRIES, tableProperties)
        .map(AlexStoreOptions::retries)
        .orElse(TableWrite.DEFAULT_COMMIT_RETRIES);
  }

  private static int retries(String text) {
    return number(
        COMMIT_RETRIES,
        text,
        MAX_COMMIT_RETRIES,
        "a number of times from 0, which gives up at the first lost race,");
  }

  private static int number(String option, String text, int max, String what) {
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw new IllegalArgumentException(
        "Option '" + option + "' is '" + text + "', but must be " + what + " to " + max);
  }

  /**
   * These options, and those of a session that these do not say. Spark brings them itself for
   * {@code format("alexstore")}, but not in SQL.
   *
   * @param session all settings of the session, see {@link SessionSettings#of}
   * @throws IllegalArgumentException if the session has a setting of alexstore that means nothing
   */
  public AlexStoreOptions withSession(Map<String, String> session) {
    Map<String, String> all = SessionSettings.options(session);
    all.keySet().removeIf(options::containsKey);
    return all.isEmpty() ? this : with(all);
  }

  /** Up to how many rows, found by key, are read on the driver, without a job; 0 for none. */
  public int localScanRows() {
    String text = options.get(LOCAL_SCAN_ROWS);
    return text == null
        ? DEFAULT_LOCAL_SCAN_ROWS
        : number(
            LOCAL_SCAN_ROWS,
            text,
            MAX_LOCAL_SCAN_ROWS,
            "a number of rows from 0, which turns it off,");
  }

  /** Up to how many bytes of rows, found by key, are read on the driver. */
  public long localScanBytes() {
    String text = options.get(LOCAL_SCAN_BYTES);
    return text == null
        ? DEFAULT_LOCAL_SCAN_BYTES
        : ByteSize.parse(LOCAL_SCAN_BYTES, text, 0, 1L << 30);
  }

  /** Whether joins by key look keys up. */
  public LookupJoinMode lookupJoin() {
    String text = options.get(LOOKUP_JOIN);
    return text == null ? LookupJoinMode.AUTO : LookupJoinMode.parse(text);
  }

  /** Up to how many keys that a query finds out are looked up one by one, at least 1. */
  public int runtimeFilterKeys() {
    String text = options.get(RUNTIME_FILTER_KEYS);
    return text == null
        ? DEFAULT_RUNTIME_FILTER_KEYS
        : Math.max(
            1,
            number(
                RUNTIME_FILTER_KEYS,
                text,
                MAX_RUNTIME_FILTER_KEYS,
                "a number of keys from 0, which makes one range of all of them,"));
  }

  /** The version to read; empty for the newest. */
  public OptionalLong versionAsOf() {
    String text = options.get(VERSION_AS_OF);
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      long version = Long.parseLong(text.strip());
      if (version >= 0) {
        return OptionalLong.of(version);
      }
    } catch (NumberFormatException e) {
      // Said below, as for a negative number.
    }
    throw new IllegalArgumentException(
        "Option 'versionAsOf' is '" + text + "', but must be a version: a number from 0");
  }

  /** The time as of which to read, as it was given; Spark says which it is. */
  public Optional<String> timestampAsOf() {
    return Optional.ofNullable(options.get(TIMESTAMP_AS_OF));
  }

  /** These options for reading a version that is known. */
  public AlexStoreOptions atVersion(long version) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(options.asCaseSensitiveMap());
    all.remove(TIMESTAMP_AS_OF);
    all.put(VERSION_AS_OF, Long.toString(version));
    return new AlexStoreOptions(new CaseInsensitiveStringMap(all));
  }

  /**
   * Checks that these are options of a write, or of a read of the newest version.
   *
   * @throws IllegalArgumentException if they name an older version
   */
  public void requireNewest() {
    for (String name : List.of(VERSION_AS_OF, TIMESTAMP_AS_OF)) {
      if (options.containsKey(name)) {
        throw new IllegalArgumentException(
            "Option '" + name + "' is for reading: a write always makes the next version");
      }
    }
  }

  /** Which of the tables that tell of a table to read, in place of its rows. */
  public Optional<String> metadataTable() {
    return Optional.ofNullable(options.get(METADATA_TABLE)).map(String::strip);
  }

  /** Whether an overwrite replaces the table's columns and key, too. */
  public boolean overwriteSchema() {
    String text = options.get(OVERWRITE_SCHEMA);
    if (text == null || text.strip().equalsIgnoreCase("false")) {
      return false;
    }
    if (text.strip().equalsIgnoreCase("true")) {
      return true;
    }
    throw new IllegalArgumentException(
        "Option 'overwriteSchema' is '" + text + "', but must be true or false");
  }

  /** These options and others, which win. */
  public AlexStoreOptions with(Map<String, String> others) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(options.asCaseSensitiveMap());
    all.putAll(others);
    // The key is one setting under two names.
    boolean key = hasKey(others);
    if (key && !hasName(others, PRIMARY_KEY)) {
      all.remove(PRIMARY_KEY);
    }
    if (key && !hasName(others, SORT_KEY)) {
      all.remove(SORT_KEY);
    }
    return new AlexStoreOptions(new CaseInsensitiveStringMap(all));
  }

  /** These options and another, which wins. */
  public AlexStoreOptions with(String name, String value) {
    return with(Map.of(name, value));
  }

  private static boolean hasKey(Map<String, String> options) {
    return hasName(options, PRIMARY_KEY) || hasName(options, SORT_KEY);
  }

  private static boolean hasName(Map<String, String> options, String name) {
    return options.keySet().stream().anyMatch(name::equalsIgnoreCase);
  }
}
