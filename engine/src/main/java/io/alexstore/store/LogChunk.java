package io.alexstore.store;

import io.alexstore.io.LogFile;
import io.alexstore.key.KeyForm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * One chunk of the log: records, one behind another, in a file that is mapped.
 *
 * <p>Thread safety: one thread appends. Others read records whose positions they were told by it
 * through a volatile write or a lock; a record never changes.
 */
final class LogChunk {

  private final long id;
  private final String path;
  // Null of a chunk that was recovered, which is never written again.
  private final LogFile file;
  private final ByteBuffer bytes;
  private final ByteBuffer checked;
  private final CRC32C crc = new CRC32C();
  // Written by who appends.
  private int end = WalFormat.HEADER_BYTES;
  // Guarded by the log's sync lock.
  private int synced;

  private LogChunk(long id, String path, LogFile file, ByteBuffer bytes) {
    this.id = id;
    this.path = path;
    this.file = file;
    this.bytes = bytes;
    this.checked = bytes.duplicate();
  }

  /** A chunk to be written, all zeros so far. */
  static LogChunk create(long id, LogFile file) {
    return new LogChunk(id, file.path(), file, file.buffer());
  }

  /**
   * The chunk's file under another name and id, to be written anew. The name must be the file's by
   * now, and the header erased. This one must not be used any more.
   */
  LogChunk renamed(long newId, String newPath) {
    return new LogChunk(newId, newPath, file, bytes);
  }

  /** A chunk to be read. */
  static LogChunk open(long id, String path, ByteBuffer bytes) {
    return new LogChunk(id, path, null, bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
  }

  long id() {
    return id;
  }

  String path() {
    return path;
  }

  /** The end of the last record. */
  int end() {
    return end;
  }

  /** Says where the last record ends of a chunk that was read. */
  void endsAt(int offset) {
    end = offset;
  }

  int size() {
    return bytes.capacity();
  }

  int room() {
    return bytes.capacity() - end;
  }

  // --- header ---

  /**
   * Begins the chunk.
   *
   * @param firstSequence the sequence that its first record will have
   * @param previous the chunk before it; 0 if there is none
   * @param previousEnd the end of the records of that one
   */
  void writeHeader(KeyForm form, UUID table, long firstSequence, long previous, int previousEnd) {
    bytes.putLong(WalFormat.HEADER_MAGIC, WalFormat.MAGIC);
    bytes.putInt(WalFormat.HEADER_VERSION, WalFormat.VERSION);
    bytes.putInt(WalFormat.HEADER_KEY_FORM, code(form));
    bytes.putLong(WalFormat.HEADER_TABLE, table.getMostSignificantBits());
    bytes.putLong(WalFormat.HEADER_TABLE + 8, table.getLeastSignificantBits());
    bytes.putLong(WalFormat.HEADER_CHUNK, id);
    bytes.putLong(WalFormat.HEADER_FIRST_SEQUENCE, firstSequence);
    bytes.putLong(WalFormat.HEADER_PREVIOUS, previous);
    bytes.putInt(WalFormat.HEADER_PREVIOUS_END, previousEnd);
    bytes.putInt(WalFormat.HEADER_CRC, checksum(0, WalFormat.HEADER_CRC));
  }

  private static int code(KeyForm form) {
    return form == KeyForm.LONG ? WalFormat.LONG_KEYS : WalFormat.BYTES_KEYS;
  }

  /** Whether the header is whole. */
  boolean hasHeader() {
    return size() >= WalFormat.HEADER_BYTES
        && bytes.getLong(WalFormat.HEADER_MAGIC) == WalFormat.MAGIC
        && bytes.getInt(WalFormat.HEADER_CRC) == checksum(0, WalFormat.HEADER_CRC);
  }

  int version() {
    return bytes.getInt(WalFormat.HEADER_VERSION);
  }

  boolean isOf(KeyForm form, UUID table) {
    return bytes.getInt(WalFormat.HEADER_KEY_FORM) == code(form)
        && bytes.getLong(WalFormat.HEADER_TABLE) == table.getMostSignificantBits()
        && bytes.getLong(WalFormat.HEADER_TABLE + 8) == table.getLeastSignificantBits()
        && bytes.getLong(WalFormat.HEADER_CHUNK) == id;
  }

  long firstSequence() {
    return bytes.getLong(WalFormat.HEADER_FIRST_SEQUENCE);
  }

  long previous() {
    return bytes.getLong(WalFormat.HEADER_PREVIOUS);
  }

  int previousEnd() {
    return bytes.getInt(WalFormat.HEADER_PREVIOUS_END);
  }

  /** Up to where the records are known to have been durable; at least the header's end. */
  int durableEnd() {
    int hint = bytes.getInt(WalFormat.DURABLE);
    boolean whole = bytes.getInt(WalFormat.DURABLE_CRC) == checksum(WalFormat.DURABLE, 4);
    return whole ? Math.max(WalFormat.HEADER_BYTES, hint) : WalFormat.HEADER_BYTES;
  }

  // --- writing ---

  /** Appends a record with a 64-bit key, for which there must be {@link #room}. */
  long append(int kind, int flags, long sequence, long previous, long key, byte[] value) {
    int at = begin(kind, flags, sequence, previous, Long.BYTES, value.length);
    bytes.putLong(at + WalFormat.RECORD_KEY, key);
    bytes.put(at + WalFormat.RECORD_KEY + Long.BYTES, value);
    return finish(at);
  }

  /** Appends a record with a key of bytes, for which there must be {@link #room}. */
  long append(int kind, int flags, long sequence, long previous, byte[] key, byte[] value) {
    int at = begin(kind, flags, sequence, previous, key.length, value.length);
    bytes.put(at + WalFormat.RECORD_KEY, key);
    bytes.put(at + WalFormat.RECORD_KEY + key.length, value);
    return finish(at);
  }

  private int begin(int kind, int flags, long sequence, long previous, int key, int value) {
    int at = end;
    bytes.putInt(at + WalFormat.RECORD_LENGTH, WalFormat.RECORD_KEY + key + value);
    bytes.putLong(at + WalFormat.RECORD_SEQUENCE, sequence);
    bytes.putLong(at + WalFormat.RECORD_PREVIOUS, previous);
    bytes.putInt(at + WalFormat.RECORD_KIND, kind | flags << 8 | key << 16);
    bytes.putInt(at + WalFormat.RECORD_VALUE_LENGTH, value);
    return at;
  }

  private long finish(int at) {
    int length = length(at);
    bytes.putInt(at, checksum(at + WalFormat.RECORD_LENGTH, length - WalFormat.RECORD_LENGTH));
    end = at + WalFormat.padded(length);
    return WalFormat.position(id, at);
  }

  private int checksum(int from, int length) {
    crc.reset();
    crc.update(checked.limit(from + length).position(from));
    return (int) crc.getValue();
  }

  /** Makes the records up to an end durable. The log's sync lock is held. */
  void sync(int to) throws IOException {
    if (synced < to) {
      file.sync(synced, to);
      synced = to;
    }
  }

  /** Notes that the records up to an end are durable. The log's sync lock is held. */
  void noteDurable(int to) {
    bytes.putInt(WalFormat.DURABLE, to);
    CRC32C sum = new CRC32C();
    sum.update(bytes.duplicate().limit(WalFormat.DURABLE + 4).position(WalFormat.DURABLE));
    bytes.putInt(WalFormat.DURABLE_CRC, (int) sum.getValue());
  }

  /** Whether its file can be written anew as a chunk of a size. */
  boolean isReusable(int wanted) {
    return file != null && size() == wanted;
  }

  /**
   * Takes the header away, durably: from now on the file counts as no chunk. The records stay as
   * they are until others are written over them.
   */
  void erase() throws IOException {
    for (int at = 0; at < WalFormat.HEADER_BYTES; at += Long.BYTES) {
      bytes.putLong(at, 0);
    }
    file.sync(0, WalFormat.HEADER_BYTES);
  }

  void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  // --- reading ---

  /** Whether a whole record stands at an offset. For the one thread that recovers. */
  boolean isRecord(int at, KeyForm form) {
    int left = size() - at;
    if (left < WalFormat.RECORD_KEY) {
      return false;
    }
    int length = length(at);
    if (length < WalFormat.RECORD_KEY || length > left) {
      return false;
    }
    int kind = kind(at);
    int keyLength = keyLength(at);
    int valueLength = valueLength(at);
    return (kind == WalFormat.PUT || kind == WalFormat.DELETE)
        && (form == KeyForm.BYTES || keyLength == Long.BYTES)
        && valueLength >= 0
        && (long) WalFormat.RECORD_KEY + keyLength + valueLength == length
        && bytes.getInt(at)
            == checksum(at + WalFormat.RECORD_LENGTH, length - WalFormat.RECORD_LENGTH);
  }

  int length(int at) {
    return bytes.getInt(at + WalFormat.RECORD_LENGTH);
  }

  long sequence(int at) {
    return bytes.getLong(at + WalFormat.RECORD_SEQUENCE);
  }

  /** The key's previous record in the same memtable, or 0. */
  long previous(int at) {
    return bytes.getLong(at + WalFormat.RECORD_PREVIOUS);
  }

  int kind(int at) {
    return bytes.get(at + WalFormat.RECORD_KIND);
  }

  /** A byte at an offset, or at the end. */
  int byteNear(int at) {
    return bytes.get(Math.min(at, bytes.capacity() - 1));
  }

  boolean batchGoesOn(int at) {
    return (bytes.get(at + WalFormat.RECORD_FLAGS) & WalFormat.BATCH_GOES_ON) != 0;
  }

  int keyLength(int at) {
    return Short.toUnsignedInt(bytes.getShort(at + WalFormat.RECORD_KEY_LENGTH));
  }

  long longKey(int at) {
    return bytes.getLong(at + WalFormat.RECORD_KEY);
  }

  byte[] key(int at) {
    byte[] key = new byte[keyLength(at)];
    bytes.get(at + WalFormat.RECORD_KEY, key);
    return key;
  }

  int valueLength(int at) {
    return bytes.getInt(at + WalFormat.RECORD_VALUE_LENGTH);
  }

  /** Where the value stands: {@code offset << 32 | length}. */
  long valueRange(int at) {
    int offset = at + WalFormat.RECORD_KEY + keyLength(at);
    return (long) offset << 32 | valueLength(at);
  }

  byte[] value(int at) {
    return value(valueRange(at));
  }

  /** The value in a range, in a fresh array. */
  byte[] value(long range) {
    byte[] value = new byte[(int) range];
    bytes.get((int) (range >>> 32), value);
    return value;
  }

  /** The value in a range, where it stands. */
  ByteBuffer valueSlice(long range) {
    return bytes.slice((int) (range >>> 32), (int) range).asReadOnlyBuffer();
  }
}
