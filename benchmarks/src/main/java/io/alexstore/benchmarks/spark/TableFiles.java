package io.alexstore.benchmarks.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The files of a table's directory. */
public final class TableFiles {

  private TableFiles() {}

  /** The bytes of a directory's files, but for the checksums that Hadoop puts beside them. */
  public static long size(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      long size = 0;
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.isRegularFile(file) && !file.toString().endsWith(".crc")) {
          size += Files.size(file);
        }
      }
      return size;
    }
  }

  /** Deletes a directory, if it is there. */
  public static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
