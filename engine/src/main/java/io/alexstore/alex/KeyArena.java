package io.alexstore.alex;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The ends of byte-string keys and their values, side by side in large chunks, so that no key is an
 * object. Keys whose slice is the same are a chain in ascending order.
 *
 * <p>A record: the next of its chain (8 bytes), the value (8), the length (4), the bytes, and
 * padding to a multiple of 8. Only the first two ever change, each in one store, so readers may
 * walk a chain while the one writer changes it. A chunk is dropped when all of its records have
 * been removed; a reader that stood in it finds none and begins anew.
 */
final class KeyArena {

  /** Behind the last record of a chain. */
  static final long END = -1;

  private static final int NEXT = 0;
  private static final int VALUE = 8;
  private static final int LENGTH = 16;
  private static final int DATA = 20;
  private static final int FIRST_CHUNK = 1 << 10;
  private static final int MAX_CHUNK = 1 << 18;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle CHUNKS;

  static {
    try {
      CHUNKS = MethodHandles.lookup().findVarHandle(KeyArena.class, "chunks", byte[][].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** By number; numbers are never given again, so that a place never means another record. */
  private byte[][] chunks = {new byte[FIRST_CHUNK]};

  /** How many records of a chunk were not removed. */
  private int[] live = new int[1];

  private int current;
  private int used;
  private long bytes = FIRST_CHUNK;

  /** The chunk of a record; null at the end of a chain, and if the chunk was dropped. */
  byte[] chunkOrNull(long place) {
    return place == END ? null : chunk(place);
  }

  /** The chunk of a record, or null if it was dropped. */
  byte[] chunk(long place) {
    byte[][] all = (byte[][]) CHUNKS.getAcquire(this);
    return all[(int) (place >>> 32)];
  }

  static long next(byte[] chunk, long place) {
    return (long) LONG.getAcquire(chunk, (int) place + NEXT);
  }

  static long value(byte[] chunk, long place) {
    return (long) LONG.getAcquire(chunk, (int) place + VALUE);
  }

  /** Compares a record's bytes with those of a key from one on. */
  static int compare(byte[] chunk, long place, byte[] key, int from) {
    int at = (int) place + DATA;
    int length = (int) INT.get(chunk, (int) place + LENGTH);
    return Arrays.compareUnsigned(chunk, at, at + length, key, from, key.length);
  }

  /** A record's bytes. */
  static byte[] rest(byte[] chunk, long place) {
    int at = (int) place + DATA;
    return Arrays.copyOfRange(chunk, at, at + (int) INT.get(chunk, (int) place + LENGTH));
  }

  void setNext(long place, long next) {
    LONG.setRelease(chunk(place), (int) place + NEXT, next);
  }

  void setValue(long place, long value) {
    LONG.setRelease(chunk(place), (int) place + VALUE, value);
  }

  /** Adds a record with the bytes of a key from one on; returns its place. */
  long add(byte[] key, int from, long next, long value) {
    int length = key.length - from;
    int size = (int) Math.min(Integer.MAX_VALUE, (DATA + (long) length + 7) & -8L);
    if (size > chunks[current].length - used) {
      addChunk(size);
    }
    byte[] chunk = chunks[current];
    long place = (long) current << 32 | used;
    System.arraycopy(key, from, chunk, used + DATA, length);
    INT.set(chunk, used + LENGTH, length);
    LONG.set(chunk, used + VALUE, value);
    LONG.set(chunk, used + NEXT, next);
    used += size;
    live[current]++;
    return place;
  }

  /** Says that a record is in no chain any more. */
  void remove(long place) {
    int number = (int) (place >>> 32);
    if (--live[number] == 0 && number != current) {
      bytes -= chunks[number].length;
      byte[][] less = chunks.clone();
      less[number] = null;
      CHUNKS.setRelease(this, less);
    }
  }

  private void addChunk(int atLeast) {
    int size = Math.max(atLeast, Math.min(MAX_CHUNK, 2 * chunks[current].length));
    byte[][] more = Arrays.copyOf(chunks, chunks.length + 1);
    if (live[current] == 0) {
      bytes -= more[current].length;
      more[current] = null;
    }
    current = chunks.length;
    more[current] = new byte[size];
    live = Arrays.copyOf(live, more.length);
    CHUNKS.setRelease(this, more);
    used = 0;
    bytes += size;
  }

  /** The bytes of heap that the chunks take. */
  long memoryBytes() {
    return bytes + 28L * chunks.length;
  }
}
