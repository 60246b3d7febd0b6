package io.alexstore.benchmarks.store;

import io.alexstore.alex.AlexLongCursor;
import io.alexstore.alex.AlexLongMap;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * An index of our own over RocksDB, one of the designs that the project began with: an updatable
 * ALEX in memory leads from a key to a number, which counts the keys in the order in which they
 * came; RocksDB, tuned, has the values by their numbers, with the key behind each. To open it reads
 * all rows to build the index anew.
 */
final class AlexRocksMap implements MapEngine {

  private static final long ABSENT = -1;

  private final RocksDbMap values;
  private final AlexLongMap index = new AlexLongMap(ABSENT);
  private byte[] withKey = new byte[0];
  private final byte[] number = new byte[Long.BYTES];
  private long numbers;

  AlexRocksMap(Path directory, long dataBytes) throws RocksDBException {
    values = RocksDbMap.tuned(directory, dataBytes);
    try (RocksIterator rows = values.rows()) {
      for (; rows.isValid(); rows.next()) {
        byte[] value = rows.value();
        long at = ByteBuffer.wrap(rows.key()).getLong() ^ Long.MIN_VALUE;
        index.put(ByteBuffer.wrap(value).getLong(value.length - Long.BYTES), at);
        numbers = at + 1;
      }
      rows.status();
    }
  }

  /** The number of a key, a new one if it has none. */
  private long numberOf(long key) {
    long known = index.get(key);
    return known == ABSENT ? numbers++ : known;
  }

  private byte[] withKey(long key, byte[] value) {
    if (withKey.length != value.length + Long.BYTES) {
      withKey = Arrays.copyOf(value, value.length + Long.BYTES);
    }
    System.arraycopy(value, 0, withKey, 0, value.length);
    ByteBuffer.wrap(withKey).putLong(value.length, key);
    return withKey;
  }

  @Override
  public void load(long key, byte[] value) throws RocksDBException {
    long at = numberOf(key);
    values.load(at, withKey(key, value));
    index.put(key, at);
  }

  @Override
  public void endLoad() throws RocksDBException {
    values.endLoad();
  }

  @Override
  public void put(long key, byte[] value) throws RocksDBException {
    long at = numberOf(key);
    values.put(at, withKey(key, value));
    index.put(key, at);
  }

  @Override
  public boolean get(long key, byte[] target) throws RocksDBException {
    return get(key, number, target);
  }

  private boolean get(long key, byte[] encoded, byte[] target) throws RocksDBException {
    long at = index.get(key);
    return at != ABSENT && values.get(RocksDbMap.encode(at, encoded), target);
  }

  @Override
  public long range(long from, int count, byte[] target) throws RocksDBException {
    AlexLongCursor keys = index.cursor(from);
    long sum = 0;
    for (int i = 0; i < count && keys.next(); i++) {
      if (!values.get(RocksDbMap.encode(keys.value(), number), target)) {
        throw new IllegalStateException("no value for key " + keys.key());
      }
      sum += keys.key();
    }
    return sum;
  }

  @Override
  public Reader reader() {
    byte[] encoded = new byte[Long.BYTES];
    return new Reader() {
      @Override
      public boolean get(long key, byte[] target) throws RocksDBException {
        return AlexRocksMap.this.get(key, encoded, target);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void compact() throws RocksDBException {
    values.compact();
  }

  @Override
  public String describe() {
    return index.stats() + "; " + values.describe();
  }

  @Override
  public void close() {
    values.close();
  }
}
