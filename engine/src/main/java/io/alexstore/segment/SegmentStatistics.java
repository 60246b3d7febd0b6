package io.alexstore.segment;

import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.segment.chunk.Bound;
import io.alexstore.sketch.DistinctSketch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a segment tells of its columns: the section that docs/format/segment.md specifies under
 * Statistics. Immutable, and so safe for any number of threads.
 */
public final class SegmentStatistics {

  /** Of a segment that tells nothing. */
  static final SegmentStatistics NONE = new SegmentStatistics(Map.of());

  private static final int HEAD_BYTES = 8;
  private static final int ENTRY_BYTES = 64;
  private static final int BOUNDS = 1;
  private static final int LENGTHS = 2;
  private static final int UNIQUE = 4;
  private static final int KNOWN = BOUNDS | LENGTHS | UNIQUE;

  private final Map<Integer, ColumnStatistics> byColumn;

  private SegmentStatistics(Map<Integer, ColumnStatistics> byColumn) {
    this.byColumn = Map.copyOf(byColumn);
  }

  /** What is told of a column, by its id; empty if nothing is. */
  public Optional<ColumnStatistics> of(int columnId) {
    return Optional.ofNullable(byColumn.get(columnId));
  }

  /** How many columns something is told of. */
  public int size() {
    return byColumn.size();
  }

  static byte[] toBytes(Collection<ColumnStatistics> columns) {
    int size = HEAD_BYTES;
    for (ColumnStatistics column : columns) {
      size += ENTRY_BYTES + column.sketch().length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(columns.size()).putInt(0);
    for (ColumnStatistics column : columns) {
      int flags = column.hasBounds() ? BOUNDS : 0;
      flags |= column.hasLengths() ? LENGTHS : 0;
      flags |= column.isUnique() ? UNIQUE : 0;
      out.putInt(column.columnId()).putInt(flags);
      out.putInt(column.nullCount()).putInt(column.maxLength()).putLong(column.length());
      out.putInt(column.sketch().length).putInt(0);
      put(out, column.min());
      put(out, column.max());
      out.put(column.sketch());
    }
    return out.array();
  }

  private static void put(ByteBuffer out, Bound bound) {
    out.putLong(bound.low()).putLong(bound.high());
  }

  /**
   * Reads and checks the section.
   *
   * @param schema the segment's
   * @param rowCount the segment's
   * @throws IllegalArgumentException if it cannot be; the message says why
   */
  static SegmentStatistics fromBytes(byte[] bytes, Schema schema, int rowCount) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    require(in.remaining() >= HEAD_BYTES, "they end before their first column");
    int count = in.getInt();
    in.getInt();
    require(
        count >= 0 && count <= in.remaining() / ENTRY_BYTES,
        "they have " + bytes.length + " bytes, too few for " + count + " columns");
    Map<Integer, ColumnStatistics> byColumn = new HashMap<>();
    for (int i = 0; i < count; i++) {
      require(in.remaining() >= ENTRY_BYTES, "they end before their column number " + i);
      ColumnStatistics column = column(in, schema, rowCount);
      require(
          byColumn.put(column.columnId(), column) == null,
          "they tell of the column with id " + column.columnId() + " twice");
    }
    return new SegmentStatistics(byColumn);
  }

  private static ColumnStatistics column(ByteBuffer in, Schema schema, int rowCount) {
    int id = in.getInt();
    int place = schema.indexOf(id);
    require(place >= 0, "they tell of a column with id " + id + ", which the schema does not have");
    Column column = schema.columns().get(place);
    String name = "of '" + column.name() + "' they tell ";
    int flags = in.getInt();
    require((flags & ~KNOWN) == 0, name + "by flags " + flags + ", of which some are not known");
    int nulls = in.getInt();
    int maxLength = in.getInt();
    long length = in.getLong();
    int sketchLength = in.getInt();
    in.getInt();
    require(nulls >= 0 && nulls <= rowCount, name + nulls + " nulls in " + rowCount + " rows");
    require(
        maxLength >= 0 && length >= maxLength && length <= (long) maxLength * (rowCount - nulls),
        name + "lengths of together " + length + ", the greatest " + maxLength);
    boolean hasBounds = (flags & BOUNDS) != 0;
    require(
        ColumnStatistics.isOf(column.type())
            && (!hasBounds || ColumnStatistics.hasBounds(column.type())),
        name + "what there is not of type " + column.type());
    Bound min = new Bound(Bound.MAX_LENGTH, in.getLong(), in.getLong());
    Bound max = new Bound(Bound.MAX_LENGTH, in.getLong(), in.getLong());
    require(
        sketchLength >= 0
            && sketchLength <= DistinctSketch.MAX_BYTES
            && sketchLength <= in.remaining(),
        name + "distinct values in " + sketchLength + " bytes");
    byte[] sketch = new byte[sketchLength];
    in.get(sketch);
    DistinctSketch.check(sketch);
    return new ColumnStatistics(
        id,
        nulls,
        (flags & UNIQUE) != 0,
        sketch,
        hasBounds,
        hasBounds ? min : ColumnStatistics.NO_BOUND,
        hasBounds ? max : ColumnStatistics.NO_BOUND,
        (flags & LENGTHS) != 0,
        length,
        maxLength);
  }

  private static void require(boolean good, String otherwise) {
    if (!good) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
