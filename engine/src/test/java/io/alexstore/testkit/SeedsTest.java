package io.alexstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

class SeedsTest {

  private final Map<String, String> given = new HashMap<>();

  @BeforeEach
  void clearProperties() {
    for (String name : List.of(Seeds.PROPERTY, Seeds.ITERATIONS_PROPERTY)) {
      given.put(name, System.clearProperty(name));
    }
  }

  @AfterEach
  void restoreProperties() {
    System.clearProperty(Seeds.PROPERTY);
    given.forEach(
        (name, value) -> {
          if (value != null) {
            System.setProperty(name, value);
          }
        });
  }

  private static long seedIn(String message) {
    Matcher matcher = Pattern.compile("-Dalexstore\\.seed=(-?\\d+)").matcher(message);
    assertThat(matcher.find()).as(message).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  @Test
  void aFailureNamesTheSeedThatRepeatsIt() {
    List<Integer> drawn = new ArrayList<>();
    Seeds.Body body =
        random -> {
          drawn.add(random.nextInt());
          assertThat(drawn.size()).isLessThan(5);
        };
    Throwable failure = catchThrowable(() -> Seeds.run(100, body));
    assertThat(failure).isInstanceOf(AssertionError.class);
    int failed = drawn.get(4);
    assertThat(drawn).hasSize(5).doesNotHaveDuplicates();

    System.setProperty(Seeds.PROPERTY, Long.toString(seedIn(failure.getMessage())));
    drawn.clear();
    Seeds.run(100, body);
    assertThat(drawn).containsExactly(failed);
  }

  @Test
  void aSeedThatIsNoNumberIsRefused() {
    System.setProperty(Seeds.PROPERTY, "x");
    assertThatThrownBy(() -> Seeds.run(1, random -> {})).isInstanceOf(NumberFormatException.class);
  }

  /** Run by {@link #theExtensionPassesOneSeedToAllParameters} only. */
  static final class Sample {
    static final List<Long> SEEDS = new ArrayList<>();

    @RandomizedTest(iterations = 3)
    void failsAtTheSecond(Random random, SplittableRandom splittable, long seed) {
      SEEDS.add(seed);
      assertThat(random.nextLong()).isEqualTo(new Random(seed).nextLong());
      assertThat(splittable.nextLong()).isEqualTo(new SplittableRandom(seed).nextLong());
      if (SEEDS.size() == 2) {
        throw new IllegalStateException("as ordered");
      }
    }
  }

  private static TestExecutionSummary runSample() {
    Sample.SEEDS.clear();
    var listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(Sample.class))
                .build(),
            listener);
    return listener.getSummary();
  }

  @Test
  void theExtensionPassesOneSeedToAllParameters() {
    TestExecutionSummary summary = runSample();
    assertThat(summary.getTestsStartedCount()).isEqualTo(3);
    assertThat(summary.getFailures()).hasSize(1);
    assertThat(Sample.SEEDS).hasSize(3).doesNotHaveDuplicates();
    String message = summary.getFailures().get(0).getException().getMessage();
    assertThat(seedIn(message)).isEqualTo(Sample.SEEDS.get(1));
    assertThat(message).contains("-Dtest=Sample#failsAtTheSecond").contains("as ordered");

    System.setProperty(Seeds.PROPERTY, "0x2a");
    summary = runSample();
    assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
    assertThat(Sample.SEEDS).containsExactly(42L);
  }
}
