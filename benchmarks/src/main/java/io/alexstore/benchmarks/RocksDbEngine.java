package io.alexstore.benchmarks;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.EnvOptions;
import org.rocksdb.IndexType;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/**
 * RocksDB tuned for point reads of data that fits memory: bloom filter, hash index in data blocks,
 * a block cache larger than the data, no compression, one sorted level of ingested files, checksums
 * verified when a block enters the cache.
 */
final class RocksDbEngine implements Engine {

  private static final int KEYS_PER_FILE = 2_000_000;

  private final RocksDB db;
  private final Options options;
  private final ReadOptions readOptions;
  private final LRUCache cache;
  private final byte[] key = new byte[8];
  private final byte[] value = new byte[Data.VALUE_SIZE];

  static {
    RocksDB.loadLibrary();
  }

  private RocksDbEngine(Path directory) throws RocksDBException {
    long dataBytes = Data.bytesOnDisk(directory);
    this.cache = new LRUCache(dataBytes * 5 / 4 + (64L << 20), 0);
    this.options = options(cache);
    this.readOptions = new ReadOptions();
    this.db = RocksDB.openReadOnly(options, directory.resolve("db").toString());
  }

  private static Options options(LRUCache cache) {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(new BloomFilter(10, false))
            .setIndexType(IndexType.kBinarySearch)
            .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
            .setDataBlockHashTableUtilRatio(0.75)
            .setBlockSize(4096)
            .setCacheIndexAndFilterBlocks(false);
    return new Options()
        .setCreateIfMissing(true)
        .setMaxOpenFiles(-1)
        .setCompressionType(CompressionType.NO_COMPRESSION)
        .setTableFormatConfig(table);
  }

  static void load(Path directory, long[] keys) {
    try (LRUCache cache = new LRUCache(64L << 20);
        Options options = options(cache);
        EnvOptions env = new EnvOptions();
        RocksDB db = RocksDB.open(options, directory.resolve("db").toString());
        IngestExternalFileOptions ingest = new IngestExternalFileOptions().setMoveFiles(true)) {
      List<String> files = new ArrayList<>();
      byte[] key = new byte[8];
      byte[] value = new byte[Data.VALUE_SIZE];
      for (int from = 0; from < keys.length; from += KEYS_PER_FILE) {
        int to = Math.min(keys.length, from + KEYS_PER_FILE);
        String file = directory.resolve("load-" + from + ".sst").toString();
        try (SstFileWriter writer = new SstFileWriter(env, options)) {
          writer.open(file);
          for (int i = from; i < to; i++) {
            encode(keys[i], key);
            Data.value(keys[i], value);
            writer.put(key, value);
          }
          writer.finish();
        }
        files.add(file);
      }
      db.ingestExternalFile(files, ingest);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  static Engine open(Path directory) {
    try {
      return new RocksDbEngine(directory);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  /** RocksDB compares bytes: most significant first, without sign. */
  private static void encode(long key, byte[] target) {
    ByteBuffer.wrap(target).putLong(key ^ Long.MIN_VALUE);
  }

  @Override
  public boolean get(long wanted, byte[] target, int offset) {
    encode(wanted, key);
    try {
      if (offset == 0 && target.length == Data.VALUE_SIZE) {
        return db.get(readOptions, key, target) == Data.VALUE_SIZE;
      }
      boolean found = db.get(readOptions, key, value) == Data.VALUE_SIZE;
      System.arraycopy(value, 0, target, offset, Data.VALUE_SIZE);
      return found;
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    db.close();
    readOptions.close();
    options.close();
    cache.close();
  }
}
