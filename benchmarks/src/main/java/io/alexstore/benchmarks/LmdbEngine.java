package io.alexstore.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.lmdbjava.ByteBufferProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.PutFlags;
import org.lmdbjava.Txn;

/**
 * LMDB as its documentation tunes it for this use: integer keys (compared as machine words), loaded
 * in order with APPEND so that pages are full, one read transaction, values read in place from the
 * map through Unsafe, no read-ahead hint. The checks of lmdbjava are off
 * (-Dlmdbjava.disable.checks=true).
 */
final class LmdbEngine implements Engine {

  private static final int LOAD_BATCH = 1 << 20;

  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> db;
  private final Txn<ByteBuffer> txn;
  private final ByteBuffer key = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());

  private LmdbEngine(Env<ByteBuffer> env) {
    this.env = env;
    this.db = env.openDbi("data", DbiFlags.MDB_INTEGERKEY);
    this.txn = env.txnRead();
  }

  static void load(Path directory, long[] keys) {
    long mapSize = (64L << 20) + keys.length * 200L;
    try (Env<ByteBuffer> env =
        Env.create(ByteBufferProxy.PROXY_OPTIMAL)
            .setMapSize(mapSize)
            .setMaxDbs(1)
            .open(directory.toFile(), EnvFlags.MDB_NOSYNC)) {
      Dbi<ByteBuffer> db = env.openDbi("data", DbiFlags.MDB_CREATE, DbiFlags.MDB_INTEGERKEY);
      ByteBuffer key = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
      ByteBuffer value = ByteBuffer.allocateDirect(Data.VALUE_SIZE);
      byte[] bytes = new byte[Data.VALUE_SIZE];
      for (int from = 0; from < keys.length; from += LOAD_BATCH) {
        int to = Math.min(keys.length, from + LOAD_BATCH);
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
          for (int i = from; i < to; i++) {
            key.putLong(0, unsigned(keys[i]));
            Data.value(keys[i], bytes);
            value.put(0, bytes);
            db.put(txn, key, value, PutFlags.MDB_APPEND);
          }
          txn.commit();
        }
      }
      env.sync(true);
    }
  }

  static Engine open(Path directory) {
    return new LmdbEngine(
        Env.create(ByteBufferProxy.PROXY_OPTIMAL)
            .setMapSize(directory.resolve("data.mdb").toFile().length())
            .setMaxDbs(1)
            .open(
                directory.toFile(),
                EnvFlags.MDB_RDONLY_ENV,
                EnvFlags.MDB_NOLOCK,
                EnvFlags.MDB_NORDAHEAD));
  }

  /** LMDB compares machine words without sign. */
  private static long unsigned(long key) {
    return key ^ Long.MIN_VALUE;
  }

  @Override
  public boolean get(long wanted, byte[] target, int offset) {
    key.putLong(0, unsigned(wanted));
    ByteBuffer value = db.get(txn, key);
    if (value == null) {
      return false;
    }
    value.get(0, target, offset, Data.VALUE_SIZE);
    return true;
  }

  @Override
  public void close() {
    txn.close();
    env.close();
  }
}
