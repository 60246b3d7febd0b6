package io.alexstore.benchmarks.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The operating system's cache of files. Only root may empty it, and only on Linux. */
public final class PageCache {

  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  private PageCache() {}

  /** Whether this process may empty it; says so if not. */
  public static boolean canBeEmptied() {
    boolean can = Files.isWritable(DROP_CACHES);
    if (!can) {
      System.out.println("cold figures are left out, since " + DROP_CACHES + " cannot be written");
    }
    return can;
  }

  /** Forgets all files that nobody has changed; those that were just written must be synced. */
  public static void empty() throws IOException {
    try {
      if (new ProcessBuilder("sync").inheritIO().start().waitFor() != 0) {
        throw new IOException("sync failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    Files.writeString(DROP_CACHES, "3");
  }
}
