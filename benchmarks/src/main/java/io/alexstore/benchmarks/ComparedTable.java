package io.alexstore.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A table of one line for each engine and set of parameters, where others' figures stand beside how
 * many times ours they are.
 */
final class ComparedTable {

  private static final String ENGINE = "engine";

  private final List<String> engines;
  private final List<Column> columns;
  private final List<String> parameters;

  /**
   * A table.
   *
   * @param engines in the order of the lines, ours first
   * @param columns the figures
   * @param parameters what is shown before them; numbers
   */
  ComparedTable(List<String> engines, List<Column> columns, String... parameters) {
    this.engines = engines;
    this.columns = columns;
    this.parameters = List.of(parameters);
  }

  /**
   * A column.
   *
   * @param title its head
   * @param figure the figure that it shows
   * @param unit what the figure is divided by
   * @param decimals how many digits are shown behind the point
   * @param isCompared whether it says how many times ours the others' figures are
   */
  record Column(String title, String figure, double unit, int decimals, boolean isCompared) {

    static Column nanos(String title, String figure) {
      return new Column(title, figure, 1, 0, true);
    }

    static Column micros(String title, String figure) {
      return new Column(title, figure, 1e3, 1, false);
    }
  }

  /** The lines of the table, in order, whatever the order of the rows. */
  List<String> lines(List<Results.Row> rows) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "| %s | engine | %s |",
            String.join(" | ", parameters),
            String.join(" | ", columns.stream().map(Column::title).toList())));
    lines.add("|" + "---|".repeat(parameters.size() + 1 + columns.size()));
    for (Results.Row row : sorted(rows)) {
      Results.Row ours =
          rows.stream().filter(other -> isOursOf(row, other)).findFirst().orElse(row);
      List<String> cells = new ArrayList<>();
      for (String parameter : parameters) {
        cells.add(text(row.parameters().getOrDefault(parameter, "")));
      }
      cells.add(row.parameters().get(ENGINE));
      for (Column column : columns) {
        cells.add(cell(column, row, ours));
      }
      lines.add("| " + String.join(" | ", cells) + " |");
    }
    return lines;
  }

  /** By all parameters, the engine last. */
  List<Results.Row> sorted(List<Results.Row> rows) {
    Comparator<Results.Row> order = Comparator.comparingInt(row -> 0);
    for (String parameter : List.of("rows", "value", "keys", "seconds", "rate")) {
      order =
          order
              .thenComparingLong(row -> number(row.parameters().getOrDefault(parameter, "0")))
              .thenComparing(row -> row.parameters().getOrDefault(parameter, ""));
    }
    return rows.stream()
        .sorted(order.thenComparingInt(row -> engines.indexOf(row.parameters().get(ENGINE))))
        .toList();
  }

  /** Whether a row is of ours, and else measures what another does. */
  private boolean isOursOf(Results.Row row, Results.Row other) {
    return other.parameters().get(ENGINE).equals(engines.get(0))
        && row.parameters().entrySet().stream()
            .filter(of -> !of.getKey().equals(ENGINE))
            .allMatch(of -> of.getValue().equals(other.parameters().get(of.getKey())));
  }

  private static String cell(Column column, Results.Row row, Results.Row ours) {
    Double figure = row.figures().get(column.figure());
    if (figure == null) {
      return "";
    }
    String text = text(OptionalDouble.of(figure / column.unit()), column.decimals());
    Double ofOurs = ours.figures().get(column.figure());
    if (!column.isCompared() || ours.equals(row) || ofOurs == null) {
      return text;
    }
    return text + " (" + text(OptionalDouble.of(figure / ofOurs), 1) + "x)";
  }

  private static long number(String text) {
    return isNumber(text) ? Long.parseLong(text) : 0;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(Character::isDigit);
  }

  private static String text(String value) {
    return isNumber(value) ? String.format(Locale.ROOT, "%,d", number(value)) : value;
  }

  /** A figure with digits behind the point; nothing if there is none. */
  static String text(OptionalDouble figure, int decimals) {
    return figure.isEmpty()
        ? ""
        : String.format(Locale.ROOT, "%,." + decimals + "f", figure.getAsDouble());
  }
}
