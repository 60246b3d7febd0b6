package io.alexstore.benchmarks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One suite's figures, kept as {@code benchmarks/results/<suite>.json}.
 *
 * @param suite the suite's name
 * @param environment what it ran on
 * @param rows the figures
 */
record Results(String suite, Map<String, String> environment, List<Row> rows) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * One measurement.
   *
   * @param parameters what was measured
   * @param figures what was found
   * @param date when it was measured; null until it is saved, and then the day of its results
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Row(Map<String, String> parameters, Map<String, Double> figures, String date) {

    /** A measurement of now. */
    Row(Map<String, String> parameters, Map<String, Double> figures) {
      this(parameters, figures, null);
    }

    private Row on(String day) {
      return date == null ? new Row(parameters, figures, day) : this;
    }
  }

  /** Results of this machine, now. */
  static Results of(String suite, List<Row> rows) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    environment.put("java", System.getProperty("java.vm.version"));
    environment.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return new Results(suite, environment, rows);
  }

  /** These results, which ran on something more that is worth knowing. */
  Results on(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.putAll(more);
    return new Results(suite, all, rows);
  }

  private static Path file(Path repository, String suite) {
    return repository.resolve("benchmarks/results/" + suite + ".json");
  }

  /** The kept results of a suite, if it ever ran. */
  static Optional<Results> load(Path repository, String suite) throws IOException {
    Path file = file(repository, suite);
    return Files.exists(file)
        ? Optional.of(JSON.readValue(file.toFile(), Results.class))
        : Optional.empty();
  }

  /**
   * Keeps these results: rows measured before stay, with their dates, unless these have the same
   * parameters.
   */
  void save(Path repository) throws IOException {
    Map<Map<String, String>, Row> merged = new LinkedHashMap<>();
    Optional<Results> before = load(repository, suite);
    if (before.isPresent()) {
      for (Row row : before.get().rows()) {
        merged.put(row.parameters(), row.on(before.get().environment().get("date")));
      }
    }
    for (Row row : rows) {
      merged.put(row.parameters(), row.on(environment.get("date")));
    }
    Path file = file(repository, suite);
    Files.createDirectories(file.getParent());
    Results all = new Results(suite, environment, new ArrayList<>(merged.values()));
    Files.writeString(file, JSON.writeValueAsString(all) + "\n");
  }
}
