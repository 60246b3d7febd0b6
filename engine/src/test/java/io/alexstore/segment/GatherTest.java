package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.alex.LongKeys;
import io.alexstore.alex.PackedIndex;
import io.alexstore.alex.PackedIndexBuilder;
import io.alexstore.bytes.BlockBytes;
import io.alexstore.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GatherTest {
  private static final byte[] ALPHABET = {0, 1, 2, 0x7e, 0x7f, (byte) 0x80, (byte) 0xfe, -1};

  @Test
  void boundsOfAnyProbeAreThoseOfTheWholeKeys() {
    Seeds.run(2_000, GatherTest::checkRandomKeys);
  }

  private static void checkRandomKeys(Random random) {
    int length = 1 + random.nextInt(random.nextInt(8) == 0 ? 64 : 10);
    long positions = 0;
    int varying = 1 + random.nextInt(Math.min(8, length));
    while (Long.bitCount(positions) < varying) {
      positions |= 1L << random.nextInt(length);
    }
    byte[] template = new byte[length];
    for (int j = 0; j < length; j++) {
      template[j] = (positions >>> j & 1) != 0 ? 0 : letter(random);
    }
    TreeSet<byte[]> sorted = new TreeSet<>(Arrays::compareUnsigned);
    for (int i = 1 + random.nextInt(50); i > 0; i--) {
      byte[] key = template.clone();
      for (int j = 0; j < length; j++) {
        if ((positions >>> j & 1) != 0) {
          key[j] = letter(random);
        }
      }
      sorted.add(key);
    }
    byte[][] keys = sorted.toArray(byte[][]::new);
    Gather gather = new Gather(positions, template);
    GatheredKeys segmentKeys = open(gather, keys);
    for (int i = 0; i < keys.length; i++) {
      byte[] back = new byte[length];
      segmentKeys.keyBytes(i, back, 0);
      assertThat(back).isEqualTo(keys[i]);
    }
    for (int i = 0; i < 200; i++) {
      check(segmentKeys, keys, probe(random, keys, template), random.nextInt(3));
    }
  }

  private static byte letter(Random random) {
    return ALPHABET[random.nextInt(ALPHABET.length)];
  }

  /** A key, cut, extended, or with some bytes changed, wherever they are. */
  private static byte[] probe(Random random, byte[][] keys, byte[] template) {
    byte[] probe = keys[random.nextInt(keys.length)].clone();
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(probe.length);
      probe[at] = random.nextBoolean() ? letter(random) : (byte) (probe[at] + 1);
    }
    int length =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(probe.length + 1);
          case 1 -> probe.length + 1 + random.nextInt(3);
          default -> probe.length;
        };
    return random.nextInt(20) == 0 ? template.clone() : Arrays.copyOf(probe, length);
  }

  private static GatheredKeys open(Gather gather, byte[][] keys) {
    ByteBuffer region = ByteBuffer.allocate(8 * keys.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    long base = gather.gather(keys[0], 0);
    for (byte[] key : keys) {
      region.putLong(gather.gather(key, 0) - base);
    }
    LongKeys longs = new LongKeys(BlockBytes.unchecked(region.clear()), 0, 8, base, keys.length);
    byte[] index = PackedIndexBuilder.build(longs);
    BlockBytes bytes = BlockBytes.unchecked(ByteBuffer.wrap(index));
    return new GatheredKeys(longs, PackedIndex.open("test", bytes, 0, index.length, longs), gather);
  }

  private static void check(GatheredKeys segmentKeys, byte[][] keys, byte[] probe, int offset) {
    int lower = 0;
    while (lower < keys.length && Arrays.compareUnsigned(keys[lower], probe) < 0) {
      lower++;
    }
    boolean found = lower < keys.length && Arrays.equals(keys[lower], probe);
    byte[] bytes = new byte[offset + probe.length];
    System.arraycopy(probe, 0, bytes, offset, probe.length);
    assertThat(segmentKeys.lowerBound(bytes, offset, probe.length)).isEqualTo(lower);
    assertThat(segmentKeys.upperBound(bytes, offset, probe.length))
        .isEqualTo(found ? lower + 1 : lower);
    assertThat(segmentKeys.find(bytes, offset, probe.length)).isEqualTo(found ? lower : -1);
    int[] positions = {7};
    segmentKeys.findAll(bytes, new int[] {offset, bytes.length}, 1, positions);
    assertThat(positions[0]).isEqualTo(found ? lower : -1);
  }
}
