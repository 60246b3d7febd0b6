package io.alexstore.segment;

/** The constants of the segment file, format 1; docs/format/segment.md specifies it. */
final class SegmentFormat {
  static final int VERSION = 1;

  /** The ASCII bytes {@code ALEXSEG} and 0x01, read as a little-endian number. */
  static final long HEADER_MAGIC = 0x01_47_45_53_58_45_4C_41L;

  /** The ASCII bytes {@code ALEXEND} and 0x01. */
  static final long TRAILER_MAGIC = 0x01_44_4E_45_58_45_4C_41L;

  static final int HEADER_SIZE = 64;
  static final int HEADER_VERSION = 8;
  static final int HEADER_SEGMENT_ID = 16;
  static final int HEADER_TABLE_ID = 32;

  static final int TRAILER_SIZE = 64;
  static final int TRAILER_BODY_LENGTH = 0;
  static final int TRAILER_BLOCKS = 8;
  static final int TRAILER_BLOCKS_CRC = 12;
  static final int TRAILER_METADATA_OFFSET = 16;
  static final int TRAILER_METADATA_LENGTH = 24;
  static final int TRAILER_RESERVED = 28;
  static final int TRAILER_SEGMENT_ID = 32;
  static final int TRAILER_VERSION = 48;
  static final int TRAILER_CRC = 52;
  static final int TRAILER_MAGIC_AT = 56;

  /** Sections and buffers start at multiples of this many bytes. */
  static final int ALIGNMENT = 8;

  /** What follows keys, so that a 64-bit load of the last one stays in the section. */
  static final int KEY_PADDING = 8;

  /** The largest file in bytes. */
  static final int MAX_FILE_SIZE = Integer.MAX_VALUE;

  static final int MAX_ROW_GROUP_SHIFT = 16;

  static final int DIRECTORY_ENTRY_SIZE = 96;

  /** The version of the key encoding that this release writes and reads. */
  static final int KEY_CODEC_VERSION = 1;

  /** The longest keys of the {@code gathered} kind, in bytes: a bit set of 64 names positions. */
  static final int MAX_GATHERED_LENGTH = 64;

  private SegmentFormat() {}

  static long align(long offset) {
    return (offset + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
