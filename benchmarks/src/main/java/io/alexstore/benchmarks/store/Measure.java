package io.alexstore.benchmarks.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What can be measured of an engine, each in processes of its own. */
enum Measure {

  /** Loads in the order of the keys. */
  SORTED(0, warm(CoreMeasure::sorted)),

  /** A load in random order, then gets, 80/20, ranges; the reads again after a compaction. */
  CORE(0, warm(CoreMeasure::random)),

  /** The mixes of YCSB. */
  YCSB(0, warm(YcsbMeasure::run)),

  /** Percentiles of gets and of updates, 80/20. */
  TAILS(10, warm(TailsMeasure::run)),

  /** The same for long. */
  LONG(600, warm(TailsMeasure::run)),

  /** A reader alone, and beside a writer. */
  THREADS(5, warm(ThreadsMeasure::run)),

  /** Opening it, after it was closed and after its process was killed. */
  OPEN(0, OpenMeasure::run) {
    @Override
    List<String> steps() {
      return OpenMeasure.STEPS;
    }
  },

  /** Bytes in memory and on the disk. */
  SPACE(0, warm(SpaceMeasure::run)),

  /** Bytes written to the disk for each byte that was put. */
  WRITES(0, warm(WritesMeasure::run)),

  /** The ways in which AlexStore can give a value. */
  READS(0, warm(ReadsMeasure::run));

  private final int seconds;
  private final Body body;

  Measure(int seconds, Body body) {
    this.seconds = seconds;
    this.body = body;
  }

  /** Does the measuring. */
  private interface Body {
    /**
     * Measures.
     *
     * @param directory for the engine; an empty one for the first step
     * @param step which of {@link #steps}
     * @param figures takes what was found; nanoseconds unless their names say otherwise
     */
    void run(Spec spec, Path directory, String step, Map<String, Double> figures) throws Exception;
  }

  /** What is measured in one go. */
  private interface OneStep {
    void run(Spec spec, Path directory, Map<String, Double> figures) throws Exception;
  }

  static Measure of(String id) {
    return Arrays.stream(values())
        .filter(measure -> measure.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No measure is named "
                        + id
                        + "; there are "
                        + Arrays.stream(values())
                            .map(Measure::id)
                            .collect(Collectors.joining(", "))));
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For how many seconds it goes on unless told; 0 if it has no length. */
  int seconds() {
    return seconds;
  }

  /** Whether its operations can come at a rate. */
  boolean hasRate() {
    return this == TAILS || this == LONG;
  }

  /** Whether it is there for an engine. */
  boolean isFor(String engine) {
    return this != READS || engine.equals("alexstore");
  }

  /** The processes that it takes, one after the other on the same directory. */
  List<String> steps() {
    return List.of("all");
  }

  /** Runs a step here. */
  void run(Spec spec, Path directory, String step, Map<String, Double> figures) throws Exception {
    body.run(spec, directory, step, figures);
  }

  /** A smaller one to warm up, then the one that counts. */
  private static Body warm(OneStep step) {
    return (spec, directory, name, figures) -> {
      step.run(
          spec.warmUp(),
          Files.createDirectory(directory.resolve("warm-up")),
          new HashMap<String, Double>());
      step.run(spec, Files.createDirectory(directory.resolve("data")), figures);
    };
  }
}
