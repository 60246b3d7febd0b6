package io.alexstore.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A lock of the operating system on a local file. Of this process it is remembered which files are
 * locked: on POSIX systems closing any channel of a file gives up the process's locks on it, so one
 * that is locked must not be opened again.
 */
final class LocalFileLock implements FileLock {

  /** Files by their real paths; guarded by itself. */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path file;
  private final FileChannel channel;
  private boolean closed;

  private LocalFileLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static Optional<FileLock> tryLock(Path path) throws IOException {
    Path file = path.toAbsolutePath().getParent().toRealPath().resolve(path.getFileName());
    synchronized (HELD) {
      if (HELD.contains(file)) {
        return Optional.empty();
      }
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() == null) {
          channel.close();
          return Optional.empty();
        }
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
      HELD.add(file);
      return Optional.of(new LocalFileLock(file, channel));
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      if (!closed) {
        closed = true;
        HELD.remove(file);
        channel.close();
      }
    }
  }
}
