package io.alexstore.benchmarks.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.AbstractImmutableNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with its write-ahead log on, and no sync for each write. Tuned: bloom filters for blocks
 * and memtables, hash indexes in data blocks, a block cache larger than the data, memtables of 64
 * MB, no compression. Or by its defaults. A bulk load writes batches of 1,000 rows, other writes go
 * one by one.
 */
final class RocksDbMap implements MapEngine {

  private static final int BATCH = 1_000;

  private final RocksDB db;
  private final List<AbstractImmutableNativeReference> owned;
  private final WriteOptions writeOptions = new WriteOptions();
  private final ReadOptions readOptions = new ReadOptions();
  private final WriteBatch batch = new WriteBatch();
  private final byte[] key = new byte[Long.BYTES];

  static {
    RocksDB.loadLibrary();
  }

  private RocksDbMap(Path directory, Options options, AbstractImmutableNativeReference... parts)
      throws RocksDBException {
    db = RocksDB.open(options.setCreateIfMissing(true), directory.toString());
    owned = List.of(parts);
  }

  static RocksDbMap byDefault(Path directory) throws RocksDBException {
    Options options = new Options();
    return new RocksDbMap(directory, options, options);
  }

  static RocksDbMap tuned(Path directory, long dataBytes) throws RocksDBException {
    LRUCache cache = new LRUCache(dataBytes * 3 + (64L << 20));
    BloomFilter filter = new BloomFilter(10, false);
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(filter)
            .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
            .setDataBlockHashTableUtilRatio(0.75);
    Options options =
        new Options()
            .setMaxOpenFiles(-1)
            .setMaxBackgroundJobs(2)
            .setWriteBufferSize(64 << 20)
            .setMaxWriteBufferNumber(4)
            .setMemtableWholeKeyFiltering(true)
            .setMemtablePrefixBloomSizeRatio(0.1)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setTableFormatConfig(table);
    return new RocksDbMap(directory, options, options, filter, cache);
  }

  /** RocksDB compares bytes: most significant first, without sign. */
  static byte[] encode(long wanted, byte[] into) {
    ByteBuffer.wrap(into).putLong(wanted ^ Long.MIN_VALUE);
    return into;
  }

  @Override
  public void load(long wanted, byte[] value) throws RocksDBException {
    batch.put(encode(wanted, key), value);
    if (batch.count() == BATCH) {
      endLoad();
    }
  }

  @Override
  public void endLoad() throws RocksDBException {
    db.write(writeOptions, batch);
    batch.clear();
  }

  @Override
  public void put(long wanted, byte[] value) throws RocksDBException {
    db.put(writeOptions, encode(wanted, key), value);
  }

  @Override
  public boolean get(long wanted, byte[] target) throws RocksDBException {
    return get(encode(wanted, key), target);
  }

  /** Copies the first bytes of a value, as many as there is room for. Any thread. */
  boolean get(byte[] encoded, byte[] target) throws RocksDBException {
    return db.get(readOptions, encoded, target) != RocksDB.NOT_FOUND;
  }

  @Override
  public long range(long from, int count, byte[] target) {
    long sum = 0;
    try (RocksIterator rows = db.newIterator(readOptions)) {
      rows.seek(encode(from, key));
      ByteBuffer into = ByteBuffer.wrap(target);
      ByteBuffer keyBuffer = ByteBuffer.wrap(new byte[Long.BYTES]);
      for (int i = 0; i < count && rows.isValid(); i++) {
        rows.value(into.clear());
        rows.key(keyBuffer.clear());
        sum += keyBuffer.getLong(0) ^ Long.MIN_VALUE;
        rows.next();
      }
    }
    return sum;
  }

  /** All rows, in the order of their keys. */
  RocksIterator rows() {
    RocksIterator rows = db.newIterator(readOptions);
    rows.seekToFirst();
    return rows;
  }

  @Override
  public Reader reader() {
    byte[] encoded = new byte[Long.BYTES];
    return new Reader() {
      @Override
      public boolean get(long wanted, byte[] target) throws RocksDBException {
        return RocksDbMap.this.get(encode(wanted, encoded), target);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void compact() throws RocksDBException {
    try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
      db.flush(flush);
    }
    db.compactRange();
  }

  @Override
  public String describe() {
    try {
      return db.getProperty("rocksdb.levelstats").replace('\n', ';');
    } catch (RocksDBException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    batch.close();
    writeOptions.close();
    readOptions.close();
    db.close();
    owned.forEach(AbstractImmutableNativeReference::close);
  }
}
