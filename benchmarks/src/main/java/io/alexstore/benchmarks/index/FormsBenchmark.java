package io.alexstore.benchmarks.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The two forms that the project began with, over uniform keys: one model over the leaves, and a
 * tree of models, which is what the updatable index is.
 *
 * <p>Run: {@code ./benchmarks/run forms [keys=1000000,5000000,10000000,50000000]}.
 */
public final class FormsBenchmark {

  private FormsBenchmark() {}

  /** Measures; options as above. */
  public static List<Figures> run(String... options) throws IOException {
    List<Figures> all = new ArrayList<>();
    String sizes = "1000000,5000000,10000000,50000000";
    for (String keys : MapBenchmark.option(options, "keys", sizes)) {
      for (String form : List.of("multi-level", "single-level")) {
        Figures figures =
            MapBenchmark.inAFreshProcess(
                FormsWorker.class, Map.of("form", form, "keys", keys), form, keys);
        System.out.println(figures);
        all.add(figures);
      }
    }
    return all;
  }
}
