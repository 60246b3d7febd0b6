package io.alexstore.table;

import io.alexstore.commit.DeletionVectors;
import io.alexstore.commit.OnConflict;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.LogEntry;
import io.alexstore.log.LogFormat;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.row.Cursor;
import io.alexstore.row.Row;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaChange;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.segment.SegmentOptions;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * An open table: one version of it, to look keys up in and to scan.
 *
 * <pre>{@code
 * try (AlexTable t = AlexTable.open("/data/orders")) {
 *   Optional<Row> order = t.get(42L);
 *   try (Cursor c = t.scan(KeyRange.between(10L, 20L))) {
 *     while (c.next()) {
 *       use(c.row());
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>It reads the version that was the newest when it was opened, whatever is committed meanwhile,
 * until {@link #refresh}. Segments are opened when they are first needed. A bounded number of them
 * stays open in this process (see {@link io.alexstore.segment.SegmentCache}), those that were used
 * last, and at most until {@link #close}. Rows read their values lazily: use them while the table
 * is open, each from one thread.
 *
 * <p>Every method that reads may throw {@link io.alexstore.error.CorruptFileException} where a file
 * is damaged, and {@link io.alexstore.error.UnsupportedFormatException} where it needs a newer
 * release.
 *
 * <p>Thread safety: any number of threads may read, and one refresh, at the same time; each call
 * and each cursor sees one version. {@link #close} only when nobody reads.
 */
public final class AlexTable implements AutoCloseable {

  /** A version and what is derived from it, exchanged as one. */
  private record View(Snapshot snapshot, KeyCodec codec, SegmentLocator locator) {
    static View of(Snapshot snapshot) {
      KeyCodec codec = KeyCodec.of(snapshot.schema());
      return new View(snapshot, codec, new SegmentLocator(snapshot, codec.form()));
    }
  }

  private final SegmentCache cache;
  private final FileStore store;
  private final TableLog log;
  private final OpenSegments segments;
  private final DeletionVectors deletions;
  private volatile View view;

  private AlexTable(FileStore store, TableLog log, Snapshot snapshot) {
    this(SegmentCache.ofProcess(), store, log, snapshot);
  }

  private AlexTable(SegmentCache cache, FileStore store, TableLog log, Snapshot snapshot) {
    this.cache = cache;
    this.store = store;
    this.log = log;
    this.segments = new OpenSegments(cache, store, log.table(), snapshot.tableId());
    this.deletions = new DeletionVectors(store, log.table());
    this.view = View.of(snapshot);
  }

  // --- opening and creating ---

  /**
   * Opens the newest version of a table.
   *
   * @param path the table's directory: a local path, or a URI of a file system that is set up
   * @throws io.alexstore.error.TableNotFoundException if there is no table
   */
  public static AlexTable open(String path) throws IOException {
    return open(FileStores.forPath(path), path);
  }

  /** Opens the newest version of a table in a given store; see {@link #open(String)}. */
  public static AlexTable open(FileStore store, String path) throws IOException {
    return open(SegmentCache.ofProcess(), store, path);
  }

  /** Opens the newest version of a table, whose segments stand in a cache of the caller's. */
  static AlexTable open(SegmentCache cache, FileStore store, String path) throws IOException {
    TableLog log = new TableLog(store, path);
    return new AlexTable(cache, store, log, log.load());
  }

  /**
   * Opens the newest version of a table that was open before: reads two small files where nothing
   * was committed since.
   *
   * @param known a version of the table at that path; if the table was deleted and made anew since,
   *     it is merely of no use
   */
  public static AlexTable open(Snapshot known) throws IOException {
    return open(FileStores.forPath(known.table()), known);
  }

  /** Opens the newest version of a table in a given store; see {@link #open(Snapshot)}. */
  public static AlexTable open(FileStore store, Snapshot known) throws IOException {
    TableLog log = new TableLog(store, known.table());
    return new AlexTable(store, log, log.load(known));
  }

  /**
   * Creates an empty table and opens it. Of any number of concurrent creations one wins.
   *
   * @param properties the table's properties; kept, and of no meaning to the engine
   * @throws io.alexstore.error.TableExistsException if there is a table
   * @throws IllegalArgumentException if the key's columns are of types that cannot be a key
   */
  public static AlexTable create(String path, Schema schema, Map<String, String> properties)
      throws IOException {
    return create(FileStores.forPath(path), path, schema, properties);
  }

  /** Creates an empty table in a given store; see {@link #create(String, Schema, Map)}. */
  public static AlexTable create(
      FileStore store, String path, Schema schema, Map<String, String> properties)
      throws IOException {
    KeyCodec.of(schema); // Refuses a key that cannot be one before anything is written.
    TableLog log = new TableLog(store, path);
    SnapshotEdit edit = SnapshotEdit.create(schema, properties, List.of());
    return new AlexTable(store, log, log.create(UUID.randomUUID(), edit));
  }

  /** Whether there is a table at a path. */
  public static boolean exists(String path) throws IOException {
    return exists(FileStores.forPath(path), path);
  }

  /** Whether there is a table at a path in a given store. */
  public static boolean exists(FileStore store, String path) throws IOException {
    return new TableLog(store, path).exists();
  }

  /**
   * Opens another version of this table, independently of this one.
   *
   * @throws io.alexstore.error.TableNotFoundException if there is no such version
   */
  public AlexTable asOf(long version) throws IOException {
    return new AlexTable(cache, store, log, log.load(version));
  }

  /**
   * Opens the version that was the newest at a time, independently of this one. Reads O(log n)
   * entries of the log.
   *
   * @throws io.alexstore.error.TableNotFoundException if there was none yet, it has expired, or the
   *     time is in the future
   */
  public AlexTable asOf(Instant time) throws IOException {
    return asOf(log.versionAt(log.refresh(view.snapshot()), time));
  }

  /**
   * Opens a version of this table that is known already, independently of this one. Reads nothing.
   *
   * @throws IllegalArgumentException if it is of another table
   */
  public AlexTable at(Snapshot version) {
    if (!version.tableId().equals(view.snapshot().tableId())) {
      throw new IllegalArgumentException(version + " is no version of " + view.snapshot());
    }
    return new AlexTable(cache, store, log, version);
  }

  /**
   * Goes on to the newest version. Calls, cursors and rows of older ones keep theirs; segments that
   * the newest does not have are closed when nobody can reach them any more. Where nothing was
   * committed, it costs one attempt to read a file.
   *
   * @return whether there was a newer one
   */
  public synchronized boolean refresh() throws IOException {
    Snapshot before = view.snapshot();
    Snapshot newest = log.refresh(before);
    if (newest != before) {
      view = View.of(newest);
      segments.drop(before, newest);
    }
    return newest != before;
  }

  // --- what it is ---

  /** The table's directory, as it was given. */
  public String path() {
    return log.table();
  }

  /** The file store that the table lies in. */
  public FileStore store() {
    return store;
  }

  /** The version that is read. */
  public Snapshot snapshot() {
    return view.snapshot();
  }

  /** The schema of the version that is read. */
  public Schema schema() {
    return view.snapshot().schema();
  }

  /** The encoding of the table's keys. */
  public KeyCodec keyCodec() {
    return view.codec();
  }

  /** The entries of all versions up to the one that is read, oldest first. */
  public List<LogEntry> history() throws IOException {
    return log.history(view.snapshot());
  }

  /**
   * An open segment of this table, which this table closes. For readers that do their own work;
   * they may use it while the table is open.
   */
  public Segment segment(SegmentEntry entry) throws IOException {
    return segments.open(entry);
  }

  // --- reading ---

  /**
   * The row with a key; of several, with a sort key, the first.
   *
   * @param key the value of a key of one integer, date or timestamp column, as a 64-bit integer
   */
  public Optional<Row> get(long key) throws IOException {
    View v = view;
    if (v.codec().form() != KeyForm.LONG) {
      return get((Object) key);
    }
    if (v.snapshot().isDisjoint()) {
      int place = v.locator().locateDisjoint(key);
      return place < 0 ? Optional.empty() : get(v, v.locator().entry(place), key);
    }
    for (SegmentEntry entry : v.snapshot().segmentsFor(SegmentInfo.longKeyBytes(key))) {
      Optional<Row> row = get(v, entry, key);
      if (row.isPresent()) {
        return row;
      }
    }
    return Optional.empty();
  }

  private Optional<Row> get(View v, SegmentEntry entry, long key) throws IOException {
    Segment segment = segments.open(entry);
    return row(v, entry, segment, segment.find(key));
  }

  private Optional<Row> row(View v, SegmentEntry entry, Segment segment, int found)
      throws IOException {
    int position = DeletionVectors.firstLive(segment, deletions.of(entry), found);
    return position < 0
        ? Optional.empty()
        : Optional.of(segment.as(v.snapshot().schema()).row(position));
  }

  /**
   * The row with a key; of several, with a sort key, the first.
   *
   * @param keyParts the values of the key's columns, in the Java forms that {@link
   *     io.alexstore.schema.JavaValues} lists
   * @throws IllegalArgumentException if their number or types do not fit
   */
  public Optional<Row> get(Object... keyParts) throws IOException {
    View v = view;
    if (v.codec().form() == KeyForm.LONG) {
      return get(longKey(v, keyParts));
    }
    byte[] key = v.codec().encode(keyParts);
    for (SegmentEntry entry : v.snapshot().segmentsFor(key)) {
      Segment segment = segments.open(entry);
      Optional<Row> row = row(v, entry, segment, segment.find(key));
      if (row.isPresent()) {
        return row;
      }
    }
    return Optional.empty();
  }

  private static long longKey(View v, Object... keyParts) {
    if (keyParts.length != 1) {
      throw new IllegalArgumentException(
          "The key has 1 column, '"
              + v.codec().columns().get(0).name()
              + "'; "
              + keyParts.length
              + " values were given");
    }
    return v.codec().encodeLong(keyParts[0]);
  }

  /**
   * The rows with some keys, in the order of the keys: the fast way for many, since the lookups in
   * a segment overlap.
   *
   * @param keys as for {@link #get(long)}, in any order
   */
  public List<Optional<Row>> getAll(long[] keys) throws IOException {
    View v = view;
    if (v.codec().form() != KeyForm.LONG) {
      List<Long> boxed = new ArrayList<>();
      for (long key : keys) {
        boxed.add(key);
      }
      return getAll(boxed);
    }
    return batch(v).find(keys, v.locator());
  }

  /**
   * The rows with some keys, in the order of the keys; see {@link #getAll(long[])}.
   *
   * @param keys each the value of the key's column, or a {@link List} of the values of several
   */
  public List<Optional<Row>> getAll(List<?> keys) throws IOException {
    View v = view;
    if (v.codec().form() == KeyForm.LONG) {
      long[] longs = new long[keys.size()];
      int i = 0;
      for (Object key : keys) {
        longs[i++] = longKey(v, parts(key));
      }
      return batch(v).find(longs, v.locator());
    }
    byte[][] encoded = new byte[keys.size()][];
    int i = 0;
    for (Object key : keys) {
      encoded[i++] = v.codec().encode(parts(key));
    }
    return batch(v).find(encoded, v.locator());
  }

  private static Object[] parts(Object key) {
    return key instanceof List<?> list ? list.toArray() : new Object[] {key};
  }

  private static Object[] whole(KeyCodec codec, Object... parts) {
    if (parts.length != codec.columns().size()) {
      throw new IllegalArgumentException(
          "The key has "
              + codec.columns().size()
              + " columns; "
              + parts.length
              + " values were given");
    }
    return parts;
  }

  private BatchLookup batch(View v) {
    return new BatchLookup(v.snapshot(), segments, deletions);
  }

  /** All rows; see {@link #scan(KeyRange)}. */
  public Cursor scan() {
    return scan(KeyRange.all());
  }

  /**
   * The rows whose keys are in a range, segment by segment: in the order of their keys if {@link
   * Snapshot#isDisjoint}, else so within each segment. The cursor throws {@link
   * java.io.UncheckedIOException} if a file cannot be opened.
   */
  public Cursor scan(KeyRange range) {
    View v = view;
    KeyRanges ranges = v.codec().ranges(range);
    return new TableScan(
        v.snapshot().segmentsFor(ranges), v.snapshot().schema(), ranges, segments, deletions);
  }

  // --- writing ---

  /**
   * Changes columns of the version that is read, by one small commit: {@link
   * TableAlteration#columns}. This table reads on with the columns that it has until {@link
   * #refresh}.
   *
   * <pre>{@code
   * table.alter(List.of(new SchemaChange.Add("note", StringType.BINARY_ORDER)));
   * }</pre>
   *
   * @return the version that was made
   * @throws IllegalArgumentException if a change is not allowed; the message says why and what to
   *     do
   * @throws io.alexstore.error.CommitConflictException if others changed the schema since
   */
  public Snapshot alter(List<SchemaChange> changes) throws IOException {
    return TableAlteration.of(store, path()).columns(view.snapshot(), changes, properties -> {});
  }

  /**
   * Begins a write whose commit creates a table together with its first rows. Before the commit
   * there is no table.
   *
   * @throws io.alexstore.error.TableExistsException if there is a table
   */
  public static TableWrite beginCreate(String path, Schema schema, Map<String, String> properties)
      throws IOException {
    return beginCreate(FileStores.forPath(path), path, schema, properties);
  }

  /** Begins a write that creates a table in a given store. */
  public static TableWrite beginCreate(
      FileStore store, String path, Schema schema, Map<String, String> properties)
      throws IOException {
    return TableWrite.create(store, path, schema, properties);
  }

  /** Begins a write that adds rows. The table may be closed before it is committed. */
  public TableWrite beginAppend() {
    return beginAppend(OnConflict.ERROR);
  }

  /**
   * Begins a write that adds rows, in a table with a primary key.
   *
   * @param onConflict what becomes of rows whose keys are in the table at the commit
   */
  public TableWrite beginAppend(OnConflict onConflict) {
    View v = view;
    if (onConflict != OnConflict.ERROR && !v.codec().isUnique()) {
      throw new IllegalArgumentException(
          "onConflict="
              + onConflict.name().toLowerCase(Locale.ROOT)
              + " needs a primary key, and the table at "
              + path()
              + " has a sort key, of which nothing is enforced. Append without it.");
    }
    return TableWrite.append(store, log, v.snapshot(), onConflict);
  }

  /**
   * Begins a write that changes rows of the version that is read: what it deletes, by position, and
   * what it adds go into the table together. It is a conflict if another writer changes one of the
   * rows that it deletes.
   *
   * @param operation its name in the log; see {@link io.alexstore.log.Operation}
   * @param read the keys of all rows that the change depends on: it is a conflict if another writer
   *     adds one; empty if it depends on none but those that it deletes
   */
  public TableWrite beginRowChange(String operation, Optional<KeyRanges> read) {
    return TableWrite.rows(store, log, view.snapshot(), operation, read);
  }

  /**
   * Begins a write that deletes all rows whose keys are in some ranges, those too that others add
   * before it is committed. Writes no segment.
   */
  public TableWrite beginDelete(KeyRanges keys) {
    return TableWrite.deleteKeys(store, log, view.snapshot(), keys);
  }

  /**
   * Deletes the rows with some keys, at once; those that are not there are passed over.
   *
   * @param keys each the value of the key's column, or a {@link List} of the values of several
   * @return the version that was made
   */
  public Snapshot delete(List<?> keys) throws IOException {
    KeyCodec codec = view.codec();
    List<EncodedRange> points = new ArrayList<>();
    for (Object key : keys) {
      points.addAll(codec.ranges(KeyRange.of(whole(codec, parts(key)))).list());
    }
    return beginDelete(KeyRanges.of(codec.form(), points)).commit(List.of());
  }

  /**
   * Begins a write that replaces all rows of the version that is read. It is a conflict if the
   * table has a newer one at the commit.
   */
  public TableWrite beginOverwrite() {
    return TableWrite.overwrite(store, log, view.snapshot());
  }

  /**
   * Begins a write that replaces all rows of the version that is read, and the table's columns, key
   * and properties with them. Versions before it stay readable. It is a conflict if the table has a
   * newer one at the commit.
   *
   * @param schema the columns and the key; columns with the name and type of one that is there keep
   *     its id, others get new ids
   * @throws IllegalArgumentException if the key's columns are of types that cannot be a key
   */
  public TableWrite beginOverwrite(Schema schema, Map<String, String> properties) {
    return TableWrite.overwrite(store, log, view.snapshot(), schema, properties);
  }

  /**
   * Begins a write that replaces the rows whose keys are in some ranges. The new rows may have any
   * key that no row which stays has. Segments that lie in the ranges in part are written anew at
   * the commit, by one thread: it costs time in proportion to their rows that stay.
   *
   * @param ranges encoded as {@link #keyCodec} does
   */
  public TableWrite beginOverwrite(KeyRanges ranges) {
    return TableWrite.overwrite(store, log, view.snapshot(), ranges);
  }

  /** A writer that adds rows, which come in the order of their keys. */
  public TableWriter appender(SegmentOptions options) throws IOException {
    return new TableWriter(beginAppend(), options);
  }

  /**
   * A writer that adds rows, which come in the order of their keys.
   *
   * @param onConflict what becomes of rows whose keys are in the table at the commit
   */
  public TableWriter appender(OnConflict onConflict, SegmentOptions options) throws IOException {
    return new TableWriter(beginAppend(onConflict), options);
  }

  /** A writer that replaces all rows by others, which come in the order of their keys. */
  public TableWriter overwriter(SegmentOptions options) throws IOException {
    return new TableWriter(beginOverwrite(), options);
  }

  /**
   * The files among the table's data that no version of it names, read from the newest version:
   * left over from writes that died, or of writes that are under way. Deletes nothing.
   */
  public List<FileStatus> listOrphans() throws IOException {
    // Files first: one that is committed in between is then named by the log that is read after.
    List<FileStatus> files = store.list(FilePaths.resolve(path(), LogFormat.DATA_DIRECTORY));
    Set<String> named = new HashSet<>();
    for (LogEntry entry : log.history(log.refresh(view.snapshot()))) {
      entry.added().forEach(segment -> named.add(FilePaths.name(segment.path())));
      entry.deletions().values().stream()
          .filter(d -> d.path() != null)
          .forEach(d -> named.add(FilePaths.name(d.path())));
    }
    return files.stream().filter(file -> !named.contains(file.name())).toList();
  }

  /** Closes the segments. Rows and cursors of this table must not be used after it. */
  @Override
  public void close() {
    segments.close();
  }
}
