package io.alexstore.log;

import io.alexstore.io.FilePaths;
import java.util.OptionalLong;

/**
 * The constants of checkpoints, the state of a table at one version in one file; the bytes are
 * given in {@code docs/format/log.md}.
 */
public final class CheckpointFormat {

  /** The format that this release writes, and the newest that it reads. */
  static final int VERSION = 1;

  /** What the file starts with: "ALEXCKPT" in ASCII, as a little-endian 64-bit integer. */
  static final long MAGIC = 0x54504b4358454c41L;

  /** What the file ends with: "CKPT" in ASCII, as a little-endian 32-bit integer. */
  static final int END = 0x54504b43;

  /** Magic, version. */
  static final int HEADER_BYTES = 12;

  /** Length, checksum, end. */
  static final int FOOTER_BYTES = 16;

  /** Kind and length before a block's payload; its checksum comes after it. */
  static final int BLOCK_HEADER_BYTES = 8;

  /** The block with all that is no segment. */
  static final int HEAD_BLOCK = 1;

  /** A block with segments. */
  static final int SEGMENTS_BLOCK = 2;

  /** A block of segments ends when its payload has this many bytes. */
  static final int BLOCK_BYTES = 64 << 10;

  /** A segment's file does not have the usual name; the path follows. */
  static final int PATH_FLAG = 1;

  /** A segment's deletion vector follows. */
  static final int INLINE_FLAG = 2;

  /** The path of a segment's deletion vector follows. */
  static final int VECTOR_PATH_FLAG = 4;

  /** The largest checkpoint that is written or read; some ten million segments. */
  static final int MAX_BYTES = 1 << 30;

  /** At least this many versions lie between checkpoints. */
  static final int INTERVAL = 100;

  /** So many segments more make the interval longer, so that checkpoints do not fill the disk. */
  private static final int SEGMENTS_PER_VERSION = 5000;

  /** The bytes of entries without a checkpoint from which one is due before the interval ends. */
  private static final long DUE_BYTES = 8L << 20;

  /** About what a segment takes in a checkpoint. */
  private static final long SEGMENT_BYTES = 64;

  /** What the names of checkpoints end with. */
  static final String SUFFIX = ".checkpoint";

  private CheckpointFormat() {}

  /** The path of the checkpoint of a version. */
  static String path(String table, long version) {
    return FilePaths.resolve(
        table, LogFormat.LOG_DIRECTORY + "/" + LogFormat.entryName(version) + SUFFIX);
  }

  /** The version that a file in the log directory is the checkpoint of; empty if it is none. */
  public static OptionalLong version(String name) {
    return name.endsWith(SUFFIX)
        ? LogFormat.entryVersion(name.substring(0, name.length() - SUFFIX.length()))
        : OptionalLong.empty();
  }

  /**
   * Whether who commits a version writes its checkpoint. All writers agree on it by the version and
   * the size of the table, without asking each other.
   */
  static boolean isDue(Snapshot snapshot) {
    long segments = snapshot.segments().size();
    long interval = INTERVAL;
    while (interval * SEGMENTS_PER_VERSION < segments) {
      interval *= 2;
    }
    return (snapshot.version() > 0 && snapshot.version() % interval == 0)
        || snapshot.uncheckpointed() >= Math.max(DUE_BYTES, segments * SEGMENT_BYTES);
  }
}
