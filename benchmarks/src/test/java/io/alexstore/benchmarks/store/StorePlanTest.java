package io.alexstore.benchmarks.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.benchmarks.KeyDistribution;
import org.junit.jupiter.api.Test;

class StorePlanTest {

  @Test
  void withoutOptionsItIsAllButTheLongRunOnAMillionRows() {
    StorePlan plan = StorePlan.of();
    assertThat(plan.specs())
        .extracting(Spec::measure)
        .contains(Measure.CORE, Measure.TAILS, Measure.READS)
        .doesNotContain(Measure.LONG);
    assertThat(plan.specs())
        .filteredOn(spec -> spec.measure() == Measure.CORE)
        .extracting(Spec::engine)
        .containsExactlyElementsOf(MapEngine.NAMES);
    assertThat(plan.specs())
        .filteredOn(spec -> spec.measure() == Measure.READS)
        .extracting(Spec::engine)
        .containsExactly("alexstore");
    assertThat(plan.specs()).allMatch(spec -> spec.rows() == 1_000_000 && spec.valueBytes() == 100);
  }

  @Test
  void optionsAreTakenApart() {
    StorePlan plan =
        StorePlan.of(
            "rows=100_000,2000",
            "engines=lmdb,sqlite",
            "measures=tails,core",
            "values=10,64",
            "keys=clustered",
            "seconds=3",
            "rate=5000",
            "operations=70",
            "jvm=-XX:+UseParallelGC,-Xss1m");
    assertThat(plan.jvm()).containsExactly("-XX:+UseParallelGC", "-Xss1m");
    assertThat(plan.specs()).hasSize(16);
    assertThat(plan.specs().get(0))
        .isEqualTo(
            new Spec(Measure.TAILS, "lmdb", 100_000, 10, KeyDistribution.CLUSTERED, 3, 5000, 70));
    // What has no length and no rate is kept without.
    assertThat(plan.specs().get(2).parameters()).doesNotContainKeys("seconds", "rate");
  }

  @Test
  void argumentsOfAProcessAreReadAsTheyWereWritten() {
    for (Spec spec : StorePlan.of("rows=10", "seconds=7", "rate=9").specs()) {
      assertThat(Spec.parse(spec.arguments())).isEqualTo(spec);
    }
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> StorePlan.of("1000000")).hasMessageContaining("'1000000'");
    assertThatThrownBy(() -> StorePlan.of("row=1")).hasMessageContaining("'row=1'");
    assertThatThrownBy(() -> StorePlan.of("engines=h2")).hasMessageContaining("h2");
    assertThatThrownBy(() -> StorePlan.of("measures=x")).hasMessageContaining("named x");
    assertThatThrownBy(() -> StorePlan.of("values=7")).hasMessageContaining("not 7");
  }
}
