package io.alexstore.log;

import io.alexstore.error.CommitConflictException;
import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.TableExistsException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.error.TableOwnedException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The log of one table: loads snapshots and publishes commits.
 *
 * <p>Thread safety: safe for any number of threads and processes; it has no state. Whoever loads
 * keeps the {@link Snapshot} and gives it back to {@link #refresh}.
 */
public final class TableLog {

  private static final int SETTLE_ATTEMPTS = 3;

  private final FileStore store;
  private final String table;
  private final LongSupplier clock;
  private final LogReader reader;
  // Whose commits these are, if the table is owned; empty for everybody else.
  private final Optional<String> committer;

  /**
   * The log of the table at a path, which need not exist yet.
   *
   * @param table the path of the table's directory
   */
  public TableLog(FileStore store, String table) {
    this(store, table, System::currentTimeMillis, Optional.empty());
  }

  /**
   * The log of the table at a path, for a store that owns the table or is about to: its commits go
   * through while it is the owner, those of others are refused.
   *
   * @param committer the store's name
   */
  public TableLog(FileStore store, String table, Optional<String> committer) {
    this(store, table, System::currentTimeMillis, committer);
  }

  /** For tests: with a clock, in milliseconds. */
  TableLog(FileStore store, String table, LongSupplier clock) {
    this(store, table, clock, Optional.empty());
  }

  private TableLog(FileStore store, String table, LongSupplier clock, Optional<String> committer) {
    this.store = store;
    this.table = table;
    this.clock = clock;
    this.reader = new LogReader(store, table);
    this.committer = committer;
  }

  /** The path of the table's directory. */
  public String table() {
    return table;
  }

  /** Whether there is a table. One file operation. */
  public boolean exists() throws IOException {
    return store.exists(LogFormat.entryPath(table, 0));
  }

  // --- reading ---

  /**
   * Loads the newest version: lists the log once, and reads the newest checkpoint and the entries
   * after it.
   *
   * @throws TableNotFoundException if there is no table
   * @throws CorruptFileException if an entry that is needed is missing, truncated or damaged
   * @throws UnsupportedFormatException if an entry needs a newer release
   */
  public Snapshot load() throws IOException {
    return reader.load();
  }

  /**
   * Loads a version: lists the log once, and reads the newest checkpoint up to it and the entries
   * between.
   *
   * @throws TableNotFoundException if there is no table, or not this version of it, or not any more
   */
  public Snapshot load(long version) throws IOException {
    return reader.load(version);
  }

  /**
   * Loads the newest version, given one that was loaded before, perhaps long ago. Reads the entry
   * of that version, to see that the table has not been deleted and made anew since, and what
   * {@link #refresh} reads.
   *
   * @return the same instance if it is the newest
   * @throws TableNotFoundException if there is no table any more
   */
  public Snapshot load(Snapshot known) throws IOException {
    Optional<LogReader.EntryFile> file = reader.read(known.version());
    boolean same = file.isPresent() && file.get().entry().commitId().equals(known.commitId());
    return same ? refresh(known) : load();
  }

  /** The newest version there is, by one listing of the log. */
  long newestVersion() throws IOException {
    return reader.list().newest();
  }

  /** The entry of a version; empty if there is none. */
  Optional<LogEntry> read(long version) throws IOException {
    return reader.read(version).map(LogReader.EntryFile::entry);
  }

  /**
   * The newest version, given one that was loaded before. Reads only the entries after it: where
   * there are none, that is one attempt to read a file that is not there. Where there are very
   * many, it goes on from a checkpoint ahead. Costs time by what they changed, not by the number of
   * segments.
   *
   * @return the same instance if nothing was committed since
   */
  public Snapshot refresh(Snapshot base) throws IOException {
    return reader.refresh(base);
  }

  /** As {@link #refresh(Snapshot)}, and gives each entry since to whom it concerns, in order. */
  public Snapshot refresh(Snapshot base, Consumer<LogEntry> since) throws IOException {
    return reader.refresh(base, since);
  }

  /** The entries of all versions up to a snapshot's, oldest first. */
  public List<LogEntry> history(Snapshot upTo) throws IOException {
    return history(0, upTo);
  }

  /** The entries of all versions from one up to a snapshot's, oldest first. */
  public List<LogEntry> history(long from, Snapshot upTo) throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    for (long v = from; v <= upTo.version(); v += LogReader.BATCH) {
      long to = Math.min(v + LogReader.BATCH - 1, upTo.version());
      reader.read(v, to, upTo.version()).forEach(file -> entries.add(file.entry()));
    }
    return entries;
  }

  /**
   * The version that was the newest at a time. Reads O(log n) entries of n versions.
   *
   * @param newest the newest version, as far as it is known
   * @param time of which only whole milliseconds count, as of commits
   * @throws TableNotFoundException if there was no version yet, or the one of that time has
   *     expired, or the time is in the future: after now and after the newest version
   */
  public long versionAt(Snapshot newest, Instant time) throws IOException {
    return new Versions(reader).at(newest, time, clock.getAsLong());
  }

  /**
   * Gives each version from one to a snapshot's, oldest first. Costs time by what the commits
   * between changed.
   *
   * @param from at most the snapshot's version
   * @throws TableNotFoundException if that version has expired
   */
  public void forEachVersion(long from, Snapshot upTo, Consumer<Snapshot> consumer)
      throws IOException {
    new Versions(reader).forEach(from, upTo, consumer);
  }

  // --- checkpoints ---

  /** The versions that have a checkpoint, the newest first, by one listing of the log. */
  public List<Long> checkpoints() throws IOException {
    return reader.list().checkpoints();
  }

  /**
   * Loads a version from its checkpoint alone; for those who look whether it is right. Loading
   * passes over a checkpoint that it cannot read.
   *
   * @throws java.nio.file.NoSuchFileException if it has none
   * @throws CorruptFileException if it is damaged
   * @throws UnsupportedFormatException if it needs a newer release
   */
  public Snapshot loadCheckpoint(long version) throws IOException {
    return reader.readCheckpoint(version);
  }

  /**
   * Writes the checkpoint of a version, as commits do by themselves from time to time.
   *
   * @return whether it was written; not if there is one, or it would be too large
   */
  public boolean writeCheckpoint(Snapshot snapshot) throws IOException {
    byte[] content = CheckpointWriter.format(snapshot);
    return content.length <= CheckpointFormat.MAX_BYTES
        && store.publish(CheckpointFormat.path(table, snapshot.version()), content);
  }

  /** The same version, after writing its checkpoint if one is due. Does not fail. */
  private Snapshot checkpointIfDue(Snapshot committed) {
    if (!CheckpointFormat.isDue(committed)) {
      return committed;
    }
    try {
      writeCheckpoint(committed);
      return committed.checkpointed();
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // The commit has happened, and must not look as if it had not. The next one will do.
      return committed;
    }
  }

  // --- publishing ---

  /**
   * Makes the directories that a table's files go into, as a writer must before it writes any.
   * Leaves them as they are if they are there.
   */
  public void createDirectories() throws IOException {
    store.createDirectories(FilePaths.resolve(table, LogFormat.LOG_DIRECTORY));
    store.createDirectories(FilePaths.resolve(table, LogFormat.DATA_DIRECTORY));
  }

  /**
   * Publishes version 0. Of any number of concurrent creations one wins.
   *
   * @param tableId the new table's id, which its segments name
   * @param edit with a schema, and nothing removed
   * @throws TableExistsException if there is a table
   * @throws IOException if it certainly was not published
   * @throws CommitStateUnknownException if it may have been; then no file may be deleted
   */
  public Snapshot create(UUID tableId, SnapshotEdit edit) throws IOException {
    createDirectories();
    SnapshotBuilder builder = new SnapshotBuilder(table);
    LogEntry entry =
        entry(
            tableId,
            0,
            Optional.empty(),
            clock.getAsLong(),
            readerFeatures(List.of(), edit, false),
            writerFeatures(List.of(), edit, false),
            edit,
            0,
            Optional.empty());
    byte[] content = content(entry);
    builder.apply(LogFormat.entryPath(table, 0), entry, content.length);
    Snapshot created = builder.build(); // Before the commit, after which nothing may fail.
    if (!publish(entry, content)) {
      throw new TableExistsException(table);
    }
    return checkpointIfDue(created);
  }

  /**
   * Publishes the version after {@code base}. Every file that the edit names must be durable.
   *
   * @throws TableOwnedException if an embedded store owns the table, and this log is not its
   * @throws CommitConflictException if another writer published that version first; refresh, look
   *     at what it did, and try again
   * @throws TableNotFoundException if the table was dropped since, though another may be there
   * @throws IOException if it certainly was not published
   * @throws CommitStateUnknownException if it may have been; then no file may be deleted
   */
  public Snapshot publish(Snapshot base, SnapshotEdit edit) throws IOException {
    requireMayCommit(base);
    return publish(base, edit, base.owner());
  }

  /**
   * Takes ownership of the table for this log's committer: publishes a version that differs in
   * nothing else. From then on {@link #publish} refuses everybody else. Whoever owned the table
   * before loses it: so the caller must know, by a lock, that it is at work no more.
   *
   * @throws CommitConflictException if another writer published that version first
   */
  public Snapshot own(Snapshot base) throws IOException {
    if (committer.isEmpty()) {
      throw new IllegalStateException("This log has no committer");
    }
    return base.owner().equals(committer) ? base : publish(base, SnapshotEdit.own(), committer);
  }

  /**
   * Gives ownership of the table back, so that anybody may commit again.
   *
   * @throws TableOwnedException if this log's committer is not the owner
   * @throws CommitConflictException if another writer published that version first
   */
  public Snapshot disown(Snapshot base) throws IOException {
    requireMayCommit(base);
    return base.owner().isEmpty() ? base : publish(base, SnapshotEdit.own(), Optional.empty());
  }

  private void requireMayCommit(Snapshot base) {
    if (base.owner().isPresent() && !base.owner().equals(committer)) {
      throw new TableOwnedException(table, base.owner().get());
    }
  }

  private Snapshot publish(Snapshot base, SnapshotEdit edit, Optional<String> owner)
      throws IOException {
    LogFormat.checkFeatures(
        LogFormat.entryPath(table, base.version()),
        base.writerFeatures(),
        LogFormat.WRITER_FEATURES,
        "write to");
    LogEntry entry =
        entry(
            base.tableId(),
            base.version() + 1,
            Optional.of(base.commitId()),
            Math.max(clock.getAsLong(), base.timestampMs() + 1),
            readerFeatures(base.readerFeatures(), edit, evolves(base, edit)),
            owned(writerFeatures(base.writerFeatures(), edit, evolves(base, edit)), owner),
            edit,
            Math.max(base.expiredBefore(), edit.expiredBefore()),
            owner);
    SnapshotBuilder builder = new SnapshotBuilder(base);
    byte[] content = content(entry);
    requireSameTable(base);
    builder.apply(LogFormat.entryPath(table, entry.version()), entry, content.length);
    Snapshot next = builder.build(); // Before the commit, after which nothing may fail.
    if (!publish(entry, content)) {
      throw new CommitConflictException(
          table, entry.version(), "this commit was made for version " + base.version());
    }
    return checkpointIfDue(next);
  }

  /**
   * A table may have been dropped since, and another made at its path, of which the next version
   * has the same name. (Who drops it in the moment between this and the publication drops that,
   * too.)
   */
  private void requireSameTable(Snapshot base) throws IOException {
    Optional<LogReader.EntryFile> file = reader.read(base.version());
    if (file.isEmpty() || !file.get().entry().commitId().equals(base.commitId())) {
      throw TableNotFoundException.dropped(table);
    }
  }

  private static LogEntry entry(
      UUID tableId,
      long version,
      Optional<UUID> parent,
      long timestampMs,
      List<String> readerFeatures,
      List<String> writerFeatures,
      SnapshotEdit edit,
      long expiredBefore,
      Optional<String> owner) {
    List<SegmentEntry> added = edit.added().stream().map(s -> s.addedIn(version)).toList();
    return new LogEntry(
        tableId,
        version,
        parent,
        edit.commitId(),
        timestampMs,
        edit.operation(),
        edit.summary(),
        LogFormat.WRITER,
        edit.schema(),
        edit.properties(),
        readerFeatures,
        writerFeatures,
        added,
        edit.removed(),
        edit.deletions(),
        edit.source(),
        expiredBefore,
        owner);
  }

  /** What readers of a version must know, given what those of the one before must. */
  private static List<String> readerFeatures(
      List<String> before, SnapshotEdit edit, boolean evolves) {
    List<String> with = with(before, LogFormat.DELETION_VECTORS, !edit.deletions().isEmpty());
    return with(with, LogFormat.SCHEMA_EVOLUTION, evolves);
  }

  /** Whether segments will be read with other columns than they were written with. */
  private static boolean evolves(Snapshot base, SnapshotEdit edit) {
    return edit.operation().equals(Operation.ALTER)
        && edit.schema().filter(s -> !s.columns().equals(base.schema().columns())).isPresent();
  }

  /** What writers on top of a version must know. */
  private static List<String> writerFeatures(
      List<String> before, SnapshotEdit edit, boolean evolves) {
    boolean checks = edit.schema().isPresent() && !edit.schema().get().checks().isEmpty();
    return with(readerFeatures(before, edit, evolves), LogFormat.CHECK_CONSTRAINTS, checks);
  }

  /** Unlike other features, this one goes again. */
  private static List<String> owned(List<String> features, Optional<String> owner) {
    return owner.isPresent()
        ? with(features, LogFormat.OWNER, true)
        : features.stream().filter(f -> !f.equals(LogFormat.OWNER)).toList();
  }

  private static List<String> with(List<String> before, String feature, boolean isNeeded) {
    if (!isNeeded || before.contains(feature)) {
      return before;
    }
    List<String> features = new ArrayList<>(before);
    features.add(feature);
    return features;
  }

  private byte[] content(LogEntry entry) throws IOException {
    byte[] content = LogFrame.wrap(LogEntryJson.format(entry));
    if (content.length > LogFormat.MAX_ENTRY_BYTES) {
      throw new IOException(
          "Cannot publish "
              + LogFormat.entryPath(table, entry.version())
              + ": the commit has "
              + content.length
              + " bytes, the limit is "
              + LogFormat.MAX_ENTRY_BYTES
              + ". Write fewer segments at once, by a larger"
              + " targetSegmentSize.");
    }
    return content;
  }

  /** Publishes an entry; false if another writer's stands at its version. */
  private boolean publish(LogEntry entry, byte[] content) throws IOException {
    String path = LogFormat.entryPath(table, entry.version());
    try {
      return store.publish(path, content);
    } catch (CommitStateUnknownException e) {
      return settle(path, content, entry.commitId(), e);
    }
  }

  /**
   * Finds out how a publication of unknown outcome ended. Where the name holds nothing, it
   * publishes the same bytes again: a late arrival of the first attempt then makes no difference.
   */
  private boolean settle(
      String path, byte[] content, UUID commitId, CommitStateUnknownException unknown) {
    for (int attempt = 0; attempt < SETTLE_ATTEMPTS; attempt++) {
      try {
        Optional<UUID> standing = commitIdAt(path);
        if (standing.isPresent()) {
          boolean ours = standing.get().equals(commitId);
          if (ours) {
            // Readers see it; it counts as committed once a crash cannot take it back.
            store.syncDirectory(FilePaths.parent(path));
          }
          return ours;
        }
        if (store.publish(path, content)) {
          return true;
        }
      } catch (IOException | RuntimeException e) {
        // Also where the entry that stands there cannot be read: it may be this one, damaged.
        unknown.addSuppressed(e);
      }
    }
    throw unknown;
  }

  private Optional<UUID> commitIdAt(String path) throws IOException {
    try {
      byte[] file = store.readFully(path, LogFormat.MAX_ENTRY_BYTES);
      return Optional.of(LogEntryJson.parse(path, LogFrame.unwrap(path, file)).commitId());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
