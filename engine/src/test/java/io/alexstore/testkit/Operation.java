package io.alexstore.testkit;

/**
 * One file operation that went through a {@link FaultInjectingFileStore}.
 *
 * @param number its place among all operations of the store, from 0
 * @param kind what it was
 * @param path the file or directory; of a link, the new name
 * @param bytes how many bytes it was to write; 0 if it is no write
 */
public record Operation(long number, Kind kind, String path, long bytes) {

  /** What an operation does. */
  public enum Kind {
    /** Create a file. */
    CREATE,
    /** Write to an open file. */
    WRITE,
    /** Make an open file's bytes durable. */
    SYNC,
    /** Complete an open file. */
    CLOSE,
    /** Map a file. */
    MAP,
    /** Read a small file. */
    READ,
    /** Ask whether a name exists. */
    EXISTS,
    /** Ask for a file's size. */
    SIZE,
    /** List a directory. */
    LIST,
    /** Create a directory. */
    CREATE_DIRECTORIES,
    /** Delete a file; also the deletion by which an open file is given up. */
    DELETE,
    /** Move a directory. */
    MOVE,
    /** Link a file to a second name: the step that makes a publication visible. */
    LINK,
    /** Ask whether two names are of one file. */
    SAME_FILE,
    /** Publish a file in one step, in a store that does not link. */
    PUBLISH,
    /** Take a lock. */
    LOCK,
    /** Make a directory's names durable. */
    SYNC_DIRECTORY;

    /** Whether the operation changes what is stored, or how durably. */
    public boolean isMutation() {
      return switch (this) {
        case MAP, READ, EXISTS, SIZE, LIST, LOCK, SAME_FILE -> false;
        default -> true;
      };
    }
  }
}
