package io.alexstore.segment;

import io.alexstore.io.FileStore;
import io.alexstore.io.RefCountedCache;
import io.alexstore.io.RefCountedCache.Lease;
import java.io.IOException;

/**
 * Open segments, shared by all who read them, and bounded in number, since a process may have about
 * 65,000 maps. A segment that nobody uses stays open until too many are: opening it maps the file
 * and checks its ends, and what was checked of it need not be checked again. Names of segments are
 * never used twice, so nothing here gets stale.
 *
 * <p>Who was handed a segment may read it as long as they can reach it, also after its lease was
 * given back: see {@link Segment#release}. Only who works with addresses of the map, rather than
 * through the segment, must hold the lease until the last of them is forgotten.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class SegmentCache {

  /**
   * The system property that says how many segments a process has open at most, as long as no more
   * are in use at the same time: a number from 1.
   */
  public static final String MAX_OPEN_PROPERTY = "alexstore.maxOpenSegments";

  /** What holds where the property is not set: a sixteenth of the maps that a process may have. */
  public static final int DEFAULT_MAX_OPEN = 4096;

  /** One file of one store; stores are the same if they are one object. */
  private record Key(FileStore store, String path) {
    @Override
    public String toString() {
      return path;
    }
  }

  private static SegmentCache ofProcess;

  private final int maxOpen;
  private final RefCountedCache<Key, Segment> cache;

  /**
   * A cache beside that of the process.
   *
   * @param maxOpen how many segments are open at most, as long as no more are in use: at least 1
   */
  public SegmentCache(int maxOpen) {
    if (maxOpen < 1) {
      throw new IllegalArgumentException("A process needs at least 1 open segment, not " + maxOpen);
    }
    this.maxOpen = maxOpen;
    this.cache = new RefCountedCache<>(maxOpen, Long.MAX_VALUE, segment -> 0, Segment::release);
  }

  /**
   * The segments of this process.
   *
   * @throws IllegalArgumentException if {@link #MAX_OPEN_PROPERTY} is no number from 1
   */
  public static synchronized SegmentCache ofProcess() {
    if (ofProcess == null) {
      ofProcess = new SegmentCache(maxOpenOfProcess());
    }
    return ofProcess;
  }

  private static int maxOpenOfProcess() {
    String text = System.getProperty(MAX_OPEN_PROPERTY);
    if (text == null) {
      return DEFAULT_MAX_OPEN;
    }
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number below 1.
    }
    throw new IllegalArgumentException(
        "The system property "
            + MAX_OPEN_PROPERTY
            + " is '"
            + text
            + "', but must be a number of segments from 1");
  }

  /** How many segments are open at most, as long as no more are in use. */
  public int maxOpen() {
    return maxOpen;
  }

  /** How many segments are open. */
  public int size() {
    return cache.size();
  }

  /**
   * A segment, opened if it is not open, until the lease is closed.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws io.alexstore.error.AlexStoreException if it is damaged or cannot be read
   */
  public Lease<Segment> acquire(FileStore store, String path) throws IOException {
    return acquire(store, path, () -> {});
  }

  /**
   * As {@link #acquire(FileStore, String)}.
   *
   * @param onOpen is run if it was not open
   */
  public Lease<Segment> acquire(FileStore store, String path, Runnable onOpen) throws IOException {
    Key key = new Key(store, path);
    while (true) {
      try {
        return cache.acquire(
            key,
            k -> {
              Segment segment = Segment.open(store, path);
              onOpen.run();
              return segment;
            });
      } catch (RefCountedCache.FailedElsewhereException e) {
        // So that each caller gets an error of the type that says what is wrong.
      }
    }
  }

  /**
   * Forgets a segment that will not be needed any more: it is given up as soon as it has no users.
   */
  public void invalidate(FileStore store, String path) {
    cache.invalidate(new Key(store, path));
  }

  /** Gives a segment up if it is open and nobody uses it. */
  public void closeIdle(FileStore store, String path) {
    cache.closeIdle(new Key(store, path));
  }
}
