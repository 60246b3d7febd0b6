package io.alexstore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;

/** What sections of the page of results are written with. */
abstract class PageSections {

  private final Path repository;
  private final StringBuilder page;

  /**
   * Sections.
   *
   * @param repository the root of the sources
   * @param page what they are added to
   */
  PageSections(Path repository, StringBuilder page) {
    this.repository = repository;
    this.page = page;
  }

  /** Writes all that have results. */
  abstract void write() throws IOException;

  void line(String format, Object... values) {
    page.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    page.append('\n');
  }

  Optional<Results> section(String suite, String title) throws IOException {
    Optional<Results> results = Results.load(repository, suite);
    if (results.isPresent()) {
      Map<String, String> on = results.get().environment();
      line("");
      line("## %s", title);
      line("");
      line(
          "`./benchmarks/run %s`, %s, Java %s, %s cores, %s.",
          suite, on.get("date"), on.get("java"), on.get("cores"), on.get("os"));
    }
    return results;
  }

  /** Keeps a plot beside the page, and shows it; nothing if it has no lines. */
  void plot(String name, String alternative, LinePlot plot) throws IOException {
    if (plot.isEmpty()) {
      return;
    }
    Path file = repository.resolve("docs/benchmarks/" + name + ".svg");
    Files.createDirectories(file.getParent());
    Files.writeString(file, plot.svg());
    line("");
    line("![%s](benchmarks/%s.svg)", alternative, name);
  }

  /** Those of one value of a parameter. */
  static Predicate<Results.Row> has(String parameter, String value) {
    return row -> value.equals(row.parameters().get(parameter));
  }

  /** A figure, to one decimal. */
  static String tenths(OptionalDouble figure) {
    return figure.isEmpty() ? "" : String.format(Locale.ROOT, "%,.1f", figure.getAsDouble());
  }

  /** A peer's figure, and how many times ours it is. */
  static String times(OptionalDouble theirs, OptionalDouble ours) {
    return theirs.isEmpty() || ours.isEmpty()
        ? tenths(theirs)
        : String.format(
            Locale.ROOT,
            "%,.1f (%.2fx)",
            theirs.getAsDouble(),
            theirs.getAsDouble() / ours.getAsDouble());
  }

  /** The first figure of these parameters. */
  static OptionalDouble find(
      List<Results.Row> rows, Map<String, String> parameters, String figure) {
    return rows.stream()
        .filter(row -> row.parameters().entrySet().containsAll(parameters.entrySet()))
        .filter(row -> row.figures().containsKey(figure))
        .mapToDouble(row -> row.figures().get(figure))
        .findFirst();
  }

  /** The values of a parameter, in the order in which they were measured. */
  static Set<String> values(List<Results.Row> rows, String parameter) {
    Set<String> values = new LinkedHashSet<>();
    rows.forEach(row -> values.add(row.parameters().get(parameter)));
    return values;
  }

  /** The values of a parameter that is a number, from small to large. */
  static List<String> numbers(List<Results.Row> rows, String parameter) {
    return values(rows, parameter).stream()
        .sorted(java.util.Comparator.comparingLong(Long::parseLong))
        .toList();
  }

  /** A figure, rounded. */
  static String text(OptionalDouble figure) {
    return figure.isEmpty() ? "" : String.format(Locale.ROOT, "%.0f", figure.getAsDouble());
  }
}
