package io.alexstore.io;

import java.util.Objects;

/**
 * One entry of a directory.
 *
 * @param name the last part of its path
 * @param size in bytes; of no meaning for a directory
 * @param modifiedMillis when it was last modified, in milliseconds since 1970-01-01 UTC
 * @param directory whether it is a directory
 */
public record FileStatus(String name, long size, long modifiedMillis, boolean directory) {

  /** Checks that the name is there. */
  public FileStatus {
    Objects.requireNonNull(name, "name");
  }
}
