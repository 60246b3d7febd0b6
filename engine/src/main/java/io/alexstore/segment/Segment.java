package io.alexstore.segment;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import io.alexstore.io.FileStore;
import io.alexstore.io.MappedFile;
import io.alexstore.io.ParallelReads;
import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.row.Cursor;
import io.alexstore.row.Row;
import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.segment.chunk.ChunkView;
import io.alexstore.segment.chunk.NodeTree;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * An open segment: a map of the file, read in place.
 *
 * <p>Rows are known by position, 0 to {@code rowCount() - 1}, in the order of their keys. Every
 * method may throw {@link io.alexstore.error.CorruptFileException}: blocks are checked when they
 * are first touched. Nothing on the way of a lookup allocates.
 *
 * <p>Thread safety: safe for any number of threads, except what says otherwise.
 */
public final class Segment implements AutoCloseable {
  private final String path;
  private final MappedFile map;
  private final BlockBytes body;
  private final SegmentMetadata metadata;
  private final NodeTree tree;
  private final KeyCodec codec;
  private final SegmentKeys keys;
  private final int rowCount;
  private final int shift;
  private final int mask;

  /** Reads ahead; null if the file is local. */
  private final Prefetch prefetch;

  /** The rows by the segment's own schema. */
  private final SegmentView own;

  /** What it tells of its columns; null before that was asked for. A race only reads it anew. */
  private volatile SegmentStatistics statistics;

  /** The rows by the schema that was asked for last. A race only makes it anew. */
  private Asked asked;

  private record Asked(Schema schema, SegmentView view) {}

  private Segment(String path, MappedFile map, SegmentFile file) {
    this.path = path;
    this.map = map;
    this.body = file.body();
    this.metadata = file.metadata();
    Schema schema = metadata.schema();
    this.tree = new NodeTree(schema);
    if (tree.nodeCount() != metadata.nodeCount()) {
      throw new CorruptFileException(
          path,
          -1,
          "its schema makes "
              + tree.nodeCount()
              + " nodes, but it has chunks for "
              + metadata.nodeCount());
    }
    this.prefetch = map.isRemote() ? new Prefetch(this, body, metadata, tree) : null;
    this.codec = KeyCodec.of(schema);
    this.rowCount = metadata.rowCount();
    this.shift = metadata.rowGroupShift();
    this.mask = (1 << shift) - 1;
    // Without nodes there is no directory whose length would bound the number of row groups.
    int groups = tree.nodeCount() == 0 ? 0 : metadata.rowGroupCount();
    this.own = new SegmentView(this, schema, groups);
    this.keys =
        SegmentKeys.open(
            path, body, metadata.keyRegion(), metadata.keys(), metadata.index(), rowCount);
    if (keys.form() != codec.form()) {
      throw new CorruptFileException(
          path,
          metadata.keys().offset(),
          "its schema's keys are of the form "
              + codec.form()
              + ", its key region's of the form "
              + keys.form());
    }
  }

  /** Opens a segment with its checks on. */
  public static Segment open(FileStore store, String path) throws IOException {
    return open(store, path, ReadOptions.DEFAULT);
  }

  /**
   * Opens a segment.
   *
   * @throws CorruptFileException if it is no segment, truncated or damaged
   * @throws io.alexstore.error.UnsupportedFormatException if its format or a feature is not known
   */
  public static Segment open(FileStore store, String path, ReadOptions options) throws IOException {
    return open(store.map(path), options);
  }

  /** Opens a mapped segment, to which one reference is taken over, even if it fails. */
  static Segment open(MappedFile map, ReadOptions options) {
    String path = map.path();
    try {
      return new Segment(path, map, SegmentFile.open(path, map, options));
    } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
      map.close();
      throw new CorruptFileException(path, -1, "its parts do not fit together: " + e.getMessage());
    } catch (RuntimeException | Error e) {
      map.close();
      throw e;
    }
  }

  /** The file. */
  public String path() {
    return path;
  }

  /** The segment's id. */
  public UUID segmentId() {
    return metadata.segmentId();
  }

  /** The table that the segment was written for. */
  public UUID tableId() {
    return metadata.tableId();
  }

  /** The program and release that wrote the file. */
  public String writer() {
    return metadata.writer();
  }

  /** The schema at writing. */
  public Schema schema() {
    return metadata.schema();
  }

  /** The codec of the keys. */
  public KeyCodec keyCodec() {
    return codec;
  }

  /** The nodes that the columns outside of the key are flattened into. */
  public NodeTree nodes() {
    return tree;
  }

  /** The number of rows, at least 1. */
  public int rowCount() {
    return rowCount;
  }

  /** The size of the file in bytes. */
  public int fileSize() {
    return map.size();
  }

  /** The bytes of the key region. */
  public int keyRegionSize() {
    return metadata.keys().length();
  }

  /** The bytes of the learned index. */
  public int indexSize() {
    return metadata.index().length();
  }

  /** log2 of the number of rows in a row group: row {@code p} stands in group {@code p >>> k}. */
  public int rowGroupShift() {
    return shift;
  }

  /**
   * What it tells of its columns: nothing, if it was written by a release that told nothing. Read
   * when first asked for.
   *
   * @throws CorruptFileException if that is damaged; the rows may still be sound
   */
  public SegmentStatistics statistics() {
    SegmentStatistics read = statistics;
    if (read == null) {
      SegmentMetadata.Section section = metadata.statistics();
      read = section == null ? SegmentStatistics.NONE : statistics(section);
      statistics = read;
    }
    return read;
  }

  private SegmentStatistics statistics(SegmentMetadata.Section section) {
    byte[] bytes = new byte[section.length()];
    body.touch(section.offset(), bytes.length);
    body.get(section.offset(), bytes, 0, bytes.length);
    try {
      return SegmentStatistics.fromBytes(bytes, schema(), rowCount);
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(
          path, section.offset(), "its columns' statistics cannot be: " + e.getMessage());
    }
  }

  /** The number of row groups. */
  public int rowGroupCount() {
    return metadata.rowGroupCount();
  }

  /** The number of rows in a row group. */
  public int rowsOfGroup(int group) {
    return metadata.rowsOf(group);
  }

  /** Whether keys are 64-bit integers or bytes; lookups must use the same form. */
  public KeyForm keyForm() {
    return keys.form();
  }

  // --- lookup ---

  /** The first position of a 64-bit key, or -1. */
  public int find(long key) {
    return keys.find(key);
  }

  /** The first position of an encoded key, or -1. */
  public int find(byte[] key, int offset, int length) {
    return keys.find(key, offset, length);
  }

  /** The first position of an encoded key, or -1. */
  public int find(byte[] key) {
    return keys.find(key, 0, key.length);
  }

  /** The first position whose key is at least {@code key}; {@link #rowCount} if none. */
  public int lowerBound(long key) {
    return keys.lowerBound(key);
  }

  /** The first position whose key is greater than {@code key}; {@link #rowCount} if none. */
  public int upperBound(long key) {
    return keys.upperBound(key);
  }

  /** The first position whose key is at least {@code key}; {@link #rowCount} if none. */
  public int lowerBound(byte[] key, int offset, int length) {
    return keys.lowerBound(key, offset, length);
  }

  /** The first position whose key is greater than {@code key}; {@link #rowCount} if none. */
  public int upperBound(byte[] key, int offset, int length) {
    return keys.upperBound(key, offset, length);
  }

  /** The first position whose key is in a range, or after it if there is none. */
  public int from(EncodedRange range) {
    if (range instanceof EncodedRange.OfLongs longs) {
      return keys.lowerBound(longs.lower());
    }
    byte[] lower = ((EncodedRange.OfBytes) range).lower();
    return keys.lowerBound(lower, 0, lower.length);
  }

  /** The first position whose key is after a range; {@link #rowCount} if there is none. */
  public int to(EncodedRange range) {
    if (range instanceof EncodedRange.OfLongs longs) {
      return keys.upperBound(longs.upper());
    }
    byte[] upper = ((EncodedRange.OfBytes) range).upper();
    return upper == null ? rowCount : keys.lowerBound(upper, 0, upper.length);
  }

  /**
   * The first position in each of many ranges, and the first after it, as {@link #from} and {@link
   * #to} say them. Of a remote file what is needed for this is read at the same time.
   *
   * @param ranges the ranges
   * @param from receives the first positions
   * @param to receives the positions after
   */
  public void bounds(List<? extends EncodedRange> ranges, int[] from, int[] to) {
    IntConsumer bound =
        i -> {
          from[i] = from(ranges.get(i));
          to[i] = to(ranges.get(i));
        };
    if (prefetch == null) {
      IntStream.range(0, ranges.size()).forEach(bound);
    } else {
      prefetch.allKeys(2 * ranges.size());
      ParallelReads.forEach(ranges.size(), bound);
    }
  }

  /**
   * Finds many 64-bit keys, interleaved: much faster for each than one at a time.
   *
   * @param probes the keys, in any order
   * @param from the first of them to find
   * @param positions receives, from index 0 on, for each of the {@code count} keys the first
   *     position or -1
   */
  public void findAll(long[] probes, int from, int count, int[] positions) {
    if (prefetch != null) {
      prefetch.keys(count, i -> keys.near(probes[from + i]), i -> keys.find(probes[from + i]));
    }
    keys.findAll(probes, from, count, positions);
  }

  /**
   * Finds many encoded keys, interleaved.
   *
   * @param probes the keys' bytes
   * @param offsets key {@code i} is {@code [offsets[i], offsets[i + 1])}
   * @param positions receives for each of the {@code count} keys the first position or -1
   */
  public void findAll(byte[] probes, int[] offsets, int count, int[] positions) {
    if (prefetch != null) {
      prefetch.keys(
          count,
          i -> keys.near(probes, offsets[i], offsets[i + 1] - offsets[i]),
          i -> keys.find(probes, offsets[i], offsets[i + 1] - offsets[i]));
    }
    keys.findAll(probes, offsets, count, positions);
  }

  /** Whether the file cannot be mapped, but is read by ranges when these are needed. */
  public boolean isRemote() {
    return prefetch != null;
  }

  long keyRange(int position, int count) {
    return keys.range(position, count);
  }

  /**
   * Says that rows are about to be read, so that a remote file can be read in few, large reads, or
   * in many at the same time. Does nothing for a local file.
   *
   * @param positions as {@link #findAll} gives them, in any order; those below 0 are none
   * @param count how many of them
   * @param wanted the places in the schema of the columns that will be read; null for all
   */
  public void prefetch(int[] positions, int count, int[] wanted) {
    if (prefetch != null) {
      prefetch.rows(positions, count, wanted);
    }
  }

  /**
   * Says that about so many keys, which lie close together, are about to be read. Does nothing for
   * a local file.
   */
  public void prefetchKeys(int count) {
    if (prefetch != null) {
      prefetch.allKeys(count);
    }
  }

  // --- values ---

  /**
   * The values of a top-level column in a row group: a view that stays good while the segment is
   * open. Opened at first use.
   *
   * @param column the column's place in the schema; none of the key, for which there is {@link
   *     #keyColumn}
   * @throws IllegalArgumentException if the column is part of the key, and others are not
   * @throws IndexOutOfBoundsException if there is no such row group, or all columns are of the key
   */
  public ChunkView chunk(int column, int group) {
    return own.chunk(column, group);
  }

  /** Opens the chunk of a column that is not of the key. */
  ChunkView openChunk(int column, int group) {
    int node = tree.nodeOf(column);
    int directory =
        metadata.directory().offset()
            + group * tree.nodeCount() * SegmentFormat.DIRECTORY_ENTRY_SIZE;
    return ChunkView.open(path, body, directory, tree, node, metadata.rowsOf(group));
  }

  int placeOf(int position) {
    return position & mask;
  }

  KeyCursor keyCursor() {
    return KeyCursor.of(keys, codec, body);
  }

  /**
   * The rows as those of another schema of the table, or of the segment's own: {@link SegmentView}.
   * O(1) if that schema was the last that was asked for, else O(number of columns).
   *
   * @throws CorruptFileException if the segment's schema cannot have become this one
   */
  @SuppressWarnings("ReferenceEquality") // On the way of a lookup; a schema is one object there.
  public SegmentView as(Schema wanted) {
    if (wanted == own.schema()) {
      return own;
    }
    Asked last = asked;
    if (last == null || last.schema() != wanted) {
      last = new Asked(wanted, isSame(wanted) ? own : SegmentView.of(this, wanted));
      asked = last;
    }
    return last.view();
  }

  private boolean isSame(Schema wanted) {
    return wanted.key().equals(own.schema().key())
        && wanted.columns().equals(own.schema().columns());
  }

  /**
   * Where a string or binary value of a top-level column (not of the key) stands in the file:
   * {@code (offset << 32) | length}, checked and fit to be read from {@link #bytes}; -1 for a null;
   * {@link ChunkView#COMPRESSED} if it has to be decoded, by {@link ChunkView#getBytes} or {@link
   * ChunkView#copyBytes} of its {@link #chunk}.
   */
  public long bytesRange(int column, int position) {
    ChunkView chunk = chunk(column, position >>> shift);
    int place = position & mask;
    return chunk.isNull(place) ? -1 : chunk.bytesRange(place);
  }

  /**
   * Like {@link #bytesRange} for many positions, interleaved: when it returns, the values are on
   * their way into the cache. -1 for positions below 0.
   *
   * @param positions as {@link #findAll} gives them
   * @param ranges receives, from index 0 on, for each of the {@code count} positions its range
   */
  public void bytesRanges(int column, int[] positions, int count, long[] ranges) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      long range = positions[i] < 0 ? -1 : bytesRange(column, positions[i]);
      ranges[i] = range;
      if ((int) range > 0) {
        int offset = (int) (range >>> 32);
        sum += body.getByte(offset) + body.getByte(offset + (int) range - 1);
      }
    }
    consume(sum);
  }

  /** Keeps loads whose values are not needed from being optimized away. */
  private static void consume(long sum) {
    if (sum == Long.MIN_VALUE) {
      Thread.onSpinWait();
    }
  }

  /** The file's bytes up to its block checksums. */
  public BlockBytes bytes() {
    return body;
  }

  /**
   * The file's bytes, as a map that may be kept open beyond this segment by {@link
   * MappedFile#retain}.
   */
  public MappedFile map() {
    return map;
  }

  /** A row by position. The view reads lazily, while the segment is open; for one thread. */
  public Row row(int position) {
    return own.row(position);
  }

  /**
   * The rows of {@code [from, to)}, for one thread, while the segment is open.
   *
   * @throws IndexOutOfBoundsException if the range is not in {@code [0, rowCount())}
   */
  public Cursor rows(int from, int to) {
    return own.rows(from, to);
  }

  /** The 64-bit key of a row. */
  public long longKey(int position) {
    return keys.longKey(position);
  }

  /**
   * The whole key of a row, in a fresh array: bytes in the order of the keys, as {@link
   * SegmentInfo} has them.
   */
  public byte[] keyBytes(int position) {
    if (keys.form() == KeyForm.LONG) {
      return SegmentInfo.longKeyBytes(keys.longKey(position));
    }
    byte[] key = new byte[keys.keyLength(position)];
    keys.keyBytes(position, key, 0);
    return key;
  }

  /**
   * A view of one column of the key, for one thread.
   *
   * @param keyColumn the column's place in the key, from 0
   */
  public KeyColumnView keyColumn(int keyColumn) {
    Column column = codec.columns().get(keyColumn);
    return new KeyColumnView(
        column,
        keyColumn,
        KeyCursor.of(keys, codec, body),
        KeyIntegers.of(keys, codec, keyColumn, body));
  }

  /** Gives the map back. Not to be called while other threads read. */
  @Override
  public void close() {
    map.close();
  }

  /**
   * Gives the map up, while others may read on with this segment, its rows and views, as {@link
   * MappedFile#release} says. In place of {@link #close}.
   */
  public void release() {
    map.release();
  }
}
