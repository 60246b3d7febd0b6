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
 * in a file of the directory that the setting {@value #DIRECTORY} names. Once in a while it asks
 * for a full collection, to see what is live.
 */
public final class MemorySampler implements SparkPlugin {

  /** The setting. */
  static final String DIRECTORY = "spark.alexstore.benchmarks.memory";

  private static final long INTERVAL_MILLIS = 100;

  /** So seldom that the peaks in between are those of a JVM that nobody asks. */
  private static final int SAMPLES_BETWEEN_COLLECTIONS = 60;

  /** For Spark. */
  public MemorySampler() {}

  /**
   * What an executor used.
   *
   * @param millis when: milliseconds since 1970
   * @param executor its id
   * @param peakHeap bytes: the most since the last sample, of each pool
   * @param liveHeap bytes in use after a full collection; -1 if there was none since the last
   *     sample
   * @param direct bytes of direct buffers
   * @param network bytes of Netty's own direct memory, which moves Spark's shuffles
   * @param mapped bytes of mapped files
   */
  record Sample(
      long millis,
      String executor,
      long peakHeap,
      long liveHeap,
      long direct,
      long network,
      long mapped) {

    private String line() {
      return String.join(
          ",",
          Long.toString(millis),
          executor,
          Long.toString(peakHeap),
          Long.toString(liveHeap),
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
    private volatile long live = -1;
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

    private void add(GarbageCollectionNotificationInfo collection) {
      if (collection.getGcCause().equals("System.gc()")) {
        Map<String, MemoryUsage> after = collection.getGcInfo().getMemoryUsageAfterGc();
        live = heap.stream().mapToLong(pool -> after.get(pool.getName()).getUsed()).sum();
      }
    }

    private void run(Path file, String executor) {
      try (PrintWriter out =
          new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8), false)) {
        for (int i = 1; !Thread.interrupted(); i++) {
          out.println(sample(executor).line());
          out.flush();
          if (i % SAMPLES_BETWEEN_COLLECTIONS == 0) {
            System.gc();
          }
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
      long liveNow = live;
      live = -1;
      return new Sample(
          System.currentTimeMillis(),
          executor,
          peak,
          liveNow,
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
