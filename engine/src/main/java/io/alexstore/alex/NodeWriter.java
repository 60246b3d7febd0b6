package io.alexstore.alex;

import io.alexstore.error.AlexStoreException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes that grow node by node, little-endian. Not safe for threads. */
final class NodeWriter {

  private byte[] bytes = new byte[1 << 12];
  private ByteBuffer buffer = wrap();
  private int length;

  /** Room for {@code size} bytes, all zero, at a multiple of 8. */
  int allocate(long size) {
    int at = length;
    long end = at + (size + 7 & ~7L);
    if (end > Integer.MAX_VALUE - 8) {
      throw new AlexStoreException(
          "The index would take " + end + " bytes, more than 2 GiB. Use smaller segments.");
    }
    if (end > bytes.length) {
      long grown = Math.max(end, bytes.length + ((long) bytes.length >> 1));
      bytes = Arrays.copyOf(bytes, (int) Math.min(grown, Integer.MAX_VALUE - 8));
      buffer = wrap();
    }
    length = (int) end;
    return at;
  }

  int length() {
    return length;
  }

  void putByte(int at, int value) {
    bytes[at] = (byte) value;
  }

  void putShort(int at, int value) {
    buffer.putShort(at, (short) value);
  }

  void putInt(int at, int value) {
    buffer.putInt(at, value);
  }

  int getInt(int at) {
    return buffer.getInt(at);
  }

  void putLong(int at, long value) {
    buffer.putLong(at, value);
  }

  void putDouble(int at, double value) {
    buffer.putDouble(at, value);
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  private ByteBuffer wrap() {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
