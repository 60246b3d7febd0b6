package io.alexstore.benchmarks.spark;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * A Spark plugin that has each executor write down, several times in a second, what memory it uses;
 * in a file of the directory that the setting {@value #DIRECTORY} names. It never asks for a
 * collection, which would hide maps that nobody uses.
 */
public final class MemorySampler implements SparkPlugin {

  /** The setting. */
  static final String DIRECTORY = "spark.alexstore.benchmarks.memory";

  private static final long INTERVAL_MILLIS = 100;

  /** For Spark. */
  public MemorySampler() {}

  /**
   * What an executor used.
   *
   * @param millis when: milliseconds since 1970
   * @param executor its id
   * @param peakHeap bytes: the most since the last sample, of each pool
   * @param collectedHeap bytes in use after the collections since the last sample, the least; -1
   *     without one
   * @param direct bytes of direct buffers
   * @param network bytes of Netty's own direct memory, which moves Spark's shuffles
   * @param mapped bytes of mapped files
   */
  record Sample(
      long millis,
      String executor,
      long peakHeap,
      long collectedHeap,
      long direct,
      long network,
      long mapped) {

    private String line() {
      return String.join(
          ",",
          Long.toString(millis),
          executor,
          Long.toString(peakHeap),
          Long.toString(collectedHeap),
          Long.toString(direct),
          Long.toString(network),
          Long.toString(mapped));
    }

    static Sample of(String line) {
      String[] f = line.split(",", -1);
      return new Sample(
          Long.parseLong(f[0]),
          f[1],
          Long.parseLong(f[2]),
          Long.parseLong(f[3]),
          Long.parseLong(f[4]),
          Long.parseLong(f[5]),
          Long.parseLong(f[6]));
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Sampler();
  }

  private static final class Sampler implements ExecutorPlugin {
    private final List<MemoryPoolMXBean> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    private final Map<String, BufferPoolMXBean> buffers =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .collect(java.util.stream.Collectors.toMap(BufferPoolMXBean::getName, pool -> pool));
    private long collected = -1;
    private Thread thread;

    @Override
    public void init(PluginContext context, Map<String, String> extraConf) {
      Path file =
          Path.of(context.conf().get(DIRECTORY), "executor-" + context.executorID() + ".csv");
      for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
        ((NotificationEmitter) collector)
            .addNotificationListener(
                (notification, handback) -> {
                  if (notification.getUserData() instanceof CompositeData data) {
                    add(GarbageCollectionNotificationInfo.from(data));
                  }
                },
                null,
                null);
      }
      thread = new Thread(() -> run(file, context.executorID()), "memory-sampler");
      thread.setDaemon(true);
      thread.start();
    }

    private synchronized void add(GarbageCollectionNotificationInfo collection) {
      Map<String, MemoryUsage> after = collection.getGcInfo().getMemoryUsageAfterGc();
      long used = heap.stream().mapToLong(pool -> after.get(pool.getName()).getUsed()).sum();
      collected = collected < 0 ? used : Math.min(collected, used);
    }

    private synchronized long takeCollected() {
      long taken = collected;
      collected = -1;
      return taken;
    }

    private void run(Path file, String executor) {
      try (PrintWriter out =
          new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8), false)) {
        while (!Thread.interrupted()) {
          out.println(sample(executor).line());
          out.flush();
          TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
        }
      } catch (InterruptedException e) {
        // The executor shuts down.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Sample sample(String executor) {
      long peak = 0;
      for (MemoryPoolMXBean pool : heap) {
        peak += pool.getPeakUsage().getUsed();
        pool.resetPeakUsage();
      }
      return new Sample(
          System.currentTimeMillis(),
          executor,
          peak,
          takeCollected(),
          buffers.get("direct").getMemoryUsed(),
          PlatformDependent.usedDirectMemory(),
          buffers.get("mapped").getMemoryUsed());
    }

    @Override
    public void shutdown() {
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
