package io.alexstore.spark.read;

import io.alexstore.schema.DecimalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A column of a batch, over a segment's map. One instance serves all batches of a reader.
 *
 * <p>Numbers of a batch are decoded together, into an array, when the batch's first one is asked
 * for: a tight loop costs a fraction of as many calls, and a column that nobody looks at costs
 * nothing. Strings are not copied.
 *
 * <p>Not thread-safe.
 */
abstract class SegmentVector extends ColumnVector {

  /** The rows; null for what a list or map is made of, which is read by its own position. */
  final RowWindow window;

  private long[] longs;
  private double[] doubles;
  private boolean[] nulls;
  private int longsEpoch = -1;
  private int doublesEpoch = -1;
  private int nullsEpoch = -1;

  SegmentVector(DataType type, RowWindow window) {
    super(type);
    this.window = window;
  }

  // ---- by place: in the row group, or among the elements

  abstract boolean mayBeNull();

  abstract boolean nullAtPlace(int place);

  abstract long longAtPlace(int place);

  abstract float floatAtPlace(int place);

  abstract double doubleAtPlace(int place);

  abstract BigInteger bigIntegerAtPlace(int place);

  abstract UTF8String stringAtPlace(int place);

  abstract byte[] bytesAtPlace(int place);

  abstract void longs(int place, int count, long[] target);

  abstract void doubles(int place, int count, double[] target);

  abstract void nulls(int place, int count, boolean[] target);

  /** The place of a row. */
  final int at(int row) {
    return window == null ? row : window.at(row);
  }

  // ---- by row

  @Override
  public boolean hasNull() {
    return mayBeNull();
  }

  @Override
  public int numNulls() {
    if (!mayBeNull() || window == null) {
      return 0;
    }
    int count = 0;
    for (int row = 0; row < window.count(); row++) {
      count += isNullAt(row) ? 1 : 0;
    }
    return count;
  }

  @Override
  public boolean isNullAt(int row) {
    if (!mayBeNull()) {
      return false;
    }
    if (window == null) {
      return nullAtPlace(row);
    }
    if (nullsEpoch != window.epoch()) {
      decodeNulls();
    }
    return nulls[row];
  }

  private void decodeNulls() {
    if (nulls == null) {
      nulls = new boolean[RowWindow.MAX_ROWS];
    }
    int count = window.count();
    if (window.isDense()) {
      nulls(window.base(), count, nulls);
    } else if (window.isClose()) {
      int base = window.base();
      nulls(base, window.span(), nulls);
      int[] selection = window.selection();
      for (int row = 0; row < count; row++) {
        nulls[row] = nulls[selection[row] - base];
      }
    } else {
      for (int row = 0; row < count; row++) {
        nulls[row] = nullAtPlace(window.at(row));
      }
    }
    nullsEpoch = window.epoch();
  }

  @Override
  public long getLong(int row) {
    if (window == null) {
      return longAtPlace(row);
    }
    if (longsEpoch != window.epoch()) {
      decodeLongs();
    }
    return longs[row];
  }

  private void decodeLongs() {
    if (longs == null) {
      longs = new long[RowWindow.MAX_ROWS];
    }
    int count = window.count();
    if (window.isDense()) {
      longs(window.base(), count, longs);
    } else if (window.isClose()) {
      int base = window.base();
      longs(base, window.span(), longs);
      int[] selection = window.selection();
      for (int row = 0; row < count; row++) {
        longs[row] = longs[selection[row] - base];
      }
    } else {
      for (int row = 0; row < count; row++) {
        // What stands in the place of a null need not be readable.
        longs[row] = isNullAt(row) ? 0 : longAtPlace(window.at(row));
      }
    }
    longsEpoch = window.epoch();
  }

  @Override
  public double getDouble(int row) {
    if (window == null) {
      return doubleAtPlace(row);
    }
    if (doublesEpoch != window.epoch()) {
      decodeDoubles();
    }
    return doubles[row];
  }

  private void decodeDoubles() {
    if (doubles == null) {
      doubles = new double[RowWindow.MAX_ROWS];
    }
    int count = window.count();
    if (window.isDense()) {
      doubles(window.base(), count, doubles);
    } else if (window.isClose()) {
      int base = window.base();
      doubles(base, window.span(), doubles);
      int[] selection = window.selection();
      for (int row = 0; row < count; row++) {
        doubles[row] = doubles[selection[row] - base];
      }
    } else {
      for (int row = 0; row < count; row++) {
        doubles[row] = isNullAt(row) ? 0 : doubleAtPlace(window.at(row));
      }
    }
    doublesEpoch = window.epoch();
  }

  @Override
  public long[] getLongs(int row, int count) {
    long[] result = new long[count];
    for (int i = 0; i < count; i++) {
      result[i] = isNullAt(row + i) ? 0 : getLong(row + i);
    }
    return result;
  }

  @Override
  public boolean getBoolean(int row) {
    return getLong(row) != 0;
  }

  @Override
  public byte getByte(int row) {
    return (byte) getLong(row);
  }

  @Override
  public short getShort(int row) {
    return (short) getLong(row);
  }

  @Override
  public int getInt(int row) {
    return (int) getLong(row);
  }

  @Override
  public float getFloat(int row) {
    return floatAtPlace(at(row));
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    if (isNullAt(row)) {
      return null;
    }
    return precision <= DecimalType.MAX_LONG_PRECISION
        ? Decimal.createUnsafe(getLong(row), precision, scale)
        : Decimal.apply(new BigDecimal(bigIntegerAtPlace(at(row)), scale), precision, scale);
  }

  @Override
  public UTF8String getUTF8String(int row) {
    return isNullAt(row) ? null : stringAtPlace(at(row));
  }

  @Override
  public byte[] getBinary(int row) {
    return isNullAt(row) ? null : bytesAtPlace(at(row));
  }

  // ---- nested: refused here, and given by those that have them

  @Override
  public ColumnarArray getArray(int row) {
    throw new UnsupportedOperationException(dataType() + " is no array");
  }

  @Override
  public ColumnarMap getMap(int row) {
    throw new UnsupportedOperationException(dataType() + " is no map");
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    throw new UnsupportedOperationException(dataType() + " has no parts");
  }

  /** Does nothing: the segment stays open until the task ends, since strings point into it. */
  @Override
  public void close() {}
}
