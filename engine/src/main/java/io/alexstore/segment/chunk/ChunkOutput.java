package io.alexstore.segment.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The bytes of encoded chunks, one after another, in memory that is reused. */
final class ChunkOutput {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1 << 16];
  private int start;
  private int position;

  /** Starts over: the chunks that were handed out are overwritten. */
  void reset() {
    start = 0;
    position = 0;
  }

  /** Starts a chunk of at most {@code length} bytes. */
  void begin(int length) {
    if (length > bytes.length - position) {
      // Chunks that were handed out keep the old memory.
      long doubled = Math.min(2L * bytes.length, 1 << 26);
      bytes = new byte[(int) Math.max(length, doubled)];
      position = 0;
    }
    start = position;
  }

  /** The length of the chunk so far. */
  int length() {
    return position - start;
  }

  /** The chunk's bytes. */
  ByteBuffer end() {
    return ByteBuffer.wrap(bytes, start, position - start).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  void putLong(long value) {
    LONG.set(bytes, position, value);
    position += Long.BYTES;
  }

  void putInt(int value) {
    INT.set(bytes, position, value);
    position += Integer.BYTES;
  }

  void putBytes(byte[] source, int from, int length) {
    System.arraycopy(source, from, bytes, position, length);
    position += length;
  }

  /** Adds zeros up to a multiple of 8 bytes. Chunks start at one. */
  void pad() {
    int end = (position + 7) & -8;
    Arrays.fill(bytes, position, end, (byte) 0);
    position = end;
  }

  /** Adds the low bytes of integers, and pads. */
  void putLongs(long[] values, int n, int width) {
    int at = position;
    switch (width) {
      case 1 -> {
        for (int i = 0; i < n; i++) {
          bytes[at + i] = (byte) values[i];
        }
      }
      case 2 -> {
        for (int i = 0; i < n; i++) {
          SHORT.set(bytes, at + 2 * i, (short) values[i]);
        }
      }
      case 4 -> {
        for (int i = 0; i < n; i++) {
          INT.set(bytes, at + 4 * i, (int) values[i]);
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          LONG.set(bytes, at + 8 * i, values[i]);
        }
      }
    }
    position += n * width;
    pad();
  }

  /** Adds 128-bit integers. */
  void putWords(long[] low, long[] high, int n) {
    for (int i = 0; i < n; i++) {
      putLong(low[i]);
      putLong(high[i]);
    }
  }

  /** Adds packed integers {@code values[i] - base} of a width that holds them, 0 to 56. */
  void putPacked(long[] values, int n, long base, int width) {
    if (width == 0 || n == 0) {
      return;
    }
    long word = 0;
    int used = 0;
    for (int i = 0; i < n; i++) {
      long value = values[i] - base;
      word |= value << used;
      used += width;
      if (used >= 64) {
        putLong(word);
        used -= 64;
        word = value >>> (width - used);
      }
    }
    if (used > 0) {
      putLong(word);
    }
    putLong(0);
  }
}
