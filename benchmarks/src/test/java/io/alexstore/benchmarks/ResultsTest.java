package io.alexstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

  @TempDir Path repository;

  private static Results results(String date, Results.Row... rows) {
    return new Results("suite", Map.of("date", date), List.of(rows));
  }

  private static Results.Row row(String engine, String rows, double figure) {
    return new Results.Row(Map.of("engine", engine, "rows", rows), Map.of("get", figure));
  }

  private List<Results.Row> saved() throws IOException {
    return Results.load(repository, "suite").orElseThrow().rows();
  }

  @Test
  void aLaterRunTakesThePlaceOfOneWithTheSameParameters() throws IOException {
    results("2026-01-01", row("a", "1", 10), row("b", "1", 20)).save(repository);
    results("2026-01-02", row("b", "1", 21), row("b", "2", 30)).save(repository);
    assertThat(saved())
        .extracting(row -> row.figures().get("get"), Results.Row::date)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(10.0, "2026-01-01"),
            org.assertj.core.groups.Tuple.tuple(21.0, "2026-01-02"),
            org.assertj.core.groups.Tuple.tuple(30.0, "2026-01-02"));
  }

  @Test
  void aRowWithoutADateHasThatOfItsResults() throws IOException {
    Path file = repository.resolve("benchmarks/results/suite.json");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        """
        {"suite": "suite", "environment": {"date": "2025-12-31"},
         "rows": [{"parameters": {"engine": "a", "rows": "1"}, "figures": {"get": 1.5}}]}
        """);
    assertThat(saved().get(0).date()).isNull();
    results("2026-01-02", row("b", "1", 21)).save(repository);
    assertThat(saved()).extracting(Results.Row::date).containsExactly("2025-12-31", "2026-01-02");
    assertThat(saved().get(0).figures()).containsEntry("get", 1.5);
  }
}
