package io.alexstore.segment;

import io.alexstore.key.KeyReader;
import io.alexstore.schema.Column;
import java.math.BigInteger;

/**
 * One column of the key, decoded from the key region by row position in the segment. Not
 * thread-safe; each thread takes its own from {@link Segment#keyColumn}.
 *
 * <p>Getters fit types as those of {@link io.alexstore.schema.Values} do. Only {@link #getBytes}
 * and {@link #getBigInteger} allocate. Access in any order is right; neighbouring positions are
 * cheap, since a key is fetched once for all of its columns that one view reads.
 */
public final class KeyColumnView {
  private final Column column;
  private final int keyColumn;
  private final KeyCursor keys;
  private final KeyIntegers integers;

  KeyColumnView(Column column, int keyColumn, KeyCursor keys, KeyIntegers integers) {
    this.column = column;
    this.keyColumn = keyColumn;
    this.keys = keys;
    this.integers = integers;
  }

  /** The column. */
  public Column column() {
    return column;
  }

  /** Whether the value is null (never in a primary key). */
  public boolean isNull(int position) {
    return keys.at(position).isNull(keyColumn);
  }

  /** An integral value. */
  public long getLong(int position) {
    return integers != null ? integers.get(position) : keys.at(position).getLong(keyColumn);
  }

  /** Integral values of {@code [position, position + count)}; those of nulls mean nothing. */
  public void getLongs(int position, int count, long[] target, int targetOffset) {
    if (integers != null) {
      integers.get(position, count, target, targetOffset);
      return;
    }
    for (int i = 0; i < count; i++) {
      target[targetOffset + i] = keys.at(position + i).getLong(keyColumn);
    }
  }

  /** A float. */
  public float getFloat(int position) {
    return keys.at(position).getFloat(keyColumn);
  }

  /** A double. */
  public double getDouble(int position) {
    return keys.at(position).getDouble(keyColumn);
  }

  /** A 128-bit integer. */
  public BigInteger getBigInteger(int position) {
    return keys.at(position).getBigInteger(keyColumn);
  }

  /** Bytes, in a fresh array. */
  public byte[] getBytes(int position) {
    return keys.at(position).getBytes(keyColumn);
  }

  /**
   * Finds a string or binary value that stands in the file as it is, so that it need not be copied:
   * {@code (offset << 32) | length}, fit to be read from {@link Segment#bytes}; -1 if it must be
   * fetched by {@link #getBytes}.
   */
  public long bytesRange(int position) {
    KeyReader key = keys.at(position);
    if (!keys.isInFile() || key.isNull(keyColumn) || !key.isInPlace(keyColumn)) {
      return -1;
    }
    return (long) key.valueOffset() << 32 | key.valueLength();
  }
}
