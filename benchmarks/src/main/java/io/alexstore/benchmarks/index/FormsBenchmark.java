package io.alexstore.benchmarks.index;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The two forms that the project began with, over uniform keys: one model over the leaves, and a
 * tree of models, which is what the updatable index is.
 *
 * <p>Run: {@code ./benchmarks/run forms [keys=1000000,5000000,10000000,50000000]}.
 */
public final class FormsBenchmark {

  /** Of a worker's heap for each key: sorted keys, values, and an index that holds both again. */
  private static final long BYTES_FOR_A_KEY = 80;

  private FormsBenchmark() {}

  /**
   * Measures.
   *
   * @param found takes what a form came to, as soon as it did
   * @param options as above
   */
  public static void run(Consumer<Figures> found, String... options)
      throws IOException, InterruptedException {
    String sizes = "1000000,5000000,10000000,50000000";
    for (String keys : MapBenchmark.option(options, "keys", sizes)) {
      for (String form : List.of("multi-level", "single-level")) {
        long heap = MapBenchmark.heap(Long.parseLong(keys), BYTES_FOR_A_KEY);
        Figures figures =
            new Figures(
                Map.of("form", form, "keys", keys),
                WorkerProcess.run(FormsWorker.class, heap, form, keys));
        System.out.println(figures);
        found.accept(figures);
      }
    }
  }
}
