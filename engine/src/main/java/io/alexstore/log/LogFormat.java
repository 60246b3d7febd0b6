package io.alexstore.log;

import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.io.FilePaths;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The constants of the log's format and of a table's directory; see {@code docs/format/log.md}. */
public final class LogFormat {

  /** The format that this release writes, and the newest that it reads. */
  public static final int VERSION = 1;

  /** What the first line starts with; the format's version follows. */
  static final String FIRST_LINE = "alexstore-log ";

  /** What the last line starts with; eight lower-case hex digits follow. */
  static final String LAST_LINE = "crc32c ";

  /**
   * The most bytes that an entry may have, so that a foreign or damaged file cannot make a reader
   * allocate without bound. Room for about half a million segments in one commit.
   */
  static final int MAX_ENTRY_BYTES = 128 << 20;

  /** The program that is named in entries. */
  static final String WRITER = "alexstore 0.1.0";

  /** Segments may have deletion vectors: who passes them over sees deleted rows. */
  static final String DELETION_VECTORS = "deletionVectors";

  /** Segments may have been written with other columns than the version has. */
  static final String SCHEMA_EVOLUTION = "schemaEvolution";

  /** The table has CHECK constraints: who adds rows and passes these over may break them. */
  static final String CHECK_CONSTRAINTS = "checkConstraints";

  /** An embedded store owns the table: nobody else may commit. */
  static final String OWNER = "owner";

  /** Features that this release understands when it reads. */
  static final Set<String> READER_FEATURES = Set.of(DELETION_VECTORS, SCHEMA_EVOLUTION);

  /** Features that this release understands when it writes. */
  static final Set<String> WRITER_FEATURES =
      Set.of(DELETION_VECTORS, SCHEMA_EVOLUTION, CHECK_CONSTRAINTS, OWNER);

  /** Where the log's entries stand in a table's directory. */
  public static final String LOG_DIRECTORY = "_alexstore/log";

  /** Where the segments stand in a table's directory. */
  public static final String DATA_DIRECTORY = "data";

  /** What the names of files with a deletion vector end with; they stand beside the segments. */
  public static final String DELETIONS_SUFFIX = ".alexdv";

  /** What the names of segment files end with. */
  public static final String SEGMENT_SUFFIX = ".alexseg";

  private static final int DIGITS = 20;

  private LogFormat() {}

  /** The path of the entry of a version. */
  static String entryPath(String table, long version) {
    return FilePaths.resolve(table, LOG_DIRECTORY + "/" + entryName(version));
  }

  /** The name of the entry of a version: 20 digits, so that names sort as versions do. */
  static String entryName(long version) {
    String digits = Long.toString(version);
    return "0".repeat(DIGITS - digits.length()) + digits;
  }

  /** The version that a file in the log directory is the entry of; empty if it is none. */
  static OptionalLong entryVersion(String name) {
    if (name.length() != DIGITS || !name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(name));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Checks that all features are known.
   *
   * @param verb what they are needed for, for the message
   */
  static void checkFeatures(String path, List<String> needed, Set<String> known, String verb) {
    for (String feature : needed) {
      if (!known.contains(feature)) {
        throw new UnsupportedFormatException(
            path,
            "to "
                + verb
                + " this table needs the feature '"
                + feature
                + "', and this release knows "
                + known);
      }
    }
  }
}
