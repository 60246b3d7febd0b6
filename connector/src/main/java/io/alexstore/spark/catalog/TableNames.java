package io.alexstore.spark.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names of tables as text: what the argument of a procedure says. */
final class TableNames {

  private TableNames() {}

  /**
   * The path that a text is: one with a slash in it that does not stand in backticks, or {@code
   * alexstore.`/a/path`}. Empty if it is a name.
   */
  static Optional<String> path(String text) {
    int quoted = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '`') {
        quoted++;
      } else if (text.charAt(i) == '/' && quoted % 2 == 0) {
        return Optional.of(text.strip());
      }
    }
    List<String> parts = parts(text);
    String last = parts.get(parts.size() - 1);
    boolean byPath = last.contains("/") && (parts.size() == 1 || parts.get(0).equals("alexstore"));
    return byPath ? Optional.of(last) : Optional.empty();
  }

  /**
   * The parts of a name, which dots separate; one with a dot in it stands in backticks.
   *
   * @throws IllegalArgumentException if one is empty, or a backtick is open
   */
  static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '`') {
        boolean doubled = quoted && i + 1 < text.length() && text.charAt(i + 1) == '`';
        if (doubled) {
          part.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == '.' && !quoted) {
        parts.add(part.toString().strip());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString().strip());
    if (quoted || parts.contains("")) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no name of a table: write it as db.orders, with parts that have other"
              + " characters in backticks, or give a path, as /data/orders");
    }
    return parts;
  }
}
