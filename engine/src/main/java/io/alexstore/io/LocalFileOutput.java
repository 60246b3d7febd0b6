package io.alexstore.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a local file through one direct buffer, so that small writes are cheap.
 *
 * <p>The buffer of a file that is not small holds 2 MiB and is written whole: Linux then keeps the
 * file's fresh pages as huge ones where it can, and a map of it needs one entry of the TLB where it
 * would need 512 (ADR 0008).
 */
final class LocalFileOutput implements FileOutput {

  private static final int FIRST_BUFFER_SIZE = 1 << 16;
  private static final int BUFFER_SIZE = 1 << 21;

  private final String path;
  private final Path file;
  private final FileChannel channel;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(FIRST_BUFFER_SIZE);
  private long flushed;
  private IOException failure;
  private boolean closed;
  // Closed with all its bytes handed to the system, or aborted: nothing is left to undo.
  private boolean completed;

  private LocalFileOutput(String path, Path file, FileChannel channel) {
    this.path = path;
    this.file = file;
    this.channel = channel;
  }

  static LocalFileOutput create(String path, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    return new LocalFileOutput(path, file, channel);
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public long position() {
    return flushed + buffer.position();
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    checkUsable();
    while (source.hasRemaining()) {
      if (!buffer.hasRemaining()) {
        growOrFlush();
      }
      int count = Math.min(buffer.remaining(), source.remaining());
      buffer.put(buffer.position(), source, source.position(), count);
      buffer.position(buffer.position() + count);
      source.position(source.position() + count);
    }
  }

  @Override
  public void sync() throws IOException {
    checkUsable();
    flush();
    try {
      channel.force(true);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private void growOrFlush() throws IOException {
    if (buffer.capacity() < BUFFER_SIZE) {
      buffer = ByteBuffer.allocateDirect(BUFFER_SIZE).put(buffer.flip());
    } else {
      flush();
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        flushed += channel.write(buffer);
      }
    } catch (IOException e) {
      failure = e;
      throw e;
    } finally {
      buffer.clear();
    }
  }

  private void checkUsable() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (failure != null) {
      throw unusable();
    }
  }

  private IOException unusable() {
    return new IOException(
        "Cannot go on writing " + path + ": an earlier write or sync failed", failure);
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (channel) {
      if (failure != null) {
        throw unusable();
      }
      flush();
    }
    completed = true;
  }

  @Override
  public void abort() {
    if (completed) {
      return;
    }
    closed = true;
    completed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // The file is deleted next; nobody cares for its bytes.
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // What is left over is named by no snapshot, so nobody reads it.
    }
  }
}
