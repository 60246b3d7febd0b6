package io.alexstore.benchmarks.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.alexstore.benchmarks.store.YcsbMix.Operation;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YcsbMixTest {

  private static final int DRAWS = 200_000;

  /** As the definitions of the core workloads have it. */
  @ParameterizedTest
  @CsvSource({
    "A, READ, 0.5, UPDATE, 0.5",
    "B, READ, 0.95, UPDATE, 0.05",
    "C, READ, 1, UPDATE, 0",
    "D, READ, 0.95, INSERT, 0.05",
    "E, SCAN, 0.95, INSERT, 0.05",
    "F, READ, 0.5, READ_MODIFY_WRITE, 0.5"
  })
  void operationsComeInTheirShares(
      YcsbMix mix, Operation first, double firstShare, Operation second, double secondShare) {
    Map<Operation, Integer> counts = new EnumMap<>(Operation.class);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < DRAWS; i++) {
      counts.merge(mix.next(random), 1, Integer::sum);
    }
    assertThat(counts.getOrDefault(first, 0) / (double) DRAWS).isCloseTo(firstShare, within(0.005));
    assertThat(counts.getOrDefault(second, 0) / (double) DRAWS)
        .isCloseTo(secondShare, within(0.005));
    assertThat(counts.getOrDefault(first, 0) + counts.getOrDefault(second, 0)).isEqualTo(DRAWS);
  }
}
