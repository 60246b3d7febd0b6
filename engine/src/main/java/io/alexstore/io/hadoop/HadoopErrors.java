package io.alexstore.io.hadoop;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;

/** Hadoop's errors as those that {@link io.alexstore.io.FileStore} promises. */
final class HadoopErrors {

  private HadoopErrors() {}

  /** The error to throw instead of {@code e}: itself, unless it says that a name is (not) there. */
  static IOException translate(String path, IOException e) {
    IOException translated;
    if (e instanceof FileNotFoundException) {
      translated = new NoSuchFileException(path, null, e.getMessage());
    } else if (e instanceof org.apache.hadoop.fs.FileAlreadyExistsException) {
      translated = new FileAlreadyExistsException(path, null, e.getMessage());
    } else if (e instanceof PathIsNotEmptyDirectoryException) {
      translated = new DirectoryNotEmptyException(path);
    } else {
      return e;
    }
    translated.initCause(e);
    return translated;
  }
}
