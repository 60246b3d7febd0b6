package io.alexstore.io;

import java.io.IOException;

/**
 * A store that can give a file a second name, atomically, if that name is free. That is all that
 * publication needs from a file system, so such stores share it: see {@link LinkPublication}.
 */
public interface LinkingFileStore extends FileStore {

  /**
   * Gives a file a second name in the same file system.
   *
   * @return true if it was done; false if the name was taken
   * @throws IOException if it failed; {@link #isSameFile} tells whether it happened all the same
   */
  boolean link(String existing, String path) throws IOException;

  /** Whether both names exist and are names of one file. */
  boolean isSameFile(String path, String other) throws IOException;

  @Override
  default boolean publish(String path, byte[] content) throws IOException {
    return LinkPublication.publish(this, path, content);
  }
}
