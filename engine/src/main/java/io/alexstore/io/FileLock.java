package io.alexstore.io;

import java.io.Closeable;
import java.io.IOException;

/** A lock that is held until it is closed; see {@link FileStore#tryLock}. Thread-safe. */
public interface FileLock extends Closeable {

  /** Lets go of the lock. Its file stays. Closing again does nothing. */
  @Override
  void close() throws IOException;
}
