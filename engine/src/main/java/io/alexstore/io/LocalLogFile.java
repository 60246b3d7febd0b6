package io.alexstore.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A log on the local file system. Its zeros are written before it is mapped: a write through the
 * map of a file with holes, on a full disk, would kill the process.
 */
final class LocalLogFile implements LogFile {

  private static final int ZEROS = 1 << 20;
  private static final int PAGE = 4096;

  private final String path;
  private final MappedByteBuffer map;
  private final LiveMaps.Entry live;

  private LocalLogFile(String path, MappedByteBuffer map) {
    this.path = path;
    this.map = map;
    this.live = LiveMaps.register(map);
  }

  static LocalLogFile create(String path, Path file, int size) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW)) {
      try {
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(size, ZEROS));
        for (int left = size; left > 0; ) {
          left -= channel.write(zeros.clear().limit(Math.min(left, zeros.capacity())));
        }
        MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
        for (int at = 0; at < size; at += PAGE) {
          map.put(at, (byte) 0); // Here, so that who writes later does not wait for the page.
        }
        return new LocalLogFile(path, map);
      } catch (IOException | RuntimeException | Error e) {
        Files.deleteIfExists(file);
        throw e;
      }
    }
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public ByteBuffer buffer() {
    return map.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void sync(int from, int to) throws IOException {
    try {
      map.force(from, to - from);
    } catch (UncheckedIOException e) {
      throw new IOException("Cannot make " + path + " durable: " + e.getMessage(), e);
    }
  }

  /**
   * The collector unmaps the file, and so frees its space if it was deleted, once nobody can read
   * it any more; this sees to it that it does.
   */
  @Override
  public void close() {
    live.closed(false, map.capacity());
  }
}
