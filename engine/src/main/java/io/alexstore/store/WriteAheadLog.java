package io.alexstore.store;

import io.alexstore.io.FileStore;
import io.alexstore.io.LogFile;
import io.alexstore.key.KeyForm;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/**
 * The log's end, where records are appended, and what of it is durable.
 *
 * <p>A chunk is made before it is needed, so that a writer neither fills zeros nor maps. A writer
 * for whom none is ready makes one itself. A chunk that was sealed is written again under another
 * name, so that the log soon needs no more space, no zeros, and no garbage collector to unmap it.
 *
 * <p>Thread safety: the store's write lock guards {@link #roll} and {@link #appended}. {@link
 * #sync} and {@link #prepareSpare} are safe for any number of threads.
 */
final class WriteAheadLog {

  /** How many chunks that were released are kept to be written again: about a memtable's. */
  private static final int MAX_RELEASED = 5;

  private static final VarHandle WRITTEN;

  static {
    try {
      WRITTEN = MethodHandles.lookup().findVarHandle(WriteAheadLog.class, "written", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final FileStore store;
  private final String table;
  private final String directory;
  private final KeyForm form;
  private final UUID tableId;
  private final int chunkBytes;

  private final Object spareLock = new Object();
  // All guarded by spareLock.
  private LogChunk spare;
  // Without headers; their files are written again under other names.
  private final Deque<LogChunk> released = new ArrayDeque<>();
  private long nextId;

  // Of the writer.
  private LogChunk active;

  // The end of the last record: written by the writer.
  @SuppressWarnings("UnusedVariable") // by WRITTEN
  private long written;

  private final Object syncLock = new Object();
  // All guarded by syncLock.
  private final Deque<LogChunk> unsynced = new ArrayDeque<>();
  private volatile long durable;
  private volatile IOException failure;

  /**
   * A log that goes on with a new chunk.
   *
   * @param nextId above the ids of all chunks that there are
   * @param previous the chunk before it; 0 if there is none
   * @param previousEnd the end of that one's records
   */
  WriteAheadLog(
      FileStore store,
      String table,
      String directory,
      KeyForm form,
      UUID tableId,
      int chunkBytes,
      long nextId,
      long firstSequence,
      long previous,
      int previousEnd)
      throws IOException {
    this.store = store;
    this.table = table;
    this.directory = directory;
    this.form = form;
    this.tableId = tableId;
    this.chunkBytes = chunkBytes;
    this.nextId = nextId;
    begin(create(chunkBytes), firstSequence, previous, previousEnd);
  }

  /** The chunk that the next record goes into, if it has room. */
  LogChunk active() {
    return active;
  }

  // --- chunks ---

  private LogChunk create(int size) throws IOException {
    synchronized (spareLock) {
      long id = nextId++;
      String path = WalFormat.chunkPath(directory, id);
      try {
        LogFile file = store.createLog(path, size);
        store.syncDirectory(directory);
        return LogChunk.create(id, file);
      } catch (IOException e) {
        throw new IOException(
            "Cannot write to the store at "
                + table
                + ": its log needs "
                + size
                + " bytes more, and they cannot be had: "
                + e.getMessage()
                + ". Nothing of this write was taken, all that was written before is there, and"
                + " reads go on. Free some space and write again.",
            e);
      }
    }
  }

  /** A chunk of the usual size: one that was released, or else a new one. */
  private LogChunk take() throws IOException {
    synchronized (spareLock) {
      LogChunk old = released.poll();
      if (old == null) {
        return create(chunkBytes);
      }
      long id = nextId++;
      String path = WalFormat.chunkPath(directory, id);
      try {
        store.move(old.path(), path);
        store.syncDirectory(directory);
      } catch (IOException e) {
        // Whatever its name is now, it has no header. Recovery deletes it.
        old.close();
        return create(chunkBytes);
      }
      return old.renamed(id, path);
    }
  }

  /** Makes the next chunk, if there is none ready. */
  void prepareSpare() throws IOException {
    synchronized (spareLock) {
      if (spare == null) {
        spare = take();
      }
    }
  }

  /** Whether the active chunk has room for some bytes. */
  boolean hasRoom(long bytes) {
    return bytes <= active.room();
  }

  /**
   * Goes on in another chunk.
   *
   * @param bytes for how many it must have room
   * @param firstSequence the sequence of the next record
   * @throws IOException if there is no space for one; the log is as it was
   */
  void roll(long bytes, long firstSequence) throws IOException {
    LogChunk next;
    long wanted = bytes + WalFormat.HEADER_BYTES;
    if (wanted > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "One write has at most 2 GiB, keys and values together, not " + bytes + " bytes");
    }
    if (wanted > chunkBytes) {
      next = create((int) wanted);
    } else {
      synchronized (spareLock) {
        next = spare != null && spare.id() > active.id() ? spare : take();
        if (next == spare) {
          spare = null;
        } else {
          // A spare whose id is below that of a chunk in use would be out of order.
          discardSpare();
        }
      }
    }
    begin(next, firstSequence, active.id(), active.end());
  }

  private void discardSpare() throws IOException {
    if (spare != null) {
      store.delete(spare.path());
      spare = null;
    }
  }

  private void begin(LogChunk chunk, long firstSequence, long previous, int previousEnd) {
    chunk.writeHeader(form, tableId, firstSequence, previous, previousEnd);
    synchronized (syncLock) {
      unsynced.add(chunk);
    }
    active = chunk;
    WRITTEN.setRelease(this, WalFormat.position(chunk.id(), chunk.end()));
  }

  // --- writing ---

  /**
   * Refuses writes after a sync has failed: what is durable is not known then.
   *
   * @throws IOException always the same
   */
  void checkUsable() throws IOException {
    if (failure != null) {
      throw new IOException(
          "The store at "
              + table
              + " takes no more writes, since its log could not be made durable ("
              + failure.getMessage()
              + "). Reads go on. Close the store, look after the disk and open the store again: it"
              + " then has all that was synced before.",
          failure);
    }
  }

  /** Says that records were appended to the active chunk, so that syncs reach up to them. */
  void appended() {
    WRITTEN.setRelease(this, WalFormat.position(active.id(), active.end()));
  }

  /** The end of the last record; for {@link #sync}. */
  long written() {
    return (long) WRITTEN.getAcquire(this);
  }

  // --- durability ---

  /**
   * Makes all records before a position durable. Of threads that ask at the same time one does it
   * for all whose records were there when it began.
   */
  void sync(long upTo) throws IOException {
    if (durable >= upTo) {
      return;
    }
    synchronized (syncLock) {
      if (durable >= upTo) {
        return;
      }
      checkUsable();
      long end = written();
      try {
        syncTo(end);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
      durable = end;
    }
  }

  private void syncTo(long end) throws IOException {
    while (true) {
      LogChunk chunk = unsynced.peek();
      boolean isLast = chunk.id() == WalFormat.chunkOf(end);
      int to = isLast ? WalFormat.offsetOf(end) : chunk.end();
      chunk.sync(to);
      chunk.noteDurable(to);
      if (isLast) {
        return;
      }
      unsynced.remove();
    }
  }

  /**
   * Gives up chunks whose records are in segments by now: they are written again, as far as they
   * may and are needed, or deleted. Those that are left behind when it fails are passed over by
   * recovery.
   *
   * @param chunks in their order; null for none
   * @param mayReuse whether nobody reads them
   */
  void release(LogChunk[] chunks, boolean mayReuse) throws IOException {
    synchronized (syncLock) {
      for (LogChunk chunk : chunks) {
        if (chunk != null) {
          unsynced.remove(chunk);
        }
      }
    }
    for (LogChunk chunk : chunks) {
      // The oldest first: a log that begins later is whole, one with a gap is not.
      if (chunk != null && mayReuse && chunk.isReusable(chunkBytes) && wantsReleased()) {
        chunk.erase();
        synchronized (spareLock) {
          released.add(chunk);
        }
      } else if (chunk != null) {
        store.delete(chunk.path());
        chunk.close();
      }
    }
    store.syncDirectory(directory);
  }

  private boolean wantsReleased() {
    synchronized (spareLock) {
      return released.size() < MAX_RELEASED;
    }
  }

  /** Deletes all chunks that are left, of a log whose records are all in segments. */
  void deleteAll() throws IOException {
    synchronized (spareLock) {
      discardSpare();
      for (LogChunk chunk = released.poll(); chunk != null; chunk = released.poll()) {
        store.delete(chunk.path());
        chunk.close();
      }
    }
    release(new LogChunk[] {active}, false);
  }
}
