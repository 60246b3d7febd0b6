package io.alexstore.benchmarks.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with its write-ahead log on, and no sync for each write. Tuned: bloom filters, hash
 * indexes in data blocks, a block cache larger than the data, memtables of 64 MB, no compression.
 * Or by its defaults.
 */
final class RocksDbMap implements MapEngine {

  private final RocksDB db;
  private final WriteOptions writeOptions = new WriteOptions();
  private final byte[] key = new byte[8];

  static {
    RocksDB.loadLibrary();
  }

  private RocksDbMap(Path directory, Options options) throws RocksDBException {
    db = RocksDB.open(options.setCreateIfMissing(true), directory.toString());
  }

  static MapEngine byDefault(Path directory) throws RocksDBException {
    return new RocksDbMap(directory, new Options());
  }

  static MapEngine tuned(Path directory, long dataBytes) throws RocksDBException {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(new LRUCache(dataBytes * 2 + (64L << 20), 0))
            .setFilterPolicy(new BloomFilter(10, false))
            .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
            .setDataBlockHashTableUtilRatio(0.75);
    Options options =
        new Options()
            .setMaxOpenFiles(-1)
            .setMaxBackgroundJobs(2)
            .setWriteBufferSize(64 << 20)
            .setMaxWriteBufferNumber(4)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setTableFormatConfig(table);
    return new RocksDbMap(directory, options);
  }

  /** RocksDB compares bytes: most significant first, without sign. */
  private byte[] encode(long wanted) {
    ByteBuffer.wrap(key).putLong(wanted ^ Long.MIN_VALUE);
    return key;
  }

  @Override
  public void endLoad() {
    // Each row was in the log, and visible, when put returned.
  }

  @Override
  public void put(long wanted, byte[] value) throws RocksDBException {
    db.put(writeOptions, encode(wanted), value);
  }

  @Override
  public boolean get(long wanted, byte[] target) throws RocksDBException {
    return db.get(encode(wanted), target) == target.length;
  }

  @Override
  public long range(long from, int count, byte[] target) {
    long sum = 0;
    try (RocksIterator rows = db.newIterator()) {
      rows.seek(encode(from));
      ByteBuffer into = ByteBuffer.wrap(target);
      ByteBuffer keyBuffer = ByteBuffer.wrap(new byte[8]);
      for (int i = 0; i < count && rows.isValid(); i++) {
        rows.value(into.clear());
        rows.key(keyBuffer.clear());
        sum += keyBuffer.getLong(0) ^ Long.MIN_VALUE;
        rows.next();
      }
    }
    return sum;
  }

  @Override
  public void compact() throws RocksDBException {
    try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
      db.flush(flush);
    }
    db.compactRange();
  }

  @Override
  public void close() {
    writeOptions.close();
    db.close();
  }
}
