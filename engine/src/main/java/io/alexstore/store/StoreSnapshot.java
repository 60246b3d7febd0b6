package io.alexstore.store;

import java.nio.ByteBuffer;

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
  private volatile StoreView view;

  StoreSnapshot(AlexStore store, StoreView view, long sequence) {
    this.store = store;
    this.view = view;
    this.sequence = sequence;
  }

  private StoreView view() {
    StoreView open = view;
    if (open == null) {
      throw new IllegalStateException("The snapshot is closed");
    }
    return open;
  }

  /** The sequence of the last write that is seen: writes are counted from 1. */
  public long sequence() {
    return sequence;
  }

  /** As {@link AlexStore#get(long)}. */
  public byte[] get(long key) {
    store.checkLongs();
    return view().get(key, sequence);
  }

  /** As {@link AlexStore#get(byte[])}. */
  public byte[] get(byte[] key) {
    store.checkBytes(key);
    return view().get(key, sequence);
  }

  /** As {@link AlexStore#getAll(long[])}. */
  public byte[][] getAll(long[] keys) {
    store.checkLongs();
    return view().getAll(new BatchKeys.OfLongs(keys), sequence);
  }

  /** As {@link AlexStore#getAll(long[])}. */
  public byte[][] getAll(byte[][] keys) {
    store.checkBytes(keys);
    return view().getAll(new BatchKeys.OfBytes(keys), sequence);
  }

  /** As {@link AlexStore#getSlice(long)}. */
  public ByteBuffer getSlice(long key) {
    store.checkLongs();
    return view().slice(key, sequence);
  }

  /** As {@link AlexStore#getSlice(byte[])}. */
  public ByteBuffer getSlice(byte[] key) {
    store.checkBytes(key);
    return view().slice(key, sequence);
  }

  /** As {@link AlexStore#scan()}. */
  public StoreCursor scan() {
    return store.scanAll(view(), sequence);
  }

  /** As {@link AlexStore#scan(long, long)}. */
  public StoreCursor scan(long from, long to) {
    store.checkLongs();
    return view().scan(from, to, sequence);
  }

  /** As {@link AlexStore#scan(byte[], byte[])}. */
  public StoreCursor scan(byte[] from, byte[] to) {
    store.checkBytes(from);
    return view().scan(from, to, sequence);
  }

  /** Gives up what the snapshot holds. Closing again does nothing. */
  @Override
  public void close() {
    view = null;
  }
}
