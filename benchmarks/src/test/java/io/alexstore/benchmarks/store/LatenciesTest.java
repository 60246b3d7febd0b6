package io.alexstore.benchmarks.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  private final Latencies times = new Latencies();

  @Test
  void quantilesAreThoseOfTheSortedTimes() {
    for (int i = 1; i <= 100_000; i++) {
      times.add(i * 10L);
    }
    Percentage threeDigits = Percentage.withPercentage(0.1);
    assertThat(times.quantile(0.5)).isCloseTo(500_000, threeDigits);
    assertThat(times.quantile(0.99)).isCloseTo(990_000, threeDigits);
    assertThat(times.quantile(0.9999)).isCloseTo(999_900, threeDigits);
    assertThat(times.quantile(1)).isCloseTo(1_000_000, threeDigits);
    assertThat(times.mean()).isCloseTo(500_005, threeDigits);
    assertThat(times.count()).isEqualTo(100_000);
  }

  @Test
  void countsWhatTookLonger() {
    for (long nanos : new long[] {1, 49_000_000, 51_000_000, 2_000_000_000}) {
      times.add(nanos);
    }
    assertThat(times.longerThan(50_000_000)).isEqualTo(2);
  }

  @Test
  void withoutTimesAllIsZero() {
    assertThat(times.quantile(0.99)).isZero();
    assertThat(times.mean()).isZero();
    assertThat(times.longerThan(0)).isZero();
  }

  @Test
  void timesOutOfRangeCountAtItsEnds() {
    times.add(-5);
    times.add(Long.MAX_VALUE);
    assertThat(times.quantile(0.5)).isZero();
    assertThat(times.quantile(1)).isCloseTo(600e9, within(1e9));
  }
}
