package io.alexstore.benchmarks;

import io.alexstore.alex.LongKeys;
import io.alexstore.alex.PackedIndex;
import io.alexstore.alex.PackedIndexBuilder;
import io.alexstore.alex.PackedLongIndex;
import io.alexstore.bytes.BlockBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * The packed index alone, without values, beside two binary searches over the same key region: one
 * with branches, which run ahead of memory, and one without, which is faster in the cache.
 *
 * <p>Run: {@code ./benchmarks/run index}; all of JMH's options may follow, such as {@code -p
 * n=50000000}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PackedIndexBenchmark {

  private static final int BATCH = 1 << 10;

  /** The number of keys. */
  @Param({"1000", "1000000", "10000000"})
  public int n;

  /** How the keys are spread. */
  @Param public KeyDistribution distribution;

  /** Whether blocks are looked up in the bits of those that were checked. */
  @Param({"true"})
  public boolean checked;

  private final int[] positions = new int[BATCH];
  private long[] sample;
  private int next;
  private ByteBuffer region;
  private long base;
  private PackedLongIndex index;

  /** Builds the index. */
  @Setup(Level.Trial)
  public void build() {
    long[] keys = distribution.keys(n);
    base = keys[0];
    region = ByteBuffer.allocateDirect(8 * n + 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n; i++) {
      region.putLong(8 * i, keys[i] - base);
    }
    LongKeys longs = new LongKeys(bytes(region), 0, 8, base, n);
    byte[] blob = PackedIndexBuilder.build(longs);
    ByteBuffer nodes = ByteBuffer.allocateDirect(blob.length).put(0, blob);
    index = PackedIndex.open("(memory)", bytes(nodes), 0, blob.length, longs);
    System.out.printf("%n%s, %.3f bytes a key%n", index.stats(), (double) blob.length / n);
    sample = Data.sample(keys);
  }

  /** One at a time. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long find() {
    long sum = 0;
    int from = advance();
    for (int i = 0; i < BATCH; i++) {
      sum += index.find(sample[from + i]);
    }
    return sum;
  }

  /** Many at a time. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int[] findAll() {
    index.findAll(sample, advance(), BATCH, positions);
    return positions;
  }

  /** Binary search with branches. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long binarySearch() {
    long sum = 0;
    int from = advance();
    for (int i = 0; i < BATCH; i++) {
      long key = sample[from + i];
      int low = 0;
      int high = n;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (base + region.getLong(8 * middle) < key) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      sum += low;
    }
    return sum;
  }

  /** Binary search without branches. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long branchlessSearch() {
    long sum = 0;
    int from = advance();
    for (int i = 0; i < BATCH; i++) {
      long key = sample[from + i];
      int low = 0;
      for (int length = n; length > 1; ) {
        int half = length >>> 1;
        low = base + region.getLong(8 * (low + half - 1)) < key ? low + half : low;
        length -= half;
      }
      sum += low;
    }
    return sum;
  }

  private int advance() {
    next = (next + BATCH) & (Data.SAMPLE - 1);
    return next;
  }

  private BlockBytes bytes(ByteBuffer buffer) {
    return checked
        ? BlockBytes.checked(buffer, (bytes, block) -> {})
        : BlockBytes.unchecked(buffer);
  }
}
