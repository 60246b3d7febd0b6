package io.alexstore.table;

import io.alexstore.commit.SegmentOpener;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.MissingFileException;
import io.alexstore.io.FileStore;
import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The segments that a table reads, each opened when it is first needed.
 *
 * <p>They stand in a {@link SegmentCache}, which many tables share. Of those that it read last the
 * table holds leases, so that a lookup finds them without a lock; but of an eighth of what may be
 * open at most, so that one table does not keep the others out. A segment that was handed out can
 * be read as long as it can be reached, whether a lease is held or not.
 *
 * <p>Thread safety: safe for any number of threads; {@link #close} only when nobody reads.
 */
final class OpenSegments implements SegmentOpener, AutoCloseable {

  private static final class Held {
    final Lease<Segment> lease;
    final Segment segment;
    // Whether it was read since the last time that leases were given back.
    volatile boolean used = true;

    Held(Lease<Segment> lease) {
      this.lease = lease;
      this.segment = lease.value();
    }
  }

  private final SegmentCache cache;
  private final FileStore store;
  private final String table;
  private final UUID tableId;
  private final int maxHeld;
  private final Map<UUID, Held> held = new ConcurrentHashMap<>();
  // The files that were opened for this table, rather than found open.
  private final Set<String> opened = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  OpenSegments(SegmentCache cache, FileStore store, String table, UUID tableId) {
    this.cache = cache;
    this.store = store;
    this.table = table;
    this.tableId = tableId;
    this.maxHeld = Math.max(1, cache.maxOpen() / 8);
  }

  @Override
  public Segment open(SegmentEntry entry) throws IOException {
    Held found = held.get(entry.id());
    if (found != null) {
      if (!found.used) {
        found.used = true;
      }
      return found.segment;
    }
    return hold(entry, acquire(entry));
  }

  private Lease<Segment> acquire(SegmentEntry entry) throws IOException {
    String path = entry.pathIn(table);
    Lease<Segment> lease;
    try {
      lease = cache.acquire(store, path, () -> opened.add(path));
    } catch (NoSuchFileException e) {
      throw new MissingFileException(path);
    }
    try {
      check(lease.value(), tableId, entry);
    } catch (CorruptFileException e) {
      lease.close();
      cache.invalidate(store, path);
      throw e;
    }
    return lease;
  }

  /** Opens a segment beside the cache, for a caller that closes it soon. */
  static Segment openAlone(FileStore store, String table, UUID tableId, SegmentEntry entry)
      throws IOException {
    Segment segment;
    try {
      segment = Segment.open(store, entry.pathIn(table));
    } catch (NoSuchFileException e) {
      throw new MissingFileException(entry.pathIn(table));
    }
    try {
      check(segment, tableId, entry);
    } catch (CorruptFileException e) {
      segment.close();
      throw e;
    }
    return segment;
  }

  private static void check(Segment segment, UUID tableId, SegmentEntry entry) {
    if (!segment.segmentId().equals(entry.id()) || !segment.tableId().equals(tableId)) {
      String found = "segment " + segment.segmentId() + " of table " + segment.tableId();
      throw new CorruptFileException(
          segment.path(),
          0,
          "it holds " + found + ", the log says segment " + entry.id() + " of table " + tableId);
    }
  }

  private synchronized Segment hold(SegmentEntry entry, Lease<Segment> lease) {
    if (closed) {
      lease.close();
      forget(entry.pathIn(table));
      throw new IllegalStateException("The table at " + table + " is closed");
    }
    Segment segment = lease.value();
    Held other = held.putIfAbsent(entry.id(), new Held(lease));
    if (other != null) {
      lease.close();
      return other.segment;
    }
    if (held.size() > maxHeld) {
      giveBack(entry.id());
    }
    return segment;
  }

  /** Gives leases back until an eighth of those allowed is free: those not used lately first. */
  private void giveBack(UUID newest) {
    int target = maxHeld - maxHeld / 8;
    for (int round = 0; round < 2 && held.size() > target; round++) {
      Iterator<Map.Entry<UUID, Held>> all = held.entrySet().iterator();
      while (held.size() > target && all.hasNext()) {
        Map.Entry<UUID, Held> next = all.next();
        if (next.getKey().equals(newest)) {
          continue;
        }
        if (next.getValue().used) {
          next.getValue().used = false;
        } else {
          all.remove();
          next.getValue().lease.close();
        }
      }
    }
  }

  /** Gives up the segments of one version that another does not have. */
  void drop(Snapshot before, Snapshot after) {
    before.forEachMissingIn(
        after,
        entry -> {
          Held dropped = held.remove(entry.id());
          if (dropped != null) {
            dropped.lease.close();
          }
          String path = entry.pathIn(table);
          opened.remove(path);
          cache.invalidate(store, path);
        });
  }

  private void forget(String path) {
    if (opened.remove(path)) {
      cache.closeIdle(store, path);
    }
  }

  /** Gives all leases back, and closes what was opened for this table and nobody else uses. */
  @Override
  public synchronized void close() {
    closed = true;
    held.values()
        .removeIf(
            one -> {
              one.lease.close();
              return true;
            });
    opened.forEach(this::forget);
  }
}
