package io.alexstore.testkit;

import io.alexstore.io.FileOutput;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.MappedFile;
import io.alexstore.io.RangeReader;
import io.alexstore.io.ReadStatistics;
import io.alexstore.io.RemoteMap;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The local file system, pretending to be remote: files are mapped by ranged reads into a cache,
 * and the reads are counted.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class RemoteFileStore implements FileStore {

  private final FileStore store;
  private final RemoteMap.Options options;
  private final ReadStatistics statistics = new ReadStatistics();
  private final AtomicInteger readsUnderWay = new AtomicInteger();
  private final AtomicInteger mostReadsAtOnce = new AtomicInteger();
  private final AtomicInteger openFiles = new AtomicInteger();
  private volatile boolean slow;

  /**
   * Wraps a local store.
   *
   * @param directory for cache files
   * @param pageSize the least that is read at once, in bytes
   */
  public RemoteFileStore(FileStore store, Path directory, int pageSize) {
    this.store = store;
    this.options = new RemoteMap.Options(directory, pageSize);
  }

  /** Makes each read take a millisecond more, as one over a network does. */
  public RemoteFileStore slow() {
    slow = true;
    return this;
  }

  private void pause() {
    if (slow) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The most reads that were under way at the same time. */
  public int mostReadsAtOnce() {
    return mostReadsAtOnce.get();
  }

  /** The number of files that maps have open. */
  public int openFiles() {
    return openFiles.get();
  }

  /** What was read through maps. */
  public ReadStatistics statistics() {
    return statistics;
  }

  @Override
  public MappedFile map(String path) throws IOException {
    int size = (int) store.size(path);
    RandomAccessFile file = new RandomAccessFile(path, "r");
    openFiles.incrementAndGet();
    RangeReader reader =
        new RangeReader() {
          @Override
          public void read(long position, byte[] target, int offset, int length)
              throws IOException {
            if (position + length > size) {
              throw new EOFException(path + " has " + size + " bytes");
            }
            mostReadsAtOnce.accumulateAndGet(readsUnderWay.incrementAndGet(), Math::max);
            try {
              pause();
              synchronized (file) {
                file.seek(position);
                file.readFully(target, offset, length);
              }
            } finally {
              readsUnderWay.decrementAndGet();
            }
          }

          @Override
          public void close() throws IOException {
            openFiles.decrementAndGet();
            file.close();
          }
        };
    return RemoteMap.open(path, size, reader, options, statistics);
  }

  @Override
  public FileOutput create(String path) throws IOException {
    return store.create(path);
  }

  @Override
  public byte[] readFully(String path, int maxBytes) throws IOException {
    return store.readFully(path, maxBytes);
  }

  @Override
  public boolean exists(String path) throws IOException {
    return store.exists(path);
  }

  @Override
  public long size(String path) throws IOException {
    return store.size(path);
  }

  @Override
  public List<FileStatus> list(String directory) throws IOException {
    return store.list(directory);
  }

  @Override
  public void createDirectories(String directory) throws IOException {
    store.createDirectories(directory);
  }

  @Override
  public boolean delete(String path) throws IOException {
    return store.delete(path);
  }

  @Override
  public void move(String directory, String to) throws IOException {
    store.move(directory, to);
  }

  @Override
  public boolean publish(String path, byte[] content) throws IOException {
    return store.publish(path, content);
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    store.syncDirectory(directory);
  }
}
