package io.alexstore.maintain;

import io.alexstore.io.FilePaths;
import io.alexstore.log.Deletions;
import io.alexstore.log.LogEntry;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import java.util.HashSet;
import java.util.Set;

/** The names of the files in a table's data directory that versions name. Not thread-safe. */
final class TableFiles {

  private final Set<String> names = new HashSet<>();

  /** Adds all files that a version consists of. */
  void add(Snapshot snapshot) {
    snapshot.segments().forEach(this::add);
  }

  /** Adds all files that a commit brought. */
  void add(LogEntry entry) {
    entry.added().forEach(this::add);
    entry.deletions().values().forEach(this::add);
  }

  private void add(SegmentEntry segment) {
    names.add(FilePaths.name(segment.path()));
    add(segment.deletions());
  }

  private void add(Deletions deletions) {
    if (deletions.path() != null) {
      names.add(FilePaths.name(deletions.path()));
    }
  }

  boolean contains(String name) {
    return names.contains(name);
  }
}
