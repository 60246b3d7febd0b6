package io.alexstore.io;

import java.io.Closeable;
import java.io.IOException;

/**
 * An open file of a store that cannot be mapped, read by ranges.
 *
 * <p>Thread safety: {@link #read} is safe for any number of threads at once.
 */
public interface RangeReader extends Closeable {

  /**
   * Reads exactly {@code length} bytes.
   *
   * @param position where in the file the bytes start
   * @throws java.io.EOFException if the file ends before
   */
  void read(long position, byte[] target, int offset, int length) throws IOException;

  /**
   * Says that no read is expected for a while: connections and buffers may be given up. Reads are
   * possible afterwards.
   */
  default void rest() {}
}
