package io.alexstore.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A random present key's value of 100 bytes, copied and checked: one at a time and in groups of 64,
 * from alexstore's segments, LMDB, RocksDB, and a binary search over the segment's keys.
 *
 * <p>Run: {@code ./benchmarks/run get}; all of JMH's options may follow.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SegmentGetBenchmark {

  private static final int GROUP = 64;

  /** The engine. */
  @Param({"alexstore", "lmdb", "rocksdb", "binary-search"})
  public String engine;

  /** How the keys are spread. */
  @Param({"UNIFORM", "LOGNORMAL", "SEQUENTIAL", "CLUSTERED"})
  public KeyDistribution distribution;

  /** The number of keys. */
  @Param({"1000000", "10000000", "50000000"})
  public int n;

  private Engine opened;
  private long[] sample;
  private int next;
  private final byte[] value = new byte[Data.VALUE_SIZE];
  private final byte[] values = new byte[GROUP * Data.VALUE_SIZE];

  /** Loads the data set if it is not there, and reads every sampled value once. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    long[] keys = distribution.keys(n);
    sample = Data.sample(keys);
    opened = Engine.open(engine, distribution, n, keys);
    for (long key : sample) {
      if (!opened.get(key, value, 0)) {
        throw new IllegalStateException(engine + " lost key " + key);
      }
      Data.check(key, value, 0);
    }
  }

  /** Closes the engine. */
  @TearDown(Level.Trial)
  public void close() {
    opened.close();
  }

  /** One key at a time. */
  @Benchmark
  public byte[] get() {
    long key = sample[next++ & (Data.SAMPLE - 1)];
    opened.get(key, value, 0);
    Data.check(key, value, 0);
    return value;
  }

  /** Groups of 64 keys; engines without a grouped form get them one by one. */
  @Benchmark
  @OperationsPerInvocation(GROUP)
  public byte[] getAll() {
    int from = next & (Data.SAMPLE - 1);
    next += GROUP;
    opened.getAll(sample, from, GROUP, values);
    for (int i = 0; i < GROUP; i++) {
      Data.check(sample[from + i], values, i * Data.VALUE_SIZE);
    }
    return values;
  }
}
