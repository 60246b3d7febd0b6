package io.alexstore.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file of a fixed size that is written and read through its map; see {@link FileStore#createLog}.
 *
 * <p>Thread safety: {@link #buffer} and {@link #sync} are safe for any number of threads. Who
 * writes and who reads the bytes meanwhile settle between themselves.
 */
public interface LogFile extends Closeable {

  /** The file's path, as it was given to {@link FileStore#createLog}. */
  String path();

  /**
   * The file's bytes: little-endian, with a position and limit of the caller's own. What is written
   * is seen at once by all who read through a map of the file, and outlives this process; it
   * outlives the machine once it was synced. The buffer may be used after {@link #close}.
   */
  ByteBuffer buffer();

  /**
   * Makes bytes durable. Whether others became so, too, is not said. After a failure nothing is
   * known of the bytes, and a later success proves nothing: the caller must give the file up.
   *
   * @param from the first of them
   * @param to the end of them
   */
  void sync(int from, int to) throws IOException;

  /** Gives up what syncs need. Makes nothing durable. */
  @Override
  void close() throws IOException;
}
