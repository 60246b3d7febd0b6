package io.alexstore.alex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackedLongIndexTest {

  private static final int[] SIZES = {1, 2, 3, 15, 16, 17, 33, 100, 257, 1000, 20_000, 200_000};

  @ParameterizedTest
  @EnumSource
  void agreesWithTheSortedArray(LongKeySet set) {
    long seed = Seeds.next("agreesWithTheSortedArray " + set);
    SplittableRandom random = new SplittableRandom(seed);
    for (int size : SIZES) {
      long[] keys = set.sorted(size, random.nextLong());
      PackedLongIndex index = index(keys);
      for (int i = 0; i < Math.min(20_000, 20 * size); i++) {
        check(index, keys, probe(keys, random));
      }
      for (long edge : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
        check(index, keys, edge);
      }
      checkGrouped(index, keys, random);
      // The smallest sizes may carry a header; beyond them the index is a fraction of the keys.
      assertThat(index.stats().bytes()).isLessThanOrEqualTo(200 + size);
      assertThat(index.stats().depth()).isLessThanOrEqualTo(20);
    }
  }

  @Test
  void findsNothingAmongNoKeys() {
    PackedLongIndex index = index(new long[0]);
    assertThat(index.find(0)).isEqualTo(-1);
    assertThat(index.lowerBound(Long.MIN_VALUE)).isZero();
    assertThat(index.upperBound(Long.MAX_VALUE)).isZero();
  }

  @Test
  void readsEveryWidth() {
    for (int width = 1; width <= 8; width++) {
      long last = width == 8 ? -1 : (1L << (8 * width)) - 1;
      long[] keys = {
        Long.MIN_VALUE, Long.MIN_VALUE + Long.divideUnsigned(last, 3), Long.MIN_VALUE + last
      };
      Arrays.sort(keys);
      LongKeys region = keys(keys, width);
      for (int i = 0; i < keys.length; i++) {
        assertThat(region.get(i)).isEqualTo(keys[i]);
        assertThat(index(region).find(keys[i])).isEqualTo(i);
      }
    }
  }

  @Test
  void predictsALineExactly() {
    for (long step : new long[] {1, 3, 1L << 20, 92_233_720_368L}) {
      long[] keys = new long[100_000];
      Arrays.setAll(keys, i -> step * i);
      PackedStats stats = index(keys).stats();
      assertThat(stats.maxError()).isZero();
      assertThat(stats.lineNodes()).isEqualTo(1);
      assertThat(stats.bytes()).isLessThan(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void buildsTheSameBytesAgain(LongKeySet set) {
    LongKeys keys = keys(set.sorted(5000, 1), 8);
    assertThat(PackedIndexBuilder.build(keys)).isEqualTo(PackedIndexBuilder.build(keys));
  }

  @Test
  void allocatesNothing() {
    long[] keys = LongKeySet.CLUSTERED.sorted(100_000, 3);
    PackedLongIndex index = index(keys);
    int[] positions = new int[1000];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long allocated = 0;
    for (int round = 0; round < 20; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < 1000; i++) {
        index.find(keys[i * 100]);
        index.upperBound(keys[i * 100] + 1);
      }
      index.findAll(keys, 5000, 1000, positions);
      allocated = threads.getThreadAllocatedBytes(thread) - before;
    }
    assertThat(allocated).isZero();
  }

  @Test
  void touchesBlocksBeforeItReadsThem() {
    long[] keys = LongKeySet.CLUSTERED.sorted(50_000, 5);
    ByteBuffer region = LongKeySet.region(keys, 8, false);
    byte[] blob = PackedIndexBuilder.build(keys(keys, 8));
    // What was not touched reads as 0xff.
    byte[] regionBytes = new byte[region.capacity()];
    region.get(0, regionBytes);
    BlockBytes hiddenKeys = hidden(regionBytes);
    BlockBytes hiddenNodes = hidden(blob);
    LongKeys lazy = new LongKeys(hiddenKeys, 0, 8, keys[0], keys.length);
    PackedLongIndex index = PackedIndex.open("test", hiddenNodes, 0, blob.length, lazy);
    for (int i = 0; i < keys.length; i += 97) {
      assertThat(index.find(keys[i])).isEqualTo(Arrays.binarySearch(keys, keys[i]));
      assertThat(index.lowerBound(keys[i] + 1)).isEqualTo(lowerBound(keys, keys[i] + 1));
    }
  }

  @Test
  void garbageIsAnErrorOrAPosition() {
    long seed = Seeds.next("garbageIsAnErrorOrAPosition");
    SplittableRandom random = new SplittableRandom(seed);
    int errors = 0;
    for (LongKeySet set : LongKeySet.values()) {
      long[] keys = set.sorted(5000, random.nextLong());
      LongKeys region = keys(keys, 8);
      byte[] good = PackedIndexBuilder.build(region);
      for (int round = 0; round < 300; round++) {
        byte[] blob = good.clone();
        int flips = random.nextInt(1, 20);
        for (int i = 0; i < flips; i++) {
          blob[random.nextInt(blob.length)] = (byte) random.nextInt();
        }
        try {
          BlockBytes bytes = BlockBytes.unchecked(ByteBuffer.wrap(blob));
          PackedLongIndex index = PackedIndex.open("test", bytes, 0, blob.length, region);
          for (int i = 0; i < 50; i++) {
            long probe = probe(keys, random);
            assertThat(index.find(probe)).isBetween(-1, keys.length - 1);
            assertThat(index.lowerBound(probe)).isBetween(0, keys.length);
          }
        } catch (CorruptFileException | UnsupportedFormatException expected) {
          errors++;
        }
      }
    }
    assertThat(errors).isPositive();
  }

  @Test
  void refusesAnIndexOfOtherKeys() {
    LongKeys keys = keys(LongKeySet.UNIFORM.sorted(100, 1), 8);
    LongKeys others = keys(LongKeySet.UNIFORM.sorted(101, 1), 8);
    byte[] blob = PackedIndexBuilder.build(keys);
    BlockBytes bytes = BlockBytes.unchecked(ByteBuffer.wrap(blob));
    assertThatThrownBy(() -> PackedIndex.open("a.seg", bytes, 0, blob.length, others))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("a.seg")
        .hasMessageContaining("101 keys");
    blob[PackedFormat.VERSION_AT] = 9;
    assertThatThrownBy(() -> PackedIndex.open("a.seg", bytes, 0, blob.length, keys))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("version 9");
  }

  /** The builder puts no node over so few keys, but the format allows it to others. */
  @Test
  void readsANodeOverFewerKeysThanTheWindow() {
    long[] keys = {-7, 3, 4, 90, 91};
    LongKeys region = keys(keys, 8);
    int node = PackedFormat.HEADER_SIZE;
    byte[] blob = Arrays.copyOf(PackedIndexBuilder.build(region), node + PackedFormat.LINE_SIZE);
    ByteBuffer.wrap(blob)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(PackedFormat.LENGTH_AT, blob.length)
        .putInt(PackedFormat.ROOT_AT + 4, PackedFormat.word(PackedFormat.KIND_LINE, node >>> 3))
        .putInt(node + 4, PackedFormat.word(PackedFormat.KIND_EVEN, keys.length))
        .putInt(node + 8, keys.length);
    PackedLongIndex index =
        PackedIndex.open(
            "test", BlockBytes.unchecked(ByteBuffer.wrap(blob)), 0, blob.length, region);
    long[] probes = LongStream.range(-10, 100).toArray();
    int[] positions = new int[probes.length];
    index.findAll(probes, 0, probes.length, positions);
    for (int i = 0; i < probes.length; i++) {
      check(index, keys, probes[i]);
      assertThat(positions[i]).isEqualTo(index.find(probes[i]));
    }
  }

  private static void check(PackedLongIndex index, long[] keys, long probe) {
    int lower = lowerBound(keys, probe);
    int upper = probe == Long.MAX_VALUE ? keys.length : lowerBound(keys, probe + 1);
    String what = "%d among %d keys".formatted(probe, keys.length);
    assertThat(index.lowerBound(probe)).as("lower bound of " + what).isEqualTo(lower);
    assertThat(index.upperBound(probe)).as("upper bound of " + what).isEqualTo(upper);
    assertThat(index.find(probe)).as(what).isEqualTo(lower < upper ? lower : -1);
  }

  private static void checkGrouped(PackedLongIndex index, long[] keys, SplittableRandom random) {
    long[] probes = new long[random.nextInt(100)];
    Arrays.setAll(probes, i -> probe(keys, random));
    int from = random.nextInt(probes.length + 1);
    int[] positions = new int[probes.length - from];
    index.findAll(probes, from, positions.length, positions);
    for (int i = 0; i < positions.length; i++) {
      assertThat(positions[i]).isEqualTo(index.find(probes[from + i]));
    }
  }

  private static long probe(long[] keys, SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> keys[random.nextInt(keys.length)] + random.nextInt(-2, 3);
      case 2 -> {
        long a = keys[random.nextInt(keys.length)];
        yield a + (keys[random.nextInt(keys.length)] - a) / 2;
      }
      default -> keys[random.nextInt(keys.length)];
    };
  }

  private static int lowerBound(long[] keys, long key) {
    int low = 0;
    int high = keys.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (keys[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static BlockBytes hidden(byte[] content) {
    byte[] visible = new byte[content.length];
    Arrays.fill(visible, (byte) 0xff);
    BitSet seen = new BitSet();
    return BlockBytes.checked(
        ByteBuffer.wrap(visible),
        (bytes, block) -> {
          assertThat(seen.get(block)).isFalse();
          seen.set(block);
          int at = block << BlockBytes.BLOCK_SHIFT;
          int length = Math.min(BlockBytes.BLOCK_SIZE, content.length - at);
          System.arraycopy(content, at, visible, at, length);
        });
  }

  private static LongKeys keys(long[] keys, int width) {
    BlockBytes bytes =
        BlockBytes.unchecked(
            keys.length == 0 ? ByteBuffer.allocate(8) : LongKeySet.region(keys, width, true));
    return new LongKeys(bytes, 0, width, keys.length == 0 ? 0 : keys[0], keys.length);
  }

  private static PackedLongIndex index(long[] keys) {
    return index(keys(keys, LongKeySet.width(keys)));
  }

  private static PackedLongIndex index(LongKeys keys) {
    byte[] blob = PackedIndexBuilder.build(keys);
    return PackedIndex.open(
        "test", BlockBytes.unchecked(ByteBuffer.wrap(blob)), 0, blob.length, keys);
  }
}
