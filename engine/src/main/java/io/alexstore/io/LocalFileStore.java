package io.alexstore.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The local file system, by {@code java.nio}, on systems whose directories can be fsynced (Linux,
 * macOS).
 *
 * <p>Publication needs hard links. On a file system that has none (FAT, some network and container
 * mounts) it fails with an error that says so; there is no portable way left to publish without
 * overwriting.
 *
 * <p>Thread safety: safe for any number of threads; it has no state.
 */
public final class LocalFileStore implements LinkingFileStore {

  /** The only one. */
  public static final LocalFileStore INSTANCE = new LocalFileStore();

  private LocalFileStore() {}

  /**
   * The local path that a string stands for: itself if it has no scheme, else what follows {@code
   * file:}, percent-decoded. A {@code file:} string that is no legal URI, or that holds a raw '?'
   * or '#', was never encoded and is taken as it stands.
   *
   * @throws IllegalArgumentException if it is no local path
   */
  public static Path toPath(String path) {
    try {
      return Path.of(localName(path));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("Not a local path: '" + path + "': " + e.getMessage(), e);
    }
  }

  private static String localName(String path) {
    String scheme = FileStores.scheme(path);
    if (path.isEmpty() || (!scheme.isEmpty() && !scheme.equals("file"))) {
      throw new IllegalArgumentException("Not a local path: '" + path + "'");
    }
    if (scheme.isEmpty()) {
      return path;
    }
    String rest = path.substring("file:".length());
    String host = "";
    if (rest.startsWith("//")) {
      int end = rest.indexOf('/', 2);
      host = rest.substring(2, end < 0 ? rest.length() : end);
      rest = end < 0 ? "" : rest.substring(end);
    }
    if (!rest.startsWith("/") || (!host.isEmpty() && !host.equals("localhost"))) {
      throw new IllegalArgumentException(
          "Not a local path: '" + path + "'. Write file:/absolute/path or file:///absolute/path");
    }
    try {
      URI uri = new URI("file://" + rest);
      return uri.getRawQuery() == null && uri.getRawFragment() == null ? uri.getPath() : rest;
    } catch (URISyntaxException e) {
      return rest;
    }
  }

  @Override
  public FileOutput create(String path) throws IOException {
    return LocalFileOutput.create(path, toPath(path));
  }

  @Override
  public MappedFile map(String path) throws IOException {
    try (FileChannel channel = FileChannel.open(toPath(path), StandardOpenOption.READ)) {
      int size = FileSizes.checkMappable(path, channel.size());
      MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
      return new MappedFile(path, buffer);
    }
  }

  @Override
  public byte[] readFully(String path, int maxBytes) throws IOException {
    Path file = toPath(path);
    try (InputStream input = Files.newInputStream(file)) {
      int size = FileSizes.checkReadable(path, Files.size(file), maxBytes);
      byte[] content = input.readNBytes(size);
      if (content.length != size) {
        throw new EOFException(
            path
                + " ended after "
                + content.length
                + " of its "
                + size
                + " bytes: it was truncated while it was read");
      }
      return content;
    }
  }

  @Override
  public boolean exists(String path) throws IOException {
    try {
      Files.readAttributes(toPath(path), BasicFileAttributes.class);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public long size(String path) throws IOException {
    return Files.size(toPath(path));
  }

  @Override
  public List<FileStatus> list(String directory) throws IOException {
    List<FileStatus> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(toPath(directory))) {
      for (Path entry : stream) {
        try {
          var attributes = Files.readAttributes(entry, BasicFileAttributes.class);
          entries.add(
              new FileStatus(
                  entry.getFileName().toString(),
                  attributes.size(),
                  attributes.lastModifiedTime().toMillis(),
                  attributes.isDirectory()));
        } catch (NoSuchFileException e) {
          // Deleted while the directory was listed.
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.comparing(FileStatus::name));
    return List.copyOf(entries);
  }

  @Override
  public void createDirectories(String directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    Path path = toPath(directory).toAbsolutePath().normalize();
    while (path != null && !Files.exists(path)) {
      missing.push(path);
      path = path.getParent();
    }
    for (Path next : missing) {
      try {
        Files.createDirectory(next);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(next)) {
          throw e;
        }
      }
      sync(next.getParent());
    }
    if (!Files.isDirectory(toPath(directory))) {
      throw new NotDirectoryException(directory);
    }
  }

  @Override
  public boolean delete(String path) throws IOException {
    return Files.deleteIfExists(toPath(path));
  }

  @Override
  public void move(String directory, String to) throws IOException {
    Path target = toPath(to);
    // A rename would replace an empty directory.
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(to);
    }
    try {
      Files.move(toPath(directory), target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      // Taken in between: the system calls that a directory which is not empty.
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        FileAlreadyExistsException taken = new FileAlreadyExistsException(to);
        taken.initCause(e);
        throw taken;
      }
      throw e;
    }
  }

  @Override
  public boolean link(String existing, String path) throws IOException {
    try {
      Files.createLink(toPath(path), toPath(existing));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (NoSuchFileException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      throw new IOException(
          "Cannot publish "
              + path
              + ": the file system refused a hard link ("
              + e.getMessage()
              + "). A table must lie on a file system with hard links, such as ext4, xfs, btrfs,"
              + " zfs, APFS or NFS, and its directory must be writable.",
          e);
    }
  }

  @Override
  public boolean isSameFile(String path, String other) throws IOException {
    Path one = toPath(path);
    Path two = toPath(other);
    return Files.exists(one, LinkOption.NOFOLLOW_LINKS)
        && Files.exists(two, LinkOption.NOFOLLOW_LINKS)
        && Files.isSameFile(one, two);
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    sync(toPath(directory));
  }

  @Override
  public LogFile createLog(String path, int size) throws IOException {
    return LocalLogFile.create(path, toPath(path), size);
  }

  @Override
  public void syncLog(String path) throws IOException {
    try (FileChannel channel = FileChannel.open(toPath(path), StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  @Override
  public Optional<FileLock> tryLock(String path) throws IOException {
    return LocalFileLock.tryLock(toPath(path));
  }

  /**
   * An interrupt closes a channel. A directory is synced at the end of a commit, where giving up
   * halfway would leave its outcome unknown for nothing; so the sync is repeated and the interrupt
   * kept for later.
   */
  private static void sync(Path directory) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
