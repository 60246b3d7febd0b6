package io.alexstore.segment.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The distinct byte strings of a chunk, in order of first appearance, and each value's code: an
 * open-addressing hash table over the buffered bytes that gives up as soon as it cannot win.
 */
final class BytesDictionary {

  private static final long MIX = 0x9E3779B97F4A7C15L;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long[] codes = {};
  private int[] starts = new int[256];
  private int[] lengths = new int[256];
  private int[] hashes = new int[256];
  private int size;
  private long dataLength;

  /** Codes plus 1; 0 is an empty slot. At most half full. */
  private int[] slots = new int[512];

  private int mask;

  /** The codes of the values; 0 for nulls. */
  long[] codes() {
    return codes;
  }

  /** The number of entries. */
  int size() {
    return size;
  }

  /** The bytes of all entries together. */
  long dataLength() {
    return dataLength;
  }

  /** Where an entry stands in the data that the dictionary was built from. */
  int start(int code) {
    return starts[code];
  }

  /** The bytes of an entry. */
  int length(int code) {
    return lengths[code];
  }

  /**
   * Builds the dictionary of the first {@code n} values.
   *
   * @param ends where the values end in {@code data}; each starts where the one before ends
   * @param best the bytes to stay below
   * @return whether codes and entries take fewer
   */
  boolean build(NodeBuffer buffer, byte[] data, int[] ends, int n, long best) {
    size = 0;
    dataLength = 0;
    mask = 511;
    Arrays.fill(slots, 0, 512, 0);
    if (codes.length < n) {
      codes = new long[n + (n >>> 1)];
    }
    int start = 0;
    for (int i = 0; i < n; i++) {
      int end = ends[i];
      int sizeBefore = size;
      codes[i] = buffer.isNull(i) ? 0 : code(data, start, end - start);
      if (size != sizeBefore && (size > LongDictionary.MAX_SIZE || sizeOf(n) >= best)) {
        return false;
      }
      start = end;
    }
    return true;
  }

  private long sizeOf(int n) {
    return ChunkFormat.packedSize(n, ChunkFormat.bits(size - 1L))
        + ChunkFormat.pad(4L * (size + 1))
        + ChunkFormat.pad(dataLength);
  }

  private int code(byte[] data, int start, int length) {
    int hash = hash(data, start, length);
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int code = slots[slot] - 1;
      int other = starts[code];
      if (hashes[code] == hash
          && lengths[code] == length
          && Arrays.equals(data, start, start + length, data, other, other + length)) {
        return code;
      }
      slot = (slot + 1) & mask;
    }
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      lengths = Arrays.copyOf(lengths, 2 * size);
      hashes = Arrays.copyOf(hashes, 2 * size);
    }
    starts[size] = start;
    lengths[size] = length;
    hashes[size] = hash;
    dataLength += length;
    slots[slot] = ++size;
    if (2 * size > mask) {
      rehash();
    }
    return size - 1;
  }

  private void rehash() {
    mask = 2 * mask + 1;
    if (slots.length <= mask) {
      slots = new int[mask + 1];
    } else {
      Arrays.fill(slots, 0, mask + 1, 0);
    }
    for (int code = 0; code < size; code++) {
      int slot = hashes[code] & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = code + 1;
    }
  }

  private static int hash(byte[] data, int start, int length) {
    long hash = length;
    int i = start;
    for (int end = start + length - 7; i < end; i += 8) {
      hash = (hash ^ (long) LONG.get(data, i)) * MIX;
      hash ^= hash >>> 29;
    }
    long rest = 0;
    for (int end = start + length; i < end; i++) {
      rest = rest << 8 | (data[i] & 0xff);
    }
    hash = (hash ^ rest) * MIX;
    return (int) (hash >>> 32);
  }
}
