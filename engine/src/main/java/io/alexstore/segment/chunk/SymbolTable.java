package io.alexstore.segment.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Up to 255 strings of 1 to 8 bytes that stand for a byte each, ready to encode: finds the longest
 * that some bytes begin with. After "FSST: Fast Random Access String Compression" (Boncz, Neumann,
 * Leis, VLDB 2020), section 4; other than there, symbols that begin alike are chained, so that none
 * is lost. Reused from table to table.
 */
final class SymbolTable {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int HEAD_BITS = 12;

  private final long[] symbols = new long[ChunkFormat.MAX_SYMBOLS];
  private final long[] masks = new long[ChunkFormat.MAX_SYMBOLS];
  private final byte[] lengths = new byte[ChunkFormat.MAX_SYMBOLS];
  private int size;

  // Codes plus 1, so that 0 is none: of one byte, of two, and the longest of a chain of three and
  // more whose first three bytes have the same hash.
  private final short[] singles = new short[1 << 8];
  private final short[] pairs = new short[1 << 16];
  private final short[] heads = new short[1 << HEAD_BITS];
  private final short[] nexts = new short[ChunkFormat.MAX_SYMBOLS];

  void clear() {
    Arrays.fill(singles, (short) 0);
    for (int code = 0; code < size; code++) {
      if (lengths[code] == 2) {
        pairs[(int) symbols[code]] = 0;
      } else if (lengths[code] > 2) {
        heads[hash(symbols[code])] = 0;
      }
    }
    size = 0;
  }

  /**
   * Adds a symbol, none shorter than the one before.
   *
   * @param symbol its bytes, the first one lowest, zero beyond
   */
  void add(long symbol, int length) {
    int code = size++;
    symbols[code] = symbol;
    lengths[code] = (byte) length;
    masks[code] = -1L >>> (64 - 8 * length);
    if (length == 1) {
      singles[(int) symbol] = (short) size;
    } else if (length == 2) {
      pairs[(int) symbol] = (short) size;
    } else {
      int head = hash(symbol);
      nexts[code] = heads[head];
      heads[head] = (short) size;
    }
  }

  int size() {
    return size;
  }

  long symbol(int code) {
    return symbols[code];
  }

  int length(int code) {
    return lengths[code];
  }

  private static int hash(long bytes) {
    return (((int) bytes << 8) * 0x9E3779B1) >>> (32 - HEAD_BITS);
  }

  /** The eight bytes from {@code at} on, the first one lowest; zeros beyond the array. */
  static long load(byte[] data, int at) {
    if (at <= data.length - 8) {
      return (long) LONG.get(data, at);
    }
    long word = 0;
    for (int i = data.length - 1; i >= at; i--) {
      word = word << 8 | (data[i] & 0xff);
    }
    return word;
  }

  /** The code of the longest symbol that the first {@code n} bytes of a word begin with, or -1. */
  int match(long word, int n) {
    for (int next = heads[hash(word)]; next > 0; next = nexts[next - 1]) {
      int code = next - 1;
      if ((word & masks[code]) == symbols[code] && lengths[code] <= n) {
        return code;
      }
    }
    int pair = pairs[(int) word & 0xffff];
    return pair > 0 && n > 1 ? pair - 1 : singles[(int) word & 0xff] - 1;
  }

  /**
   * Encodes {@code data[from, to)}.
   *
   * @param out receives the codes from {@code at} on
   * @param limit where they must end at the latest
   * @return where they end, or -1 if they would end beyond
   */
  int encode(byte[] data, int from, int to, byte[] out, int at, int limit) {
    int end = at;
    int next = from;
    while (next < to) {
      int code = match(load(data, next), to - next);
      if (end + (code < 0 ? 2 : 1) > limit) {
        return -1;
      }
      if (code < 0) {
        out[end++] = (byte) ChunkFormat.ESCAPE;
        out[end++] = data[next++];
      } else {
        out[end++] = (byte) code;
        next += lengths[code];
      }
    }
    return end;
  }

  void writeTo(ChunkOutput out) {
    for (int code = 0; code < size; code++) {
      out.putLong(symbols[code]);
    }
    out.putBytes(lengths, 0, size);
    out.pad();
  }
}
