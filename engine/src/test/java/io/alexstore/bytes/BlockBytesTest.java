package io.alexstore.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.testkit.RandomizedTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockBytesTest {

  private static final int BLOCKS = 200;
  private static final int SIZE = BLOCKS * BlockBytes.BLOCK_SIZE - 1000;

  /** Records what is loaded, and refuses to check what was not. */
  private static final class Recorder implements BlockBytes.Verifier {
    final List<String> loads = new ArrayList<>();
    final BitSet loaded = new BitSet();
    final BitSet checked = new BitSet();

    @Override
    public void load(int block, int count) {
      loads.add(block + "+" + count);
      loaded.set(block, block + count);
    }

    @Override
    public void verify(ByteBuffer bytes, int block) {
      assertThat(loaded.get(block)).as("block %d is loaded", block).isTrue();
      assertThat(checked.get(block)).as("block %d is checked before", block).isFalse();
      checked.set(block);
    }
  }

  private final Recorder recorder = new Recorder();
  private final BlockBytes bytes = BlockBytes.checked(ByteBuffer.allocate(SIZE), recorder);

  private static int at(int block) {
    return block * BlockBytes.BLOCK_SIZE;
  }

  @Test
  void aTouchedRunIsLoadedAtOnce() {
    bytes.touch(at(3) + 4095, 2);
    bytes.touch(at(3), 100);
    bytes.touch(at(1), at(9));
    bytes.touch(at(1), at(9));
    bytes.touch(SIZE - 1, 1);
    assertThat(recorder.loads).containsExactly("3+2", "1+9", "199+1");
    assertThatThrownBy(() -> bytes.touch(SIZE - 1, BlockBytes.BLOCK_SIZE))
        .isInstanceOf(IndexOutOfBoundsException.class);
    bytes.touch(0, 0);
    assertThat(recorder.checked.get(0)).isFalse();
  }

  @Test
  void neighboursAreLoadedTogether() {
    int[] offsets = {at(1), at(1) + 10, at(3), at(10), at(12) + 4000, at(40)};
    int[] lengths = {1, 5000, 0, 1, 200, 1};
    bytes.touchAll(offsets, lengths, 6, 2 * BlockBytes.BLOCK_SIZE);
    assertThat(recorder.loads).containsExactly("1+2", "10+4", "40+1");
    bytes.touchAll(offsets, lengths, 6, 2 * BlockBytes.BLOCK_SIZE);
    assertThat(recorder.loads).hasSize(3);
    assertThat(recorder.checked)
        .isEqualTo(BitSet.valueOf(new long[] {6 | 1L << 10 | 3L << 12 | 1L << 40}));
    bytes.touchAll(new int[] {at(10), at(15)}, new int[] {1, 1}, 2, Integer.MAX_VALUE);
    assertThat(recorder.loads.subList(3, 4)).containsExactly("15+1");
    assertThatThrownBy(() -> bytes.touchAll(new int[] {SIZE}, new int[] {1}, 1, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @RandomizedTest(iterations = 50)
  void allThatIsTouchedIsChecked(Random random) {
    BitSet expected = new BitSet();
    for (int round = 0; round < 20; round++) {
      int count = random.nextInt(8);
      int[] offsets = random.ints(count, 0, SIZE).sorted().toArray();
      int[] lengths =
          Arrays.stream(offsets)
              .map(offset -> random.nextInt(Math.min(SIZE - offset, 20_000) + 1))
              .toArray();
      for (int i = 0; i < count; i++) {
        if (lengths[i] > 0) {
          expected.set(offsets[i] >>> 12, ((offsets[i] + lengths[i] - 1) >>> 12) + 1);
        }
      }
      if (random.nextBoolean()) {
        bytes.touchAll(offsets, lengths, count, random.nextInt(30_000));
      } else {
        for (int i = 0; i < count; i++) {
          bytes.touch(offsets[i], lengths[i]);
        }
      }
      assertThat(recorder.checked).isEqualTo(expected);
    }
  }
}
