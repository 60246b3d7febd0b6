package io.alexstore.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.key.KeyForm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Random keys and values, and what a store should hold. Keys are bytes here, whatever the store
 * has: those of a 64-bit key in its order.
 */
final class StoreModel {

  private final KeyForm form;
  private final Random random;
  private final int keys;
  private TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);

  /**
   * @param keys about how many different keys are drawn
   */
  StoreModel(KeyForm form, Random random, int keys) {
    this.form = form;
    this.random = random;
    this.keys = keys;
  }

  StoreOptions options() {
    StoreOptions options = StoreOptions.defaults().withMemoryBudget(256 << 10);
    return form == KeyForm.LONG ? options : options.withBytesKeys();
  }

  NavigableMap<byte[], byte[]> rows() {
    return rows;
  }

  NavigableMap<byte[], byte[]> copy() {
    return new TreeMap<>(rows);
  }

  /** Goes back to other rows. */
  void reset(Map<byte[], byte[]> other) {
    rows = new TreeMap<>(Arrays::compareUnsigned);
    rows.putAll(other);
  }

  /** A key: few different ones, far apart and close together. */
  byte[] key() {
    long n = random.nextInt(keys);
    if (form == KeyForm.LONG) {
      long key =
          switch ((int) (n % 4)) {
            case 0 -> n;
            case 1 -> n * 0x9e3779b97f4a7c15L;
            case 2 -> Long.MIN_VALUE + n;
            default -> Long.MAX_VALUE - n;
          };
      return bytes(key);
    }
    byte[] key = new byte[(int) (n % 23)];
    new Random(n).nextBytes(key);
    return key;
  }

  byte[] value() {
    int length = random.nextInt(50) == 0 ? random.nextInt(5000) : random.nextInt(60);
    byte[] value = new byte[length];
    random.nextBytes(value);
    return value;
  }

  static byte[] bytes(long key) {
    return ByteBuffer.allocate(8).putLong(key ^ Long.MIN_VALUE).array();
  }

  static long longOf(byte[] key) {
    return ByteBuffer.wrap(key).getLong() ^ Long.MIN_VALUE;
  }

  // --- a store by these keys ---

  void put(AlexStore store, byte[] key, byte[] value) throws IOException {
    if (form == KeyForm.LONG) {
      store.put(longOf(key), value);
    } else {
      store.put(key, value);
    }
    rows.put(key, value);
  }

  void delete(AlexStore store, byte[] key) throws IOException {
    if (form == KeyForm.LONG) {
      store.delete(longOf(key));
    } else {
      store.delete(key);
    }
    rows.remove(key);
  }

  void write(AlexStore store, int count) throws IOException {
    WriteBatch batch = new WriteBatch();
    Map<byte[], byte[]> before = copy();
    for (int i = 0; i < count; i++) {
      byte[] key = key();
      byte[] value = random.nextInt(3) == 0 ? null : value();
      if (form == KeyForm.LONG) {
        if (value == null) {
          batch.delete(longOf(key));
        } else {
          batch.put(longOf(key), value);
        }
      } else if (value == null) {
        batch.delete(key);
      } else {
        batch.put(key, value);
      }
      if (value == null) {
        rows.remove(key);
      } else {
        rows.put(key, value);
      }
    }
    try {
      store.write(batch);
    } catch (IOException | RuntimeException e) {
      reset(before);
      throw e;
    }
  }

  byte[] get(AlexStore store, byte[] key) {
    return form == KeyForm.LONG ? store.get(longOf(key)) : store.get(key);
  }

  byte[] get(StoreSnapshot store, byte[] key) {
    return form == KeyForm.LONG ? store.get(longOf(key)) : store.get(key);
  }

  byte[][] getAll(AlexStore store, List<byte[]> wanted) {
    return form == KeyForm.LONG
        ? store.getAll(wanted.stream().mapToLong(StoreModel::longOf).toArray())
        : store.getAll(wanted.toArray(byte[][]::new));
  }

  byte[][] getAll(StoreSnapshot store, List<byte[]> wanted) {
    return form == KeyForm.LONG
        ? store.getAll(wanted.stream().mapToLong(StoreModel::longOf).toArray())
        : store.getAll(wanted.toArray(byte[][]::new));
  }

  /** Random keys, some of them perhaps more than once. */
  List<byte[]> keys(int count) {
    return Stream.generate(this::key).limit(count).toList();
  }

  byte[] getSlice(AlexStore store, byte[] key) {
    ByteBuffer slice = form == KeyForm.LONG ? store.getSlice(longOf(key)) : store.getSlice(key);
    if (slice == null) {
      return null;
    }
    byte[] bytes = new byte[slice.remaining()];
    slice.get(bytes);
    return bytes;
  }

  StoreCursor scan(AlexStore store, byte[] from, byte[] to) {
    return form == KeyForm.LONG ? store.scan(longOf(from), longOf(to)) : store.scan(from, to);
  }

  byte[] keyOf(StoreCursor cursor) {
    return form == KeyForm.LONG ? bytes(cursor.longKey()) : cursor.key();
  }

  /** Asserts that a cursor has just some rows. */
  void assertRows(StoreCursor cursor, Map<byte[], byte[]> expected) {
    try (cursor) {
      for (Map.Entry<byte[], byte[]> row : expected.entrySet()) {
        assertThat(cursor.next()).isTrue();
        assertThat(keyOf(cursor)).isEqualTo(row.getKey());
        assertThat(cursor.value()).isEqualTo(row.getValue());
      }
      assertThat(cursor.next()).isFalse();
    }
  }
}
