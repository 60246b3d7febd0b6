package io.alexstore.table;

import io.alexstore.commit.KeyUniqueness;
import io.alexstore.error.AlexStoreException;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.error.TableExistsException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.LogFormat;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaJson;
import io.alexstore.schema.SchemaReplacement;
import io.alexstore.segment.SegmentCache;
import io.alexstore.segment.SegmentInfo;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

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

  /** Whoever loses this many races in a row gives up; somebody else won each of them. */
  static final int MAX_ATTEMPTS = 1000;

  private static final int MAX_PAUSE_MS = 50;

  private enum Kind {
    CREATE,
    APPEND,
    OVERWRITE,
    OVERWRITE_RANGES
  }

  private enum State {
    OPEN,
    COMMITTED,
    UNKNOWN,
    ABORTED
  }

  private final Kind kind;
  private final FileStore store;
  private final TableLog log;
  private final UUID tableId;
  private final Schema schema;
  private final Map<String, String> properties;
  private final Snapshot base;
  // Of an overwrite of ranges: the keys whose rows go.
  private final KeyRanges ranges;
  private List<SegmentInfo> kept;
  private State state = State.OPEN;

  private TableWrite(
      Kind kind,
      FileStore store,
      TableLog log,
      UUID tableId,
      Schema schema,
      Map<String, String> properties,
      Snapshot base,
      KeyRanges ranges) {
    this.kind = kind;
    this.store = store;
    this.log = log;
    this.tableId = tableId;
    this.schema = schema;
    this.properties = properties;
    this.base = base;
    this.ranges = ranges;
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
    return new TableWrite(
        Kind.CREATE, store, log, UUID.randomUUID(), schema, Map.copyOf(properties), null, null);
  }

  static TableWrite append(FileStore store, TableLog log, Snapshot base) {
    return on(Kind.APPEND, store, log, base, base.schema(), base.properties(), null);
  }

  static TableWrite overwrite(FileStore store, TableLog log, Snapshot base) {
    return on(Kind.OVERWRITE, store, log, base, base.schema(), base.properties(), null);
  }

  static TableWrite overwrite(
      FileStore store, TableLog log, Snapshot base, Schema fresh, Map<String, String> properties) {
    int id = base.schema().id() + 1;
    while (base.schema(id).isPresent()) {
      id++;
    }
    Schema schema = SchemaReplacement.of(base.schema(), fresh, id);
    KeyCodec.of(schema); // Refuses a key that cannot be one before anything is written.
    return on(Kind.OVERWRITE, store, log, base, schema, Map.copyOf(properties), null);
  }

  static TableWrite overwrite(FileStore store, TableLog log, Snapshot base, KeyRanges ranges) {
    return on(Kind.OVERWRITE_RANGES, store, log, base, base.schema(), base.properties(), ranges);
  }

  private static TableWrite on(
      Kind kind,
      FileStore store,
      TableLog log,
      Snapshot base,
      Schema schema,
      Map<String, String> properties,
      KeyRanges ranges) {
    return new TableWrite(kind, store, log, base.tableId(), schema, properties, base, ranges);
  }

  /** What tasks need to write segments; serializable. */
  public WriteTarget target() {
    return new WriteTarget(log.table(), tableId, SchemaJson.toText(schema));
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
   * @throws io.alexstore.error.DuplicateKeyException if a key stands twice
   * @throws CommitConflictException if another writer's commit came first and this one does not go
   *     with it
   * @throws TableExistsException if the table was to be created and another writer did so first
   * @throws CommitStateUnknownException if the commit may or may not have happened; then delete
   *     nothing ({@link #abort} does not)
   * @throws IOException if the commit certainly did not happen
   */
  public Snapshot commit(List<SegmentInfo> segments) throws IOException {
    if (state != State.OPEN) {
      throw new IllegalStateException("This write to " + log.table() + " is " + state + " already");
    }
    List<SegmentEntry> added = entries(segments);
    try (OpenSegments opened =
        new OpenSegments(SegmentCache.ofProcess(), store, log.table(), tableId)) {
      KeyUniqueness uniqueness = new KeyUniqueness(KeyCodec.of(schema), opened);
      uniqueness.checkAmong(added);
      if (!added.isEmpty()) {
        // Tasks have done so on their machines; here it is what the next step relies on.
        store.syncDirectory(FilePaths.resolve(log.table(), LogFormat.DATA_DIRECTORY));
      }
      Snapshot made =
          switch (kind) {
            case CREATE -> log.create(tableId, SnapshotEdit.create(schema, properties, added));
            case APPEND -> commitAppend(added, uniqueness);
            case OVERWRITE -> commitOverwrite(added);
            case OVERWRITE_RANGES ->
                new RangeOverwrite(log, base, ranges, uniqueness).commit(added, kept(opened));
          };
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

  private Snapshot commitAppend(List<SegmentEntry> added, KeyUniqueness uniqueness)
      throws IOException {
    Snapshot newest = base;
    long checked = -1;
    for (int attempt = 0; ; attempt++) {
      newest = log.refresh(newest);
      checkSameSchema(newest);
      // Segments that an earlier round looked at need no second look: segments never change.
      uniqueness.checkAgainst(added, newest, checked, Set.of());
      checked = newest.version();
      try {
        return log.publish(newest, SnapshotEdit.append(added));
      } catch (CommitConflictException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  private void checkSameSchema(Snapshot newest) {
    if (newest.schema().id() != schema.id()) {
      throw new CommitConflictException(
          log.table(), newest.version(), "the table has another schema since");
    }
  }

  /** Writers that lose together and come back together would lose again. */
  static void pause(int attempt) throws IOException {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(Math.min(2 + 2 * attempt, MAX_PAUSE_MS)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting to commit again");
    }
  }

  private Snapshot commitOverwrite(List<SegmentEntry> added) throws IOException {
    try {
      List<UUID> removed = base.segments().stream().map(SegmentEntry::id).toList();
      return log.publish(base, SnapshotEdit.replace(schema, properties, base, added, removed));
    } catch (CommitConflictException e) {
      throw new CommitConflictException(
          log.table(),
          e.version(),
          "this overwrite replaces version "
              + base.version()
              + ", so that commit's rows would be"
              + " lost unseen");
    }
  }

  /** Writes the rows that stay, once, of the segments that go. */
  private List<SegmentEntry> kept(OpenSegments opened) throws IOException {
    if (kept == null) {
      kept = RangeOverwrite.writeKept(this, base, ranges, opened);
    }
    return entries(kept);
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
    List<SegmentInfo> all = new ArrayList<>(segments);
    all.addAll(kept == null ? List.of() : kept);
    for (SegmentInfo segment : all) {
      try {
        store.delete(segment.path());
      } catch (IOException e) {
        // No snapshot names the file, so nobody reads it.
      }
    }
  }
}
