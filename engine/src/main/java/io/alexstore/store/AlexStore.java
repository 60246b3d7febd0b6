package io.alexstore.store;

import io.alexstore.commit.DeletionVectors;
import io.alexstore.error.StoreInUseException;
import io.alexstore.io.FileLock;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.io.LocalFileStore;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.log.LogFormat;
import io.alexstore.log.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A durable sorted map from keys to bytes, embedded in a program, whose directory is a table that
 * Spark and {@link io.alexstore.table.AlexTable} read while it is open.
 *
 * <pre>{@code
 * try (AlexStore s = AlexStore.open(Path.of("dir"))) {
 *   s.put(42L, bytes);
 *   byte[] v = s.get(42L);
 *   s.sync();  // all that was put before is durable now
 *   s.flush(); // and others see it
 * }
 * }</pre>
 *
 * <p>A write goes to a log, which is where its value is read from as well. When enough was written,
 * at {@link #flush} and at {@link #close}, the log is sealed: it becomes a sorted segment of the
 * table, by a commit. Until the store is closed it owns the table: other writers are refused. A
 * store whose process died owns its table until it is opened again.
 *
 * <p>A store has 64-bit keys, or keys of bytes ({@link StoreOptions#withBytesKeys}) of 0 to 32,768
 * bytes; the methods for the others throw {@link IllegalStateException}. Values have any length up
 * to about 128 MiB ({@link io.alexstore.segment.SegmentOptions#maxRowBytes}).
 *
 * <p>Every reading method may throw {@link io.alexstore.error.CorruptFileException} where a file is
 * damaged.
 *
 * <p>Thread safety: safe for any number of threads, {@link #close} too: it waits for writers.
 * Writers take turns. Readers wait for nobody, and see every write that returned before they began,
 * and a batch whole or not at all.
 */
public final class AlexStore implements AutoCloseable {

  /** A fourth of the memory budget is sealed at a time, and no more than this waits. */
  private static final int MEMTABLES = 4;

  /** So much of it at most goes to the filters of segments. */
  private static final int FILTER_SHARE = 8;

  private static final int MAX_CHUNK_BYTES = 32 << 20;
  private static final int MIN_CHUNK_BYTES = 64 << 10;
  private static final byte[] NO_VALUE = new byte[0];

  private final StoreTable table;
  private final FileLock owned;
  private final WriteAheadLog log;
  private final Maintenance maintenance;
  // Null where maintenance has no thread, either.
  private final LogKeeper keeper;
  private final AtomicReference<StoreView> view;
  private final StoreWriter writer;
  private final boolean isLong;
  private final LookupCounter lookups = new LookupCounter();

  /** No more reads. */
  private volatile boolean closed;

  private AlexStore(
      StoreTable table,
      StoreOptions options,
      FileLock owned,
      WriteAheadLog log,
      StoreView first,
      DeletionVectors vectors,
      long lastSequence,
      boolean hasThreads) {
    this.table = table;
    this.owned = owned;
    this.log = log;
    this.view = new AtomicReference<>(first);
    this.isLong = options.keys() == KeyForm.LONG;
    this.maintenance = new Maintenance(table, options, view, log, vectors, hasThreads);
    long interval = options.syncMode() == SyncMode.INTERVAL ? options.syncIntervalMs() : 0;
    this.keeper = hasThreads ? new LogKeeper(log, interval) : null;
    this.writer =
        new StoreWriter(table, options, log, view, maintenance, keeper, MEMTABLES, lastSequence);
  }

  // --- opening ---

  /** Opens a store of 64-bit keys; see {@link #open(Path, StoreOptions)}. */
  public static AlexStore open(Path directory) throws IOException {
    return open(directory, StoreOptions.defaults());
  }

  /**
   * Opens a store, and makes it if there is none. What was written before, and not sealed, is read
   * from its log.
   *
   * @param directory in a local file system
   * @throws StoreInUseException if it is open already
   * @throws IllegalArgumentException if there is a table in the directory that is none of a store
   *     with such keys
   * @throws io.alexstore.error.CorruptFileException if a record of the log that was durable is
   *     damaged; {@link #salvage} says what can be saved
   */
  public static AlexStore open(Path directory, StoreOptions options) throws IOException {
    return open(LocalFileStore.INSTANCE, directory.toString(), options, true);
  }

  /**
   * Opens a store in a given file store.
   *
   * @param hasThreads whether it has threads of its own; if not, whoever waits for something does
   *     it
   */
  static AlexStore open(FileStore files, String path, StoreOptions options, boolean hasThreads)
      throws IOException {
    String committer =
        "process "
            + ProcessHandle.current().pid()
            + ", opened "
            + Instant.now().truncatedTo(ChronoUnit.MILLIS);
    StoreTable table = StoreTable.of(files, path, options.keys(), committer);
    files.createDirectories(table.directory());
    FileLock owned =
        files
            .tryLock(FilePaths.resolve(table.directory(), WalFormat.LOCK))
            .orElseThrow(() -> new StoreInUseException(path));
    try {
      AlexStore store = recover(table, options, owned, hasThreads);
      store.maintenance.start();
      store.maintenance.wake();
      if (store.keeper != null) {
        store.keeper.start();
      }
      return store;
    } catch (IOException | RuntimeException | Error e) {
      owned.close();
      throw e;
    }
  }

  /**
   * Says what can be saved of a store whose log is damaged. Changes nothing.
   *
   * @param options with the right kind of keys
   * @throws StoreInUseException if it is open
   * @throws io.alexstore.error.TableNotFoundException if there is no store
   */
  public static StoreSalvage salvage(Path directory, StoreOptions options) throws IOException {
    FileStore files = LocalFileStore.INSTANCE;
    StoreTable table = StoreTable.of(files, directory.toString(), options.keys(), "salvage");
    table.log().load(); // There must be a table before a lock is made in it.
    files.createDirectories(table.directory());
    try (FileLock lock =
        files
            .tryLock(FilePaths.resolve(table.directory(), WalFormat.LOCK))
            .orElseThrow(() -> new StoreInUseException(directory.toString()))) {
      Objects.requireNonNull(lock);
      return StoreSalvage.of(files, table, options.keys());
    }
  }

  private static AlexStore recover(
      StoreTable table, StoreOptions options, FileLock owned, boolean hasThreads)
      throws IOException {
    Snapshot snapshot = table.own();
    // Copies of a table may lack it: some tools leave empty directories out.
    table.files().createDirectories(FilePaths.resolve(table.path(), LogFormat.DATA_DIRECTORY));
    KeyForm form = options.keys();
    LogFiles found = LogFiles.open(table.files(), table.directory(), form, snapshot.tableId());
    LogRecovery.Recovered recovered =
        LogRecovery.run(
            table.files(), table.directory(), form, found, Sealer.sealedSequence(snapshot));
    WriteAheadLog log =
        new WriteAheadLog(
            table.files(),
            table.path(),
            table.directory(),
            form,
            snapshot.tableId(),
            chunkBytes(options),
            found.nextId(),
            recovered.lastSequence() + 1,
            recovered.last() == null ? 0 : recovered.last().id(),
            recovered.last() == null ? 0 : recovered.last().end());
    List<Memtable> memtables = new ArrayList<>();
    memtables.add(
        new Memtable(
            form, log.active(), recovered.lastSequence(), options.memoryBudget() / MEMTABLES));
    if (recovered.memtable() != null) {
      memtables.add(recovered.memtable());
    }
    DeletionVectors vectors = new DeletionVectors(table.files(), table.path());
    long filterBytes = options.memoryBudget() / FILTER_SHARE;
    StoreSegments segments =
        StoreSegments.open(table.files(), snapshot, form, vectors, filterBytes);
    StoreView first = new StoreView(form, memtables, segments);
    return new AlexStore(
        table, options, owned, log, first, vectors, recovered.lastSequence(), hasThreads);
  }

  /** A memtable takes a few chunks, so that little of the last one is wasted. */
  private static int chunkBytes(StoreOptions options) {
    long quarter = options.memoryBudget() / MEMTABLES / 4;
    return (int) Math.max(MIN_CHUNK_BYTES, Math.min(MAX_CHUNK_BYTES, quarter));
  }

  // --- writing ---

  /**
   * Gives a key a value.
   *
   * @throws IOException if it could not be taken, as when the disk is full: then nothing changed;
   *     or if it could not be made durable, in {@link SyncMode#EACH_WRITE}: then nobody knows
   */
  public void put(long key, byte[] value) throws IOException {
    checkLongs();
    writer.put(key, value);
  }

  /** As {@link #put(long, byte[])}. */
  public void put(byte[] key, byte[] value) throws IOException {
    checkBytes(key);
    writer.put(key, value);
  }

  /** Deletes a key; does nothing if it is not there. Errors as of {@link #put(long, byte[])}. */
  public void delete(long key) throws IOException {
    checkLongs();
    writer.delete(key);
  }

  /** As {@link #delete(long)}. */
  public void delete(byte[] key) throws IOException {
    checkBytes(key);
    writer.delete(key);
  }

  /**
   * Writes all of a batch, or nothing.
   *
   * @throws IllegalArgumentException if it takes more than about 2 GiB, or has keys of another form
   * @throws IOException as of {@link #put(long, byte[])}
   */
  public void write(WriteBatch batch) throws IOException {
    for (WriteBatch.Write write : batch.writes()) {
      if (isLong != (write.key() == null)) {
        throw wrongKeys();
      }
      if (!isLong) {
        checkBytes(write.key());
      }
    }
    writer.write(batch);
  }

  // --- durability ---

  /**
   * Makes all writes that returned before durable. Threads that call it at the same time share one
   * sync.
   *
   * @throws IOException if that failed. The store then takes no more writes, since nobody knows
   *     what is durable; it has to be opened again
   */
  public void sync() throws IOException {
    checkOpen();
    log.sync(log.written());
  }

  /**
   * Seals what was written: brings it into segments of the table, durable, and visible to all who
   * read the directory. Waits until that is done.
   *
   * @throws IOException if it failed; what was written is in the log, and another call tries again
   */
  public void flush() throws IOException {
    checkOpen();
    writer.seal();
  }

  /**
   * Seals what was written and merges all segments, so that none overlap and nothing deleted is
   * left in them. Waits until that is done.
   *
   * @throws IOException if it failed; the store is as it was, or partly merged
   */
  public void compact() throws IOException {
    checkOpen();
    writer.seal();
    maintenance.compactAll();
    maintenance.await(() -> !maintenance.isCompactAllPending());
  }

  /**
   * Seals what was written, gives the table back to other writers, and closes the store. Snapshots
   * and slices stay readable. Closing again does nothing.
   *
   * @throws IOException if it could not be sealed. The store is closed all the same, and owns its
   *     table; what was written is in its log, and there when it is opened again
   */
  @Override
  public void close() throws IOException {
    if (!writer.close()) { // Readers go on.
      return;
    }
    try {
      sealLast();
      stop();
      log.deleteAll();
      table.disown(view.get().segments().snapshot());
    } finally {
      closed = true;
      stop();
      view.get().segments().release();
      owned.close();
    }
  }

  private void sealLast() throws IOException {
    try {
      writer.seal();
    } catch (IOException | RuntimeException e) {
      try {
        log.sync(log.written());
      } catch (IOException notSynced) {
        e.addSuppressed(notSynced);
      }
      throw e;
    }
  }

  private void stop() {
    maintenance.stop();
    if (keeper != null) {
      keeper.stop();
    }
  }

  // --- reading ---

  /** The value of a key, in a fresh array; null if it has none. Allocates nothing else. */
  public byte[] get(long key) {
    checkLongs();
    lookups.add(1);
    while (true) {
      StoreView now = view();
      try {
        return now.get(key, writer.visible());
      } catch (RetiredException e) {
        // Sealed meanwhile: there is a newer view.
      }
    }
  }

  /** As {@link #get(long)}. */
  public byte[] get(byte[] key) {
    checkBytes(key);
    lookups.add(1);
    while (true) {
      StoreView now = view();
      try {
        return now.get(key, writer.visible());
      } catch (RetiredException e) {
        // As above.
      }
    }
  }

  /**
   * The values of many keys, as of one moment: faster than one {@link #get(long)} after the other.
   *
   * @param keys in any order; one may stand there more than once
   * @return the values in the order of the keys, each in a fresh array; null for keys that have
   *     none
   */
  public byte[][] getAll(long[] keys) {
    checkLongs();
    return getAll(new BatchKeys.OfLongs(keys));
  }

  /** As {@link #getAll(long[])}. */
  public byte[][] getAll(byte[][] keys) {
    checkBytes(keys);
    return getAll(new BatchKeys.OfBytes(keys));
  }

  private byte[][] getAll(BatchKeys keys) {
    lookups.add(keys.count());
    StoreView now = pinned();
    try {
      return now.getAll(keys, writer.visible());
    } finally {
      now.unpin();
    }
  }

  /**
   * The value of a key, read-only; null if it has none. It stands where it is in the log or a
   * segment, if it is large or in a segment that has it as it is; else it is a copy. It stays as it
   * is for as long as it is kept, and may keep the space of the file that it stands in.
   */
  public ByteBuffer getSlice(long key) {
    checkLongs();
    lookups.add(1);
    while (true) {
      StoreView now = view();
      try {
        return now.slice(key, writer.visible());
      } catch (RetiredException e) {
        // As above.
      }
    }
  }

  /** As {@link #getSlice(long)}. */
  public ByteBuffer getSlice(byte[] key) {
    checkBytes(key);
    lookups.add(1);
    while (true) {
      StoreView now = view();
      try {
        return now.slice(key, writer.visible());
      } catch (RetiredException e) {
        // As above.
      }
    }
  }

  /** All entries in the order of their keys, as of now. The cursor is to be closed. */
  public StoreCursor scan() {
    return isLong ? scan(Long.MIN_VALUE, Long.MAX_VALUE) : scan(NO_VALUE, null);
  }

  /** The entries whose keys lie between two, both included, as of now. */
  public StoreCursor scan(long from, long to) {
    checkLongs();
    StoreView now = pinned();
    return now.scan(from, to, writer.visible());
  }

  /**
   * The entries whose keys lie between two, both included, as of now.
   *
   * @param to null for no bound
   */
  public StoreCursor scan(byte[] from, byte[] to) {
    checkBytes(from);
    StoreView now = pinned();
    return now.scan(from, to, writer.visible());
  }

  /** The store as of now. */
  public StoreSnapshot snapshot() {
    StoreView now = pinned();
    return new StoreSnapshot(this, now, writer.visible());
  }

  /** The newest view, pinned. */
  private StoreView pinned() {
    while (true) {
      StoreView now = view();
      if (now.pin()) {
        return now;
      }
    }
  }

  /** Figures about the store. O(keys in the memtable). */
  public StoreStatistics statistics() {
    return StatisticsReader.read(
        view(),
        lookups.sum(),
        writer.writes(),
        maintenance.sealedBytes(),
        maintenance.compactedBytes());
  }

  /** The store's directory. */
  public String path() {
    return table.path();
  }

  // --- checks ---

  private StoreView view() {
    checkOpen();
    return view.get();
  }

  private void checkOpen() {
    if (closed) {
      throw table.closed();
    }
  }

  boolean isLong() {
    return isLong;
  }

  void checkLongs() {
    if (!isLong) {
      throw wrongKeys();
    }
  }

  void checkBytes(byte[] key) {
    Objects.requireNonNull(key, "key");
    if (isLong) {
      throw wrongKeys();
    }
    if (key.length > KeyCodec.MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "A key has at most " + KeyCodec.MAX_KEY_BYTES + " bytes, not " + key.length);
    }
  }

  void checkBytes(byte[][] keys) {
    if (isLong) {
      throw wrongKeys();
    }
    for (byte[] key : keys) {
      checkBytes(key);
    }
  }

  private IllegalStateException wrongKeys() {
    return new IllegalStateException(
        isLong
            ? "The store at "
                + table.path()
                + " has 64-bit keys. For keys of bytes open another with"
                + " StoreOptions.withBytesKeys"
            : "The store at "
                + table.path()
                + " has keys of bytes. For 64-bit keys open another without"
                + " StoreOptions.withBytesKeys");
  }
}
