package io.alexstore.store;

import io.alexstore.key.KeyCodec;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way of a write: into the log, into the memtable that is written, and then to readers.
 *
 * <p>Thread safety: safe for any number of threads, which take turns.
 */
final class StoreWriter {

  private static final byte[] NO_VALUE = new byte[0];

  private static final VarHandle VISIBLE;

  static {
    try {
      VISIBLE = MethodHandles.lookup().findVarHandle(StoreWriter.class, "visible", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final StoreTable table;
  private final StoreOptions options;
  private final WriteAheadLog log;
  private final AtomicReference<StoreView> view;
  private final Maintenance maintenance;
  // Null where maintenance has no thread, either.
  private final LogKeeper keeper;
  private final Throttle throttle;
  private final long memtableBytes;
  private final int maxValueBytes;

  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock.
  private Throwable broken;
  private boolean closed;
  private long writes;

  /** The newest record that readers see. Written under the lock; by {@link #VISIBLE} otherwise. */
  private long visible;

  /**
   * @param memtables how many there may be, the one that is written among them
   * @param lastSequence that of the newest record there is
   */
  StoreWriter(
      StoreTable table,
      StoreOptions options,
      WriteAheadLog log,
      AtomicReference<StoreView> view,
      Maintenance maintenance,
      LogKeeper keeper,
      int memtables,
      long lastSequence) {
    this.table = table;
    this.options = options;
    this.log = log;
    this.view = view;
    this.maintenance = maintenance;
    this.keeper = keeper;
    this.throttle = new Throttle(maintenance, view, memtables - 1);
    this.memtableBytes = options.memoryBudget() / memtables;
    // What a row takes beside its key and value is far less than this.
    this.maxValueBytes = options.segments().maxRowBytes() - KeyCodec.MAX_KEY_BYTES - 64;
    this.visible = lastSequence;
  }

  /**
   * The sequence of the newest record that readers see. Who reads by it takes the view before: a
   * view that was made later may have segments with records after it.
   */
  long visible() {
    return (long) VISIBLE.getAcquire(this);
  }

  /** How many records were written. */
  long writes() {
    return writes;
  }

  // --- writing ---

  void put(long key, byte[] value) throws IOException {
    write(WalFormat.PUT, key, checkValue(value));
  }

  void put(byte[] key, byte[] value) throws IOException {
    write(WalFormat.PUT, key, checkValue(value));
  }

  void delete(long key) throws IOException {
    write(WalFormat.DELETE, key, NO_VALUE);
  }

  void delete(byte[] key) throws IOException {
    write(WalFormat.DELETE, key, NO_VALUE);
  }

  private byte[] checkValue(byte[] value) {
    if (value.length > maxValueBytes) {
      throw new IllegalArgumentException(
          "A value has at most " + maxValueBytes + " bytes, not " + value.length);
    }
    return value;
  }

  private void write(int kind, long key, byte[] value) throws IOException {
    long bytes = WalFormat.recordBytes(Long.BYTES, value.length);
    throttle.before(bytes);
    long end;
    lock.lock();
    try {
      Memtable active = prepare(bytes);
      append(active, kind, 0, visible + 1, key, value, bytes);
      end = publish(visible + 1);
    } finally {
      lock.unlock();
    }
    syncIfAsked(end);
  }

  private void write(int kind, byte[] key, byte[] value) throws IOException {
    long bytes = WalFormat.recordBytes(key.length, value.length);
    throttle.before(bytes);
    long end;
    lock.lock();
    try {
      Memtable active = prepare(bytes);
      append(active, kind, 0, visible + 1, key, value, bytes);
      end = publish(visible + 1);
    } finally {
      lock.unlock();
    }
    syncIfAsked(end);
  }

  /** Writes all of a batch, whose keys are checked, or nothing. */
  void write(WriteBatch batch) throws IOException {
    for (WriteBatch.Write write : batch.writes()) {
      checkValue(WriteBatch.valueOf(write));
    }
    if (batch.size() == 0) {
      return;
    }
    throttle.before(batch.bytes());
    long end;
    lock.lock();
    try {
      Memtable active = prepare(batch.bytes());
      long sequence = visible;
      int left = batch.size();
      for (WriteBatch.Write write : batch.writes()) {
        int kind = write.value() == null ? WalFormat.DELETE : WalFormat.PUT;
        int flags = --left > 0 ? WalFormat.BATCH_GOES_ON : 0;
        byte[] value = WriteBatch.valueOf(write);
        if (write.key() == null) {
          long bytes = WalFormat.recordBytes(Long.BYTES, value.length);
          append(active, kind, flags, ++sequence, write.longKey(), value, bytes);
        } else {
          long bytes = WalFormat.recordBytes(write.key().length, value.length);
          append(active, kind, flags, ++sequence, write.key(), value, bytes);
        }
      }
      end = publish(sequence);
    } finally {
      lock.unlock();
    }
    syncIfAsked(end);
  }

  /** Makes room for some bytes, all in one chunk. The lock is held. */
  private Memtable prepare(long bytes) throws IOException {
    if (closed) {
      throw table.closed();
    }
    log.checkUsable();
    if (broken != null) {
      throw new IOException(
          "The store at "
              + table.path()
              + " takes no more writes, since one ended halfway ("
              + broken
              + "). Close it and open it again.",
          broken);
    }
    Memtable active = view.get().active();
    if (active.logBytes() + active.indexBytes() >= memtableBytes) {
      active = rotate(bytes);
    } else if (!log.hasRoom(bytes)) {
      log.roll(bytes, visible + 1);
      active.addChunk(log.active());
      wakeKeeper();
    }
    return active;
  }

  /** Begins another memtable; the one before waits to be sealed. The lock is held. */
  private Memtable rotate(long bytes) throws IOException {
    log.roll(bytes, visible + 1);
    Memtable next = new Memtable(options.keys(), log.active(), visible, memtableBytes);
    view.updateAndGet(v -> v.withActive(next));
    maintenance.wake();
    wakeKeeper();
    return next;
  }

  private void wakeKeeper() {
    if (keeper != null) {
      keeper.wake();
    }
  }

  private void append(
      Memtable active, int kind, int flags, long sequence, long key, byte[] value, long bytes) {
    try {
      long previous = Math.max(0, active.begin(key, KeyFilter.hash(key)));
      long position = log.active().append(kind, flags, sequence, previous, key, value);
      active.put(key, position, sequence, bytes);
    } catch (RuntimeException | Error e) {
      broken = e; // The log may have a record now that the index has not.
      throw e;
    }
  }

  private void append(
      Memtable active, int kind, int flags, long sequence, byte[] key, byte[] value, long bytes) {
    try {
      long previous = Math.max(0, active.begin(key, KeyFilter.hash(key)));
      long position = log.active().append(kind, flags, sequence, previous, key, value);
      active.put(key, position, sequence, bytes);
    } catch (RuntimeException | Error e) {
      broken = e;
      throw e;
    }
  }

  /** Lets readers see the records up to a sequence. The lock is held. */
  private long publish(long sequence) {
    writes += sequence - visible;
    log.appended();
    // No volatile write, which waits for all stores before it: giving the lock back is one.
    VISIBLE.setRelease(this, sequence);
    return log.written();
  }

  private void syncIfAsked(long end) throws IOException {
    if (options.syncMode() == SyncMode.EACH_WRITE) {
      log.sync(end);
    }
  }

  // --- sealing ---

  /**
   * Takes no more writes from now on.
   *
   * @return whether it did before
   */
  boolean close() {
    lock.lock();
    try {
      boolean was = !closed;
      closed = true;
      return was;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all that was written before is in segments.
   *
   * @throws IOException if that failed; what was written is in the log
   */
  void seal() throws IOException {
    Memtable newest;
    lock.lock();
    try {
      Memtable active = view.get().active();
      newest = active.isEmpty() ? active : rotate(0);
    } finally {
      lock.unlock();
    }
    maintenance.await(() -> isOldest(newest));
  }

  /** Whether no memtable waits that is older than one. */
  private boolean isOldest(Memtable memtable) {
    List<Memtable> memtables = view.get().memtables();
    int place = memtables.indexOf(memtable);
    return place < 0 || place == memtables.size() - 1;
  }
}
