package io.alexstore.spark.read;

import io.alexstore.key.KeyBuffer;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.schema.Values;
import io.alexstore.spark.convert.KeyLiterals;
import java.util.Arrays;

/**
 * Keys to look up, encoded, each with the number of the row that asks for it. Meant to be filled
 * again and again. Not thread-safe.
 */
public final class ProbeKeys {

  private final KeyCodec codec;
  private final int columns;
  private final KeyBuffer bytes = new KeyBuffer(1024);
  private int[] probes = new int[64];
  private int[] offsets = new int[65];
  private long[] longs = new long[64];
  private int size;

  /**
   * No keys yet.
   *
   * @param codec the codec of the table's keys
   * @param columns how many of the key's first columns the keys have values for
   */
  public ProbeKeys(KeyCodec codec, int columns) {
    this.codec = codec;
    this.columns = columns;
  }

  /** Forgets all keys. */
  public void clear() {
    size = 0;
    bytes.clear();
  }

  /**
   * Adds a key, unless a part of it is null, which equals nothing.
   *
   * @param probe the number of the row that asks for it
   * @param parts the values of the key's first columns, in the key's order
   */
  public void add(int probe, Values parts) {
    for (int i = 0; i < columns; i++) {
      if (parts.isNull(i)) {
        return;
      }
    }
    if (size == probes.length) {
      probes = Arrays.copyOf(probes, 2 * size);
      longs = Arrays.copyOf(longs, 2 * size);
      offsets = Arrays.copyOf(offsets, 2 * size + 1);
    }
    if (isLong()) {
      longs[size] = parts.getLong(0);
    } else {
      codec.encodePrefix(parts, columns, bytes);
      offsets[size + 1] = bytes.length();
    }
    probes[size++] = probe;
  }

  int size() {
    return size;
  }

  /** The row that asks for a key. */
  int probe(int key) {
    return probes[key];
  }

  boolean isLong() {
    return codec.form() == KeyForm.LONG;
  }

  /** Whether the keys have all columns, and so stand for at most one row of a primary key. */
  boolean isWhole() {
    return columns == codec.columnCount();
  }

  long longKey(int key) {
    return longs[key];
  }

  /** The bytes of a key. */
  byte[] bytes(int key) {
    return Arrays.copyOfRange(bytes.array(), offsets[key], offsets[key + 1]);
  }

  int length(int key) {
    return offsets[key + 1] - offsets[key];
  }

  /** Copies the bytes of a key; returns how many. */
  int copy(int key, byte[] target, int at) {
    System.arraycopy(bytes.array(), offsets[key], target, at, length(key));
    return length(key);
  }

  /** The first bytes after all keys that begin with these; null if there are none. */
  byte[] after(int key) {
    return KeyLiterals.afterPrefix(bytes(key)).orElse(null);
  }

  /** How the bytes of a key compare with others, unsigned. */
  int compare(int key, byte[] other) {
    return Arrays.compareUnsigned(
        bytes.array(), offsets[key], offsets[key + 1], other, 0, other.length);
  }

  /** Whether bytes begin with those of a key. */
  boolean isPrefixOf(int key, byte[] other) {
    return other.length >= length(key)
        && Arrays.equals(bytes.array(), offsets[key], offsets[key + 1], other, 0, length(key));
  }
}
