package io.alexstore.alex;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackedByteIndexTest {

  private static final int[] SIZES = {1, 2, 3, 17, 100, 1000, 50_000};

  @ParameterizedTest
  @EnumSource
  void agreesWithTheSortedArray(ByteKeySet set) {
    long seed = Seeds.next("agreesWithTheSortedArray " + set);
    SplittableRandom random = new SplittableRandom(seed);
    for (int size : SIZES) {
      byte[][] keys = set.sorted(size, random.nextLong());
      checkAll(keys, false, random);
      if (ByteKeySet.isFixed(keys)) {
        checkAll(keys, true, random);
      }
    }
  }

  @Test
  void findsNothingAmongNoKeys() {
    PackedByteIndex index = index(ByteKeySet.region(new byte[0][], false));
    assertThat(index.find(new byte[3], 0, 3)).isEqualTo(-1);
    assertThat(index.lowerBound(new byte[3], 0, 3)).isZero();
    assertThat(index.upperBound(new byte[0], 0, 0)).isZero();
  }

  @Test
  void readsAndComparesKeys() {
    byte[][] sorted = ByteKeySet.URLS.sorted(1000, 4);
    ByteKeys keys = ByteKeySet.region(sorted, false);
    for (int i = 0; i < sorted.length; i++) {
      byte[] key = new byte[keys.length(i)];
      keys.get(i, key, 0);
      assertThat(key).isEqualTo(sorted[i]);
      byte[] other = sorted[(i * 7 + 1) % sorted.length];
      assertThat(Integer.signum(keys.compare(i, other, 0, other.length)))
          .isEqualTo(Integer.signum(Arrays.compareUnsigned(key, other)));
    }
  }

  @Test
  void allocatesNothing() {
    byte[][] sorted = ByteKeySet.URLS.sorted(20_000, 4);
    PackedByteIndex index = index(ByteKeySet.region(sorted, false));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    int[] positions = new int[100];
    byte[] data = concatenate(sorted, 100);
    int[] offsets = offsets(sorted, 100);
    long allocated = 0;
    for (int round = 0; round < 20; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < 1000; i++) {
        byte[] key = sorted[i * 20];
        index.find(key, 0, key.length);
        index.upperBound(key, 0, key.length - 1);
      }
      index.findAll(data, offsets, 0, 100, positions);
      allocated = threads.getThreadAllocatedBytes(thread) - before;
    }
    assertThat(allocated).isZero();
  }

  @Test
  void garbageGivesAnErrorOrTheRightPosition() {
    long seed = Seeds.next("garbageGivesAnErrorOrTheRightPosition");
    SplittableRandom random = new SplittableRandom(seed);
    int errors = 0;
    for (ByteKeySet set : ByteKeySet.values()) {
      byte[][] sorted = set.sorted(3000, random.nextLong());
      ByteKeys keys = ByteKeySet.region(sorted, false);
      byte[] good = PackedIndexBuilder.build(keys);
      for (int round = 0; round < 200; round++) {
        byte[] blob = good.clone();
        int flips = random.nextInt(1, 20);
        for (int i = 0; i < flips; i++) {
          blob[random.nextInt(blob.length)] = (byte) random.nextInt();
        }
        try {
          BlockBytes bytes = BlockBytes.unchecked(ByteBuffer.wrap(blob));
          PackedByteIndex index = PackedIndex.open("test", bytes, 0, blob.length, keys);
          for (int i = 0; i < 20; i++) {
            byte[] probe = probe(sorted, random);
            // The search checks its border, so whole keys decide even here.
            assertThat(index.lowerBound(probe, 0, probe.length)).isEqualTo(bound(sorted, probe, 0));
          }
        } catch (CorruptFileException | UnsupportedFormatException expected) {
          errors++;
        }
      }
    }
    assertThat(errors).isPositive();
  }

  private static void checkAll(byte[][] keys, boolean fixed, SplittableRandom random) {
    PackedByteIndex index = index(ByteKeySet.region(keys, fixed));
    for (int i = 0; i < Math.min(10_000, 20 * keys.length); i++) {
      byte[] probe = probe(keys, random);
      int pad = random.nextInt(4);
      byte[] padded = new byte[probe.length + 2 * pad];
      Arrays.fill(padded, (byte) 0x55);
      System.arraycopy(probe, 0, padded, pad, probe.length);
      int lower = bound(keys, probe, 0);
      int upper = bound(keys, probe, 1);
      assertThat(index.lowerBound(padded, pad, probe.length)).isEqualTo(lower);
      assertThat(index.upperBound(padded, pad, probe.length)).isEqualTo(upper);
      assertThat(index.find(padded, pad, probe.length)).isEqualTo(lower < upper ? lower : -1);
    }
    byte[][] probes = new byte[random.nextInt(1, 100)][];
    Arrays.setAll(probes, i -> probe(keys, random));
    int from = random.nextInt(probes.length);
    int[] positions = new int[probes.length - from];
    index.findAll(
        concatenate(probes, probes.length),
        offsets(probes, probes.length),
        from,
        positions.length,
        positions);
    for (int i = 0; i < positions.length; i++) {
      byte[] probe = probes[from + i];
      assertThat(positions[i]).isEqualTo(index.find(probe, 0, probe.length));
    }
    assertThat(index.stats().depth()).isLessThanOrEqualTo(20);
  }

  private static byte[] probe(byte[][] keys, SplittableRandom random) {
    byte[] key = keys[random.nextInt(keys.length)];
    switch (random.nextInt(5)) {
      case 0 -> {
        key = new byte[random.nextInt(20)];
        random.nextBytes(key);
      }
      case 1 -> key = Arrays.copyOf(key, random.nextInt(key.length + 1));
      case 2 -> key = Arrays.copyOf(key, key.length + 1);
      case 3 -> {
        key = key.clone();
        if (key.length > 0) {
          key[random.nextInt(key.length)] += (byte) random.nextInt(-1, 2);
        }
      }
      default -> {}
    }
    return key;
  }

  private static int bound(byte[][] keys, byte[] probe, int least) {
    int low = 0;
    int high = keys.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(keys[middle], probe) < least) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static byte[] concatenate(byte[][] keys, int count) {
    ByteBuffer data = ByteBuffer.allocate(offsets(keys, count)[count]);
    for (int i = 0; i < count; i++) {
      data.put(keys[i]);
    }
    return data.array();
  }

  private static int[] offsets(byte[][] keys, int count) {
    int[] offsets = new int[count + 1];
    for (int i = 0; i < count; i++) {
      offsets[i + 1] = offsets[i] + keys[i].length;
    }
    return offsets;
  }

  private static PackedByteIndex index(ByteKeys keys) {
    byte[] blob = PackedIndexBuilder.build(keys);
    return PackedIndex.open(
        "test", BlockBytes.unchecked(ByteBuffer.wrap(blob)), 0, blob.length, keys);
  }
}
