package io.alexstore.benchmarks.store;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One measure of one engine, in a process that does nothing else. Prints a line {@code FIGURE name
 * value} for each figure. Arguments: a directory, the step, and those of {@link Spec}.
 */
final class StoreWorker {

  static final String FIGURE = "FIGURE ";

  private StoreWorker() {}

  /** Measures, and prints the figures. */
  public static void main(String[] args) throws Exception {
    Spec spec = Spec.parse(Arrays.asList(args).subList(2, args.length));
    Map<String, Double> figures = new LinkedHashMap<>();
    spec.measure().run(spec, Path.of(args[0]), args[1], figures);
    figures.forEach(
        (name, figure) ->
            System.out.println(FIGURE + name + String.format(Locale.ROOT, " %.3f", figure)));
  }
}
