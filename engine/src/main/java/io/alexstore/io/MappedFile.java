package io.alexstore.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A whole file, mapped for reading, with a count of those who use it.
 *
 * <p>The file may be remote: then the map is that of a local cache file, and {@link #load} brings a
 * range of it in. Whoever reads bytes loads them first; for a local file that does nothing. Loading
 * a remote file throws {@link java.io.UncheckedIOException} if the file cannot be read, or the disk
 * of the cache is full.
 *
 * <p>Whoever maps the file owns one reference; {@link #retain} adds one, {@link #close} gives one
 * back. When the last one is given back the map counts as closed, and {@link #buffer} refuses. The
 * bytes that were handed out stay as they are. To those that were not loaded yet {@link #close}
 * puts an end, and {@link #release} does not.
 *
 * <p>The address range itself is unmapped by the garbage collector, once no buffer that was handed
 * out can be reached. That is later than the last {@link #close}, but it is always safe: a read
 * from a range that was unmapped by force would kill the process. So that a process does not run
 * out of maps before the collector finds it needs to run, {@link LiveMaps} counts.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class MappedFile implements AutoCloseable {

  /** The size of the largest file that can be mapped, in bytes: one less than 2 GiB. */
  public static final int MAX_SIZE = Integer.MAX_VALUE;

  /**
   * What a read of a remote file costs before its first byte arrives, in bytes that could be
   * streamed in that time: about a millisecond at 1 Gbit/s. Readers that choose between one long
   * and several short reads go by it.
   */
  public static final int READ_COST = 128 << 10;

  private static final AtomicLong OPEN = new AtomicLong();

  /** Brings in the bytes of a file that is not mapped itself. */
  interface Loader {
    /** Brings in a range; safe for any number of threads. */
    void load(int offset, int length);

    /** Brings in several ranges, which do not touch each other, at the same time. */
    void loadAll(int[] offsets, int[] lengths, int count);

    /** How many bytes of disk the cache takes. */
    long cachedBytes();

    /** Ends the loading. Does not throw. */
    void close();

    /** Ends the loading when nobody can reach this loader any more. Does not throw. */
    void release();
  }

  private final String path;
  private final int size;
  private final Loader loader;
  private final LiveMaps.Entry live;
  private final AtomicInteger references = new AtomicInteger(1);
  private volatile ByteBuffer buffer;

  /**
   * A map with one reference, which the caller owns.
   *
   * @param path the file
   * @param buffer all of the file's bytes
   */
  public MappedFile(String path, ByteBuffer buffer) {
    this(path, buffer, null);
  }

  /**
   * A map of a file that is remote, with one reference, which the caller owns.
   *
   * @param loader brings the bytes into the buffer; null if they are there
   */
  MappedFile(String path, ByteBuffer buffer, Loader loader) {
    this.path = Objects.requireNonNull(path, "path");
    this.loader = loader;
    this.live = LiveMaps.register(buffer);
    this.buffer = buffer.duplicate().clear().asReadOnlyBuffer();
    this.size = buffer.capacity();
    OPEN.incrementAndGet();
  }

  /** The number of maps in this process that have references. */
  public static long openMaps() {
    return OPEN.get();
  }

  /** The file's path. */
  public String path() {
    return path;
  }

  /** The file's size in bytes. */
  public int size() {
    return size;
  }

  /** Whether bytes must be {@linkplain #load loaded} before they are read. */
  public boolean isRemote() {
    return loader != null;
  }

  /**
   * Makes a range fit to be read from the buffer, and a few bytes after it. Of a remote file it
   * reads what was not read before, in one read where that is one run. Does nothing for a local
   * file.
   *
   * @throws IndexOutOfBoundsException if the range leaves the file
   * @throws java.io.UncheckedIOException if the file cannot be read, or kept on the local disk
   */
  public void load(int offset, int length) {
    if (loader != null) {
      Objects.checkFromIndexSize(offset, length, size);
      loader.load(offset, length);
    }
  }

  /**
   * Like {@link #load} for several ranges: of a remote file they are read at the same time.
   *
   * @param offsets where the ranges start, ascending
   * @param lengths their lengths
   * @param count how many there are
   */
  public void loadAll(int[] offsets, int[] lengths, int count) {
    if (loader != null) {
      for (int i = 0; i < count; i++) {
        Objects.checkFromIndexSize(offsets[i], lengths[i], size);
      }
      loader.loadAll(offsets, lengths, count);
    }
  }

  /**
   * The file's bytes: read-only, little-endian, with a position and limit of the caller's own.
   *
   * @throws IllegalStateException if the map is closed
   */
  public ByteBuffer buffer() {
    ByteBuffer bytes = buffer;
    if (bytes == null) {
      throw closed();
    }
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Adds a reference, to be given back by {@link #close}.
   *
   * @return this map
   * @throws IllegalStateException if the map is closed
   */
  public MappedFile retain() {
    int count;
    do {
      count = references.get();
      if (count == 0) {
        throw closed();
      }
    } while (!references.compareAndSet(count, count + 1));
    return this;
  }

  /**
   * Gives one reference back. With the last one the file is closed: what was not loaded of a remote
   * file never will be.
   *
   * @throws IllegalStateException if all were given back before
   */
  @Override
  public void close() {
    if (giveBack() && loader != null) {
      loader.close();
    }
  }

  /**
   * Gives one reference back, like {@link #close}, but whoever has something that reads this map
   * may go on for as long as they like: a remote file is closed when the collector finds that
   * nobody can.
   *
   * @throws IllegalStateException if all were given back before
   */
  public void release() {
    if (giveBack() && loader != null) {
      loader.release();
    }
  }

  /** Whether it was the last reference. */
  private boolean giveBack() {
    int count;
    do {
      count = references.get();
      if (count == 0) {
        throw closed();
      }
    } while (!references.compareAndSet(count, count - 1));
    if (count == 1) {
      buffer = null;
      OPEN.decrementAndGet();
      live.closed(loader != null, loader == null ? 0 : loader.cachedBytes());
    }
    return count == 1;
  }

  private IllegalStateException closed() {
    return new IllegalStateException(
        "The map of " + path + " is closed: every reference to it was given back");
  }
}
