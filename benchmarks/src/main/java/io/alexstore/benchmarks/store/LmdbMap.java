package io.alexstore.benchmarks.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.lmdbjava.ByteBufferProxy;
import org.lmdbjava.CopyFlags;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.PutFlags;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/**
 * LMDB with a writable map and without syncs, integer keys, no read-ahead, values read in place
 * through Unsafe. A bulk load commits every 10,000 rows, and appends where keys ascend; other
 * writes commit one by one. A read transaction is kept until the next write. Compaction: the copy
 * that LMDB makes for that, in the place of the original.
 */
final class LmdbMap implements MapEngine {

  private static final int BATCH = 10_000;

  private final Path directory;
  private final long mapBytes;
  private Env<ByteBuffer> env;
  private Dbi<ByteBuffer> db;
  private Txn<ByteBuffer> read;
  private boolean reading;
  private final ByteBuffer key = newKey();
  private ByteBuffer value = ByteBuffer.allocateDirect(0);
  private Txn<ByteBuffer> bulk;
  private int inBulk;

  LmdbMap(Path directory, long dataBytes) {
    this.directory = directory;
    this.mapBytes = dataBytes * 4 + (256L << 20);
    open();
  }

  private void open() {
    env =
        Env.create(ByteBufferProxy.PROXY_OPTIMAL)
            .setMapSize(mapBytes)
            .setMaxDbs(1)
            .open(
                directory.toFile(),
                EnvFlags.MDB_WRITEMAP,
                EnvFlags.MDB_NOSYNC,
                EnvFlags.MDB_NORDAHEAD,
                // A reader's slot is of its transaction, not of the thread that began it.
                EnvFlags.MDB_NOTLS);
    db = env.openDbi("data", DbiFlags.MDB_CREATE, DbiFlags.MDB_INTEGERKEY);
    read = env.txnRead();
    read.reset();
  }

  private static ByteBuffer newKey() {
    return ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
  }

  /** LMDB compares machine words without sign. */
  private static ByteBuffer encode(long wanted, ByteBuffer into) {
    return into.putLong(0, wanted ^ Long.MIN_VALUE);
  }

  private ByteBuffer encode(byte[] bytes) {
    if (value.capacity() != bytes.length) {
      value = ByteBuffer.allocateDirect(bytes.length);
    }
    return value.put(0, bytes);
  }

  @Override
  public void load(long wanted, byte[] bytes) {
    loadWith(wanted, bytes);
  }

  @Override
  public void loadAscending(long wanted, byte[] bytes) {
    loadWith(wanted, bytes, PutFlags.MDB_APPEND);
  }

  private void loadWith(long wanted, byte[] bytes, PutFlags... flags) {
    if (bulk == null) {
      bulk = env.txnWrite();
    }
    db.put(bulk, encode(wanted, key), encode(bytes), flags);
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
      db.put(txn, encode(wanted, key), encode(bytes));
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
    return get(read, encode(wanted, key), target);
  }

  private boolean get(Txn<ByteBuffer> txn, ByteBuffer encoded, byte[] target) {
    ByteBuffer found = db.get(txn, encoded);
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
    try (Cursor<ByteBuffer> rows = db.openCursor(read)) {
      boolean found = rows.get(encode(from, key), GetOp.MDB_SET_RANGE);
      for (int i = 0; i < count && found; i++) {
        rows.val().get(0, target);
        sum += rows.key().order(ByteOrder.nativeOrder()).getLong(0) ^ Long.MIN_VALUE;
        found = i + 1 < count && rows.seek(SeekOp.MDB_NEXT);
      }
    }
    return sum;
  }

  @Override
  public Reader reader() {
    Txn<ByteBuffer> own = env.txnRead();
    own.reset();
    ByteBuffer encoded = newKey();
    return new Reader() {
      @Override
      public boolean get(long wanted, byte[] target) {
        own.renew(); // To see the last write.
        try {
          return LmdbMap.this.get(own, encode(wanted, encoded), target);
        } finally {
          own.reset();
        }
      }

      @Override
      public void close() {
        own.close();
      }
    };
  }

  @Override
  public void compact() throws IOException {
    endRead();
    Path copy = Files.createDirectory(directory.resolve("copy"));
    env.copy(copy.toFile(), CopyFlags.MDB_CP_COMPACT);
    close();
    Files.move(
        copy.resolve("data.mdb"),
        directory.resolve("data.mdb"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.delete(copy);
    open();
  }

  @Override
  public void close() {
    endLoad();
    endRead();
    read.close();
    env.close();
  }
}
