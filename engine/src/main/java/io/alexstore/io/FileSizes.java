package io.alexstore.io;

import java.io.IOException;

/** What every store says of files that are too large for what is asked of them. */
public final class FileSizes {

  private FileSizes() {}

  /**
   * The size of a file that is to be mapped.
   *
   * @throws IOException if it is more than {@link MappedFile#MAX_SIZE}
   */
  public static int checkMappable(String path, long size) throws IOException {
    if (size > MappedFile.MAX_SIZE) {
      throw new IOException(
          "Cannot map "
              + path
              + ": it has "
              + size
              + " bytes, and a map holds at most "
              + MappedFile.MAX_SIZE
              + ". alexstore writes no such file; check what it is.");
    }
    return (int) size;
  }

  /**
   * The size of a file that is to be read as a whole.
   *
   * @throws IOException if it is more than {@code maxBytes}
   */
  public static int checkReadable(String path, long size, int maxBytes) throws IOException {
    if (size > maxBytes) {
      throw new IOException(
          "Cannot read "
              + path
              + ": it has "
              + size
              + " bytes, where at most "
              + maxBytes
              + " are expected. Check what the file is.");
    }
    return (int) size;
  }
}
