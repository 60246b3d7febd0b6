package io.alexstore.segment.chunk;

import io.alexstore.bytes.BlockBytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A chunk's symbol table, read in place, and the bytes that its codes stand for. Every access to
 * them is preceded by {@link #touch}.
 */
final class SymbolDecoder {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** What the Java virtual machine can surely allocate. */
  private static final long MAX_LENGTH = Integer.MAX_VALUE - 16;

  private final ChunkView view;
  private final BlockBytes file;
  private final int size;
  private final int symbols;
  private final int lengths;

  /** The table at byte {@code at} of the file. */
  SymbolDecoder(ChunkView view, int at) {
    this.view = view;
    file = view.file;
    size = view.entry.symbols();
    symbols = at;
    lengths = at + 8 * size;
  }

  /** Makes the table and codes {@code [at, at + length)} fit to be read. */
  void touch(int at, int length) {
    view.touch(symbols, 9 * size);
    view.touch(at, length);
  }

  /** The bytes that value {@code i} has, whose codes are {@code [at, end)}. They were touched. */
  int length(int i, int at, int end) {
    long length = 0;
    int next = at;
    while (next < end) {
      int code = file.getByte(next++) & 0xff;
      if (code < size) {
        int symbol = file.getByte(lengths + code);
        if (symbol < 1 || symbol > ChunkFormat.MAX_SYMBOL_LENGTH) {
          throw view.corrupt(i, "has a symbol of " + symbol + " bytes, expected 1 to 8");
        }
        length += symbol;
      } else if (code == ChunkFormat.ESCAPE) {
        length++;
        next++;
      } else {
        throw view.corrupt(i, "has code " + code + ", but there are " + size + " symbols");
      }
    }
    if (next > end) {
      throw view.corrupt(i, "ends after an escape, expected a byte");
    }
    if (length > MAX_LENGTH) {
      throw view.corrupt(i, "has " + length + " bytes, expected at most " + MAX_LENGTH);
    }
    return (int) length;
  }

  /** Decodes codes of which {@link #length} has told that they stand for {@code length} bytes. */
  void decode(int at, byte[] target, int from, int length) {
    int next = at;
    int to = from;
    int end = from + length;
    while (to < end) {
      int code = file.getByte(next++) & 0xff;
      if (code == ChunkFormat.ESCAPE) {
        target[to++] = file.getByte(next++);
        continue;
      }
      long symbol = file.getLong(symbols + 8 * code);
      int n = file.getByte(lengths + code);
      if (to <= end - 8) {
        LONG.set(target, to, symbol);
      } else {
        for (int i = 0; i < n; i++) {
          target[to + i] = (byte) (symbol >>> (8 * i));
        }
      }
      to += n;
    }
  }

  /** The value {@code i} in a fresh array. */
  byte[] value(int i, int at, int end) {
    touch(at, end - at);
    byte[] value = new byte[length(i, at, end)];
    decode(at, value, 0, value.length);
    return value;
  }

  /** Decodes value {@code i} to {@code target[from ..]}; returns its length. */
  int copy(int i, int at, int end, byte[] target, int from) {
    touch(at, end - at);
    int length = length(i, at, end);
    Objects.checkFromIndexSize(from, length, target.length);
    decode(at, target, from, length);
    return length;
  }
}
