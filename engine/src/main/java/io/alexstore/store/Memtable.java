package io.alexstore.store;

import io.alexstore.alex.AlexBytesCursor;
import io.alexstore.alex.AlexBytesMap;
import io.alexstore.alex.AlexLongCursor;
import io.alexstore.alex.AlexLongMap;
import io.alexstore.alex.AlexStats;
import io.alexstore.key.KeyForm;
import java.nio.ByteBuffer;
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

  /**
   * What a key takes in log and index, for the size of the filter: that of a value of about 64
   * bytes. With smaller ones there are up to twice as many keys, and the filter is a bit worse.
   */
  private static final int EXPECTED_ENTRY_BYTES = 128;

  private final KeyForm form;
  private final AlexLongMap longs;
  private final AlexBytesMap keys;
  // Of all keys that were ever put; see KeyFilter for who may ask it.
  private final KeyFilter filter;
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
   * @param expectedBytes about how large it will become, log and index together
   */
  Memtable(KeyForm form, LogChunk chunk, long lastSequence, long expectedBytes) {
    this.form = form;
    this.filter = KeyFilter.forKeys(expectedBytes / EXPECTED_ENTRY_BYTES);
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

  /**
   * Begins a write of a key.
   *
   * @param hash that of the key
   * @return the key's newest record, whoever may see it, or {@link #NONE}
   */
  long begin(long key, long hash) {
    return filter.add(hash) ? longs.get(key) : NONE;
  }

  long begin(byte[] key, long hash) {
    return filter.add(hash) ? keys.get(key) : NONE;
  }

  /**
   * Ends a write that was begun.
   *
   * @param length what its record takes in the log
   */
  void put(long key, long position, long sequence, long length) {
    longs.put(key, position);
    lastSequence = sequence;
    bytes += length;
  }

  void put(byte[] key, long position, long sequence, long length) {
    keys.put(key, position);
    lastSequence = sequence;
    bytes += length;
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

  /**
   * The key's newest record up to a sequence, or {@link #NONE}. O(1) beyond the index.
   *
   * @param hash that of the key
   */
  long find(long key, long hash, long sequence) {
    return filter.mayHave(hash) ? visible(longs.get(key), sequence) : NONE;
  }

  long find(byte[] key, long hash, long sequence) {
    return filter.mayHave(hash) ? visible(keys.get(key), sequence) : NONE;
  }

  /** Whether it may have a key; if not, it has not. */
  boolean mayHave(long hash) {
    return filter.mayHave(hash);
  }

  /** The newest records of many keys, or {@link #NONE}. */
  void newest(long[] probes, int count, long[] records) {
    longs.getAll(probes, records, count);
  }

  void newest(byte[][] probes, int count, long[] records) {
    keys.getAll(probes, records, count);
  }

  /** The value of a record, in a fresh array; null if it is a deletion. */
  byte[] value(long position) {
    LogChunk chunk = chunk(position);
    int at = WalFormat.offsetOf(position);
    return chunk.kind(at) == WalFormat.DELETE ? null : chunk.value(at);
  }

  /** The value of a record where it stands; null if it is a deletion. */
  ByteBuffer slice(long position) {
    LogChunk chunk = chunk(position);
    int at = WalFormat.offsetOf(position);
    return chunk.kind(at) == WalFormat.DELETE ? null : chunk.valueSlice(at);
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

  /** The heap that its index takes. */
  long indexBytes() {
    return filter.memoryBytes() + (longs != null ? longs.memoryBytes() : keys.memoryBytes());
  }

  AlexStats stats() {
    return longs != null ? longs.stats() : keys.stats();
  }

  long lastSequence() {
    return lastSequence;
  }
}
