package io.alexstore.store;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Random;

/**
 * A program that writes to a store until it is killed, and tells its parent, by its standard
 * output, what it is about to write and what is durable. Value {@code n} of a key is made of both,
 * so the parent knows it from the number.
 *
 * <p>Arguments: the store's directory, a seed, the number of the first write, and for each write
 * how often it syncs.
 */
final class Journal {

  static final byte WRITES = 1;
  static final byte SYNCED = 2;

  static final int KEYS = 500;

  private Journal() {}

  /** The key of a write. */
  static long key(long seed, long write) {
    return new Random(seed ^ write * 0x9e3779b97f4a7c15L).nextInt(KEYS);
  }

  /** How many writes belong to one batch with this as the first: 1 for most. */
  static int batch(long seed, long write) {
    Random random = new Random(seed + write);
    return random.nextInt(10) == 0 ? 2 + random.nextInt(20) : 1;
  }

  /** The value of a write; null if it is a deletion. */
  static byte[] value(long seed, long write) {
    Random random = new Random(seed * 31 + write);
    if (random.nextInt(5) == 0) {
      return null;
    }
    byte[] value = new byte[8 + random.nextInt(400)];
    random.nextBytes(value);
    for (int i = 0; i < 8; i++) {
      value[i] = (byte) (write >>> (8 * i));
    }
    return value;
  }

  /** Writes until the process is killed. */
  public static void main(String[] args) throws IOException {
    long seed = Long.parseLong(args[1]);
    long write = Long.parseLong(args[2]);
    StoreOptions options =
        StoreOptions.defaults().withMemoryBudget(512 << 10).withMaxLevels(2).withRetention(0);
    Random random = new Random(seed + write);
    AlexStore store = AlexStore.open(Path.of(args[0]), options);
    OutputStream raw = System.out;
    try (DataOutputStream parent = new DataOutputStream(raw)) {
      while (true) {
        int count = batch(seed, write);
        tell(parent, WRITES, write + count);
        if (count == 1) {
          byte[] value = value(seed, write);
          if (value == null) {
            store.delete(key(seed, write));
          } else {
            store.put(key(seed, write), value);
          }
        } else {
          WriteBatch batch = new WriteBatch();
          for (int i = 0; i < count; i++) {
            byte[] value = value(seed, write + i);
            if (value == null) {
              batch.delete(key(seed, write + i));
            } else {
              batch.put(key(seed, write + i), value);
            }
          }
          store.write(batch);
        }
        write += count;
        int draw = random.nextInt(1000);
        if (draw < 20) {
          store.sync();
          tell(parent, SYNCED, write);
        } else if (draw < 24) {
          store.flush();
          tell(parent, SYNCED, write);
        }
      }
    }
  }

  private static void tell(DataOutputStream parent, byte what, long upTo) throws IOException {
    parent.writeByte(what);
    parent.writeLong(upTo);
    parent.flush();
  }
}
