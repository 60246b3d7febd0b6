package io.alexstore.benchmarks.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ZipfianTest {

  private static final int N = 10_000;
  private static final int DRAWS = 2_000_000;

  private final Zipfian zipfian = new Zipfian(N, new SplittableRandom(1));

  private int[] counts() {
    int[] counts = new int[N];
    for (int i = 0; i < DRAWS; i++) {
      counts[zipfian.next()]++;
    }
    return counts;
  }

  @Test
  void numbersComeAsOftenAsTheLawSays() {
    int[] counts = counts();
    // The two likeliest are drawn exactly; of the others, which are not, ranges come close.
    assertThat((double) counts[0] / DRAWS).isCloseTo(zipfian.share(0), within(0.002));
    assertThat((double) counts[1] / DRAWS).isCloseTo(zipfian.share(1), within(0.002));
    int from = 2;
    for (int to : new int[] {10, 100, 1_000, N}) {
      double expected = 0;
      double found = 0;
      for (int i = from; i < to; i++) {
        expected += zipfian.share(i);
        found += counts[i];
      }
      assertThat(found / DRAWS).as("%d to %d", from, to).isCloseTo(expected, within(0.03));
      from = to;
    }
  }

  @Test
  void sharesAddUpToOne() {
    double sum = 0;
    for (int i = 0; i < N; i++) {
      sum += zipfian.share(i);
    }
    assertThat(sum).isCloseTo(1, within(1e-9));
  }

  @Test
  void spreadNumbersAreInRangeAndTheLikelyOnesAreNotNeighbours() {
    int[] counts = new int[N];
    for (int i = 0; i < DRAWS; i++) {
      counts[zipfian.nextSpread()]++;
    }
    BitSet likely = new BitSet();
    for (int i = 0; i < N; i++) {
      if (counts[i] > DRAWS / 1_000) {
        likely.set(i);
      }
    }
    assertThat(likely.cardinality()).isBetween(50, 150);
    int inFirstTenth = likely.get(0, N / 10).cardinality();
    assertThat(inFirstTenth).isLessThan(likely.cardinality() / 3);
  }

  @Test
  void oneNumberIsAlwaysDrawn() {
    Zipfian one = new Zipfian(1, new SplittableRandom(1));
    assertThat(one.next()).isZero();
    assertThat(one.nextSpread()).isZero();
  }
}
