package io.alexstore.benchmarks.store;

import io.alexstore.store.AlexStore;
import io.alexstore.store.StoreCursor;
import io.alexstore.store.StoreOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The embedded store by its defaults; values are read where they stand, and copied from there. A
 * run of given length has replaced segments deleted after 10 seconds, not 10 minutes, since what it
 * replaces would fill the disk.
 */
final class AlexStoreMap implements MapEngine {

  private static final long SHORT_RETENTION_MS = 10_000;

  private final AlexStore store;

  AlexStoreMap(Path directory, Spec spec) throws IOException {
    StoreOptions options = StoreOptions.defaults();
    store =
        AlexStore.open(
            directory, spec.seconds() > 0 ? options.withRetention(SHORT_RETENTION_MS) : options);
  }

  /** The store itself, for what its peers have not. */
  AlexStore store() {
    return store;
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
  public Reader reader() {
    return new Reader() {
      @Override
      public boolean get(long key, byte[] target) {
        return AlexStoreMap.this.get(key, target);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void compact() throws IOException {
    store.compact();
  }

  @Override
  public long liveFileBytes() {
    return store.statistics().segmentBytes();
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
