package io.alexstore.benchmarks;

import io.alexstore.io.FileStores;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.segment.SegmentOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Writes gigabytes of rows in a small heap and reports what the heap held: live bytes after a full
 * collection at every tenth of the way, and the peak in between. A flat line means that a writer's
 * memory does not depend on what it has written.
 *
 * <p>Run: {@code ./benchmarks/run write-heap [gigabytes]}; 5 unless told, in a heap of 512 MB.
 */
public final class WriteHeap {

  private static final int STEPS = 10;

  private WriteHeap() {}

  /** One measurement: gigabytes written so far, live and peak heap in MB. */
  record Point(double gigabytes, double liveMegabytes, double peakMegabytes) {}

  /** Writes and measures. */
  static List<Point> run(double gigabytes) throws IOException {
    Path directory = Files.createTempDirectory(Data.root(), "write-heap");
    String table = directory.toString();
    long rows = (long) (gigabytes * 1e9 / (Data.VALUE_SIZE + Long.BYTES));
    List<Point> points = new ArrayList<>();
    SegmentOptions options = SegmentOptions.defaults().withTargetSegmentSize(1L << 30);
    try (RollingSegmentWriter writer =
        new RollingSegmentWriter(
            FileStores.forPath(table), table, UUID.randomUUID(), SegmentEngine.schema(), options)) {
      KeyValueRow row = new KeyValueRow();
      long stride = Long.MAX_VALUE / rows;
      for (long i = 0; i < rows; i++) {
        row.set(i * stride + (KeyDistribution.mix(i) >>> 1) % stride);
        writer.append(row);
        if ((i + 1) % (rows / STEPS) == 0) {
          points.add(measure((i + 1) * (Data.VALUE_SIZE + Long.BYTES) / 1e9));
        }
      }
      long written = writer.finish().stream().mapToLong(SegmentInfo::rowCount).sum();
      if (written != rows) {
        throw new IllegalStateException("rows were lost: " + written + " of " + rows);
      }
    } finally {
      Engine.deleteAll(directory);
    }
    return points;
  }

  private static Point measure(double gigabytes) {
    double peak = 0;
    for (var pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == java.lang.management.MemoryType.HEAP) {
        peak += pool.getPeakUsage().getUsed() / 1e6;
      }
    }
    System.gc();
    double live = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
    ManagementFactory.getMemoryPoolMXBeans().forEach(pool -> pool.resetPeakUsage());
    System.out.printf(
        Locale.ROOT,
        "%5.1f GB written: live heap %6.1f MB, peak %6.1f MB%n",
        gigabytes,
        live,
        peak);
    return new Point(gigabytes, live, peak);
  }
}
