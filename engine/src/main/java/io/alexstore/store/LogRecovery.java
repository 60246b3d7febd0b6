package io.alexstore.store;

import io.alexstore.error.CorruptFileException;
import io.alexstore.io.FileStore;
import io.alexstore.key.KeyForm;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Reads the log that a store left behind: what of it no segment has yet.
 *
 * <p>Chunks are followed from the newest back, by what each says of the one before it, until one
 * begins where the segments end. Then the records are read forward. Where they end before the log
 * does, what follows was never synced, and is cut off; unless a chunk says that it was, which is
 * damage. Not thread-safe.
 */
final class LogRecovery {

  private final KeyForm form;
  private final long sealed;
  private final NavigableMap<Long, LogChunk> begun;

  private final List<LogChunk> chunks = new ArrayList<>();
  private Memtable memtable;
  private long next;

  private LogRecovery(KeyForm form, long sealed, NavigableMap<Long, LogChunk> begun) {
    this.form = form;
    this.sealed = sealed;
    this.begun = new TreeMap<>(begun);
    this.next = sealed + 1;
  }

  /**
   * What a log holds.
   *
   * @param memtable the records that no segment has; null if there are none
   * @param lastSequence the newest record's, or that up to which segments have them
   * @param last the chunk of the last record; null if there are none
   */
  record Recovered(Memtable memtable, long lastSequence, LogChunk last) {}

  /**
   * Reads a log, and leaves of its files those that are needed.
   *
   * @param sealed the sequence up to which segments have the records
   * @throws CorruptFileException if a record that was synced is damaged
   */
  static Recovered run(FileStore store, String directory, KeyForm form, LogFiles files, long sealed)
      throws IOException {
    LogRecovery recovery = new LogRecovery(form, sealed, files.begun());
    recovery.follow();
    recovery.read();
    boolean isEmpty = recovery.memtable == null;
    List<LogChunk> kept = isEmpty ? List.of() : recovery.chunks;
    for (LogChunk chunk : kept) {
      // The process died, so what it wrote may be in memory only; what follows builds on it.
      store.syncLog(chunk.path());
    }
    List<String> others = files.pathsBut(kept);
    for (String path : others) {
      store.delete(path);
    }
    if (!others.isEmpty()) {
      store.syncDirectory(directory);
    }
    return new Recovered(
        recovery.memtable, recovery.next - 1, isEmpty ? null : kept.get(kept.size() - 1));
  }

  /** Finds the chunks that have records which no segment has. */
  private void follow() {
    while (!begun.isEmpty()) {
      Deque<LogChunk> chain = new ArrayDeque<>();
      LogChunk first = begun.lastEntry().getValue();
      chain.addFirst(first);
      while (first != null && first.firstSequence() > sealed + 1) {
        first = first.previous() < first.id() ? begun.get(first.previous()) : null;
        if (first != null) {
          chain.addFirst(first);
        }
      }
      if (first != null) {
        chunks.addAll(chain);
        return;
      }
      // The chunk before the chain is not there. A sync would have made it durable first.
      LogChunk oldest = chain.peekFirst();
      for (LogChunk chunk : chain) {
        if (chunk.durableEnd() > WalFormat.HEADER_BYTES) {
          throw new CorruptFileException(
              chunk.path(),
              WalFormat.HEADER_PREVIOUS,
              "its records follow on those of chunk "
                  + oldest.previous()
                  + ", which is missing or has no whole header, but records "
                  + (sealed + 1)
                  + " to "
                  + (oldest.firstSequence() - 1)
                  + " are in no segment. AlexStore.salvage says what can be saved");
        }
        begun.remove(chunk.id());
      }
    }
  }

  private void read() {
    if (chunks.isEmpty()) {
      return;
    }
    next = Math.min(next, chunks.get(0).firstSequence());
    for (int i = 0; i < chunks.size(); i++) {
      LogChunk chunk = chunks.get(i);
      boolean isLast = i == chunks.size() - 1;
      int end = isLast ? chunk.size() : chunks.get(i + 1).previousEnd();
      boolean follows = chunk.firstSequence() == next;
      int at = follows ? read(chunk, end) : WalFormat.HEADER_BYTES;
      chunk.endsAt(at);
      if (isLast || at != end || !follows) {
        checkUnsynced(i, at);
        chunks.subList(i + 1, chunks.size()).clear();
        break;
      }
    }
    next = Math.max(next, sealed + 1);
  }

  /** Takes what stands in the log from a place on as never synced. */
  private void checkUnsynced(int place, int at) {
    for (int i = place; i < chunks.size(); i++) {
      LogChunk chunk = chunks.get(i);
      if (chunk.durableEnd() > (i == place ? at : WalFormat.HEADER_BYTES) && next > sealed) {
        throw new CorruptFileException(
            chunks.get(place).path(),
            at,
            "record "
                + next
                + " of the store's log is damaged, and it was synced, as was what follows it. "
                + "AlexStore.salvage says what can be saved");
      }
    }
  }

  /** Reads the records of a chunk up to an offset, or to the first that is not whole. */
  private int read(LogChunk chunk, int end) {
    int at = WalFormat.HEADER_BYTES;
    while (at < end) {
      int batchEnd = batchEnd(chunk, at, end);
      if (batchEnd < 0) {
        return at;
      }
      while (at < batchEnd) {
        replay(chunk, at);
        at += WalFormat.padded(chunk.length(at));
      }
    }
    return at;
  }

  /** The end of the batch that begins at an offset; -1 if it is not there whole. */
  private int batchEnd(LogChunk chunk, int start, int end) {
    int at = start;
    for (long sequence = next; at < end; sequence++) {
      if (!chunk.isRecord(at, form) || chunk.sequence(at) != sequence) {
        return -1;
      }
      boolean goesOn = chunk.batchGoesOn(at);
      at += WalFormat.padded(chunk.length(at));
      if (!goesOn) {
        return at;
      }
    }
    return -1;
  }

  private void replay(LogChunk chunk, int at) {
    long sequence = next++;
    if (sequence <= sealed) {
      return;
    }
    if (memtable == null) {
      long bytes = chunks.stream().mapToLong(LogChunk::size).sum();
      memtable = new Memtable(form, chunk, sequence - 1, bytes);
    } else if (memtable.chunks()[memtable.chunks().length - 1] != chunk) {
      memtable.addChunk(chunk);
    }
    long position = WalFormat.position(chunk.id(), at);
    int length = WalFormat.padded(chunk.length(at));
    if (form == KeyForm.LONG) {
      long key = chunk.longKey(at);
      memtable.begin(key, KeyFilter.hash(key));
      memtable.put(key, position, sequence, length);
    } else {
      byte[] key = chunk.key(at);
      memtable.begin(key, KeyFilter.hash(key));
      memtable.put(key, position, sequence, length);
    }
  }
}
