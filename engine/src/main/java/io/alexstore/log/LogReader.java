package io.alexstore.log;

import io.alexstore.error.CorruptFileException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.ParallelReads;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Reads a log: entries, and checkpoints where they make it shorter. Entries are what holds; a
 * checkpoint that cannot be read, or is not of this log, is passed over. Thread-safe; it has no
 * state.
 */
final class LogReader {

  /** After this many entries, {@link #refresh} looks whether a checkpoint is ahead. */
  private static final int ENTRIES_BEFORE_JUMP = 32;

  /** Reading one entry costs about as much as this many segments of a checkpoint. */
  private static final int SEGMENTS_PER_ENTRY = 64;

  /** So many entries are in memory together, and are read at the same time. */
  static final int BATCH = 64;

  /** From so many on, entries are read by several threads. */
  private static final int MANY_ENTRIES = 16;

  private final FileStore store;
  private final String table;

  LogReader(FileStore store, String table) {
    this.store = store;
    this.table = table;
  }

  /**
   * What one listing of the directory says.
   *
   * @param newest the newest version
   * @param checkpoints the versions that have a checkpoint, the newest first
   */
  record Listing(long newest, List<Long> checkpoints) {}

  /**
   * Lists the log.
   *
   * @throws TableNotFoundException if there is no table
   */
  Listing list() throws IOException {
    long newest = -1;
    List<Long> checkpoints = new ArrayList<>();
    String directory = FilePaths.resolve(table, LogFormat.LOG_DIRECTORY);
    List<FileStatus> files = store.list(directory);
    for (int i = files.size() - 1; i >= 0; i--) { // Names sort as versions do.
      String name = files.get(i).name();
      newest = Math.max(newest, LogFormat.entryVersion(name).orElse(-1));
      OptionalLong checkpoint = CheckpointFormat.version(name);
      if (checkpoint.isPresent()) {
        checkpoints.add(checkpoint.getAsLong());
      }
    }
    if (newest < 0) {
      throw TableNotFoundException.noTable(table, LogFormat.entryPath(table, 0));
    }
    return new Listing(newest, checkpoints);
  }

  /** The newest version, by one listing. */
  Snapshot load() throws IOException {
    Listing listing = list();
    return load(listing.newest(), listing);
  }

  /** A version, by one listing. */
  Snapshot load(long version) throws IOException {
    Listing listing = list();
    long newest = listing.newest();
    if (version < 0 || version > newest) {
      throw TableNotFoundException.noVersion(table, version, newest);
    }
    if (version < newest) {
      long expiredBefore = read(newest).map(file -> file.entry().expiredBefore()).orElse(0L);
      if (version < expiredBefore) {
        throw TableNotFoundException.expired(table, version, expiredBefore, newest);
      }
    }
    return load(version, listing);
  }

  private Snapshot load(long version, Listing listing) throws IOException {
    SnapshotBuilder builder = new SnapshotBuilder(table);
    long next = 0;
    for (long checkpoint : listing.checkpoints()) {
      if (checkpoint <= version) {
        Optional<Snapshot> start = checkpoint(checkpoint);
        if (start.isPresent()) {
          if (checkpoint == version) {
            return start.get();
          }
          builder = new SnapshotBuilder(start.get());
          next = checkpoint + 1;
          break;
        }
      }
    }
    for (long v = next; v <= version; v += BATCH) {
      for (EntryFile entry : read(v, Math.min(v + BATCH - 1, version), listing.newest())) {
        entry.applyTo(builder);
      }
    }
    return builder.build();
  }

  /**
   * The entries of some versions, oldest first.
   *
   * @param newest a version that is there, for errors
   */
  List<EntryFile> read(long from, long to, long newest) throws IOException {
    int count = (int) (to - from + 1);
    List<EntryFile> entries = new ArrayList<>(Collections.nCopies(count, null));
    if (count >= MANY_ENTRIES) {
      // Each waits for the file system, if that is remote; and parsing takes its time too.
      ParallelReads.forEach(count, i -> entries.set(i, readIfPossible(from + i)));
    }
    for (int i = 0; i < count; i++) {
      if (entries.get(i) == null) {
        long version = from + i;
        Optional<EntryFile> entry = read(version);
        if (entry.isEmpty()) {
          throw missing(version, newest);
        }
        entries.set(i, entry.get());
      }
    }
    return entries;
  }

  /** The entry of a version; null if there is none or it cannot be read. */
  private EntryFile readIfPossible(long version) {
    try {
      return read(version).orElse(null);
    } catch (IOException | RuntimeException e) {
      return null; // Read once more in its turn, so that the first failure is the one reported.
    }
  }

  /** A checkpoint's version; empty if it is damaged, of a newer release, or of another log. */
  private Optional<Snapshot> checkpoint(long version) throws IOException {
    Snapshot snapshot;
    try {
      snapshot = readCheckpoint(version);
    } catch (IOException | CorruptFileException | UnsupportedFormatException e) {
      return Optional.empty(); // The entries say the same, and say what is wrong with them.
    }
    Optional<EntryFile> entry = read(version);
    boolean ofThisLog =
        entry.isEmpty() || entry.get().entry().commitId().equals(snapshot.commitId());
    return Optional.of(snapshot).filter(s -> ofThisLog);
  }

  /**
   * The version that a checkpoint holds.
   *
   * @throws CorruptFileException if it is damaged
   * @throws UnsupportedFormatException if it needs a newer release
   */
  Snapshot readCheckpoint(long version) throws IOException {
    String path = CheckpointFormat.path(table, version);
    byte[] file = store.readFully(path, CheckpointFormat.MAX_BYTES);
    return CheckpointReader.parse(table, path, version, file);
  }

  private RuntimeException missing(long version, long newest) throws IOException {
    try {
      read(newest); // A release that takes entries away announces it there.
    } catch (CorruptFileException e) {
      // The gap comes first.
    }
    return new CorruptFileException(
        LogFormat.entryPath(table, version),
        -1,
        "the entry is missing, though the log has version " + newest);
  }

  /**
   * The newest version after another, by the entries after it, or from a checkpoint ahead if those
   * are many.
   */
  Snapshot refresh(Snapshot base) throws IOException {
    return refresh(base, Optional.empty());
  }

  /** The newest version after another, by the entries after it, each of which it gives. */
  Snapshot refresh(Snapshot base, Consumer<LogEntry> since) throws IOException {
    return refresh(base, Optional.of(since));
  }

  private Snapshot refresh(Snapshot base, Optional<Consumer<LogEntry>> since) throws IOException {
    long version = base.version();
    Optional<EntryFile> next = read(version + 1);
    if (next.isEmpty()) {
      return base;
    }
    SnapshotBuilder builder = new SnapshotBuilder(base);
    while (next.isPresent()) {
      LogEntry entry = next.get().entry();
      next.get().applyTo(builder);
      since.ifPresent(consumer -> consumer.accept(entry));
      version = entry.version();
      if (since.isEmpty() && version == base.version() + ENTRIES_BEFORE_JUMP) {
        Optional<Snapshot> ahead = ahead(base, version);
        if (ahead.isPresent()) {
          builder = new SnapshotBuilder(ahead.get());
          version = ahead.get().version();
        }
      }
      next = read(version + 1);
    }
    return builder.build();
  }

  /** The newest checkpoint of the same table, if it is far enough ahead of a version. */
  private Optional<Snapshot> ahead(Snapshot base, long version) throws IOException {
    List<Long> checkpoints = list().checkpoints();
    long cost = base.segments().size() / SEGMENTS_PER_ENTRY;
    if (checkpoints.isEmpty() || checkpoints.get(0) <= version + 1 + cost) {
      return Optional.empty();
    }
    return checkpoint(checkpoints.get(0)).filter(s -> s.tableId().equals(base.tableId()));
  }

  /**
   * An entry and the size of its file.
   *
   * @param path its file
   */
  record EntryFile(String path, LogEntry entry, int bytes) {
    void applyTo(SnapshotBuilder builder) {
      builder.apply(path, entry, bytes);
    }
  }

  /** The entry of a version; empty if there is none. */
  Optional<EntryFile> read(long version) throws IOException {
    String path = LogFormat.entryPath(table, version);
    byte[] file;
    try {
      file = store.readFully(path, LogFormat.MAX_ENTRY_BYTES);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    LogEntry entry = LogEntryJson.parse(path, LogFrame.unwrap(path, file));
    if (entry.version() != version) {
      throw new CorruptFileException(
          path, -1, "it says version " + entry.version() + ", its name says " + version);
    }
    return Optional.of(new EntryFile(path, entry, file.length));
  }
}
