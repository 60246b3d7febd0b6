package io.alexstore.alex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Data nodes as they are built: every slot in use holds an entry or a copy of the one before. */
class DataNodeBuilderTest {

  @Test
  void copiesEachEntryIntoTheGapBehindIt() {
    SplittableRandom random = new SplittableRandom(Seeds.next("copiesEachEntryIntoTheGapBehindIt"));
    for (int i = 0; i < 1000; i++) {
      checkANode(random);
    }
  }

  private static void checkANode(SplittableRandom random) {
    int n = random.nextInt(1, 300);
    // Shifted keys crowd at the lower end, where the line leaves no gaps for them.
    int shift = random.nextInt(60);
    long[] keys =
        random.longs(n).map(key -> key >> random.nextInt(shift + 1)).sorted().distinct().toArray();
    long[] values = Arrays.stream(keys).map(key -> key * 31 + 7).toArray();
    int capacity = random.nextInt(keys.length, 3 * keys.length + 8);
    DataNodeBuilder builder = new DataNodeBuilder();
    builder.gather(keys, values, 0, keys.length);
    DataNode node = builder.build(0, keys.length, Long.MIN_VALUE, Long.MAX_VALUE, capacity);
    if (random.nextBoolean()) {
      boolean hard = node.isHard();
      node = builder.buildWithHole(node, random.nextInt(keys.length));
      assertThat(node.isHard()).isEqualTo(hard);
    }

    assertThat(node.capacity()).isEqualTo(capacity);
    assertThat(node.count).isEqualTo(keys.length);
    assertThat(node.key(0)).isEqualTo(keys[0]);
    int rank = 0;
    for (int i = 0; i < node.end; i++) {
      rank += node.key(i) == keys[rank] ? 0 : 1;
      assertThat(node.key(i)).isEqualTo(keys[rank]);
      assertThat(node.value(i)).isEqualTo(values[rank]);
    }
    assertThat(rank).isEqualTo(keys.length - 1);
    assertThat(keys.length == 1 || node.key(node.end - 1) != node.key(node.end - 2)).isTrue();

    builder.gather(node);
    assertThat(builder.count()).isEqualTo(keys.length);
    for (int i = 0; i < keys.length; i++) {
      assertThat(builder.key(i)).isEqualTo(keys[i]);
    }
  }
}
