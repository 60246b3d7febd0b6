package io.alexstore.benchmarks.store;

import io.alexstore.benchmarks.KeyDistribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is to be measured, from the options that a user gave.
 *
 * @param specs one after the other
 * @param jvm more options of the JVM
 */
record StorePlan(List<Spec> specs, List<String> jvm) {

  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("rows", "1000000");
    DEFAULTS.put("engines", String.join(",", MapEngine.NAMES));
    DEFAULTS.put(
        "measures",
        Arrays.stream(Measure.values())
            .filter(measure -> measure != Measure.LONG)
            .map(Measure::id)
            .collect(Collectors.joining(",")));
    DEFAULTS.put("values", "100");
    DEFAULTS.put("keys", "uniform");
    DEFAULTS.put("seconds", "");
    DEFAULTS.put("rate", "0");
    DEFAULTS.put("operations", "2000000");
    DEFAULTS.put("jvm", "");
  }

  /**
   * Reads options, each {@code name=value,...}.
   *
   * @throws IllegalArgumentException if there is no such option, measure, engine or set of keys
   */
  static StorePlan of(String... options) {
    Map<String, String> given = new LinkedHashMap<>(DEFAULTS);
    for (String option : options) {
      int equals = option.indexOf('=');
      if (equals < 0 || !DEFAULTS.containsKey(option.substring(0, equals))) {
        throw new IllegalArgumentException(
            "'"
                + option
                + "' is no option; write name=value,... with one of "
                + String.join(", ", DEFAULTS.keySet()));
      }
      given.put(option.substring(0, equals), option.substring(equals + 1));
    }
    List<Spec> specs = new ArrayList<>();
    for (int rows : numbers(given.get("rows"))) {
      for (int value : numbers(given.get("values"))) {
        for (String keys : parts(given.get("keys"))) {
          for (String measure : parts(given.get("measures"))) {
            for (String engine : parts(given.get("engines"))) {
              add(specs, Measure.of(measure), engine, rows, value, keys, given);
            }
          }
        }
      }
    }
    return new StorePlan(specs, parts(given.get("jvm")));
  }

  private static void add(
      List<Spec> specs,
      Measure measure,
      String engine,
      int rows,
      int value,
      String keys,
      Map<String, String> given) {
    if (!MapEngine.NAMES.contains(engine)) {
      throw new IllegalArgumentException(
          "No engine is named " + engine + "; there are " + String.join(", ", MapEngine.NAMES));
    }
    if (value < Values.MIN_BYTES || value > Values.MAX_BYTES) {
      throw new IllegalArgumentException(
          "A value has %d to %d bytes, not %d"
              .formatted(Values.MIN_BYTES, Values.MAX_BYTES, value));
    }
    boolean hasLength = measure.seconds() > 0;
    String seconds = given.get("seconds");
    if (measure.isFor(engine)) {
      specs.add(
          new Spec(
              measure,
              engine,
              rows,
              value,
              KeyDistribution.valueOf(keys.toUpperCase(Locale.ROOT)),
              hasLength && !seconds.isEmpty() ? Integer.parseInt(seconds) : measure.seconds(),
              measure.hasRate() ? numbers(given.get("rate")).get(0) : 0,
              numbers(given.get("operations")).get(0)));
    }
  }

  private static List<String> parts(String list) {
    return list.isEmpty() ? List.of() : List.of(list.split(","));
  }

  private static List<Integer> numbers(String list) {
    return parts(list.replace("_", "")).stream().map(Integer::valueOf).toList();
  }
}
