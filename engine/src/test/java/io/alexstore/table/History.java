package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.log.LogEntry;
import io.alexstore.log.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What writers and readers of one table have told of what they did, line by line, and whether it
 * goes together. Each version must be the one before it and what the commit of that version set out
 * to do, nothing more and nothing less; each read must be the whole of the version that it says. So
 * no update is lost, no key comes twice, and neither a commit nor a reader saw a mix of versions.
 */
final class History {

  private static final String COMMITTED = "committed";
  private static final String READ = "read";

  /**
   * What one commit did to the rows with some keys.
   *
   * @param by the value of the rows that it made
   */
  record Commit(String operation, String by, List<Long> keys) {

    /** The version after it, given the one before. */
    SortedMap<Long, String> apply(SortedMap<Long, String> before) {
      SortedMap<Long, String> after = new TreeMap<>(before);
      for (long key : keys) {
        switch (operation) {
          case "append" -> assertThat(after.put(key, by)).as("appended key %d", key).isNull();
          case "upsert" -> after.put(key, by);
          case "ignore" -> after.putIfAbsent(key, by);
          case "delete" -> after.remove(key);
          case "update" -> {
            String old = after.get(key);
            assertThat(old).as("updated key %d", key).isNotNull();
            after.put(key, updated(old));
          }
          default -> throw new IllegalStateException(operation);
        }
      }
      return after;
    }
  }

  /** What a history came to. */
  record Summary(int commits, int compactions, int reads) {}

  private final Map<Long, Commit> commits = new HashMap<>();
  private final Map<Long, List<SortedMap<Long, String>>> reads = new HashMap<>();

  /** The value that an update makes of another. It adds to it, so a lost update shows. */
  static String updated(String value) {
    return value.length() > 60 ? value.substring(0, 8) + "+" : value + "+";
  }

  /** A line that tells of a commit. */
  static String committed(long version, Commit commit) {
    String keys = String.join(",", commit.keys().stream().map(String::valueOf).toList());
    return String.join(
        " ", COMMITTED, Long.toString(version), commit.operation(), commit.by(), keys);
  }

  /** A line that tells of all rows that were read of a version. */
  static String read(long version, SortedMap<Long, String> rows) {
    List<String> pairs =
        rows.entrySet().stream().map(r -> r.getKey() + "=" + r.getValue()).toList();
    return String.join(" ", READ, Long.toString(version), String.join(",", pairs));
  }

  /** Takes a line in; one that tells nothing is passed over. */
  void add(String line) {
    String[] words = line.split(" ", -1);
    if (words[0].equals(COMMITTED)) {
      List<Long> keys = Arrays.stream(words[4].split(",")).map(Long::valueOf).toList();
      Commit other = commits.put(Long.valueOf(words[1]), new Commit(words[2], words[3], keys));
      assertThat(other).as("another commit of version %s", words[1]).isNull();
    } else if (words[0].equals(READ)) {
      SortedMap<Long, String> rows = new TreeMap<>();
      if (!words[2].isEmpty()) {
        for (String pair : words[2].split(",")) {
          String[] row = pair.split("=");
          assertThat(rows.put(Long.valueOf(row[0]), row[1])).as("key %s twice", row[0]).isNull();
        }
      }
      reads.computeIfAbsent(Long.valueOf(words[1]), v -> new ArrayList<>()).add(rows);
    }
  }

  /**
   * Checks a table whose versions are all of this history, but for compactions.
   *
   * @throws AssertionError if they do not go together
   */
  Summary check(AlexTable table) throws IOException {
    SortedMap<Long, String> expected = new TreeMap<>();
    int compactions = 0;
    int checkedReads = 0;
    for (LogEntry entry : table.history()) {
      long v = entry.version();
      Commit commit = commits.get(v);
      if (commit != null) {
        expected = commit.apply(expected);
      } else if (v > 0) {
        assertThat(entry.operation()).as("version %d", v).isEqualTo(Operation.COMPACT);
        compactions++;
      }
      try (AlexTable version = table.asOf(v)) {
        assertThat(Tables.rows(version)).as("version %d by %s", v, commit).isEqualTo(expected);
      }
      for (SortedMap<Long, String> read : reads.getOrDefault(v, List.of())) {
        assertThat(read).as("a read of version %d", v).isEqualTo(expected);
        checkedReads++;
      }
    }
    assertThat(table.snapshot().version()).isEqualTo(commits.size() + compactions);
    assertThat(checkedReads).isEqualTo(reads.values().stream().mapToInt(List::size).sum());
    return new Summary(commits.size(), compactions, checkedReads);
  }
}
