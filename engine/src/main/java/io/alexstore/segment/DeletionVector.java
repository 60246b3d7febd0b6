package io.alexstore.segment;

import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * The rows of a segment that are deleted, by position: a compressed bitmap, as {@code
 * docs/format/deletion-vector.md} specifies its bytes.
 *
 * <p>Immutable, and so safe for any number of threads. A new version of the table gets a new
 * vector.
 */
public final class DeletionVector implements Serializable {

  private static final long serialVersionUID = 1L;

  /** No row is deleted. */
  public static final DeletionVector NONE = new DeletionVector(new RoaringBitmap());

  /** The ASCII bytes {@code ALXD}. */
  private static final int MAGIC = 0x44584c41;

  private static final int VERSION = 1;
  private static final int HEADER_SIZE = 16;
  private static final int TRAILER_SIZE = 4;

  /** So many rows are asked for one by one, rather than from an iterator. */
  private static final int FEW_ROWS = 16;

  private final RoaringBitmap rows;
  private final int count;

  private DeletionVector(RoaringBitmap rows) {
    this.rows = rows;
    this.count = rows.getCardinality();
  }

  /** A vector of some positions, at least 0, in any order; positions may be repeated. */
  public static DeletionVector of(int... positions) {
    for (int position : positions) {
      checkPosition(position);
    }
    return new DeletionVector(RoaringBitmap.bitmapOf(positions));
  }

  /** A vector of the positions from {@code from} to {@code to - 1}. */
  public static DeletionVector ofRange(int from, int to) {
    checkPosition(from);
    RoaringBitmap rows = new RoaringBitmap();
    rows.add((long) from, Math.max(from, to));
    return new DeletionVector(rows);
  }

  private static void checkPosition(int position) {
    if (position < 0) {
      throw new IllegalArgumentException("A position in a segment is at least 0, not " + position);
    }
  }

  /** Collects positions, in any order. Not thread-safe. */
  public static final class Builder {
    private final RoaringBitmap rows = new RoaringBitmap();

    /** Adds a position, at least 0; true if it was not there. */
    public boolean add(int position) {
      checkPosition(position);
      return rows.checkedAdd(position);
    }

    /** Adds the positions from {@code from} to {@code to - 1}. */
    public void addRange(int from, int to) {
      checkPosition(from);
      rows.add((long) from, Math.max(from, to));
    }

    /** Whether a position was added. */
    public boolean contains(int position) {
      return rows.contains(position);
    }

    /** Whether nothing was added. */
    public boolean isEmpty() {
      return rows.isEmpty();
    }

    /** What was added so far; the builder may go on. */
    public DeletionVector build() {
      RoaringBitmap copy = rows.clone();
      copy.runOptimize();
      return new DeletionVector(copy);
    }
  }

  /** Whether a row is deleted. O(log n), allocates nothing. */
  public boolean contains(int position) {
    return count > 0 && rows.contains(position);
  }

  /** The number of deleted rows. */
  public int count() {
    return count;
  }

  /** Whether no row is deleted. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** The number of deleted rows in {@code [from, to)}. */
  public int count(int from, int to) {
    return from >= to ? 0 : (int) rows.rangeCardinality(from, to);
  }

  /** The rows that are deleted in this vector or another. */
  public DeletionVector union(DeletionVector other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    RoaringBitmap both = RoaringBitmap.or(rows, other.rows);
    both.runOptimize();
    return new DeletionVector(both);
  }

  /** The rows that are deleted in this vector, and not in another. */
  public DeletionVector minus(DeletionVector other) {
    return other.isEmpty() || isEmpty()
        ? this
        : new DeletionVector(RoaringBitmap.andNot(rows, other.rows));
  }

  /** Whether a row is deleted in both. */
  public boolean intersects(DeletionVector other) {
    return RoaringBitmap.intersects(rows, other.rows);
  }

  /** The smallest position that is deleted in both, or -1. */
  public int firstCommon(DeletionVector other) {
    RoaringBitmap both = RoaringBitmap.and(rows, other.rows);
    return both.isEmpty() ? -1 : both.first();
  }

  /** The first deleted row at or after a position; -1 if there is none. */
  public int nextDeleted(int position) {
    long next = count == 0 ? -1 : rows.nextValue(position);
    return next < 0 ? -1 : (int) next;
  }

  /** The first row at or after a position that is not deleted; it may be beyond the segment. */
  public int nextLive(int position) {
    return count == 0 ? position : (int) rows.nextAbsentValue(position);
  }

  /** The last row at or before a position that is not deleted; -1 if there is none. */
  public int previousLive(int position) {
    return count == 0 || position < 0 ? position : (int) rows.previousAbsentValue(position);
  }

  /** The last deleted row; -1 if there is none. */
  public int lastDeleted() {
    return count == 0 ? -1 : rows.last();
  }

  /** Gives the deleted positions in ascending order. */
  public void forEach(IntConsumer consumer) {
    rows.forEach(consumer);
  }

  /**
   * Runs of rows without the deleted ones.
   *
   * @param runs {@code runs[2 i]} inclusive to {@code runs[2 i + 1]} exclusive, ascending
   * @return runs of the same form; {@code runs} itself if none of their rows is deleted
   */
  public int[] liveRuns(int[] runs) {
    if (count == 0) {
      return runs;
    }
    RunList live = new RunList(runs.length);
    PeekableIntIterator deleted = rows.getIntIterator();
    for (int i = 0; i < runs.length; i += 2) {
      int from = runs[i];
      deleted.advanceIfNeeded(from);
      while (deleted.hasNext() && deleted.peekNext() < runs[i + 1]) {
        int gap = deleted.next();
        live.add(from, gap);
        from = gap + 1;
      }
      live.add(from, runs[i + 1]);
    }
    return live.toArray();
  }

  /**
   * Lists the rows of {@code [from, to)} that are not deleted. O(rows), for batches of rows.
   *
   * @param offset is subtracted from each
   * @param target takes them, from {@code at} on
   * @return the end of what was put into {@code target}
   */
  public int live(int from, int to, int offset, int[] target, int at) {
    int n = at;
    if (to - from <= FEW_ROWS) {
      for (int row = from; row < to; row++) {
        target[n] = row - offset;
        n += contains(row) ? 0 : 1;
      }
      return n;
    }
    int row = from;
    PeekableIntIterator deleted = rows.getIntIterator();
    deleted.advanceIfNeeded(from);
    while (row < to) {
      int gap = deleted.hasNext() ? Math.min(deleted.next(), to) : to;
      while (row < gap) {
        target[n++] = row++ - offset;
      }
      row = gap + 1;
    }
    return n;
  }

  /** Runs that are being collected. */
  private static final class RunList {
    private int[] runs;
    private int size;

    RunList(int capacity) {
      runs = new int[Math.max(16, capacity)];
    }

    void add(int from, int to) {
      if (from < to) {
        if (size == runs.length) {
          runs = Arrays.copyOf(runs, 2 * size);
        }
        runs[size++] = from;
        runs[size++] = to;
      }
    }

    int[] toArray() {
      return Arrays.copyOf(runs, size);
    }
  }

  // --- bytes ---

  /** The bytes that {@link #parse} takes. */
  public byte[] toBytes() {
    int length = rows.serializedSizeInBytes();
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_SIZE + length + TRAILER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(MAGIC).putInt(VERSION).putInt(count).putInt(length);
    rows.serialize(bytes);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(HEADER_SIZE + length, checksum(bytes.array()));
    return bytes.array();
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - TRAILER_SIZE);
    return (int) crc.getValue();
  }

  /**
   * The vector that some bytes hold.
   *
   * @param path the file that they stand in, for errors
   * @param rowCount the rows of the segment
   * @throws CorruptFileException if they are truncated or damaged, or name rows that are not there
   * @throws UnsupportedFormatException if they need a newer release
   */
  public static DeletionVector parse(String path, byte[] bytes, int rowCount) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEADER_SIZE + TRAILER_SIZE || buffer.getInt(0) != MAGIC) {
      throw corrupt(path, "no deletion vector, or a truncated one, of " + bytes.length + " bytes");
    }
    if (buffer.getInt(bytes.length - TRAILER_SIZE) != checksum(bytes)) {
      throw corrupt(path, "a deletion vector whose checksum is wrong");
    }
    int version = buffer.getInt(4);
    if (version != VERSION) {
      throw new UnsupportedFormatException(
          path, "the deletion vector has version " + version + "; known is " + VERSION);
    }
    if (buffer.getInt(12) != bytes.length - HEADER_SIZE - TRAILER_SIZE) {
      throw corrupt(path, "a deletion vector whose length is not what it says");
    }
    RoaringBitmap rows = new RoaringBitmap();
    try {
      rows.deserialize(buffer.position(HEADER_SIZE).slice().order(ByteOrder.LITTLE_ENDIAN));
    } catch (IOException | RuntimeException e) {
      throw corrupt(path, "a deletion vector whose bitmap cannot be: " + e.getMessage());
    }
    DeletionVector vector = new DeletionVector(rows);
    if (vector.count != buffer.getInt(8)
        || (vector.count > 0 && Integer.compareUnsigned(rows.last(), rowCount) >= 0)) {
      throw corrupt(
          path,
          "a deletion vector of "
              + vector.count
              + " rows that does not fit its segment of "
              + rowCount);
    }
    return vector;
  }

  private static CorruptFileException corrupt(String path, String what) {
    return new CorruptFileException(path, -1, what);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof DeletionVector other && rows.equals(other.rows);
  }

  @Override
  public int hashCode() {
    return rows.hashCode();
  }

  @Override
  public String toString() {
    return "DeletionVector[" + count + " rows]";
  }
}
