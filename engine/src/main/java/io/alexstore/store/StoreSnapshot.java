package io.alexstore.store;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A store as of one moment, whatever is written, sealed or compacted meanwhile. It keeps the memory
 * and the files' space of its moment until it is closed and cannot be reached any more; it may be
 * used after the store was closed.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class StoreSnapshot implements AutoCloseable {

  private final AlexStore store;
  private final long sequence;
  private final StoreView view;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param view which is pinned; it is unpinned when the snapshot is closed
   */
  StoreSnapshot(AlexStore store, StoreView view, long sequence) {
    this.store = store;
    this.view = view;
    this.sequence = sequence;
  }

  /** The sequence of the last write that is seen: writes are counted from 1. */
  public long sequence() {
    return sequence;
  }

  /** As {@link AlexStore#get(long)}. */
  public byte[] get(long key) {
    store.checkLongs();
    return read(() -> view.get(key, sequence));
  }

  /** As {@link AlexStore#get(byte[])}. */
  public byte[] get(byte[] key) {
    store.checkBytes(key);
    return read(() -> view.get(key, sequence));
  }

  /** As {@link AlexStore#getAll(long[])}. */
  public byte[][] getAll(long[] keys) {
    store.checkLongs();
    return read(() -> view.getAll(new BatchKeys.OfLongs(keys), sequence));
  }

  /** As {@link AlexStore#getAll(long[])}. */
  public byte[][] getAll(byte[][] keys) {
    store.checkBytes(keys);
    return read(() -> view.getAll(new BatchKeys.OfBytes(keys), sequence));
  }

  /** As {@link AlexStore#getSlice(long)}. */
  public ByteBuffer getSlice(long key) {
    store.checkLongs();
    return read(() -> view.slice(key, sequence));
  }

  /** As {@link AlexStore#getSlice(byte[])}. */
  public ByteBuffer getSlice(byte[] key) {
    store.checkBytes(key);
    return read(() -> view.slice(key, sequence));
  }

  /** As {@link AlexStore#scan()}. */
  public StoreCursor scan() {
    return store.isLong() ? scan(Long.MIN_VALUE, Long.MAX_VALUE) : scan(new byte[0], null);
  }

  /**
   * As {@link AlexStore#scan(long, long)}; the cursor may be used after the snapshot was closed.
   */
  public StoreCursor scan(long from, long to) {
    store.checkLongs();
    pinForCursor();
    return view.scan(from, to, sequence);
  }

  /** As {@link AlexStore#scan(byte[], byte[])}; see {@link #scan(long, long)}. */
  public StoreCursor scan(byte[] from, byte[] to) {
    store.checkBytes(from);
    pinForCursor();
    return view.scan(from, to, sequence);
  }

  private void pinForCursor() {
    if (closed.get() || !view.pin()) {
      throw closedSnapshot();
    }
  }

  private <T> T read(Supplier<T> lookup) {
    if (closed.get()) {
      throw closedSnapshot();
    }
    try {
      return lookup.get();
    } catch (RetiredException e) {
      throw closedSnapshot(); // By another thread, meanwhile.
    }
  }

  private static IllegalStateException closedSnapshot() {
    return new IllegalStateException("The snapshot is closed");
  }

  /** Gives up what the snapshot holds. Closing again does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      view.unpin();
    }
  }
}
