package io.alexstore.io.hadoop;

import io.alexstore.error.AlexStoreException;
import io.alexstore.io.FileOutput;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileSizes;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.io.MappedFile;
import io.alexstore.io.RangeReader;
import io.alexstore.io.ReadStatistics;
import io.alexstore.io.RemoteMap;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * HDFS, through Hadoop's {@link FileSystem}.
 *
 * <p>Paths are full URIs ({@code hdfs://nameservice/...}, or {@code viewfs:} with mounts that are
 * HDFS), as {@link Path} prints them: not percent-encoded.
 *
 * <p>Files are mapped by {@link RemoteMap}. A file whose bytes were not all read cannot be read on
 * after it was deleted; then, and when no replica answers, a map throws {@link
 * java.io.UncheckedIOException}.
 *
 * <p>Files are always replicated, also in a directory with an erasure coding policy: a striped file
 * cannot be made durable while it is written, and small reads of it are slow.
 *
 * <p>Thread safety: safe for any number of threads. Every call acts as the user of the thread that
 * makes it; an open map reads as the user who opened it.
 */
public final class HadoopFileStore implements FileStore {

  /**
   * The key of the configuration that names the local directory for cache files of remote maps; the
   * directory for temporary files if it is not set.
   */
  public static final String CACHE_DIRECTORY = "alexstore.cache.dir";

  private final Configuration configuration;
  private final RemoteMap.Options mapOptions;
  private final ReadStatistics statistics = new ReadStatistics();

  /** Loads Hadoop's default configuration once, when it is first needed. */
  private static final class Default {
    static final HadoopFileStore STORE = new HadoopFileStore(new Configuration());
  }

  /**
   * A store with a configuration of its own, such as that of a Spark session.
   *
   * @param configuration says where HDFS is and how to reach it; not to be changed afterwards
   */
  public HadoopFileStore(Configuration configuration) {
    this.configuration = Objects.requireNonNull(configuration, "configuration");
    String directory = configuration.getTrimmed(CACHE_DIRECTORY, "");
    this.mapOptions =
        directory.isEmpty()
            ? RemoteMap.Options.DEFAULT
            : new RemoteMap.Options(java.nio.file.Path.of(directory), RemoteMap.DEFAULT_PAGE_SIZE);
  }

  /** The store with the configuration that Hadoop finds on the class path. */
  static HadoopFileStore ofDefaultConfiguration() {
    return Default.STORE;
  }

  /**
   * The store that a path lies in, for callers that have a configuration: the local one, or a store
   * with this configuration.
   *
   * @param path a local path, or a URI with its scheme
   * @throws AlexStoreException if no store serves the path's scheme
   */
  public static FileStore forPath(String path, Configuration configuration) {
    FileStore store = FileStores.forPath(path);
    return store instanceof HadoopFileStore ? new HadoopFileStore(configuration) : store;
  }

  /** What all maps of this store have read. */
  public ReadStatistics statistics() {
    return statistics;
  }

  private FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(configuration);
  }

  /** A path in the HDFS that holds it: what a view file system shows, by its real name. */
  private record Located(DistributedFileSystem fs, Path path) {}

  private Located locate(String path) throws IOException {
    Path file = new Path(path);
    FileSystem fs = fileSystem(file);
    if (!(fs instanceof DistributedFileSystem)) {
      // The directory exists, the file need not.
      Path directory = fs.resolvePath(file.getParent());
      fs = fileSystem(directory);
      file = new Path(directory, file.getName());
    }
    if (fs instanceof DistributedFileSystem hdfs) {
      return new Located(hdfs, file);
    }
    throw new AlexStoreException(
        "Cannot write "
            + path
            + ": it lies in "
            + file
            + ", and "
            + fs.getClass().getName()
            + " is not known to publish a file atomically without overwriting another. Tables can"
            + " lie on HDFS and on local disks.");
  }

  @Override
  public FileOutput create(String path) throws IOException {
    try {
      Located located = locate(path);
      FSDataOutputStream out =
          located.fs().createFile(located.path()).overwrite(false).syncBlock().replicate().build();
      return new HadoopFileOutput(path, located.fs(), located.path(), out);
    } catch (IOException e) {
      throw HadoopErrors.translate(path, e);
    }
  }

  @Override
  public MappedFile map(String path) throws IOException {
    Path file = new Path(path);
    try {
      FileSystem fs = fileSystem(file);
      int size = FileSizes.checkMappable(path, sizeOf(fs, file));
      if (size == 0) {
        return new MappedFile(path, ByteBuffer.allocate(0));
      }
      return RemoteMap.open(path, size, new StreamReader(fs.open(file)), mapOptions, statistics);
    } catch (IOException e) {
      throw HadoopErrors.translate(path, e);
    }
  }

  private static long sizeOf(FileSystem fs, Path file) throws IOException {
    var status = fs.getFileStatus(file);
    if (status.isDirectory()) {
      throw new IOException(file + " is a directory, not a file");
    }
    return status.getLen();
  }

  /** Positioned reads, which a stream of HDFS serves to many threads at once. */
  private record StreamReader(FSDataInputStream in) implements RangeReader {
    @Override
    public void read(long position, byte[] target, int offset, int length) throws IOException {
      in.readFully(position, target, offset, length);
    }

    /** Gives up what the stream holds of a connection; it makes another when it needs one. */
    @Override
    public void rest() {
      in.unbuffer();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  @Override
  public byte[] readFully(String path, int maxBytes) throws IOException {
    Path file = new Path(path);
    try {
      FileSystem fs = fileSystem(file);
      byte[] content = new byte[FileSizes.checkReadable(path, sizeOf(fs, file), maxBytes)];
      try (FSDataInputStream in = fs.open(file)) {
        in.readFully(0, content);
      }
      return content;
    } catch (IOException e) {
      throw HadoopErrors.translate(path, e);
    }
  }

  @Override
  public boolean exists(String path) throws IOException {
    Path file = new Path(path);
    return fileSystem(file).exists(file);
  }

  @Override
  public long size(String path) throws IOException {
    Path file = new Path(path);
    try {
      return fileSystem(file).getFileStatus(file).getLen();
    } catch (IOException e) {
      throw HadoopErrors.translate(path, e);
    }
  }

  @Override
  public List<FileStatus> list(String directory) throws IOException {
    Path path = new Path(directory);
    FileSystem fs = fileSystem(path);
    List<FileStatus> entries = new ArrayList<>();
    try {
      for (var status : fs.listStatus(path)) {
        // The listing of a file is the file.
        if (status.isFile() && status.getPath().equals(fs.makeQualified(path))) {
          throw new NotDirectoryException(directory);
        }
        entries.add(
            new FileStatus(
                status.getPath().getName(),
                status.getLen(),
                status.getModificationTime(),
                status.isDirectory()));
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    entries.sort(Comparator.comparing(FileStatus::name));
    return List.copyOf(entries);
  }

  @Override
  public void createDirectories(String directory) throws IOException {
    Path path = new Path(directory);
    try {
      if (!fileSystem(path).mkdirs(path)) {
        throw new IOException("Cannot create the directory " + directory);
      }
    } catch (ParentNotDirectoryException e) {
      throw new NotDirectoryException(directory + ": " + e.getMessage());
    } catch (IOException e) {
      throw HadoopErrors.translate(directory, e);
    }
  }

  @Override
  public boolean delete(String path) throws IOException {
    Path file = new Path(path);
    try {
      return fileSystem(file).delete(file, false);
    } catch (IOException e) {
      throw HadoopErrors.translate(path, e);
    }
  }

  @Override
  public void move(String directory, String to) throws IOException {
    try {
      Located source = locate(directory);
      Path target = locate(to).path();
      source.fs().rename(source.path(), target, Options.Rename.NONE);
    } catch (FileNotFoundException e) {
      throw HadoopErrors.translate(directory, e);
    } catch (IOException e) {
      throw HadoopErrors.translate(to, e);
    }
  }

  @Override
  public boolean publish(String path, byte[] content) throws IOException {
    return RenamePublication.publish(this, this::rename, path, content);
  }

  private void rename(String from, String to) throws IOException {
    try {
      Located source = locate(from);
      Path target = new Path(source.path().getParent(), FilePaths.name(to));
      source.fs().rename(source.path(), target, Options.Rename.NONE);
    } catch (IOException e) {
      throw HadoopErrors.translate(to, e);
    }
  }

  /** Does nothing: the name node journals each change of a name before it answers. */
  @Override
  public void syncDirectory(String directory) {}
}
