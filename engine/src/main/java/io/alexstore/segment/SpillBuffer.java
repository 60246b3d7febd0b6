package io.alexstore.segment;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.io.FileOutput;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.io.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Bytes that are appended and then read back: on the heap while they are few, in a temporary file
 * beyond. Little-endian. Not thread-safe; {@link #close} deletes the file.
 */
final class SpillBuffer implements AutoCloseable {

  /** How many bytes are held on the heap at most. */
  static final int HEAP_LIMIT = 1 << 20;

  private final FileStore store;
  private final String directory;
  private ByteBuffer heap = allocate(1 << 12);
  private long spilled;
  private String path;
  private FileOutput output;
  private MappedFile map;

  /**
   * An empty buffer.
   *
   * @param store where the temporary file goes; should be local
   * @param directory an existing directory of that store
   */
  SpillBuffer(FileStore store, String directory) {
    this.store = store;
    this.directory = directory;
  }

  private static ByteBuffer allocate(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The number of bytes appended. */
  long size() {
    return spilled + heap.position();
  }

  /** The bytes of heap in use. */
  int heapBytes() {
    return heap.capacity();
  }

  void putInt(int value) throws IOException {
    reserve(Integer.BYTES);
    heap.putInt(value);
  }

  void putLong(long value) throws IOException {
    reserve(Long.BYTES);
    heap.putLong(value);
  }

  /** Appends the {@code width} low bytes of a number, the lowest first. */
  void putWord(long value, int width) throws IOException {
    reserve(Long.BYTES);
    heap.putLong(heap.position(), value);
    heap.position(heap.position() + width);
  }

  void put(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      int step = Math.min(left, HEAP_LIMIT / 2);
      reserve(step);
      heap.put(bytes, from, step);
      from += step;
      left -= step;
    }
  }

  private void reserve(int count) throws IOException {
    if (heap.remaining() >= count) {
      return;
    }
    if (heap.capacity() < HEAP_LIMIT) {
      int capacity = Math.min(HEAP_LIMIT, Math.max(heap.capacity() * 2, heap.position() + count));
      ByteBuffer larger = allocate(capacity);
      larger.put(heap.flip());
      heap = larger;
      if (heap.remaining() >= count) {
        return;
      }
    }
    flush();
  }

  private void flush() throws IOException {
    if (output == null) {
      path = FilePaths.temporary(FilePaths.resolve(directory, "alexstore-spill"));
      output = store.create(path);
    }
    spilled += heap.position();
    output.write(heap.flip());
    heap.clear();
  }

  /** Ends the appending and gives all bytes, which are good until {@link #close}. */
  BlockBytes finish() throws IOException {
    if (output == null) {
      byte[] bytes = new byte[heap.position()];
      heap.get(0, bytes);
      return BlockBytes.unchecked(ByteBuffer.wrap(bytes));
    }
    flush();
    output.close();
    heap = allocate(0);
    map = store.map(path);
    return BlockBytes.unchecked(map.buffer());
  }

  /** Deletes the bytes. Does not throw: what is left over is a temporary file. */
  @Override
  public void close() {
    heap = allocate(0);
    if (map != null) {
      map.close();
      map = null;
    }
    if (output != null) {
      output.abort();
      output = null;
      try {
        store.delete(path);
      } catch (IOException e) {
        // A temporary file in a temporary directory; the write itself may still succeed.
      }
    }
  }
}
