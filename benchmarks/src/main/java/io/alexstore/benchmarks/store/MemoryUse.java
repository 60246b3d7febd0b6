package io.alexstore.benchmarks.store;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The memory of this process, in bytes. On Linux with glibc, and in a process whose heap is all
 * there from the start ({@code -Xms} as {@code -Xmx}, {@code -XX:+AlwaysPreTouch}): then what
 * anonymous memory gains is not of the heap.
 *
 * @param liveHeap of objects that can be reached
 * @param otherAnonymous of what the process allocated; with the heap, whose size does not change
 * @param mapped of files, as far as they are in memory
 */
record MemoryUse(long liveHeap, long otherAnonymous, long mapped) {

  private static final int COLLECTIONS = 3;

  /** What it is now; collects the garbage first, and has the C library give back what is free. */
  static MemoryUse now() throws IOException, InterruptedException, JMException {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      Thread.sleep(100); // Maps are given back by a thread that learns of their end.
    }
    trimNativeHeap();
    Runtime runtime = Runtime.getRuntime();
    return new MemoryUse(
        runtime.totalMemory() - runtime.freeMemory(),
        status("RssAnon:"),
        status("RssFile:") + status("RssShmem:"));
  }

  private static void trimNativeHeap() throws JMException {
    ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "systemTrimNativeHeap",
            null,
            null);
  }

  private static long status(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replace("kB", "").trim())
        .mapToLong(Long::parseLong)
        .map(kilobytes -> kilobytes * 1024)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("/proc/self/status has no line '" + name + "'"));
  }

  MemoryUse minus(MemoryUse other) {
    return new MemoryUse(
        liveHeap - other.liveHeap, otherAnonymous - other.otherAnonymous, mapped - other.mapped);
  }
}
