package io.alexstore.maintain;

import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.log.LogEntry;
import io.alexstore.log.LogFormat;
import io.alexstore.log.TableLog;
import io.alexstore.log.UnfinishedEntries;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Deletes files in a table's directory that no version names: what writes have left that failed or
 * were killed.
 *
 * <p>Writers that are at work have such files, too, until they commit. So a file stays if it was
 * modified within a grace time, or if an entry that is written but not published names it. The
 * grace time must be longer than the longest write takes, from its first segment to its commit; it
 * is judged by this machine's clock and the times that the file system gives.
 *
 * <p>Only files are deleted that look like this program's: segments, deletion vectors, and
 * temporary files. Not thread-safe; to be run once.
 */
public final class OrphanFiles {

  /** The grace time if nothing is said. */
  public static final Duration DEFAULT_GRACE = Duration.ofDays(3);

  /** The shortest grace time. */
  public static final Duration MIN_GRACE = Duration.ofHours(1);

  private final FileStore store;
  private final String path;
  private final LongSupplier clock;
  private Duration grace = DEFAULT_GRACE;
  private boolean dryRun;

  private OrphanFiles(FileStore store, String path, LongSupplier clock) {
    this.store = store;
    this.path = path;
    this.clock = clock;
  }

  /** Those of the table at a path. */
  public static OrphanFiles of(String path) {
    return of(FileStores.forPath(path), path);
  }

  /** Those of a table in a given store. */
  public static OrphanFiles of(FileStore store, String path) {
    return of(store, path, System::currentTimeMillis);
  }

  /** For tests: with a clock, in milliseconds. */
  static OrphanFiles of(FileStore store, String path, LongSupplier clock) {
    return new OrphanFiles(store, path, clock);
  }

  /**
   * Leaves files alone that were modified within this time.
   *
   * @throws IllegalArgumentException if it is below {@link #MIN_GRACE}
   */
  public OrphanFiles grace(Duration time) {
    if (time.compareTo(MIN_GRACE) < 0) {
      throw new IllegalArgumentException(
          "A grace time of "
              + time
              + " could delete files of writes that are under way; it must be at least "
              + MIN_GRACE);
    }
    grace = time;
    return this;
  }

  /** Deletes nothing, but says what would be deleted. */
  public OrphanFiles dryRun() {
    dryRun = true;
    return this;
  }

  /**
   * What was removed.
   *
   * @param files the paths of the files
   * @param bytes what they took
   */
  public record Result(List<String> files, long bytes) {
    /** Copies the list. */
    public Result {
      files = List.copyOf(files);
    }
  }

  /**
   * Removes them. Does nothing where an entry is just being written: run it again.
   *
   * @throws io.alexstore.error.TableNotFoundException if there is no table
   * @throws io.alexstore.error.CorruptFileException if the log is damaged; nothing was deleted
   */
  public Result run() throws IOException {
    long oldBefore = clock.getAsLong() - grace.toMillis();
    String directory = FilePaths.resolve(path, LogFormat.DATA_DIRECTORY);
    // In this order: what is about to be published when it is listed, and is published when the
    // log is read, is then named by one of the two.
    List<FileStatus> files = store.list(directory);
    UnfinishedEntries unfinished = UnfinishedEntries.read(store, path, oldBefore);
    TableFiles named = new TableFiles();
    TableLog log = new TableLog(store, path);
    for (LogEntry entry : log.history(log.load())) {
      named.add(entry);
    }
    if (unfinished.isUnclear()) {
      return new Result(List.of(), 0);
    }
    unfinished.entries().forEach(named::add);
    List<String> removed = new ArrayList<>();
    long bytes = 0;
    for (FileStatus file : files) {
      if (isOurs(file) && file.modifiedMillis() < oldBefore && !named.contains(file.name())) {
        remove(FilePaths.resolve(directory, file.name()), removed);
        bytes += file.size();
      }
    }
    for (String entry : unfinished.old()) {
      remove(entry, removed);
    }
    return new Result(removed, bytes);
  }

  private void remove(String file, List<String> removed) throws IOException {
    if (!dryRun) {
      store.delete(file);
    }
    removed.add(file);
  }

  private static boolean isOurs(FileStatus file) {
    String name = file.name();
    return !file.directory()
        && (name.endsWith(LogFormat.SEGMENT_SUFFIX)
            || name.endsWith(LogFormat.DELETIONS_SUFFIX)
            || FilePaths.isTemporary(name));
  }
}
