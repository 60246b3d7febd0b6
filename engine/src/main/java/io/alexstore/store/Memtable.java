package io.alexstore.store;

import io.alexstore.alex.AlexBytesCursor;
import io.alexstore.alex.AlexBytesMap;
import io.alexstore.alex.AlexLongCursor;
import io.alexstore.alex.AlexLongMap;
import io.alexstore.alex.AlexStats;
import io.alexstore.key.KeyForm;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was written since a seal: an updatable ALEX from each key to its newest record in the log.
 * Older records of a key hang on the newer ones, so that a reader finds the one that was the newest
 * at its moment.
 *
 * <p>A moment is a sequence number: a reader sees the records up to it.
 *
 * <p>Thread safety: one thread writes, any number read. A record is whole, and its chunk known,
 * before the index leads to it.
 *
 * <p>When it was sealed its log is written again, by other records. Who holds it for long pins it
 * before, and so keeps its log as it is. A lookup does not: it reads first, and then looks whether
 * that was in time ({@link RetiredException}). So no lookup pays for it with more than a load.
 */
final class Memtable {

  /** What the index has for no record, and a lookup returns. */
  static final long NONE = -1;

  /**
   * What a key takes in log and index, for the size of the filter: that of a value of about 64
   * bytes. With smaller ones there are up to twice as many keys, and the filter is a bit worse.
   */
  private static final int EXPECTED_ENTRY_BYTES = 128;

  private static final int CACHE_LINE = 64;
  private static final int RETIRED = -1;

  /** From this length on a value is read where it stands, if that is asked for. */
  private static final int SLICED_BYTES = 4096;

  private final KeyForm form;
  private final AlexLongMap longs;
  private final AlexBytesMap keys;
  // Of all keys that were ever put; see KeyFilter for who may ask it.
  private final KeyFilter filter;
  private final long firstChunk;
  private volatile LogChunk[] chunks;
  // How many read its log for longer than a lookup: cursors, snapshots, slices. Or RETIRED.
  private final AtomicInteger pins = new AtomicInteger();
  private volatile boolean lent;
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

  /** Loads what reading a record will need first. */
  long touch(long position) {
    LogChunk chunk = chunk(position);
    int at = WalFormat.offsetOf(position);
    return (long) chunk.kind(at) + chunk.byteNear(at + CACHE_LINE);
  }

  /** Whether a record is a deletion; of a memtable that is pinned. */
  boolean isDelete(long position) {
    return chunk(position).kind(WalFormat.offsetOf(position)) == WalFormat.DELETE;
  }

  /**
   * The value of a record, in a fresh array; null if it is a deletion.
   *
   * @throws RetiredException if the memtable is not pinned, and its log is being written again
   */
  byte[] value(long position) {
    LogChunk chunk = chunk(position);
    int at = WalFormat.offsetOf(position);
    boolean isDelete = chunk.kind(at) == WalFormat.DELETE;
    long range = chunk.valueRange(at);
    checkRetired(); // Before a length is believed.
    if (isDelete) {
      return null;
    }
    byte[] value = chunk.value(range);
    checkRetired();
    return value;
  }

  /**
   * The value of a record: where it stands, if it is large, else in a fresh array, since that costs
   * no more and the log can be written again; null if it is a deletion.
   *
   * @throws RetiredException as {@link #value}
   */
  ByteBuffer slice(long position) {
    LogChunk chunk = chunk(position);
    int at = WalFormat.offsetOf(position);
    long range = chunk.valueRange(at);
    if ((int) range < SLICED_BYTES) {
      byte[] value = value(position);
      return value == null ? null : ByteBuffer.wrap(value).asReadOnlyBuffer();
    }
    lend();
    // It is not being written again, and from now on it never will be.
    checkRetired();
    return chunk.kind(at) == WalFormat.DELETE ? null : chunk.valueSlice(range);
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
      checkRetired();
    }
    return NONE;
  }

  // --- the end ---

  /**
   * Keeps the log from being written again, until {@link #unpin}.
   *
   * @return false if it is too late; then there is a newer view
   */
  boolean pin() {
    int now;
    do {
      now = pins.get();
      if (now == RETIRED) {
        return false;
      }
    } while (!pins.compareAndSet(now, now + 1));
    return true;
  }

  void unpin() {
    pins.decrementAndGet();
  }

  /** Keeps the log from being written again for good. */
  private void lend() {
    if (!lent) {
      if (!pin()) {
        throw new RetiredException();
      }
      lent = true;
    }
  }

  /**
   * Says that its records are in segments, and that no view has it any more.
   *
   * @return whether its log may be written again; if not, somebody may read it for as long as they
   *     like
   */
  boolean retire() {
    return pins.compareAndSet(0, RETIRED);
  }

  /** Ends a lookup whose reads up to now may have been of bytes that are written again. */
  private void checkRetired() {
    VarHandle.loadLoadFence(); // What was read before is read before the flag is.
    if (pins.get() == RETIRED) {
      throw new RetiredException();
    }
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
