package io.alexstore.segment;

import io.alexstore.error.RowTooLargeException;
import io.alexstore.io.FileOutput;
import io.alexstore.io.FileStore;
import io.alexstore.io.LocalFileStore;
import io.alexstore.key.KeyCodec;
import io.alexstore.schema.Schema;
import io.alexstore.schema.Values;
import io.alexstore.segment.chunk.ChunkEntry;
import io.alexstore.segment.chunk.EncodedChunk;
import io.alexstore.segment.chunk.NodeTree;
import io.alexstore.segment.chunk.RowGroupBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Writes one segment from rows in the order of their keys. It streams row groups: the memory it
 * needs is a small multiple of {@link SegmentOptions#rowGroupBytes} or of the largest row, whatever
 * the number of rows. Keys and the chunk directory wait in temporary files until all are known.
 *
 * <p>After any exception the writer takes no more rows and must be closed. Not thread-safe.
 */
public final class SegmentWriter implements AutoCloseable {

  /**
   * From here on no row is taken. What is then still to come (row groups that are held, one more
   * row, keys, index, directory) is far less than the rest of the 2 GiB.
   */
  private static final long FULL_SIZE = 1L << 30 | 1L << 29;

  /** A row group may grow to so many times its limit before the segment is ended. */
  private static final int GROUP_OVERRUN = 4;

  /** After so many row groups, they are judged by their size. */
  private static final int JUDGED_GROUPS = 16;

  private final String path;
  private final UUID tableId;
  private final UUID segmentId;
  private final Schema schema;
  private final SegmentOptions options;
  private final NodeTree tree;
  private final KeyCodec codec;
  private final KeySpill keys;

  /** Null if columns' statistics are not asked for. */
  private final StatisticsBuilder statistics;

  private final RowGroupBuffer rows;
  private final FileOutput file;
  private final SegmentOutput output;

  private final SpillBuffer directory;
  private final byte[] entryBytes = new byte[ChunkEntry.BYTES];
  private final ByteBuffer entry = ByteBuffer.wrap(entryBytes).order(ByteOrder.LITTLE_ENDIAN);
  private int shift = -1;
  private int groups;
  private long groupBytes;
  private boolean unusable;

  private SegmentWriter(
      FileStore store,
      String path,
      UUID tableId,
      UUID segmentId,
      Schema schema,
      SegmentOptions options)
      throws IOException {
    this.path = path;
    this.tableId = tableId;
    this.segmentId = segmentId;
    this.schema = schema;
    this.options = options;
    this.tree = new NodeTree(schema);
    this.codec = KeyCodec.of(schema);
    this.keys = new KeySpill(codec, LocalFileStore.INSTANCE, options.spillDirectory());
    this.directory = new SpillBuffer(LocalFileStore.INSTANCE, options.spillDirectory());
    this.statistics = options.statistics() ? new StatisticsBuilder(schema, tree) : null;
    this.rows =
        new RowGroupBuffer(
            schema, tree, column -> statistics == null ? null : statistics.counter(column));
    this.file = store.create(path);
    this.output = new SegmentOutput(file);
  }

  /**
   * Begins a segment.
   *
   * @param path the file to create; its directory must exist
   * @throws IllegalArgumentException if a column cannot be part of the key
   */
  public static SegmentWriter create(
      FileStore store, String path, UUID tableId, Schema schema, SegmentOptions options)
      throws IOException {
    return create(store, path, tableId, UUID.randomUUID(), schema, options);
  }

  static SegmentWriter create(
      FileStore store,
      String path,
      UUID tableId,
      UUID segmentId,
      Schema schema,
      SegmentOptions options)
      throws IOException {
    var writer = new SegmentWriter(store, path, tableId, segmentId, schema, options);
    try {
      writer.writeHeader();
    } catch (IOException | RuntimeException e) {
      writer.close();
      throw e;
    }
    return writer;
  }

  private void writeHeader() throws IOException {
    ByteBuffer header = allocate(SegmentFormat.HEADER_SIZE);
    header.putLong(0, SegmentFormat.HEADER_MAGIC);
    header.putInt(SegmentFormat.HEADER_VERSION, SegmentFormat.VERSION);
    SegmentFile.putUuid(header, SegmentFormat.HEADER_SEGMENT_ID, segmentId);
    SegmentFile.putUuid(header, SegmentFormat.HEADER_TABLE_ID, tableId);
    output.write(header);
  }

  private static ByteBuffer allocate(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  KeySpill keys() {
    return keys;
  }

  /** Makes the first row one that must follow the last row of another segment. */
  void follow(SegmentWriter before) {
    keys.follow(before.keys);
  }

  /**
   * Appends a row, whose key must follow the last row's.
   *
   * @param row the columns of the schema in order; not kept
   * @throws io.alexstore.error.DuplicateKeyException if the key equals the last row's and must be
   *     unique
   * @throws io.alexstore.error.NullKeyException if a column of a primary key is null
   * @throws io.alexstore.error.RowTooLargeException if the row or its key is larger than allowed
   * @throws IllegalStateException if the key is before the last row's, or the segment is full
   */
  public void append(Values row) throws IOException {
    requireUsable();
    if (isFull()) {
      throw new IllegalStateException("The segment " + path + " is full; finish it");
    }
    unusable = true;
    int keyBytes = keys.append(row);
    long before = rows.bytes();
    rows.append(row);
    long size = rows.bytes() - before + keyBytes;
    if (size > options.maxRowBytes()) {
      throw new RowTooLargeException("row " + codec.formatRow(row), size, options.maxRowBytes());
    }
    if (shift < 0
        && (rows.rows() >= options.rowGroupRows() || rows.bytes() >= options.rowGroupBytes())) {
      shift = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(rows.rows());
    }
    if (statistics != null) {
      statistics.key(row);
    }
    while (shift >= 0 && rows.rows() >= 1 << shift) {
      writeGroup(1 << shift);
    }
    unusable = false;
  }

  private void requireUsable() {
    if (unusable) {
      throw new IllegalStateException(
          "The writer of " + path + " is closed, or failed before; it takes no more");
    }
  }

  private void writeGroup(int count) throws IOException {
    groupBytes += rows.bytes();
    int node = 0;
    for (EncodedChunk chunk : rows.drain(count)) {
      if (statistics != null) {
        statistics.chunk(node++, chunk.entry());
      }
      output.align();
      put(chunk.entry().at((int) output.position()));
      output.write(chunk.bytes());
    }
    groupBytes -= rows.bytes();
    groups++;
  }

  private void put(ChunkEntry chunk) throws IOException {
    chunk.writeTo(entry.clear());
    directory.put(entryBytes, 0, ChunkEntry.BYTES);
  }

  /**
   * Whether no more rows may be appended: the segment is as large as it may become, or its row
   * groups, whose number of rows was chosen from the first rows, have become far too large or too
   * small.
   */
  public boolean isFull() {
    if (keys.count() == Integer.MAX_VALUE || largestSize() >= FULL_SIZE) {
      return true;
    }
    if (shift < 0) {
      return false;
    }
    long limit = options.rowGroupBytes();
    boolean tooLarge = rows.bytes() > GROUP_OVERRUN * limit;
    boolean tooSmall =
        groups >= JUDGED_GROUPS
            && 2L << shift <= options.rowGroupRows()
            && groupBytes / groups < limit / JUDGED_GROUPS;
    return tooLarge || tooSmall;
  }

  /** The number of rows appended. */
  public int rowCount() {
    return keys.count();
  }

  /**
   * About how many bytes the file would have if it were finished now. Rows that are held count as
   * much as those before them came to when they were encoded.
   */
  public long encodedBytes() {
    return valueBytes() + keys.regionBytes();
  }

  /**
   * What {@link #encodedBytes} cannot exceed, whatever keys come next: one outlier widens every
   * entry of the key region.
   */
  long largestSize() {
    return valueBytes() + keys.spilledBytes();
  }

  private long valueBytes() {
    double ratio = groupBytes == 0 ? 1 : Math.min(1, (double) output.position() / groupBytes);
    long held = (long) (rows.bytes() * ratio);
    return output.position() + held + directory.size();
  }

  /** The bytes of heap that the writer holds: bounded, however many rows there are. */
  public long bufferedBytes() {
    return rows.bytes() + keys.heapBytes() + directory.heapBytes() + output.heapBytes();
  }

  /**
   * Writes what remains and makes the file durable (its name is after a sync of the directory).
   *
   * @throws IllegalStateException if there are no rows
   */
  public SegmentInfo finish() throws IOException {
    requireUsable();
    if (keys.count() == 0) {
      throw new IllegalStateException("The segment " + path + " has no rows; close the writer");
    }
    unusable = true;
    if (shift < 0) {
      shift = Integer.SIZE - Integer.numberOfLeadingZeros(rows.rows() - 1);
    }
    if (rows.rows() > 0) {
      writeGroup(rows.rows());
    }
    KeySpill.Finished finished = keys.finish();
    var keySection = write(finished.bytes().buffer().duplicate());
    var indexSection = write(ByteBuffer.wrap(finished.index()));
    var directorySection = write(directory.finish().buffer().duplicate());
    var statisticsSection =
        statistics == null ? null : write(ByteBuffer.wrap(statistics.toBytes()));
    var metadata =
        new SegmentMetadata(
            tableId,
            segmentId,
            options.writer(),
            schema,
            keys.count(),
            shift,
            tree.nodeCount(),
            directorySection,
            keySection,
            indexSection,
            statisticsSection,
            finished.spec());
    writeTrailer(write(ByteBuffer.wrap(metadata.toJson())));
    long size = file.position();
    file.sync();
    file.close();
    keys.close();
    directory.close();
    return new SegmentInfo(path, segmentId, keys.count(), size, keys.firstKey(), keys.lastKey());
  }

  private SegmentMetadata.Section write(ByteBuffer bytes) throws IOException {
    output.align();
    var section = new SegmentMetadata.Section((int) output.position(), bytes.remaining());
    output.write(bytes);
    return section;
  }

  private void writeTrailer(SegmentMetadata.Section metadata) throws IOException {
    ByteBuffer sums = output.endBody();
    ByteBuffer trailer = allocate(SegmentFormat.TRAILER_SIZE);
    trailer.putLong(SegmentFormat.TRAILER_BODY_LENGTH, output.position());
    trailer.putInt(SegmentFormat.TRAILER_BLOCKS, output.blocks());
    trailer.putInt(SegmentFormat.TRAILER_BLOCKS_CRC, crc(sums));
    trailer.putLong(SegmentFormat.TRAILER_METADATA_OFFSET, metadata.offset());
    trailer.putInt(SegmentFormat.TRAILER_METADATA_LENGTH, metadata.length());
    SegmentFile.putUuid(trailer, SegmentFormat.TRAILER_SEGMENT_ID, segmentId);
    trailer.putInt(SegmentFormat.TRAILER_VERSION, SegmentFormat.VERSION);
    trailer.putInt(SegmentFormat.TRAILER_CRC, crc(trailer.slice(0, SegmentFormat.TRAILER_CRC)));
    trailer.putLong(SegmentFormat.TRAILER_MAGIC_AT, SegmentFormat.TRAILER_MAGIC);
    if (output.position() + sums.remaining() + trailer.remaining() > SegmentFormat.MAX_FILE_SIZE) {
      throw new IOException("Cannot write " + path + ": it would become larger than 2 GiB");
    }
    file.write(sums);
    file.write(trailer);
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  /** Deletes the file, unless it was finished. */
  @Override
  public void close() {
    unusable = true;
    keys.close();
    directory.close();
    file.abort();
  }
}
