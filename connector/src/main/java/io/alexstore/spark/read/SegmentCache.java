package io.alexstore.spark.read;

import io.alexstore.io.FileStores;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The segments that this process has open, shared by its tasks. A segment that nobody uses stays
 * open until too many do: opening maps the file and checks its ends, and what was checked of a
 * segment need not be checked again. Names of segments are never used twice, so nothing here gets
 * stale.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class SegmentCache {

  /** How many segments stay open that nobody uses: a process has about 65,000 maps. */
  private static final int MAX_IDLE = 512;

  private static final SegmentCache INSTANCE = new SegmentCache();

  // In the order of last use.
  private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private int idle;

  private static final class Entry {
    private Segment segment;
    private int users;
  }

  private SegmentCache() {}

  /** The segments of this process. */
  public static SegmentCache instance() {
    return INSTANCE;
  }

  /**
   * Opens a segment, or shares it if it is open. To be given back by {@link #release}, when nothing
   * points into its map any more.
   */
  public Segment acquire(String path) throws IOException {
    Entry entry;
    synchronized (this) {
      entry = entries.computeIfAbsent(path, p -> new Entry());
      if (entry.users++ == 0 && entry.segment != null) {
        idle--;
      }
    }
    try {
      synchronized (entry) {
        if (entry.segment == null) {
          entry.segment = Segment.open(FileStores.forPath(path), path);
        }
        return entry.segment;
      }
    } catch (IOException | RuntimeException e) {
      forget(path, entry);
      throw e;
    }
  }

  private synchronized void forget(String path, Entry entry) {
    if (--entry.users == 0) {
      entries.remove(path, entry);
    }
  }

  /** Gives a segment back. */
  public synchronized void release(String path) {
    Entry entry = entries.get(path);
    if (--entry.users == 0) {
      idle++;
      closeIdle();
    }
  }

  private void closeIdle() {
    Iterator<Map.Entry<String, Entry>> oldest = entries.entrySet().iterator();
    while (idle > MAX_IDLE && oldest.hasNext()) {
      Entry entry = oldest.next().getValue();
      if (entry.users == 0) {
        oldest.remove();
        entry.segment.close();
        idle--;
      }
    }
  }
}
