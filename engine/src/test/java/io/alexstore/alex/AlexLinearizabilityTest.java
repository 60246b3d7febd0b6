package io.alexstore.alex;

import java.util.Arrays;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.jetbrains.kotlinx.lincheck.strategy.stress.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Lincheck runs random operations on several threads, one of which writes, and judges whether the
 * answers fit some order. {@code -Dalexstore.iterations=k} runs k times as many.
 */
class AlexLinearizabilityTest {

  private static final int ITERATIONS = 4 * Integer.getInteger("alexstore.iterations", 1);

  /** A map of a crowded data node, where most inserts move others' entries. */
  @Param(name = "key", gen = IntGen.class, conf = "0:5")
  public static class LongKeys {
    private final AlexLongMap map = new AlexLongMap(-1);

    /** A full node around the keys that are used. */
    public LongKeys() {
      for (int i = 0; i < 400; i++) {
        map.put(i < 200 ? i - 10_000 : i + 10_000, i);
      }
    }

    /** By the one writer. */
    @Operation(nonParallelGroup = "writer")
    public long put(@Param(name = "key") int key, @Param(name = "key") int value) {
      return map.put(key, value);
    }

    /** By the one writer. */
    @Operation(nonParallelGroup = "writer")
    public long remove(@Param(name = "key") int key) {
      return map.remove(key);
    }

    /** By anyone. */
    @Operation
    public long get(@Param(name = "key") int key) {
      return map.get(key);
    }

    /** By anyone; key and value in one number. */
    @Operation
    public long floor(@Param(name = "key") int key) {
      AlexEntry found = new AlexEntry();
      map.floor(key, found);
      return found.key() * 1000 + found.value();
    }

    /** By anyone; key and value in one number. */
    @Operation
    public long ceiling(@Param(name = "key") int key) {
      AlexEntry found = new AlexEntry();
      map.ceiling(key, found);
      return found.key() * 1000 + found.value();
    }
  }

  /** A map in which all keys share their first bytes. */
  @Param(name = "key", gen = IntGen.class, conf = "0:11")
  public static class ByteKeys {
    private final AlexBytesMap map = new AlexBytesMap(-1);

    private static byte[] key(int number) {
      // Some keys end in the slice that the others go on from.
      byte[] key = new byte[number % 3 == 0 ? 13 : 17];
      Arrays.fill(key, (byte) 7);
      key[12] = (byte) (number / 6);
      key[key.length - 1] += (byte) number;
      return key;
    }

    /** By the one writer. */
    @Operation(nonParallelGroup = "writer")
    public long put(@Param(name = "key") int key, @Param(name = "key") int value) {
      return map.put(key(key), value);
    }

    /** By the one writer. */
    @Operation(nonParallelGroup = "writer")
    public long remove(@Param(name = "key") int key) {
      return map.remove(key(key));
    }

    /** By anyone. */
    @Operation
    public long get(@Param(name = "key") int key) {
      return map.get(key(key));
    }
  }

  @Test
  void longKeysAreLinearizable() {
    LinChecker.check(LongKeys.class, options());
  }

  @Test
  void byteKeysAreLinearizable() {
    LinChecker.check(ByteKeys.class, options());
  }

  private static StressOptions options() {
    return new StressOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(200)
        .threads(2)
        .actorsPerThread(4)
        .actorsBefore(2)
        .actorsAfter(1);
  }
}
