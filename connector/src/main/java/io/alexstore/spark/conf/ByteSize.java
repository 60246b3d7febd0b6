package io.alexstore.spark.conf;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes in bytes as people write them: {@code 1048576}, {@code 64m}, {@code 64 MB}, {@code 1GiB}.
 */
final class ByteSize {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*([a-z]*)");

  // As everywhere in Spark, units are powers of 1,024, with or without the i.
  private static final Map<String, Integer> SHIFTS =
      Map.ofEntries(
          Map.entry("", 0),
          Map.entry("b", 0),
          Map.entry("k", 10),
          Map.entry("kb", 10),
          Map.entry("kib", 10),
          Map.entry("m", 20),
          Map.entry("mb", 20),
          Map.entry("mib", 20),
          Map.entry("g", 30),
          Map.entry("gb", 30),
          Map.entry("gib", 30));

  private ByteSize() {}

  /**
   * The size in bytes.
   *
   * @param option the option's name, for errors
   * @throws IllegalArgumentException if the text is no size, or not in {@code [min, max]}
   */
  static long parse(String option, String text, long min, long max) {
    Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    Integer shift = matcher.matches() ? SHIFTS.get(matcher.group(2)) : null;
    if (shift == null) {
      throw new IllegalArgumentException(
          "Option '"
              + option
              + "' is '"
              + text
              + "', which is no size: write a number of bytes, or one with a unit such as 64m, 256MB"
              + " or 1g");
    }
    long number = Long.parseLong(matcher.group(1));
    long bytes = number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
    if (bytes < min || bytes > max) {
      throw new IllegalArgumentException(
          "Option '"
              + option
              + "' is '"
              + text
              + "', but must be from "
              + min
              + " to "
              + max
              + " bytes");
    }
    return bytes;
  }
}
