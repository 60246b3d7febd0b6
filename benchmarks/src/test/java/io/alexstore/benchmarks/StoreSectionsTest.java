package io.alexstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreSectionsTest {

  @TempDir Path repository;

  private final List<Results.Row> rows = new ArrayList<>();

  private void measured(
      String measure, String engine, String keys, Map<String, Double> figures, String... more) {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("measure", measure);
    parameters.put("engine", engine);
    parameters.put("rows", "1000000");
    parameters.put("value", "100");
    parameters.put("keys", keys);
    for (int i = 0; i < more.length; i += 2) {
      parameters.put(more[i], more[i + 1]);
    }
    rows.add(new Results.Row(parameters, figures));
  }

  private List<String> page() throws IOException {
    StringBuilder page = new StringBuilder();
    Results.of("store", rows).save(repository);
    new StoreSections(repository, page).write();
    return page.toString().lines().toList();
  }

  @Test
  void aPeersFigureSaysHowManyTimesOursItIs() throws IOException {
    measured("core", "lmdb", "uniform", Map.of("get", 250.0, "load", 1000.0));
    measured("core", "alexstore", "uniform", Map.of("get", 100.0));
    measured("core", "alexstore", "clustered", Map.of("get", 500.0));
    assertThat(page())
        .containsSequence(
            "| 1,000,000 | alexstore |  | 100 |  |  |  |  |  |  |",
            "| 1,000,000 | lmdb | 1,000 | 250 (2.5x) |  |  |  |  |  |  |")
        .contains("| 1,000,000 | clustered | alexstore |  | 500 |  |  |  |  |  |  |");
  }

  @Test
  void theReportsFiguresStandBesideOurs() throws IOException {
    measured("core", "alexstore", "uniform", Map.of("get", 100.0));
    measured("core", "sqlite", "uniform", Map.of("get", 2000.0));
    assertThat(page())
        .contains("| 1,000,000 | query | 100 | *1,051* |  | *3,642* | 2,000 | *2,173* |");
  }

  @Test
  void runsOfAnotherLengthAreNotCompared() throws IOException {
    Map<String, Double> mean = Map.of("getAloneMean", 100.0);
    measured("threads", "alexstore", "uniform", mean, "seconds", "5");
    measured("threads", "lmdb", "uniform", mean, "seconds", "9");
    assertThat(page()).contains("| 1,000,000 | lmdb | 100 |  |  |  |  |  |");
  }

  @Test
  void withoutFiguresThereIsNoTable() throws IOException {
    measured("reads", "alexstore", "uniform", Map.of("inPlaceLoaded", 70.0));
    assertThat(page())
        .contains("| 1,000,000 | 100 |  |  |  |  | 70 |  |  |  |  |")
        .noneMatch(line -> line.contains("YCSB") || line.contains("p99.99"));
  }
}
