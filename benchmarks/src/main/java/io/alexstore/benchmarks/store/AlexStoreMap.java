package io.alexstore.benchmarks.store;

import io.alexstore.store.AlexStore;
import io.alexstore.store.StoreCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The embedded store by its defaults; values are read where they stand, and copied from there. */
final class AlexStoreMap implements MapEngine {

  private final AlexStore store;

  AlexStoreMap(Path directory) throws IOException {
    store = AlexStore.open(directory);
  }

  @Override
  public void endLoad() {
    // Each row was in the log, and visible, when put returned.
  }

  @Override
  public void put(long key, byte[] value) throws IOException {
    store.put(key, value);
  }

  @Override
  public boolean get(long key, byte[] target) {
    ByteBuffer value = store.getSlice(key);
    if (value == null) {
      return false;
    }
    value.get(0, target);
    return true;
  }

  @Override
  public long range(long from, int count, byte[] target) {
    long sum = 0;
    try (StoreCursor rows = store.scan(from, Long.MAX_VALUE)) {
      for (int i = 0; i < count && rows.next(); i++) {
        rows.valueSlice().get(0, target);
        sum += rows.longKey();
      }
    }
    return sum;
  }

  @Override
  public void compact() throws IOException {
    store.compact();
  }

  @Override
  public String describe() {
    return store.statistics().toString();
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
