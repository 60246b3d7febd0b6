package io.alexstore.testkit;

import io.alexstore.io.FileLock;
import io.alexstore.io.FileOutput;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.LinkingFileStore;
import io.alexstore.io.LogFile;
import io.alexstore.io.MappedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Files in memory that tell what is durable from what is not, and a crash that loses any of the
 * latter.
 *
 * <p>The model is weaker than most file systems, as a program must be that runs on all of them:
 * bytes are durable up to the file's last sync, names up to the directory's last sync. Of unsynced
 * bytes a crash keeps any sectors of 512 bytes and leaves zeros for the rest, at any length; of
 * unsynced changes of names it keeps any, in any order across names, but for one name in order. A
 * move is one change of two names, kept whole or not at all; moves are kept in the order in which
 * they were made, as by a file system with a journal. Of a log, which is written through its map, a
 * crash keeps any of the sectors that were written since they were synced.
 *
 * <p>To stop a program at its Nth operation, wrap this in a {@link FaultInjectingFileStore} with
 * {@link FaultPlan#stopAt}; {@link CrashSweep} does that for every N.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class CrashSimulatingFileStore implements LinkingFileStore {

  private static final int SECTOR = 512;

  /** The number of the move of a change that is half of none. */
  private static final long NO_MOVE = 0;

  private sealed interface Node {}

  private static final class File implements Node {
    final Bytes bytes = new Bytes();
    int durable;
    long modified;
  }

  /** A log: of what was written through the map since its last sync a crash keeps any sectors. */
  private static final class Log implements Node {
    final byte[] live;
    final byte[] durable;
    // Up to here the file was synced, so that it is no shorter.
    int durableEnd;
    long modified;

    Log(byte[] bytes) {
      live = bytes;
      durable = bytes.clone();
    }
  }

  /** Gives access to a prefix without copying all. */
  private static final class Bytes extends ByteArrayOutputStream {
    byte[] prefix(int length) {
      return Arrays.copyOf(buf, length);
    }
  }

  private static final class Directory implements Node {
    final Map<String, Node> live = new TreeMap<>();
    final Map<String, Node> durable = new TreeMap<>();
    final List<Change> pending = new ArrayList<>();

    void put(String name, Node node) {
      put(name, node, NO_MOVE);
    }

    void put(String name, Node node, long move) {
      live.put(name, node);
      pending.add(new Change(name, node, move));
    }

    void remove(String name) {
      remove(name, NO_MOVE);
    }

    void remove(String name, long move) {
      live.remove(name);
      pending.add(new Change(name, null, move));
    }

    void sync() {
      durable.clear();
      durable.putAll(live);
      pending.clear();
    }
  }

  /**
   * A name that was given to a node, or taken away if that is null.
   *
   * @param move the number of the move that it is half of, from 1
   */
  private record Change(String name, Node node, long move) {}

  private final Directory root = new Directory();
  // Locks die with the process: a crash leaves none.
  private final Set<String> locks = new HashSet<>();
  private long clock;
  private long moves;
  // Moves up to this one are durable.
  private long durableMoves;

  /**
   * What a crash at this moment leaves, as a store of its own in which everything is durable. This
   * store is left as it is, so one moment can crash many times.
   */
  public synchronized CrashSimulatingFileStore crash(Random random) {
    var survivor = new CrashSimulatingFileStore();
    survivor.clock = clock;
    long keptMoves = durableMoves;
    if (moves > durableMoves) {
      keptMoves += random.nextInt((int) (moves - durableMoves) + 1);
    }
    copySurvivors(root, survivor.root, random, keptMoves, new IdentityHashMap<>());
    return survivor;
  }

  /**
   * Ends the process, but not the machine: locks are free, and nothing that was written is lost.
   */
  public synchronized void endProcess() {
    locks.clear();
  }

  private static void copySurvivors(
      Directory from, Directory to, Random random, long keptMoves, Map<File, File> copies) {
    Map<String, List<Change>> changes = new LinkedHashMap<>();
    for (Change change : from.pending) {
      changes.computeIfAbsent(change.name(), name -> new ArrayList<>()).add(change);
    }
    Map<String, Node> names = new TreeMap<>(from.durable);
    changes.forEach(
        (name, ofName) -> {
          int least = 0;
          int most = ofName.size();
          for (int i = 0; i < ofName.size(); i++) {
            long move = ofName.get(i).move();
            if (move != NO_MOVE && move <= keptMoves) {
              least = i + 1;
            } else if (move > keptMoves) {
              most = Math.min(most, i);
            }
          }
          int kept = least + random.nextInt(most - least + 1);
          if (kept > 0) {
            Node node = ofName.get(kept - 1).node();
            if (node == null) {
              names.remove(name);
            } else {
              names.put(name, node);
            }
          }
        });
    names.forEach(
        (name, node) -> {
          if (node instanceof File file) {
            // Both names of a linked file must lead to one file, with one torn content.
            to.put(name, copies.computeIfAbsent(file, f -> survivor(f, random)));
          } else if (node instanceof Log log) {
            to.put(name, survivor(log, random));
          } else if (node instanceof Directory directory) {
            var copy = new Directory();
            to.put(name, copy);
            copySurvivors(directory, copy, random, keptMoves, copies);
          }
        });
    to.sync();
  }

  private static File survivor(File file, Random random) {
    int unsynced = file.bytes.size() - file.durable;
    int kept =
        switch (random.nextInt(3)) {
          case 0 -> 0;
          case 1 -> unsynced;
          default -> random.nextInt(unsynced + 1);
        };
    byte[] bytes = file.bytes.prefix(file.durable + kept);
    if (random.nextBoolean()) {
      for (int start = file.durable; start < bytes.length; ) {
        int end = Math.min(bytes.length, (start / SECTOR + 1) * SECTOR);
        if (random.nextBoolean()) {
          Arrays.fill(bytes, start, end, (byte) 0);
        }
        start = end;
      }
    }
    var copy = new File();
    copy.bytes.writeBytes(bytes);
    copy.durable = bytes.length;
    copy.modified = file.modified;
    return copy;
  }

  private static Log survivor(Log log, Random random) {
    int length = log.live.length;
    if (random.nextInt(4) == 0) {
      length = log.durableEnd + random.nextInt(length - log.durableEnd + 1);
    }
    int keep = random.nextInt(3); // None, all, or any of the sectors.
    byte[] bytes = Arrays.copyOf(keep == 1 ? log.live : log.durable, length);
    if (keep == 2) {
      for (int start = 0; start < length; start += SECTOR) {
        int count = Math.min(SECTOR, length - start);
        // Unsynced bytes are few beside the size of a log: look before drawing.
        if (!Arrays.equals(log.live, start, start + count, log.durable, start, start + count)
            && random.nextBoolean()) {
          System.arraycopy(log.live, start, bytes, start, count);
        }
      }
    }
    var copy = new Log(bytes);
    copy.durableEnd = length;
    copy.modified = log.modified;
    return copy;
  }

  private static String[] parts(String path) {
    return Arrays.stream(path.split("/"))
        .filter(part -> !part.isEmpty() && !part.equals("."))
        .toArray(String[]::new);
  }

  private Node find(String path) {
    Node node = root;
    for (String part : parts(path)) {
      node = node instanceof Directory directory ? directory.live.get(part) : null;
    }
    return node;
  }

  private File file(String path) throws IOException {
    Node node = find(path);
    if (node instanceof File file) {
      return file;
    }
    if (node == null) {
      throw new NoSuchFileException(path);
    }
    throw new IOException("Is a directory: " + path);
  }

  private Directory directory(String path) throws IOException {
    Node node = find(path);
    if (node instanceof Directory directory) {
      return directory;
    }
    throw node == null ? new NoSuchFileException(path) : new NotDirectoryException(path);
  }

  @Override
  public synchronized FileOutput create(String path) throws IOException {
    Directory parent = directory(FilePaths.parent(path));
    String name = FilePaths.name(path);
    if (parent.live.containsKey(name)) {
      throw new FileAlreadyExistsException(path);
    }
    var file = new File();
    file.modified = ++clock;
    parent.put(name, file);
    return new Output(path, file);
  }

  @Override
  public synchronized LogFile createLog(String path, int size) throws IOException {
    Directory parent = directory(FilePaths.parent(path));
    String name = FilePaths.name(path);
    if (parent.live.containsKey(name)) {
      throw new FileAlreadyExistsException(path);
    }
    var log = new Log(new byte[size]);
    log.modified = ++clock;
    parent.put(name, log);
    return new LogFile() {
      @Override
      public String path() {
        return path;
      }

      @Override
      public ByteBuffer buffer() {
        return ByteBuffer.wrap(log.live).order(ByteOrder.LITTLE_ENDIAN);
      }

      @Override
      public void sync(int from, int to) {
        synchronized (CrashSimulatingFileStore.this) {
          // As of a disk: whole sectors, or, at the least, what was asked for.
          System.arraycopy(log.live, from, log.durable, from, to - from);
          log.durableEnd = Math.max(log.durableEnd, to);
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public synchronized void syncLog(String path) throws IOException {
    if (!(find(path) instanceof Log log)) {
      throw new NoSuchFileException(path);
    }
    System.arraycopy(log.live, 0, log.durable, 0, log.live.length);
    log.durableEnd = log.live.length;
  }

  @Override
  public synchronized Optional<FileLock> tryLock(String path) throws IOException {
    directory(FilePaths.parent(path));
    if (!locks.add(path)) {
      return Optional.empty();
    }
    return Optional.of(
        () -> {
          synchronized (CrashSimulatingFileStore.this) {
            locks.remove(path);
          }
        });
  }

  @Override
  public synchronized MappedFile map(String path) throws IOException {
    if (find(path) instanceof Log log) {
      return new MappedFile(path, ByteBuffer.wrap(log.live.clone()));
    }
    File file = file(path);
    return new MappedFile(path, ByteBuffer.wrap(file.bytes.toByteArray()));
  }

  @Override
  public synchronized byte[] readFully(String path, int maxBytes) throws IOException {
    File file = file(path);
    if (file.bytes.size() > maxBytes) {
      throw new IOException(
          path + " has " + file.bytes.size() + " bytes, more than the " + maxBytes + " allowed");
    }
    return file.bytes.toByteArray();
  }

  @Override
  public synchronized boolean exists(String path) {
    return find(path) != null;
  }

  @Override
  public synchronized long size(String path) throws IOException {
    if (find(path) instanceof Log log) {
      return log.live.length;
    }
    return file(path).bytes.size();
  }

  @Override
  public synchronized List<FileStatus> list(String path) throws IOException {
    if (find(path) == null) {
      return List.of();
    }
    List<FileStatus> entries = new ArrayList<>();
    directory(path)
        .live
        .forEach(
            (name, node) ->
                entries.add(
                    node instanceof File file
                        ? new FileStatus(name, file.bytes.size(), file.modified, false)
                        : node instanceof Log log
                            ? new FileStatus(name, log.live.length, log.modified, false)
                            : new FileStatus(name, 0, 0, true)));
    return List.copyOf(entries);
  }

  @Override
  public synchronized void createDirectories(String path) throws IOException {
    Directory parent = root;
    for (String part : parts(path)) {
      Node child = parent.live.get(part);
      if (child == null) {
        child = new Directory();
        if (parent.pending.stream().anyMatch(change -> change.name().equals(part))) {
          sync(parent); // What the name was before must not come back over it.
        }
        parent.live.put(part, child);
        parent.durable.put(part, child);
      }
      if (!(child instanceof Directory next)) {
        throw new FileAlreadyExistsException(path);
      }
      parent = next;
    }
  }

  @Override
  public synchronized boolean delete(String path) throws IOException {
    Node node = find(path);
    if (node == null) {
      return false;
    }
    if (node instanceof Directory directory && !directory.live.isEmpty()) {
      throw new DirectoryNotEmptyException(path);
    }
    directory(FilePaths.parent(path)).remove(FilePaths.name(path));
    return true;
  }

  @Override
  public synchronized void move(String path, String to) throws IOException {
    Node moved = find(path);
    if (moved == null) {
      throw new NoSuchFileException(path);
    }
    Directory target = directory(FilePaths.parent(to));
    if (target.live.containsKey(FilePaths.name(to))) {
      throw new FileAlreadyExistsException(to);
    }
    moves++;
    directory(FilePaths.parent(path)).remove(FilePaths.name(path), moves);
    target.put(FilePaths.name(to), moved, moves);
  }

  @Override
  public synchronized boolean link(String existing, String path) throws IOException {
    File file = file(existing);
    Directory parent = directory(FilePaths.parent(path));
    String name = FilePaths.name(path);
    if (parent.live.containsKey(name)) {
      return false;
    }
    parent.put(name, file);
    return true;
  }

  @Override
  public synchronized boolean isSameFile(String path, String other) {
    Node node = find(path);
    return node != null && node == find(other);
  }

  @Override
  public synchronized void syncDirectory(String path) throws IOException {
    sync(directory(path));
  }

  private void sync(Directory directory) {
    for (Change change : directory.pending) {
      durableMoves = Math.max(durableMoves, change.move());
    }
    directory.sync();
  }

  private final class Output implements FileOutput {
    private final String path;
    private final File file;
    private boolean closed;
    private boolean completed;

    Output(String path, File file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public String path() {
      return path;
    }

    @Override
    public long position() {
      synchronized (CrashSimulatingFileStore.this) {
        return file.bytes.size();
      }
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      checkOpen();
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      synchronized (CrashSimulatingFileStore.this) {
        file.bytes.writeBytes(bytes);
        file.modified = ++clock;
      }
    }

    @Override
    public void sync() throws IOException {
      checkOpen();
      synchronized (CrashSimulatingFileStore.this) {
        file.durable = file.bytes.size();
      }
    }

    private void checkOpen() throws IOException {
      if (closed) {
        throw new IOException("The file is closed: " + path);
      }
    }

    @Override
    public void close() {
      closed = true;
      completed = true;
    }

    @Override
    public void abort() {
      closed = true;
      if (completed) {
        return;
      }
      completed = true;
      synchronized (CrashSimulatingFileStore.this) {
        if (find(path) == file) {
          try {
            delete(path);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    }
  }
}
