package io.alexstore.key;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.key.KeyColumn.Coding;
import io.alexstore.schema.Values;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads the columns of encoded keys in place. Its positions are the key's columns in the key's
 * order. One reader is set to key after key with {@code reset}, which costs nothing; a column is
 * found in O(1) if the columns before it have fixed widths, otherwise the bytes of those of
 * variable width are walked once a key. Only {@link #getBytes} and {@link #getBigInteger} allocate.
 *
 * <p>Bytes that no key encodes to make a getter throw an {@link IllegalArgumentException} or give
 * some value; a getter never reads past the key's end. Not thread-safe.
 */
public final class KeyReader implements Values {
  private final KeyCodec codec;
  private final boolean isLong;
  private final int count;
  private final int[] starts;
  private long longKey;
  private ByteBuffer bytes;
  private byte[] wrappedArray;
  private ByteBuffer wrapped;
  private int from;
  private int end;

  /** How many of {@link #starts} hold for this key. */
  private int known;

  /** What {@link #locate} found. */
  private int valueStart;

  private int valueEnd;

  KeyReader(KeyCodec codec) {
    this.codec = codec;
    this.isLong = codec.form() == KeyForm.LONG;
    this.count = codec.columnCount();
    this.starts = new int[count];
  }

  /** Sets the reader to a key of the form {@link KeyForm#LONG}. */
  public KeyReader reset(long key) {
    longKey = key;
    return this;
  }

  /** Sets the reader to a key of the form {@link KeyForm#BYTES}, which this touches. */
  public KeyReader reset(BlockBytes source, int offset, int length) {
    source.touch(offset, length);
    return reset(source.buffer(), offset, length);
  }

  /** Sets the reader to a key of the form {@link KeyForm#BYTES}. */
  public KeyReader reset(byte[] source, int offset, int length) {
    if (source != wrappedArray) {
      wrappedArray = source;
      wrapped = ByteBuffer.wrap(source).order(ByteOrder.LITTLE_ENDIAN);
    }
    return reset(wrapped, offset, length);
  }

  private KeyReader reset(ByteBuffer source, int offset, int length) {
    bytes = source;
    from = offset;
    end = offset + length;
    known = 1;
    starts[0] = offset;
    return this;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public boolean isNull(int i) {
    if (isLong || !codec.column(i).nullable()) {
      return false;
    }
    int start = start(i);
    need(start, 1);
    return bytes.get(start) == 0;
  }

  @Override
  public long getLong(int i) {
    if (isLong) {
      return longKey;
    }
    KeyColumn column = codec.column(i);
    int start = fixed(i, column);
    return column.coding() == Coding.BOOLEAN
        ? bytes.get(start)
        : KeyBytes.flip(Long.reverseBytes(bytes.getLong(start)));
  }

  @Override
  public float getFloat(int i) {
    return KeyBytes.fromSortable(Integer.reverseBytes(bytes.getInt(fixed(i, codec.column(i)))));
  }

  @Override
  public double getDouble(int i) {
    return KeyBytes.fromSortable(Long.reverseBytes(bytes.getLong(fixed(i, codec.column(i)))));
  }

  @Override
  public BigInteger getBigInteger(int i) {
    byte[] value = new byte[16];
    bytes.get(fixed(i, codec.column(i)), value);
    value[0] ^= (byte) 0x80;
    return new BigInteger(value);
  }

  @Override
  public byte[] getBytes(int i) {
    int zeros = locate(i);
    byte[] value = new byte[valueEnd - valueStart - zeros];
    if (zeros == 0) {
      bytes.get(valueStart, value);
      return value;
    }
    for (int k = 0, at = valueStart; k < value.length; k++, at++) {
      value[k] = bytes.get(at);
      if (value[k] == 0) {
        at++;
      }
    }
    return value;
  }

  /**
   * Finds a string or binary value that stands in the key as it is, so that it need not be copied.
   *
   * @return whether it does; then {@link #valueOffset} and {@link #valueLength} say where. If not,
   *     because zeros in it are escaped, use {@link #getBytes}
   */
  public boolean isInPlace(int i) {
    return locate(i) == 0;
  }

  /** Where the value that {@link #isInPlace} found begins, in the bytes given to {@code reset}. */
  public int valueOffset() {
    return valueStart;
  }

  /** The length in bytes of the value that {@link #isInPlace} found. */
  public int valueLength() {
    return valueEnd - valueStart;
  }

  /** Sets the bounds of a value of variable width and returns the number of escaped zeros. */
  private int locate(int i) {
    KeyColumn column = codec.column(i);
    valueStart = start(i) + (column.nullable() ? 1 : 0);
    if (column.coding() == Coding.RAW) {
      need(valueStart, 0);
      valueEnd = end;
      return 0;
    }
    if (column.coding() != Coding.ESCAPED) {
      throw new IllegalArgumentException(
          "key column '" + column.column().name() + "' is neither string nor binary");
    }
    int zeros = 0;
    int at = valueStart;
    while (true) {
      need(at, 2);
      if (bytes.get(at) == 0) {
        int mark = bytes.get(at + 1) & 0xFF;
        if (mark == KeyBytes.END) {
          valueEnd = at;
          return zeros;
        }
        if (mark != KeyBytes.ZERO) {
          throw malformed("byte " + mark + " follows a zero at " + (at - from));
        }
        zeros++;
        at++;
      }
      at++;
    }
  }

  /** Where a column begins, marker included. */
  private int start(int i) {
    int offset = codec.column(i).offset();
    if (offset >= 0) {
      return from + offset;
    }
    for (; known <= i; known++) {
      int before = known - 1;
      KeyColumn column = codec.column(before);
      if (column.width() > 0) {
        starts[known] = starts[before] + column.width();
        continue;
      }
      boolean absent = false;
      if (column.nullable()) {
        need(starts[before], 1);
        absent = bytes.get(starts[before]) == 0;
      }
      if (absent) {
        starts[known] = starts[before] + 1;
      } else {
        int start = valueStart;
        int stop = valueEnd;
        locate(before);
        starts[known] = valueEnd + 2;
        valueStart = start;
        valueEnd = stop;
      }
    }
    return starts[i];
  }

  private int fixed(int i, KeyColumn column) {
    int start = start(i) + (column.nullable() ? 1 : 0);
    need(start, column.coding().width);
    return start;
  }

  private void need(int start, int length) {
    if (start < from || length > end - start) {
      throw malformed("it ends after " + (end - from) + " bytes, within a column");
    }
  }

  private IllegalArgumentException malformed(String why) {
    byte[] head = new byte[Math.max(0, Math.min(32, end - from))];
    bytes.get(from, head);
    return new IllegalArgumentException(
        "These bytes are no key: " + why + "; they begin with " + Arrays.toString(head));
  }

  /** Where the key's i-th column ends, or throws: for the check of prefixes. */
  int columnEnd(int i) {
    KeyColumn column = codec.column(i);
    int start = start(i);
    if (column.width() > 0) {
      need(start, column.width());
      return start + column.width();
    }
    if (isNull(i)) {
      return start + 1;
    }
    locate(i);
    return column.coding() == Coding.RAW ? valueEnd : valueEnd + 2;
  }

  @Override
  public Values getStruct(int i) {
    throw new UnsupportedOperationException("keys hold no structs");
  }

  @Override
  public Values getList(int i) {
    throw new UnsupportedOperationException("keys hold no lists");
  }

  @Override
  public Values getMapKeys(int i) {
    throw new UnsupportedOperationException("keys hold no maps");
  }

  @Override
  public Values getMapValues(int i) {
    throw new UnsupportedOperationException("keys hold no maps");
  }
}
