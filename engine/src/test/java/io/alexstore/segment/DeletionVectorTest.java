package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A deletion vector is a set of positions; its bytes are checked. */
class DeletionVectorTest {

  private static final String PATH = "data/x.alexdv";

  private static BitSet randomSet(Random random, int rows) {
    BitSet set = new BitSet();
    for (int i = random.nextInt(20); i > 0; i--) {
      int from = random.nextInt(rows);
      set.set(from, Math.min(rows, from + 1 + random.nextInt(random.nextBoolean() ? 1 : rows)));
      if (random.nextBoolean()) {
        set.clear(random.nextInt(rows), rows);
      }
    }
    return set;
  }

  private static DeletionVector vector(BitSet set) {
    return DeletionVector.of(set.stream().toArray());
  }

  private static BitSet combined(BitSet a, BitSet b, boolean minus) {
    BitSet result = (BitSet) a.clone();
    if (minus) {
      result.andNot(b);
    } else {
      result.or(b);
    }
    return result;
  }

  @Test
  void itBehavesAsASetOfPositions() {
    Seeds.run(
        200,
        random -> {
          int rows = 1 + random.nextInt(random.nextBoolean() ? 200 : 200_000);
          BitSet set = randomSet(random, rows);
          BitSet other = randomSet(random, rows);
          DeletionVector vector = vector(set);
          assertThat(vector.count()).isEqualTo(set.cardinality());
          assertThat(vector.isEmpty()).isEqualTo(set.isEmpty());
          assertThat(vector.union(vector(other))).isEqualTo(vector(combined(set, other, false)));
          assertThat(vector.minus(vector(other))).isEqualTo(vector(combined(set, other, true)));
          assertThat(vector.intersects(vector(other))).isEqualTo(set.intersects(other));
          BitSet common = (BitSet) set.clone();
          common.and(other);
          assertThat(vector.firstCommon(vector(other))).isEqualTo(common.nextSetBit(0));
          for (int i = 0; i < 50; i++) {
            int at = random.nextInt(rows);
            assertThat(vector.contains(at)).isEqualTo(set.get(at));
            assertThat(vector.nextDeleted(at)).isEqualTo(set.nextSetBit(at));
            assertThat(vector.nextLive(at)).isEqualTo(set.nextClearBit(at));
            assertThat(vector.previousLive(at)).isEqualTo(set.previousClearBit(at));
            int to = at + random.nextInt(rows - at + 1);
            assertThat(vector.count(at, to)).isEqualTo(set.get(at, to).cardinality());
          }
          assertThat(DeletionVector.parse(PATH, vector.toBytes(), rows)).isEqualTo(vector);
        });
  }

  @Test
  void aBuilderCollectsPositionsAndRanges() {
    DeletionVector.Builder builder = new DeletionVector.Builder();
    assertThat(builder.isEmpty()).isTrue();
    assertThat(builder.add(7)).isTrue();
    assertThat(builder.add(7)).isFalse();
    DeletionVector before = builder.build();
    builder.addRange(2, 5);
    builder.addRange(9, 9);
    assertThat(builder.contains(4)).isTrue();
    assertThat(builder.build()).isEqualTo(DeletionVector.of(2, 3, 4, 7));
    assertThat(before).isEqualTo(DeletionVector.of(7));
    assertThat(DeletionVector.ofRange(2, 5)).isEqualTo(DeletionVector.of(2, 3, 4));
    assertThatThrownBy(() -> builder.add(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void runsLoseTheirDeletedRows() {
    Seeds.run(
        100,
        random -> {
          int rows = 1 + random.nextInt(1000);
          BitSet set = randomSet(random, rows);
          BitSet wanted = randomSet(random, rows);
          int[] live = vector(set).liveRuns(runs(wanted));
          assertThat(live).isEqualTo(runs(combined(wanted, set, true)));
        });
  }

  private static int[] runs(BitSet set) {
    List<Integer> runs = new ArrayList<>();
    for (int from = set.nextSetBit(0);
        from >= 0;
        from = set.nextSetBit(runs.get(runs.size() - 1))) {
      runs.add(from);
      runs.add(set.nextClearBit(from));
    }
    return runs.stream().mapToInt(i -> i).toArray();
  }

  @Test
  void everyFlippedByteAndEveryTruncationIsFound() {
    byte[] bytes = DeletionVector.of(1, 2, 3, 70_000, 70_001, 90_000).toBytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] truncated = Arrays.copyOf(bytes, i);
      assertThatThrownBy(() -> DeletionVector.parse(PATH, truncated, 100_000))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining(PATH);
      for (int mask : new int[] {1, 0x80, 0xff}) {
        byte[] flipped = bytes.clone();
        flipped[i] ^= (byte) mask;
        assertThatThrownBy(() -> DeletionVector.parse(PATH, flipped, 100_000))
            .isInstanceOf(CorruptFileException.class);
      }
    }
  }

  @Test
  void soundBytesThatCannotBeAreRefused() {
    DeletionVector vector = DeletionVector.of(1, 99);
    assertThatThrownBy(() -> DeletionVector.parse(PATH, vector.toBytes(), 99))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("99");
    byte[] miscounted = vector.toBytes();
    miscounted[8] = 3;
    assertThatThrownBy(() -> DeletionVector.parse(PATH, withChecksum(miscounted), 100))
        .isInstanceOf(CorruptFileException.class);
    byte[] newer = vector.toBytes();
    newer[4] = 2;
    assertThatThrownBy(() -> DeletionVector.parse(PATH, withChecksum(newer), 100))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("version 2");
    // A bitmap whose every byte may be anything: an error or some vector, nothing else.
    Seeds.run(
        2000,
        random -> {
          byte[] bytes = vector.toBytes();
          bytes[16 + random.nextInt(bytes.length - 20)] = (byte) random.nextInt();
          try {
            DeletionVector.parse(PATH, withChecksum(bytes), 100);
          } catch (CorruptFileException expected) {
            assertThat(expected).hasMessageContaining(PATH);
          }
        });
  }

  private static byte[] withChecksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length - 4, (int) crc.getValue());
    return bytes;
  }
}
