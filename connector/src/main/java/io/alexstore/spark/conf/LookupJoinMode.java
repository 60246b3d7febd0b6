package io.alexstore.spark.conf;

import java.util.Locale;

/** Whether joins by key look the keys up, rather than scan the table. */
public enum LookupJoinMode {
  /** Where it is expected to cost less. */
  AUTO,
  /** Wherever it can be done. */
  ALWAYS,
  /** Nowhere, unless a hint says so. */
  NEVER;

  /**
   * Takes the text of the option.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  static LookupJoinMode parse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "auto" -> AUTO;
      case "always" -> ALWAYS;
      case "never" -> NEVER;
      default ->
          throw new IllegalArgumentException(
              "Option 'lookupJoin' is '"
                  + text
                  + "', but must be auto (a join by key looks keys up where that costs less than a"
                  + " scan), always or never");
    };
  }
}
