package io.alexstore.store;

import io.alexstore.key.KeyForm;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the store's rows are: the memtable that is written, those that wait to be sealed, and the
 * segments. A key's newest record is in the newest of them that has one. Immutable: a seal, a
 * compaction and a new memtable make another view.
 *
 * <p>Thread safety: safe for any number of threads, beside the one that writes.
 */
final class StoreView {

  private final KeyForm form;
  // The newest first.
  private final Memtable[] memtables;
  private final StoreSegments segments;
  private final SegmentLevel[] levels;

  StoreView(KeyForm form, List<Memtable> memtables, StoreSegments segments) {
    this.form = form;
    this.memtables = memtables.toArray(Memtable[]::new);
    this.segments = segments;
    this.levels = new SegmentLevel[segments.levelCount()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = segments.level(i);
    }
  }

  /** The memtable that is written. */
  Memtable active() {
    return memtables[0];
  }

  /** All memtables, the newest first. */
  List<Memtable> memtables() {
    return List.of(memtables);
  }

  /** How many memtables wait to be sealed. */
  int waiting() {
    return memtables.length - 1;
  }

  StoreSegments segments() {
    return segments;
  }

  /** With another memtable to be written; the one before waits to be sealed. */
  StoreView withActive(Memtable active) {
    List<Memtable> all = new ArrayList<>(List.of(memtables));
    all.add(0, active);
    return new StoreView(form, all, segments);
  }

  /** With other segments, which have the rows of a memtable, if that is not null. */
  StoreView with(StoreSegments other, Memtable sealed) {
    List<Memtable> left = new ArrayList<>(List.of(memtables));
    left.remove(sealed);
    return new StoreView(form, left, other);
  }

  /**
   * Keeps the logs of all memtables as they are, until {@link #unpin}: for whoever reads longer
   * than a lookup.
   *
   * @return false if it is too late; then there is a newer view
   */
  boolean pin() {
    for (int i = 0; i < memtables.length; i++) {
      if (!memtables[i].pin()) {
        for (int j = 0; j < i; j++) {
          memtables[j].unpin();
        }
        return false;
      }
    }
    return true;
  }

  void unpin() {
    for (Memtable memtable : memtables) {
      memtable.unpin();
    }
  }

  // --- lookups: may end with a RetiredException, if the view is not pinned ---

  /** The value of a key as of a sequence, in a fresh array; null if there is none. */
  byte[] get(long key, long sequence) {
    long hash = KeyFilter.hash(key);
    for (Memtable memtable : memtables) {
      long found = memtable.find(key, hash, sequence);
      if (found != Memtable.NONE) {
        return memtable.value(found);
      }
    }
    for (SegmentLevel level : levels) {
      long found = level.find(key, hash);
      if (found >= 0) {
        return level.value(found);
      }
    }
    return null;
  }

  byte[] get(byte[] key, long sequence) {
    long hash = KeyFilter.hash(key);
    for (Memtable memtable : memtables) {
      long found = memtable.find(key, hash, sequence);
      if (found != Memtable.NONE) {
        return memtable.value(found);
      }
    }
    for (SegmentLevel level : levels) {
      long found = level.find(key, hash);
      if (found >= 0) {
        return level.value(found);
      }
    }
    return null;
  }

  /** The value of a key as of a sequence, where it stands; null if there is none. */
  ByteBuffer slice(long key, long sequence) {
    long hash = KeyFilter.hash(key);
    for (Memtable memtable : memtables) {
      long found = memtable.find(key, hash, sequence);
      if (found != Memtable.NONE) {
        return memtable.slice(found);
      }
    }
    for (SegmentLevel level : levels) {
      long found = level.find(key, hash);
      if (found >= 0) {
        return level.slice(found);
      }
    }
    return null;
  }

  ByteBuffer slice(byte[] key, long sequence) {
    long hash = KeyFilter.hash(key);
    for (Memtable memtable : memtables) {
      long found = memtable.find(key, hash, sequence);
      if (found != Memtable.NONE) {
        return memtable.slice(found);
      }
    }
    for (SegmentLevel level : levels) {
      long found = level.find(key, hash);
      if (found >= 0) {
        return level.slice(found);
      }
    }
    return null;
  }

  /** The values of many keys as of a sequence; null for those that have none. */
  byte[][] getAll(BatchKeys keys, long sequence) {
    return new BatchLookup(memtables, levels, sequence, keys).run();
  }

  // --- ranges ---

  /**
   * The rows whose keys lie in a range, both ends included, as of a sequence. The view is pinned
   * for the cursor, which unpins it when it is closed.
   */
  StoreCursor scan(long from, long to, long sequence) {
    List<LongSource> sources = new ArrayList<>();
    if (from <= to) {
      for (Memtable memtable : memtables) {
        sources.add(new LongSource.OfMemtable(memtable, from, to, sequence));
      }
      for (SegmentLevel level : levels) {
        sources.add(new LongSource.OfLevel(level, from, to));
      }
    }
    return new LongMerge(sources, this::unpin);
  }

  /**
   * As {@link #scan(long, long, long)}.
   *
   * @param to null for no bound
   */
  StoreCursor scan(byte[] from, byte[] to, long sequence) {
    List<BytesSource> sources = new ArrayList<>();
    for (Memtable memtable : memtables) {
      sources.add(new BytesSource.OfMemtable(memtable, from, to, sequence));
    }
    for (SegmentLevel level : levels) {
      sources.add(new BytesSource.OfLevel(level, from, to));
    }
    return new BytesMerge(sources, this::unpin);
  }
}
