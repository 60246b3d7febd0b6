package io.alexstore.maintain;

import io.alexstore.error.CommitConflictException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.log.LogEntry;
import io.alexstore.log.LogFormat;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives up old versions of a table, and deletes the files that only they name: segments that were
 * compacted, overwritten or emptied, and deletion vectors that were replaced.
 *
 * <pre>{@code
 * SnapshotExpiry.of("/data/orders").olderThan(now - 7 * day).keepLast(10).run();
 * }</pre>
 *
 * <p>First a commit says which versions are given up ({@link Snapshot#expiredBefore}); after it
 * nobody can go back to them, and only then files are deleted. So it is safe beside writers, and
 * when it is stopped halfway, running it again deletes the rest. A reader that still reads such a
 * version finds that a file is missing where it has not opened it before, and a statement that
 * changes rows which were compacted since ends with a conflict; an append goes on. Choose a time
 * that is longer than the longest query, and the longest write.
 *
 * <p>The log's entries stay, as later versions are built from them. Not thread-safe; to be run
 * once.
 */
public final class SnapshotExpiry {

  private static final int MAX_ATTEMPTS = 100;

  private final FileStore store;
  private final String path;
  private TableLog log;
  private long olderThanMs = Long.MAX_VALUE;
  private int keepLast = 1;
  private Optional<Snapshot> earlier = Optional.empty();
  private boolean dryRun;

  private SnapshotExpiry(FileStore store, String path) {
    this.store = store;
    this.path = path;
    this.log = new TableLog(store, path);
  }

  /** An expiry of versions of the table at a path. */
  public static SnapshotExpiry of(String path) {
    return of(FileStores.forPath(path), path);
  }

  /** An expiry of versions of a table in a given store. */
  public static SnapshotExpiry of(FileStore store, String path) {
    return new SnapshotExpiry(store, path);
  }

  /**
   * Keeps every version that was the newest at this time or later. If it is not given, only {@link
   * #keepLast} counts.
   *
   * @param timestampMs milliseconds since 1970-01-01 UTC
   */
  public SnapshotExpiry olderThan(long timestampMs) {
    olderThanMs = timestampMs;
    return this;
  }

  /**
   * Keeps the newest versions, however old.
   *
   * @param versions how many, at least 1, which is what holds if nothing is said. The commit by
   *     which versions are given up is not counted
   */
  public SnapshotExpiry keepLast(int versions) {
    if (versions < 1) {
      throw new IllegalArgumentException("keepLast must be at least 1, not " + versions);
    }
    keepLast = versions;
    return this;
  }

  /**
   * Looks only at versions that were not given up before, and reads only the log since the first of
   * them. So files stay that an earlier run should have deleted and did not. For who expires again
   * and again and knows that the last run went through.
   *
   * @param known a version of the table, which saves reading the log up to it
   */
  public SnapshotExpiry goingOn(Snapshot known) {
    earlier = Optional.of(known);
    return this;
  }

  /** Commits in the name of the embedded store that owns the table. */
  public SnapshotExpiry committer(String owner) {
    log = new TableLog(store, path, Optional.of(owner));
    return this;
  }

  /** Commits and deletes nothing, but says what would be deleted. */
  public SnapshotExpiry dryRun() {
    dryRun = true;
    return this;
  }

  /**
   * What an expiry came to.
   *
   * @param expiredBefore the first version that can be read
   * @param expiredVersions how many versions were given up
   * @param deletedFiles the names of the files that were deleted
   * @param deletedBytes what they took
   */
  public record Result(
      long expiredBefore, long expiredVersions, List<String> deletedFiles, long deletedBytes) {

    /** Copies the list. */
    public Result {
      deletedFiles = List.copyOf(deletedFiles);
    }
  }

  /**
   * Expires versions. With nothing to expire, it deletes what an earlier run has left.
   *
   * @throws io.alexstore.error.TableNotFoundException if there is no table
   * @throws CommitConflictException if others won too many races
   * @throws io.alexstore.error.CommitStateUnknownException if the commit may or may not have
   *     happened; no file was deleted
   */
  public Result run() throws IOException {
    Snapshot newest = earlier.isPresent() ? log.refresh(earlier.get()) : log.load();
    for (int attempt = 1; ; attempt++) {
      long before = newest.expiredBefore();
      long first = earlier.isPresent() ? before : 0;
      List<LogEntry> entries = log.history(first, newest);
      long target = Math.max(before, first + firstToKeep(entries));
      TableFiles named = new TableFiles();
      if (first > 0) {
        if (target == before) {
          return new Result(target, 0, List.of(), 0);
        }
        named.add(log.load(first)); // While it can be read.
      }
      entries.forEach(named::add);
      if (target > before && !dryRun) {
        try {
          newest = log.publish(newest, SnapshotEdit.expire(target));
        } catch (CommitConflictException e) {
          if (attempt == MAX_ATTEMPTS) {
            throw e;
          }
          newest = log.refresh(newest);
          continue;
        }
      }
      List<LogEntry> kept = entries.subList((int) (target - first) + 1, entries.size());
      return delete(named, kept, target, target - before);
    }
  }

  /** The place among the entries of the first whose version is to be kept. */
  private int firstToKeep(List<LogEntry> entries) {
    int newest = entries.size() - 1;
    int first = Math.max(0, newest - keepLast + 1);
    // A version was the newest until the next one was made.
    while (first > 0 && entries.get(first).timestampMs() > olderThanMs) {
      first--;
    }
    return first;
  }

  /**
   * Deletes what entries before a version name and no version from there on does. What is committed
   * later can name none of it: it brings new files, or goes back to a version that is kept.
   */
  private Result delete(TableFiles named, List<LogEntry> keptEntries, long firstKept, long expired)
      throws IOException {
    TableFiles kept = new TableFiles();
    kept.add(log.load(firstKept));
    keptEntries.forEach(kept::add);
    List<String> deleted = new ArrayList<>();
    long bytes = 0;
    String directory = FilePaths.resolve(path, LogFormat.DATA_DIRECTORY);
    for (FileStatus file : store.list(directory)) {
      if (named.contains(file.name()) && !kept.contains(file.name())) {
        if (!dryRun) {
          store.delete(FilePaths.resolve(directory, file.name()));
        }
        deleted.add(file.name());
        bytes += file.size();
      }
    }
    return new Result(firstKept, expired, deleted, bytes);
  }
}
