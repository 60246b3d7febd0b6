package io.alexstore.io;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The map of a remote file: a sparse local file, of which a page is filled by a ranged read when it
 * is first needed. Several pages that are needed together come by one read.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>The cache file has no name: it is deleted right after it was opened, so nothing is left
 *       over whatever becomes of the process.
 *   <li>It is written through its descriptor and read through the map. A full disk is an error of
 *       the write; a page that was not written is never read. So no read can kill the process.
 *   <li>A page is read from the remote file by one thread; others that need it wait for that one.
 *       After a failure each of them tries by itself.
 *   <li>An interrupt fails the remote read of the thread that it hit, and nothing else: that is why
 *       the cache is written through {@link RandomAccessFile}, not an interruptible channel.
 *   <li>A map that was {@linkplain MappedFile#release released} stays able to read until nobody can
 *       reach it; then the collector has its files closed.
 * </ol>
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class RemoteMap implements MappedFile.Loader {

  /** The default of {@link Options#pageSize}: where the time of a read starts to depend on it. */
  public static final int DEFAULT_PAGE_SIZE = 32 << 10;

  /** What one read brings at most, in bytes; bounds the heap that a read takes. */
  private static final int MAX_READ = 4 << 20;

  /** Fixed-width values are read by 8-byte loads, which may reach beyond the range. */
  private static final int SLACK = Long.BYTES;

  private static final long NOTHING_MISSING = -1;

  private static final Cleaner CLEANER = Cleaner.create();

  /**
   * How remote files are cached.
   *
   * @param directory where the cache files lie: on a local disk, better than in memory
   * @param pageSize the least that is read at once, in bytes: a power of two, at least 4096
   */
  public record Options(Path directory, int pageSize) {

    /** In the directory for temporary files, with pages of {@link #DEFAULT_PAGE_SIZE}. */
    public static final Options DEFAULT =
        new Options(Path.of(System.getProperty("java.io.tmpdir")), DEFAULT_PAGE_SIZE);

    /** Checks the page size. */
    public Options {
      Objects.requireNonNull(directory, "directory");
      if (Integer.bitCount(pageSize) != 1 || pageSize < 4096) {
        throw new IllegalArgumentException(
            "A page must have a power of two of bytes, at least 4096, not " + pageSize);
      }
    }
  }

  /** What is open for a map; knows nothing of the map, so that this can be found unreachable. */
  private record OpenFiles(RangeReader reader, RandomAccessFile cache) implements Runnable {
    @Override
    public void run() {
      closeQuietly(reader, null);
      closeQuietly(cache, null);
    }
  }

  private final String path;
  private final int size;
  private final Cleaner.Cleanable files;
  private final RangeReader reader;
  private final RandomAccessFile cache;
  private final ReadStatistics statistics;
  private final Path directory;
  private final int pageShift;
  private final Object writing = new Object();

  // Guarded by this: a bit for each page that is in the cache, and for each that a thread reads.
  private final long[] fetched;
  private final long[] pending;
  private long cachedBytes;

  private RemoteMap(
      String path,
      int size,
      RangeReader reader,
      RandomAccessFile cache,
      Options options,
      ReadStatistics statistics) {
    this.path = path;
    this.size = size;
    this.reader = reader;
    this.cache = cache;
    this.statistics = statistics;
    this.directory = options.directory();
    this.pageShift = Integer.numberOfTrailingZeros(options.pageSize());
    int words = (int) (((((long) size - 1) >> pageShift) + 64) >>> 6);
    this.fetched = new long[words];
    this.pending = new long[words];
    this.files = CLEANER.register(this, new OpenFiles(reader, cache));
  }

  /**
   * Opens the map of a remote file; reads nothing yet.
   *
   * @param path the file, for errors
   * @param size its size in bytes, at most {@link MappedFile#MAX_SIZE}
   * @param reader reads it; closed with the map, and also if this fails
   * @param statistics counts the reads
   * @throws IOException if the cache file cannot be made
   */
  public static MappedFile open(
      String path, int size, RangeReader reader, Options options, ReadStatistics statistics)
      throws IOException {
    RandomAccessFile cache = null;
    try {
      cache = unnamedFile(path, options.directory(), size);
      var buffer = cache.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, size);
      return new MappedFile(
          path, buffer, new RemoteMap(path, size, reader, cache, options, statistics));
    } catch (IOException | RuntimeException e) {
      closeQuietly(reader, e);
      if (cache != null) {
        closeQuietly(cache, e);
      }
      throw e;
    }
  }

  private static RandomAccessFile unnamedFile(String path, Path directory, int size)
      throws IOException {
    try {
      Path file = Files.createTempFile(directory, "alexstore-", ".cache");
      RandomAccessFile cache;
      try {
        cache = new RandomAccessFile(file.toFile(), "rw");
      } finally {
        Files.delete(file);
      }
      cache.setLength(size);
      return cache;
    } catch (IOException e) {
      throw new IOException(
          "Cannot make a cache file for "
              + path
              + " in "
              + directory
              + ": "
              + e
              + ". Choose a directory on a local disk with free space.",
          e);
    }
  }

  private static void closeQuietly(AutoCloseable open, Exception cause) {
    try {
      open.close();
    } catch (Exception e) {
      if (cause != null) {
        cause.addSuppressed(e);
      }
    }
  }

  @Override
  public void load(int offset, int length) {
    if (length == 0) {
      return;
    }
    int first = offset >>> pageShift;
    int last = (int) ((Math.min(size, (long) offset + length + SLACK) - 1) >>> pageShift);
    for (long run = claim(first, last); run != NOTHING_MISSING; run = claim(first, last)) {
      int from = (int) (run >>> 32);
      int to = (int) run;
      boolean done = false;
      try {
        fetch((long) from << pageShift, Math.min(size, ((long) to + 1) << pageShift));
        done = true;
      } finally {
        release(from, to, done);
      }
    }
  }

  @Override
  public void loadAll(int[] offsets, int[] lengths, int count) {
    ParallelReads.forEach(count, i -> load(offsets[i], lengths[i]));
  }

  /**
   * Takes on a run of missing pages that nobody reads, as {@code first << 32 | last}. If others
   * read all that is missing, waits for them.
   */
  private synchronized long claim(int first, int last) {
    boolean interrupted = false;
    try {
      while (true) {
        boolean missing = false;
        for (int page = first; page <= last; page++) {
          if (get(fetched, page)) {
            continue;
          }
          if (!get(pending, page)) {
            return (long) page << 32 | claimFrom(page, last);
          }
          missing = true;
        }
        if (!missing) {
          return NOTHING_MISSING;
        }
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private int claimFrom(int first, int last) {
    int limit = (int) Math.min(last, first + (long) (MAX_READ >>> pageShift) - 1);
    int page = first;
    while (page <= limit && !get(fetched, page) && !get(pending, page)) {
      pending[page >>> 6] |= 1L << page;
      page++;
    }
    return page - 1;
  }

  private synchronized void release(int first, int last, boolean done) {
    for (int page = first; page <= last; page++) {
      pending[page >>> 6] &= ~(1L << page);
      if (done) {
        fetched[page >>> 6] |= 1L << page;
      }
    }
    if (done) {
      cachedBytes += (last - first + 1L) << pageShift;
    }
    notifyAll();
  }

  private static boolean get(long[] bits, int page) {
    return (bits[page >>> 6] & (1L << page)) != 0;
  }

  private void fetch(long from, long to) {
    byte[] bytes = new byte[(int) (to - from)];
    try {
      statistics.count(bytes.length);
      reader.read(from, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException(
              "Cannot read bytes " + from + " to " + (to - 1) + " of " + path + ": " + e, e));
    }
    try {
      synchronized (writing) {
        cache.seek(from);
        cache.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException(
              "Cannot keep bytes "
                  + from
                  + " to "
                  + (to - 1)
                  + " of "
                  + path
                  + " in a cache file in "
                  + directory
                  + ": "
                  + e
                  + ". Free space there, or choose another directory.",
              e));
    }
  }

  @Override
  public synchronized long cachedBytes() {
    return cachedBytes;
  }

  @Override
  public void close() {
    files.clean();
  }

  @Override
  public void release() {
    try {
      reader.rest();
    } catch (RuntimeException e) {
      // It holds on to a little more, then.
    }
  }
}
