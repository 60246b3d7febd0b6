package io.alexstore.alex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The last step of a lookup, from every slot at which a key may be expected. */
class SlotSearchTest {

  @Test
  void findsTheFirstSlotNotBelowAKeyFromWhereverItIsExpected() {
    SplittableRandom random = new SplittableRandom(Seeds.next("findsTheFirstSlotNotBelowAKey"));
    for (int i = 0; i < 2000; i++) {
      int n = random.nextInt(1, 80);
      // Few different keys, so that there are runs.
      long[] keys = random.longs(n, 0, 2L * n).sorted().toArray();
      long[] slots = new long[2 * n];
      Arrays.setAll(slots, at -> (at & 1) == 0 ? keys[at >> 1] : random.nextLong());
      long key = random.nextLong(-1, 2L * n + 1);
      int wanted = (int) Arrays.stream(keys).filter(other -> other < key).count();
      for (int expected = 0; expected < n; expected++) {
        assertThat(SlotSearch.lowerBound(slots, n, expected, key)).isEqualTo(wanted);
        assertThat(SlotSearch.nearLowerBound(slots, n, expected, key)).isEqualTo(wanted);
      }
    }
  }

  @Test
  void staysWithinSlotsThatAreBeingWritten() {
    SplittableRandom random = new SplittableRandom(Seeds.next("staysWithinSlots"));
    for (int i = 0; i < 20_000; i++) {
      int n = random.nextInt(1, 80);
      // In no order, as a reader may see them that a write disturbs.
      long[] slots = random.longs(2L * n, 0, 9).toArray();
      long key = random.nextLong(10);
      int expected = random.nextInt(n);
      assertThat(SlotSearch.lowerBound(slots, n, expected, key)).isBetween(0, n);
      assertThat(SlotSearch.nearLowerBound(slots, n, expected, key)).isBetween(0, n);
    }
  }
}
