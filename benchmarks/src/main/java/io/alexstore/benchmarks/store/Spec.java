package io.alexstore.benchmarks.store;

import io.alexstore.benchmarks.KeyDistribution;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one process measures.
 *
 * @param measure what
 * @param engine of which engine
 * @param rows how many rows are loaded
 * @param valueBytes the size of a value, at least 8
 * @param keys how the keys are spread
 * @param seconds for how long, where the measure has a length; 0 for the others
 * @param rate operations a second, where they come at a rate; 0 where they come as fast as they can
 * @param operations how many there are of a kind, at most, where the measure has no length
 */
record Spec(
    Measure measure,
    String engine,
    int rows,
    int valueBytes,
    KeyDistribution keys,
    int seconds,
    int rate,
    int operations) {

  private static final int WARM_UP_ROWS = 100_000;
  private static final int WARM_UP_OPERATIONS = 300_000;

  /** What the process does first, so that the code is compiled. */
  Spec warmUp() {
    return new Spec(
        measure,
        engine,
        Math.min(rows, WARM_UP_ROWS),
        valueBytes,
        keys,
        Math.min(seconds, 2),
        rate,
        Math.min(operations, WARM_UP_OPERATIONS));
  }

  /** The bytes of all keys and values. */
  long dataBytes() {
    return (long) rows * (Long.BYTES + valueBytes);
  }

  /** By which the figures are kept: a later run with the same ones takes their place. */
  Map<String, String> parameters() {
    Map<String, String> all = new TreeMap<>();
    all.put("measure", measure.id());
    all.put("engine", engine);
    all.put("rows", Integer.toString(rows));
    all.put("value", Integer.toString(valueBytes));
    all.put("keys", keys.name().toLowerCase(Locale.ROOT));
    if (seconds > 0) {
      all.put("seconds", Integer.toString(seconds));
    }
    if (rate > 0) {
      all.put("rate", Integer.toString(rate));
    }
    return all;
  }

  /** As arguments of a process; {@link #parse} reads them. */
  List<String> arguments() {
    return List.of(
        measure.id(),
        engine,
        Integer.toString(rows),
        Integer.toString(valueBytes),
        keys.name(),
        Integer.toString(seconds),
        Integer.toString(rate),
        Integer.toString(operations));
  }

  static Spec parse(List<String> arguments) {
    return new Spec(
        Measure.of(arguments.get(0)),
        arguments.get(1),
        Integer.parseInt(arguments.get(2)),
        Integer.parseInt(arguments.get(3)),
        KeyDistribution.valueOf(arguments.get(4)),
        Integer.parseInt(arguments.get(5)),
        Integer.parseInt(arguments.get(6)),
        Integer.parseInt(arguments.get(7)));
  }
}
