package io.alexstore.benchmarks.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.lmdbjava.ByteBufferProxy;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.KeyRange;
import org.lmdbjava.Txn;

/**
 * LMDB with a writable map and without syncs, integer keys, values read in place through Unsafe. A
 * bulk load commits every 10,000 rows, other writes one by one. A read transaction is kept until
 * the next write.
 */
final class LmdbMap implements MapEngine {

  private static final int BATCH = 10_000;

  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> db;
  private final ByteBuffer key = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
  private ByteBuffer value = ByteBuffer.allocateDirect(0);
  private final Txn<ByteBuffer> read;
  private boolean reading;
  private Txn<ByteBuffer> bulk;
  private int inBulk;

  LmdbMap(Path directory, long dataBytes) {
    env =
        Env.create(ByteBufferProxy.PROXY_OPTIMAL)
            .setMapSize(dataBytes * 4 + (256L << 20))
            .setMaxDbs(1)
            .open(
                directory.toFile(),
                EnvFlags.MDB_WRITEMAP,
                EnvFlags.MDB_NOSYNC,
                EnvFlags.MDB_NORDAHEAD);
    db = env.openDbi("data", DbiFlags.MDB_CREATE, DbiFlags.MDB_INTEGERKEY);
    read = env.txnRead();
    read.reset();
  }

  /** LMDB compares machine words without sign. */
  private ByteBuffer encode(long wanted) {
    return key.putLong(0, wanted ^ Long.MIN_VALUE);
  }

  private ByteBuffer encode(byte[] bytes) {
    if (value.capacity() != bytes.length) {
      value = ByteBuffer.allocateDirect(bytes.length);
    }
    return value.put(0, bytes);
  }

  @Override
  public void load(long wanted, byte[] bytes) {
    if (bulk == null) {
      bulk = env.txnWrite();
    }
    db.put(bulk, encode(wanted), encode(bytes));
    if (++inBulk == BATCH) {
      endLoad();
    }
  }

  @Override
  public void endLoad() {
    if (bulk != null) {
      bulk.commit();
      bulk.close();
      bulk = null;
      inBulk = 0;
    }
  }

  @Override
  public void put(long wanted, byte[] bytes) {
    endRead();
    try (Txn<ByteBuffer> txn = env.txnWrite()) {
      db.put(txn, encode(wanted), encode(bytes));
      txn.commit();
    }
  }

  private void beginRead() {
    if (!reading) {
      read.renew();
      reading = true;
    }
  }

  private void endRead() {
    if (reading) {
      read.reset();
      reading = false;
    }
  }

  @Override
  public boolean get(long wanted, byte[] target) {
    beginRead();
    ByteBuffer found = db.get(read, encode(wanted));
    if (found == null) {
      return false;
    }
    found.get(0, target);
    return true;
  }

  @Override
  public long range(long from, int count, byte[] target) {
    beginRead();
    long sum = 0;
    try (CursorIterable<ByteBuffer> rows = db.iterate(read, KeyRange.atLeast(encode(from)))) {
      int left = count;
      for (CursorIterable.KeyVal<ByteBuffer> row : rows) {
        row.val().get(0, target);
        sum += row.key().order(ByteOrder.nativeOrder()).getLong(0) ^ Long.MIN_VALUE;
        if (--left == 0) {
          break;
        }
      }
    }
    return sum;
  }

  @Override
  public void close() {
    endLoad();
    beginRead();
    read.close();
    env.close();
  }
}
