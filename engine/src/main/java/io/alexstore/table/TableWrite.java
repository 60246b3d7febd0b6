package io.alexstore.table;

import io.alexstore.commit.Change;
import io.alexstore.commit.DeletionVectors;
import io.alexstore.commit.KeyUniqueness;
import io.alexstore.commit.OnConflict;
import io.alexstore.commit.ProbeOutcome;
import io.alexstore.commit.Transaction;
import io.alexstore.error.AlexStoreException;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.error.RowChangedTwiceException;
import io.alexstore.error.TableExistsException;
import io.alexstore.error.TableOwnedException;
import io.alexstore.error.UncheckedRowsException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.CommitSource;
import io.alexstore.log.LogFormat;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaJson;
import io.alexstore.schema.SchemaReplacement;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.SegmentCache;
import io.alexstore.segment.SegmentInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One write to a table, seen from where it is committed: begin it, let tasks write segments through
 * {@link #target}, then {@link #commit} what they return, or {@link #abort}.
 *
 * <p>Nothing is visible to readers before the commit, and everything at once after it. A process
 * that dies in between leaves the table as it was; the files that it leaves behind are named by no
 * snapshot, so no reader touches them (see {@link AlexTable#listOrphans}).
 *
 * <p>Not thread-safe.
 */
public final class TableWrite {

  /** How often a commit is tried again if nothing is said; see {@link #withCommitRetries}. */
  public static final int DEFAULT_COMMIT_RETRIES = 1000;

  private enum State {
    OPEN,
    COMMITTED,
    UNKNOWN,
    ABORTED
  }

  private final FileStore store;
  private final TableLog log;
  private final UUID tableId;
  private final Schema schema;
  private final Map<String, String> properties;
  // Null if the commit creates the table.
  private final Snapshot base;
  private final Change plan;
  private Optional<CommitSource> source = Optional.empty();
  private int commitRetries = DEFAULT_COMMIT_RETRIES;
  private boolean isChecked;
  private State state = State.OPEN;

  private TableWrite(
      FileStore store,
      TableLog log,
      UUID tableId,
      Schema schema,
      Map<String, String> properties,
      Snapshot base,
      Change plan) {
    this.store = store;
    this.log = log;
    this.tableId = tableId;
    this.schema = schema;
    this.properties = properties;
    this.base = base;
    this.plan = plan;
  }

  /** A write whose commit creates the table with its first rows; makes its directories. */
  static TableWrite create(
      FileStore store, String path, Schema schema, Map<String, String> properties)
      throws IOException {
    KeyCodec.of(schema); // Refuses a key that cannot be one before anything is written.
    TableLog log = new TableLog(store, path);
    if (log.exists()) {
      throw new TableExistsException(path);
    }
    log.createDirectories();
    Change nothing = Change.of(Operation.CREATE, List.of(), OnConflict.ERROR);
    return new TableWrite(
        store, log, UUID.randomUUID(), schema, Map.copyOf(properties), null, nothing);
  }

  static TableWrite append(FileStore store, TableLog log, Snapshot base, OnConflict onConflict) {
    String operation = onConflict == OnConflict.UPDATE ? Operation.UPSERT : Operation.APPEND;
    return on(store, log, base, Change.of(operation, List.of(), onConflict));
  }

  static TableWrite overwrite(FileStore store, TableLog log, Snapshot base) {
    return on(store, log, base, overwriteAll(base));
  }

  private static Change overwriteAll(Snapshot base) {
    Set<UUID> all = new HashSet<>();
    base.segments().forEach(s -> all.add(s.id()));
    return Change.of(Operation.OVERWRITE, List.of(), OnConflict.ERROR).removing(all).exclusive();
  }

  static TableWrite overwrite(
      FileStore store, TableLog log, Snapshot base, Schema fresh, Map<String, String> properties) {
    requireNoOwner(base);
    Schema schema = SchemaReplacement.of(base.schema(), fresh, base.nextSchemaId());
    KeyCodec.of(schema); // Refuses a key that cannot be one before anything is written.
    Change plan = overwriteAll(base).with(schema, properties);
    return new TableWrite(store, log, base.tableId(), schema, Map.copyOf(properties), base, plan);
  }

  static TableWrite overwrite(FileStore store, TableLog log, Snapshot base, KeyRanges ranges) {
    Change plan =
        Change.of(Operation.OVERWRITE, List.of(), OnConflict.ERROR)
            .deletingKeys(ranges)
            .reading(ranges);
    return on(store, log, base, plan);
  }

  static TableWrite rows(
      FileStore store, TableLog log, Snapshot base, String operation, Optional<KeyRanges> read) {
    Change plan = Change.of(operation, List.of(), OnConflict.ERROR);
    return on(store, log, base, read.isPresent() ? plan.reading(read.get()) : plan);
  }

  static TableWrite deleteKeys(FileStore store, TableLog log, Snapshot base, KeyRanges keys) {
    Change plan = Change.of(Operation.DELETE, List.of(), OnConflict.ERROR).deletingKeys(keys);
    return on(store, log, base, plan);
  }

  private static TableWrite on(FileStore store, TableLog log, Snapshot base, Change plan) {
    requireNoOwner(base);
    return new TableWrite(store, log, base.tableId(), base.schema(), base.properties(), base, plan);
  }

  /** Refuses before a row is written what the commit would refuse. */
  private static void requireNoOwner(Snapshot base) {
    if (base.owner().isPresent()) {
      throw new TableOwnedException(base.table(), base.owner().get());
    }
  }

  /**
   * Counts this commit among its writer's: where the table has a commit of this writer with the
   * same sequence or a later one, {@link #commit} does nothing and returns the newest version.
   */
  public TableWrite withSource(CommitSource newSource) {
    source = Optional.of(newSource);
    return this;
  }

  /**
   * How often the commit is tried again where another writer was the first to publish the next
   * version; after that it is a conflict. It waits for a random time of at most 50 ms before each
   * attempt, then looks at what the other did.
   *
   * @param retries at least 0; {@value #DEFAULT_COMMIT_RETRIES} unless told
   */
  public TableWrite withCommitRetries(int retries) {
    if (retries < 0) {
      throw new IllegalArgumentException(
          "A commit is tried again 0 times or more often, not " + retries);
    }
    commitRetries = retries;
    return this;
  }

  /**
   * Promises that all rows fulfil the CHECK constraints of {@link #schema}, which the caller
   * evaluates: the engine cannot.
   */
  public TableWrite withCheckedRows() {
    isChecked = true;
    return this;
  }

  private void requireChecked() {
    if (!isChecked && !schema.checks().isEmpty()) {
      throw new UncheckedRowsException(
          log.table(),
          schema.checks().stream().map(c -> c.name() + ": " + c.expression()).toList());
    }
  }

  /**
   * What tasks need to write segments; serializable.
   *
   * @throws UncheckedRowsException if the table has CHECK constraints, and not {@link
   *     #withCheckedRows}
   */
  public WriteTarget target() {
    requireChecked();
    boolean probes = isProbed() && KeyCodec.of(schema).isUnique();
    return new WriteTarget(
        log.table(),
        tableId,
        SchemaJson.toText(schema),
        probes ? base.version() : -1,
        probes ? base.segments() : List.of());
  }

  /** The schema of the rows. */
  public Schema schema() {
    return schema;
  }

  FileStore store() {
    return store;
  }

  /**
   * Commits the write. With a primary key, keys must be unique among the new segments, and, for an
   * append, must not be in the table (nor, for an overwrite of ranges, among the rows that stay);
   * otherwise nothing is committed.
   *
   * <p>Where another writer committed meanwhile, an append is checked against what that one added
   * and tried again; an overwrite of all rows is a conflict, and one of ranges of keys is so if the
   * other writer touched these. After an {@link IOException} the same segments may be committed
   * again.
   *
   * @param segments the segments that the tasks wrote, in any order; none is fine
   * @return the version that was made
   * @throws UncheckedRowsException if the table has CHECK constraints, and not {@link
   *     #withCheckedRows}
   * @throws io.alexstore.error.DuplicateKeyException if a key stands twice
   * @throws CommitConflictException if another writer's commit came first and this one does not go
   *     with it
   * @throws TableExistsException if the table was to be created and another writer did so first
   * @throws CommitStateUnknownException if the commit may or may not have happened; then delete
   *     nothing ({@link #abort} does not)
   * @throws IOException if the commit certainly did not happen
   */
  public Snapshot commit(List<SegmentInfo> segments) throws IOException {
    return commit(segments, ProbeOutcome.NONE, Map.of());
  }

  /**
   * Commits what tasks wrote with {@link WriteTarget#openTask}, and the rows that they deleted; as
   * {@link #commit}, but faster for an append, since the tasks have looked their keys up in the
   * version that the write began with. What is left are the segments that others added since, and
   * the tasks' segments among themselves.
   *
   * @throws RowChangedTwiceException if two tasks deleted the same row
   */
  public Snapshot commitTasks(List<TaskOutput> outputs) throws IOException {
    ProbeOutcome probed =
        isProbed()
            ? ProbeOutcome.all(
                base.version(),
                outputs.stream()
                    .filter(output -> !output.segments().isEmpty())
                    .map(TaskOutput::probe)
                    .toList())
            : ProbeOutcome.NONE;
    return commit(TaskOutput.segments(outputs), probed, deleted(outputs));
  }

  private Map<UUID, DeletionVector> deleted(List<TaskOutput> outputs) {
    Map<UUID, DeletionVector> all = new HashMap<>();
    for (TaskOutput output : outputs) {
      output
          .deleted()
          .forEach(
              (segment, rows) -> {
                DeletionVector before = all.getOrDefault(segment, DeletionVector.NONE);
                if (rows.intersects(before)) {
                  throw new RowChangedTwiceException(
                      log.table(), segment.toString(), rows.firstCommon(before));
                }
                all.put(segment, before.union(rows));
              });
    }
    return all;
  }

  /** Whether tasks look keys up: if a key that is in the table is an error, and no row goes. */
  private boolean isProbed() {
    return base != null
        && plan.operation().equals(Operation.APPEND)
        && plan.onConflict() == OnConflict.ERROR;
  }

  private Snapshot commit(
      List<SegmentInfo> segments, ProbeOutcome probed, Map<UUID, DeletionVector> deleted)
      throws IOException {
    if (state != State.OPEN) {
      throw new IllegalStateException("This write to " + log.table() + " is " + state + " already");
    }
    if (!segments.isEmpty()) {
      requireChecked();
    }
    List<SegmentEntry> added = entries(segments);
    try (OpenSegments opened =
        new OpenSegments(SegmentCache.ofProcess(), store, log.table(), tableId)) {
      new KeyUniqueness(KeyCodec.of(schema), opened).checkAmong(added);
      if (!added.isEmpty()) {
        // Tasks have done so on their machines; here it is what the next step relies on.
        store.syncDirectory(FilePaths.resolve(log.table(), LogFormat.DATA_DIRECTORY));
      }
      Snapshot made =
          base == null
              ? log.create(tableId, SnapshotEdit.create(schema, properties, added))
              : commitOn(base, plan.adding(added).deleting(deleted), probed, opened);
      state = State.COMMITTED;
      return made;
    } catch (AlexStoreException e) {
      state = e instanceof CommitStateUnknownException ? State.UNKNOWN : State.OPEN;
      throw e;
    } catch (RuntimeException | Error e) {
      // Nobody can say how far it came; an abort must delete nothing then.
      state = State.UNKNOWN;
      throw e;
    }
  }

  private Snapshot commitOn(Snapshot on, Change change, ProbeOutcome probed, OpenSegments opened)
      throws IOException {
    DeletionVectors vectors = new DeletionVectors(store, log.table());
    Transaction transaction = new Transaction(store, log, on, opened, vectors, commitRetries);
    Snapshot made = transaction.commit(change.from(source), probed);
    // No version names the others: all their rows were left out, or another attempt, which wrote
    // files of its own, was committed before.
    change.added().stream()
        .filter(s -> !made.contains(s.id()))
        .forEach(s -> discard(s.pathIn(log.table())));
    return made;
  }

  private List<SegmentEntry> entries(List<SegmentInfo> segments) {
    List<SegmentEntry> entries = new ArrayList<>();
    Set<UUID> ids = new HashSet<>();
    for (SegmentInfo info : segments) {
      String path = LogFormat.DATA_DIRECTORY + "/" + FilePaths.name(info.path());
      if (!ids.add(info.segmentId()) || !FilePaths.resolve(log.table(), path).equals(info.path())) {
        throw new IllegalArgumentException(
            "Segment "
                + info.segmentId()
                + " at "
                + info.path()
                + " is given twice, or is not in "
                + target().dataDirectory()
                + ". Commit what tasks wrote through target(), once.");
      }
      entries.add(
          new SegmentEntry(
              info.segmentId(),
              path,
              schema.id(),
              info.rowCount(),
              info.fileSize(),
              info.minKey(),
              info.maxKey(),
              0));
    }
    return entries;
  }

  /**
   * Gives the write up: deletes the files of segments that tasks finished. Does nothing after a
   * commit that succeeded, or whose outcome is not known. Never throws; what cannot be deleted is
   * left behind, unread.
   *
   * @param segments the segments that tasks finished
   */
  public void abort(List<SegmentInfo> segments) {
    if (state != State.OPEN) {
      return;
    }
    state = State.ABORTED;
    segments.forEach(segment -> discard(segment.path()));
  }

  private void discard(String path) {
    try {
      store.delete(path);
    } catch (IOException e) {
      // No snapshot names the file, so nobody reads it.
    }
  }
}
