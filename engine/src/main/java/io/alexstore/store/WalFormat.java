package io.alexstore.store;

import io.alexstore.io.FilePaths;
import java.util.OptionalLong;

/** The constants of the write-ahead log's format; see {@code docs/format/wal.md}. */
final class WalFormat {

  /** The ASCII bytes {@code ALEXWAL1}, read as a little-endian number. */
  static final long MAGIC = 0x314c4157_58454c41L;

  /** The format that this release writes, and the newest that it reads. */
  static final int VERSION = 1;

  /** Where the store's own files stand in the table's directory. */
  static final String DIRECTORY = "_alexstore/store";

  /** The file whose lock says that the store is open. */
  static final String LOCK = "lock";

  /** What the names of chunks end with. */
  static final String SUFFIX = ".alexwal";

  // --- the header of a chunk ---

  static final int HEADER_MAGIC = 0;
  static final int HEADER_VERSION = 8;
  static final int HEADER_KEY_FORM = 12;
  static final int HEADER_TABLE = 16;
  static final int HEADER_CHUNK = 32;
  static final int HEADER_FIRST_SEQUENCE = 40;
  static final int HEADER_PREVIOUS = 48;
  static final int HEADER_PREVIOUS_END = 56;
  static final int HEADER_CRC = 60;

  /** In a sector of its own, since it is written again and again: how much is durable. */
  static final int DURABLE = 512;

  static final int DURABLE_CRC = 516;

  /** Where the records begin. */
  static final int HEADER_BYTES = 4096;

  static final int LONG_KEYS = 1;
  static final int BYTES_KEYS = 2;

  // --- a record ---

  static final int RECORD_CRC = 0;
  static final int RECORD_LENGTH = 4;
  static final int RECORD_SEQUENCE = 8;
  static final int RECORD_PREVIOUS = 16;
  static final int RECORD_KIND = 24;
  static final int RECORD_FLAGS = 25;
  static final int RECORD_KEY_LENGTH = 26;
  static final int RECORD_VALUE_LENGTH = 28;
  static final int RECORD_KEY = 32;

  static final int PUT = 1;
  static final int DELETE = 2;

  /** More records of the same batch follow. */
  static final int BATCH_GOES_ON = 1;

  /** Records begin at multiples of it. */
  static final int ALIGNMENT = 8;

  private static final int DIGITS = 20;

  private WalFormat() {}

  static int padded(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** The bytes that a record takes in a chunk. */
  static long recordBytes(int keyLength, int valueLength) {
    return ((long) RECORD_KEY + keyLength + valueLength + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** Where a record stands, as one number above 0. */
  static long position(long chunk, int offset) {
    return chunk << 32 | offset;
  }

  static long chunkOf(long position) {
    return position >>> 32;
  }

  static int offsetOf(long position) {
    return (int) position;
  }

  static String chunkPath(String directory, long id) {
    String digits = Long.toString(id);
    return FilePaths.resolve(directory, "0".repeat(DIGITS - digits.length()) + digits + SUFFIX);
  }

  /** The chunk that a file is; empty if it is none. */
  static OptionalLong chunkId(String name) {
    if (name.length() != DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
      return OptionalLong.empty();
    }
    try {
      long id = Long.parseLong(name.substring(0, DIGITS));
      return id > 0 ? OptionalLong.of(id) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
