package io.alexstore.benchmarks.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What files take on the disk, and what was written there. */
final class DiskUse {

  private DiskUse() {}

  /** The bytes that the files of a directory take: of a file with holes, what is not one. */
  static long bytes(Path directory) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("du", "-s", "-B1", directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output;
    try (var lines = process.inputReader()) {
      output = lines.readLine();
    }
    if (process.waitFor() != 0) {
      throw new IOException("du failed on " + directory + " with " + process.exitValue());
    }
    return Long.parseLong(output.split("\\s")[0]);
  }

  /**
   * The bytes that this process gave to the system to be written to a disk, through maps too, since
   * it began. Linux counts a page when it becomes dirty, so what is changed again before it was
   * written counts once.
   */
  static long writtenByThisProcess() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/io")).stream()
        .filter(line -> line.startsWith("write_bytes: "))
        .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
        .sum();
  }
}
