package io.alexstore.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** The keys and values that all engines are given, and where each keeps its files. */
public final class Data {

  /** The size of a value in bytes. */
  public static final int VALUE_SIZE = 100;

  /** How many lookups are drawn; a power of two. The same ones come round again after it. */
  static final int SAMPLE = 1 << 22;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Data() {}

  /** Writes the value of a key: 100 bytes that follow from the key and do not compress. */
  public static void value(long key, byte[] target) {
    long x = key;
    for (int i = 0; i + 8 <= VALUE_SIZE; i += 8) {
      x = KeyDistribution.mix(x + 0x9e3779b97f4a7c15L);
      LONG.set(target, i, x);
    }
    INT.set(target, VALUE_SIZE - 4, (int) key);
  }

  /**
   * Whether 100 bytes at an offset are the value of a key. It looks at the first eight and the last
   * four, so that both ends of the value were read.
   */
  static boolean isValue(long key, byte[] value, int offset) {
    return (long) LONG.get(value, offset) == KeyDistribution.mix(key + 0x9e3779b97f4a7c15L)
        && (int) INT.get(value, offset + VALUE_SIZE - 4) == (int) key;
  }

  /** Fails unless the bytes at an offset are the value of a key. */
  public static void check(long key, byte[] value, int offset) {
    if (!isValue(key, value, offset)) {
      throw new IllegalStateException("wrong value for key " + key);
    }
  }

  /** Present keys in random order, the same for every engine. */
  static long[] sample(long[] keys) {
    SplittableRandom random = new SplittableRandom(7);
    long[] sample = new long[SAMPLE];
    for (int i = 0; i < SAMPLE; i++) {
      sample[i] = keys[random.nextInt(keys.length)];
    }
    return sample;
  }

  /** The folder of one engine's copy of one data set; under {@code -Dalexstore.bench.dir}. */
  static Path directory(String engine, KeyDistribution distribution, int n) {
    return root()
        .resolve(distribution.name().toLowerCase(java.util.Locale.ROOT) + "-" + n)
        .resolve(engine);
  }

  /** The folder for all data sets: {@code -Dalexstore.bench.dir}, or one below the temporary. */
  public static Path root() {
    String temporary = System.getProperty("java.io.tmpdir");
    Path root = Path.of(System.getProperty("alexstore.bench.dir", temporary + "/alexstore-bench"));
    try {
      return Files.createDirectories(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of all files below a folder. */
  public static long bytesOnDisk(Path directory) {
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
