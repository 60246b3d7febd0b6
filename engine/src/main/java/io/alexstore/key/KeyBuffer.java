package io.alexstore.key;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growable buffer that keys are encoded into. It is meant to be reused: once it has grown to the
 * largest content, nothing is allocated. Not thread-safe.
 */
public final class KeyBuffer {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int length;

  /** An empty buffer with room for a usual key. */
  public KeyBuffer() {
    this(64);
  }

  /** An empty buffer with room for some bytes. */
  public KeyBuffer(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  /** The bytes; valid in {@code [0, length())} until the next change. */
  public byte[] array() {
    return bytes;
  }

  /** The number of bytes written. */
  public int length() {
    return length;
  }

  /** Forgets the content and keeps the room. */
  public void clear() {
    length = 0;
  }

  /**
   * Cuts the content.
   *
   * @param newLength the new length, 0 to {@link #length()}
   */
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException("length " + newLength + " is not in 0 to " + length);
    }
    length = newLength;
  }

  /** A copy of the content. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Appends one byte. */
  public void put(int b) {
    reserve(1);
    bytes[length++] = (byte) b;
  }

  /** Appends four bytes, the highest first. */
  public void putInt(int value) {
    reserve(4);
    INT.set(bytes, length, value);
    length += 4;
  }

  /** Appends eight bytes, the highest first. */
  public void putLong(long value) {
    reserve(8);
    LONG.set(bytes, length, value);
    length += 8;
  }

  /** Appends bytes as they are. */
  public void put(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  /** Appends zero bytes. */
  void putZeros(int count) {
    reserve(count);
    Arrays.fill(bytes, length, length + count, (byte) 0);
    length += count;
  }

  private void reserve(int count) {
    if (count > bytes.length - length) {
      long wanted = Math.max((long) length + count, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
  }
}
