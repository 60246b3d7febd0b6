package io.alexstore.io.hadoop;

import io.alexstore.io.FileOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Streams a file to HDFS. The stream below gathers small writes into packets of 64 KiB. */
final class HadoopFileOutput implements FileOutput {

  private static final int COPY_SIZE = 1 << 16;

  private final String path;
  private final FileSystem fs;
  private final Path file;
  private final FSDataOutputStream out;
  // Bytes of buffers outside of the heap go through it; made when first needed.
  private byte[] copy;
  private long position;
  private IOException failure;
  private boolean closed;
  // Closed with all its bytes on the data nodes, or aborted: nothing is left to undo.
  private boolean completed;

  HadoopFileOutput(String path, FileSystem fs, Path file, FSDataOutputStream out) {
    this.path = path;
    this.fs = fs;
    this.file = file;
    this.out = out;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    if (source.hasArray()) {
      write(source.array(), source.arrayOffset() + source.position(), source.remaining());
      source.position(source.limit());
      return;
    }
    if (copy == null) {
      copy = new byte[COPY_SIZE];
    }
    while (source.hasRemaining()) {
      int count = Math.min(copy.length, source.remaining());
      source.get(copy, 0, count);
      write(copy, 0, count);
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    checkUsable();
    try {
      out.write(source, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
    position += length;
  }

  @Override
  public void sync() throws IOException {
    checkUsable();
    try {
      // The current block; those before it were synced when they were completed (SYNC_BLOCK).
      out.hsync();
    } catch (IOException e) {
      failure = e;
      throw e;
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
    if (failure != null) {
      closeQuietly();
      throw unusable();
    }
    out.close();
    completed = true;
  }

  @Override
  public void abort() {
    if (completed) {
      return;
    }
    completed = true;
    try {
      // First, so that the name node ends the lease, and a stream that hangs has nothing to wait
      // for.
      fs.delete(file, false);
    } catch (IOException e) {
      // What is left over is named by no snapshot, so nobody reads it.
    }
    if (!closed) {
      closed = true;
      closeQuietly();
    }
  }

  /** Frees the stream. Whether its last bytes arrive does not matter any more. */
  private void closeQuietly() {
    try {
      out.close();
    } catch (IOException e) {
      // The file is given up.
    }
  }
}
