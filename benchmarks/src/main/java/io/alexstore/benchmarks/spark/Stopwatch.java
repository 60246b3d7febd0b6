package io.alexstore.benchmarks.spark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Time on the clock, and processor time of the process, from when it was made until it stops. */
public final class Stopwatch {

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private long cpu = SYSTEM.getProcessCpuTime();
  private long nanos = System.nanoTime();

  /** Starts it. */
  public Stopwatch() {}

  /** Stops it, once. */
  public void stop() {
    nanos = System.nanoTime() - nanos;
    cpu = SYSTEM.getProcessCpuTime() - cpu;
  }

  /** Milliseconds on the clock, once stopped. */
  public double millis() {
    return nanos / 1e6;
  }

  /** Milliseconds of processor time of all threads, once stopped. */
  public double cpuMillis() {
    return cpu / 1e6;
  }
}
