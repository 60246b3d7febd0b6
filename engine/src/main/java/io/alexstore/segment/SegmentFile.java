package io.alexstore.segment;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.io.MappedFile;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The frame of an open segment file: its checked body and its metadata.
 *
 * @param body the bytes before the block checksums, checked when first touched
 * @param metadata the metadata
 */
record SegmentFile(BlockBytes body, SegmentMetadata metadata) {

  /** What is read of a remote file's end besides its checksums, in bytes: most metadata fits. */
  private static final int TAIL_SIZE = 64 << 10;

  /** The longest index and directory that are read when a remote file is opened, in bytes. */
  private static final int PRELOAD_SIZE = 8 << 20;

  /**
   * Checks the frame in the order that docs/format/segment.md gives.
   *
   * <p>Of a remote file the end comes in one read, or two if the metadata is long.
   *
   * @param path the file, for errors
   * @param map all of its bytes
   */
  static SegmentFile open(String path, MappedFile map, ReadOptions options) {
    ByteBuffer file = map.buffer();
    int size = file.capacity();
    if (size < SegmentFormat.HEADER_SIZE + SegmentFormat.TRAILER_SIZE) {
      throw new CorruptFileException(
          path,
          -1,
          "it has "
              + size
              + " bytes, and a segment at least 128: it is truncated, or no"
              + " segment");
    }
    map.load(0, SegmentFormat.HEADER_SIZE);
    int tail = (int) Math.min(size, (long) TAIL_SIZE + size / BlockBytes.BLOCK_SIZE * 4L);
    map.load(size - tail, tail);
    if (file.getLong(0) != SegmentFormat.HEADER_MAGIC) {
      throw new CorruptFileException(path, 0, "it does not start as a segment does: it is none");
    }
    int trailer = size - SegmentFormat.TRAILER_SIZE;
    if (file.getLong(trailer + SegmentFormat.TRAILER_MAGIC_AT) != SegmentFormat.TRAILER_MAGIC) {
      throw new CorruptFileException(
          path,
          trailer + SegmentFormat.TRAILER_MAGIC_AT,
          "it does not end as a segment does: it is truncated");
    }
    check(
        path,
        file,
        trailer,
        SegmentFormat.TRAILER_CRC,
        file.getInt(trailer + SegmentFormat.TRAILER_CRC),
        "the trailer");
    long version = file.getInt(trailer + SegmentFormat.TRAILER_VERSION) & 0xffffffffL;
    if (version != SegmentFormat.VERSION) {
      throw new UnsupportedFormatException(
          path, "its segment format is version " + version + "; this release knows 1");
    }
    long bodyLength = file.getLong(trailer + SegmentFormat.TRAILER_BODY_LENGTH);
    long blocks = file.getInt(trailer + SegmentFormat.TRAILER_BLOCKS) & 0xffffffffL;
    if (bodyLength < SegmentFormat.HEADER_SIZE
        || bodyLength > trailer
        || blocks != (bodyLength + BlockBytes.BLOCK_SIZE - 1) >>> BlockBytes.BLOCK_SHIFT
        || bodyLength + SegmentFormat.align(4 * blocks) != trailer) {
      throw new CorruptFileException(
          path,
          trailer,
          "a body of "
              + bodyLength
              + " bytes with "
              + blocks
              + " checksums does not make a file of "
              + size
              + " bytes: it is truncated");
    }
    map.load((int) bodyLength, trailer - (int) bodyLength);
    check(
        path,
        file,
        (int) bodyLength,
        trailer - (int) bodyLength,
        file.getInt(trailer + SegmentFormat.TRAILER_BLOCKS_CRC),
        "the array of block checksums");
    BlockBytes body = body(map, (int) bodyLength, options);
    body.touch(0, SegmentFormat.HEADER_SIZE);
    UUID segmentId = uuid(file, SegmentFormat.HEADER_SEGMENT_ID);
    UUID trailerId = uuid(file, trailer + SegmentFormat.TRAILER_SEGMENT_ID);
    if (!segmentId.equals(trailerId)) {
      throw new CorruptFileException(
          path,
          SegmentFormat.HEADER_SEGMENT_ID,
          "it starts as segment " + segmentId + " and ends as " + trailerId);
    }
    if (file.getInt(SegmentFormat.HEADER_VERSION) != SegmentFormat.VERSION) {
      throw new CorruptFileException(
          path,
          SegmentFormat.HEADER_VERSION,
          "it starts as format "
              + file.getInt(SegmentFormat.HEADER_VERSION)
              + " and ends as "
              + version);
    }
    SegmentMetadata metadata = metadata(path, file, trailer, body);
    if (!metadata.segmentId().equals(segmentId)
        || !metadata.tableId().equals(uuid(file, SegmentFormat.HEADER_TABLE_ID))) {
      throw new CorruptFileException(
          path, SegmentFormat.HEADER_SEGMENT_ID, "header and metadata name different ids");
    }
    preload(map, body, metadata);
    return new SegmentFile(body, metadata);
  }

  private static SegmentMetadata metadata(
      String path, ByteBuffer file, int trailer, BlockBytes body) {
    long offset = file.getLong(trailer + SegmentFormat.TRAILER_METADATA_OFFSET);
    long length = file.getInt(trailer + SegmentFormat.TRAILER_METADATA_LENGTH) & 0xffffffffL;
    if (offset < 0 || offset > body.size() || length > body.size() - offset) {
      throw new CorruptFileException(
          path,
          trailer + SegmentFormat.TRAILER_METADATA_OFFSET,
          "the metadata would be " + length + " bytes at " + offset);
    }
    byte[] bytes = new byte[(int) length];
    body.touch((int) offset, bytes.length);
    body.get((int) offset, bytes, 0, bytes.length);
    return SegmentMetadata.fromJson(path, (int) offset, bytes, body.size());
  }

  private static BlockBytes body(MappedFile map, int length, ReadOptions options) {
    ByteBuffer file = map.buffer();
    ByteBuffer body = file.slice(0, length);
    if (!options.verifyChecksums() && !map.isRemote()) {
      return BlockBytes.unchecked(body);
    }
    ByteBuffer sums = file.slice(length, file.capacity() - length).order(file.order());
    return BlockBytes.checked(body, new Verifier(map, length, sums, options.verifyChecksums()));
  }

  /** Brings blocks in, where the file is remote, and compares their checksums, where asked to. */
  private record Verifier(MappedFile map, int length, ByteBuffer sums, boolean checks)
      implements BlockBytes.Verifier {
    @Override
    public void load(int block, int count) {
      int from = block << BlockBytes.BLOCK_SHIFT;
      map.load(from, (int) Math.min(length - from, (long) count << BlockBytes.BLOCK_SHIFT));
    }

    @Override
    public void loadAll(int[] blocks, int[] counts, int n) {
      int[] offsets = new int[n];
      int[] lengths = new int[n];
      for (int i = 0; i < n; i++) {
        offsets[i] = blocks[i] << BlockBytes.BLOCK_SHIFT;
        long wanted = (long) counts[i] << BlockBytes.BLOCK_SHIFT;
        lengths[i] = (int) Math.min(length - offsets[i], wanted);
      }
      map.loadAll(offsets, lengths, n);
    }

    @Override
    public void verify(ByteBuffer bytes, int block) {
      if (checks) {
        int from = block << BlockBytes.BLOCK_SHIFT;
        int count = Math.min(BlockBytes.BLOCK_SIZE, length - from);
        check(map.path(), bytes, from, count, sums.getInt(4 * block), "the block");
      }
    }
  }

  /**
   * Brings the index and the chunk directory of a remote file in at once, since every lookup needs
   * some of both. Longer ones than {@link #PRELOAD_SIZE} come when they are touched.
   */
  private static void preload(MappedFile map, BlockBytes body, SegmentMetadata metadata) {
    SegmentMetadata.Section index = metadata.index();
    SegmentMetadata.Section directory = metadata.directory();
    if (!map.isRemote() || (long) index.length() + directory.length() > PRELOAD_SIZE) {
      return;
    }
    boolean isIndexFirst = index.offset() <= directory.offset();
    SegmentMetadata.Section first = isIndexFirst ? index : directory;
    SegmentMetadata.Section second = isIndexFirst ? directory : index;
    body.touchAll(
        new int[] {first.offset(), second.offset()},
        new int[] {first.length(), second.length()},
        2,
        TAIL_SIZE);
  }

  private static void check(
      String path, ByteBuffer bytes, int from, int length, int expected, String what) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(from, length));
    int found = (int) crc.getValue();
    if (found != expected) {
      throw new CorruptFileException(
          path,
          from,
          "the checksum of "
              + what
              + ", "
              + length
              + " bytes, is "
              + Integer.toHexString(found)
              + ", not "
              + Integer.toHexString(expected));
    }
  }

  private static UUID uuid(ByteBuffer bytes, int at) {
    return new UUID(bytes.getLong(at), bytes.getLong(at + Long.BYTES));
  }

  static void putUuid(ByteBuffer bytes, int at, UUID id) {
    bytes.putLong(at, id.getMostSignificantBits());
    bytes.putLong(at + Long.BYTES, id.getLeastSignificantBits());
  }
}
