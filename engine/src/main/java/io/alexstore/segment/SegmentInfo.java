package io.alexstore.segment;

import java.io.Serializable;
import java.util.Objects;
import java.util.UUID;

/**
 * What a finished segment is, as the snapshot log keeps it.
 *
 * <p>Keys are bytes whose unsigned lexicographic order is the keys' order, in both key forms: a
 * 64-bit key is its 8 bytes, the highest first, with the sign bit flipped ({@link #longKeyBytes}).
 * The arrays must not be changed.
 *
 * @param path the file
 * @param segmentId the segment's id, which also stands in the file
 * @param rowCount the number of rows, at least 1
 * @param fileSize the size of the file in bytes
 * @param minKey the first row's key
 * @param maxKey the last row's key
 */
public record SegmentInfo(
    String path, UUID segmentId, int rowCount, long fileSize, byte[] minKey, byte[] maxKey)
    implements Serializable {
  /** Checks that nothing is missing. */
  public SegmentInfo {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(segmentId, "segmentId");
    Objects.requireNonNull(minKey, "minKey");
    Objects.requireNonNull(maxKey, "maxKey");
  }

  /** A 64-bit key as bytes in the order of the keys. */
  public static byte[] longKeyBytes(long key) {
    byte[] bytes = new byte[Long.BYTES];
    long flipped = key ^ Long.MIN_VALUE;
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[i] = (byte) (flipped >>> (56 - 8 * i));
    }
    return bytes;
  }

  /** The inverse of {@link #longKeyBytes}. */
  public static long longKey(byte[] bytes) {
    long flipped = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      flipped = flipped << 8 | (bytes[i] & 0xff);
    }
    return flipped ^ Long.MIN_VALUE;
  }
}
