package io.alexstore.io;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The one file interface of the engine.
 *
 * <p>Paths are strings in the form that the user gave the table's root in (a local path or a URI of
 * the store's scheme), extended by {@link FilePaths#resolve}. A store carries no root of its own,
 * so one store serves all tables of its file system.
 *
 * <p>Files are written once and never changed: {@link #create} and {@link #publish} refuse a name
 * that is taken, and nothing truncates, extends or replaces a file. So a map stays valid for as
 * long as it is open, even after its file was deleted; of a remote file only what was read before.
 * The one exception is a {@link #createLog log}, whose bytes are written through its map.
 *
 * <p>Durability is explicit. What must survive a crash is made so in this order: {@link
 * FileOutput#sync} and {@link FileOutput#close} for the bytes, {@link #syncDirectory} for the name,
 * and only then {@link #publish} of the file that names it. {@code publish} and {@link
 * #createDirectories} are durable when they return; {@code create}, {@link #delete} and {@link
 * #move} are durable after {@code syncDirectory} of the parent.
 *
 * <p>Every method that finds no file where one must be throws {@link
 * java.nio.file.NoSuchFileException}; a name that must be free and is not gives {@link
 * java.nio.file.FileAlreadyExistsException}.
 *
 * <p>Thread safety: safe for any number of threads, and of processes.
 */
public interface FileStore {

  /**
   * Creates a new file and opens it for writing. Its directory must exist.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   */
  FileOutput create(String path) throws IOException;

  /**
   * Maps a whole file for reading. Of a remote file nothing is read yet: see {@link
   * MappedFile#load}. The caller owns one reference and must {@linkplain MappedFile#close close}
   * it. An empty file gives an empty map.
   *
   * @throws IOException if the file is larger than {@link MappedFile#MAX_SIZE}
   */
  MappedFile map(String path) throws IOException;

  /**
   * Reads a whole small file.
   *
   * @param maxBytes the most bytes that may be read, at least 0; bounds what a damaged or foreign
   *     file can make the process allocate
   * @throws IOException if the file is larger than {@code maxBytes}
   */
  byte[] readFully(String path, int maxBytes) throws IOException;

  /** Whether a file or directory of that name exists. */
  boolean exists(String path) throws IOException;

  /** The size of a file in bytes. */
  long size(String path) throws IOException;

  /**
   * All files and directories that stand directly in a directory, temporary ones too (see {@link
   * FilePaths#isTemporary}), sorted by name in the order of {@link String#compareTo}. A directory
   * that does not exist is empty. What comes and goes while it is listed may or may not be there.
   */
  List<FileStatus> list(String directory) throws IOException;

  /** Creates a directory and its parents where they do not exist. Durable when it returns. */
  void createDirectories(String directory) throws IOException;

  /**
   * Deletes a file or an empty directory. Of a link only the link goes.
   *
   * @return whether it existed
   * @throws java.nio.file.DirectoryNotEmptyException if it is a directory that is not empty
   */
  boolean delete(String path) throws IOException;

  /**
   * Moves a directory with all that is in it, or a file, to a name that is free in the same file
   * system. Atomic: at every moment, and after any crash, it is at the one name or at the other.
   * What is open of it stays readable where {@link #delete} leaves it readable.
   *
   * @throws java.nio.file.NoSuchFileException if there is nothing of that name
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   * @throws IOException if it failed, or perhaps happened and its answer was lost
   */
  void move(String directory, String to) throws IOException;

  /**
   * Atomically publishes one whole file: at every moment, and after any crash, the name is either
   * free or holds all of {@code content}. Of any number of concurrent publications of one name, in
   * any number of processes, exactly one wins. Durable when it returns true.
   *
   * <p>Outcomes: {@code true}, this call published the file; {@code false}, the name was taken
   * before and nothing changed; {@code IOException}, certainly not published; {@code
   * CommitStateUnknownException}, perhaps published. A temporary file (see {@link
   * FilePaths#isTemporary}) may be left behind by a crash, or when it cannot be removed.
   *
   * @return whether this call published the file
   * @throws IOException if the file was not published
   * @throws io.alexstore.error.CommitStateUnknownException if the file may have been published, or
   *     was published but may not be durable
   */
  boolean publish(String path, byte[] content) throws IOException;

  /** Makes the creations and deletions of names in a directory durable. */
  void syncDirectory(String directory) throws IOException;

  /**
   * Creates a file of a fixed size, all zeros, that is written and read through a map. Its room on
   * the disk is taken here, so that no write through the map can find the disk full. Neither its
   * bytes nor its name are durable yet.
   *
   * @param size in bytes, at least 1
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   * @throws UnsupportedOperationException if this store has no such files; only local ones do
   */
  default LogFile createLog(String path, int size) throws IOException {
    throw notLocal(path);
  }

  /**
   * Makes all bytes of a file durable that anybody wrote to it; for a {@link #createLog log} that a
   * process has left behind.
   *
   * @throws UnsupportedOperationException if this store has no logs; only local ones do
   */
  default void syncLog(String path) throws IOException {
    throw notLocal(path);
  }

  /**
   * Takes the lock that a file stands for, and makes the file if there is none. Whoever holds it
   * keeps everybody else, in this process and others of this machine, from taking it, until it is
   * closed or the process ends, in whatever way.
   *
   * @return the lock; empty if another has it
   * @throws UnsupportedOperationException if this store has no locks; only local ones do
   */
  default Optional<FileLock> tryLock(String path) throws IOException {
    throw notLocal(path);
  }

  private static UnsupportedOperationException notLocal(String path) {
    return new UnsupportedOperationException(
        "Cannot keep a write-ahead log or a lock at "
            + path
            + ": an embedded store needs a local file system. Open it in a local directory.");
  }
}
