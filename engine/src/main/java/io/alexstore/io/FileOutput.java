package io.alexstore.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A new file that is being written, from its first byte to its last.
 *
 * <p>Use: write, {@link #sync}, {@link #close}; on any failure, {@link #abort}. After a write or a
 * sync has failed, the file's content is not known, and every further write or sync fails too: a
 * later fsync that succeeds would prove nothing about pages that an earlier one lost.
 *
 * <p>Thread safety: none; one thread at a time.
 */
public interface FileOutput extends Closeable {

  /** The file's path, as it was given to {@link FileStore#create}. */
  String path();

  /** The number of bytes written so far: where the next byte will stand. */
  long position();

  /** Appends the buffer's remaining bytes and moves its position to its limit. */
  void write(ByteBuffer source) throws IOException;

  /** Appends {@code length} bytes of an array. */
  default void write(byte[] source, int offset, int length) throws IOException {
    write(ByteBuffer.wrap(source, offset, length));
  }

  /** Appends an array. */
  default void write(byte[] source) throws IOException {
    write(source, 0, source.length);
  }

  /** Makes everything written so far durable (fsync). The name is not: see {@link FileStore}. */
  void sync() throws IOException;

  /**
   * Completes the file. Does not make it durable. Closing again, or after {@link #abort}, does
   * nothing.
   */
  @Override
  void close() throws IOException;

  /**
   * Gives the file up: closes it and deletes it, as far as possible, without throwing. After a
   * {@link #close} that succeeded it does nothing, since others may know the file then.
   */
  void abort();
}
