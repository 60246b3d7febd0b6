package io.alexstore.store;

import io.alexstore.alex.AlexBytesCursor;
import io.alexstore.alex.AlexBytesMap;
import io.alexstore.alex.AlexLongCursor;
import io.alexstore.alex.AlexLongMap;
import io.alexstore.alex.AlexStats;
import io.alexstore.key.KeyForm;
import java.util.Arrays;

/**
 * What was written since a seal: an updatable ALEX from each key to its newest record in the log.
 * Older records of a key hang on the newer ones, so that a reader finds the one that was the newest
 * at its moment.
 *
 * <p>A moment is a sequence number: a reader sees the records up to it.
 *
 * <p>Thread safety: one thread writes, any number read. A record is whole, and its chunk known,
 * before the index leads to it.
 */
final class Memtable {

  /** What the index has for no record, and a lookup returns. */
  static final long NONE = -1;

  private final KeyForm form;
  private final AlexLongMap longs;
  private final AlexBytesMap keys;
  private final long firstChunk;
  private volatile LogChunk[] chunks;
  // Of the thread that writes; others read them once the memtable is sealed, or do not mind.
  private long lastSequence;
  private long bytes;

  /**
   * An empty memtable.
   *
   * @param chunk the chunk that its first record goes into
   * @param lastSequence the sequence before its first record's
   */
  Memtable(KeyForm form, LogChunk chunk, long lastSequence) {
    this.form = form;
    this.longs = form == KeyForm.LONG ? new AlexLongMap(NONE) : null;
    this.keys = form == KeyForm.BYTES ? new AlexBytesMap(NONE) : null;
    this.firstChunk = chunk.id();
    this.chunks = new LogChunk[] {chunk};
    this.lastSequence = lastSequence;
  }

  // --- writing ---

  /** Makes a chunk known, before records in it are. Ids ascend, perhaps with gaps. */
  void addChunk(LogChunk chunk) {
    LogChunk[] more = Arrays.copyOf(chunks, (int) (chunk.id() - firstChunk) + 1);
    more[more.length - 1] = chunk;
    chunks = more;
  }

  void put(long key, long position, long sequence) {
    longs.put(key, position);
    added(position, sequence);
  }

  void put(byte[] key, long position, long sequence) {
    keys.put(key, position);
    added(position, sequence);
  }

  private void added(long position, long sequence) {
    lastSequence = sequence;
    bytes += WalFormat.padded(chunk(position).length(WalFormat.offsetOf(position)));
  }

  /** A key's newest record, whoever may see it, or {@link #NONE}. */
  long newest(long key) {
    return longs.get(key);
  }

  long newest(byte[] key) {
    return keys.get(key);
  }

  // --- reading ---

  KeyForm form() {
    return form;
  }

  LogChunk chunk(long position) {
    return chunks[(int) (WalFormat.chunkOf(position) - firstChunk)];
  }

  /** The chunks of its records; null where an id was passed over. */
  LogChunk[] chunks() {
    return chunks;
  }

  /** The key's newest record up to a sequence, or {@link #NONE}. O(1) beyond the index. */
  long find(long key, long sequence) {
    return visible(longs.get(key), sequence);
  }

  long find(byte[] key, long sequence) {
    return visible(keys.get(key), sequence);
  }

  /** Of a record and those before it of the same key, the newest up to a sequence. */
  long visible(long newest, long sequence) {
    long position = newest;
    while (position > 0) {
      LogChunk chunk = chunk(position);
      int at = WalFormat.offsetOf(position);
      if (chunk.sequence(at) <= sequence) {
        return position;
      }
      position = chunk.previous(at);
    }
    return NONE;
  }

  AlexLongCursor longCursor(long from) {
    return longs.cursor(from);
  }

  AlexBytesCursor bytesCursor(byte[] from) {
    return keys.cursor(from);
  }

  long size() {
    return longs != null ? longs.size() : keys.size();
  }

  boolean isEmpty() {
    return size() == 0;
  }

  /** The bytes of its records in the log. */
  long logBytes() {
    return bytes;
  }

  long indexBytes() {
    return longs != null ? longs.memoryBytes() : keys.memoryBytes();
  }

  AlexStats stats() {
    return longs != null ? longs.stats() : keys.stats();
  }

  long lastSequence() {
    return lastSequence;
  }
}
