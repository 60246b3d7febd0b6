package io.alexstore.key;

import io.alexstore.schema.Column;
import io.alexstore.schema.JavaValues;
import io.alexstore.schema.Values;
import java.util.HexFormat;
import java.util.List;

/** Renders keys for errors and for {@code explain}. */
final class KeyFormat {
  private static final int MAX_CHARS = 40;
  private static final int MAX_BYTES = 20;

  private KeyFormat() {}

  /** The first {@code count} columns of a key, such as {@code (o='x', n=3)}. */
  static String format(KeyCodec codec, KeyReader reader, int count) {
    StringBuilder out = new StringBuilder("(");
    for (int i = 0; i < count; i++) {
      append(out, i, codec.columns().get(i), reader, i);
    }
    return out.append(')').toString();
  }

  static String formatRow(KeyCodec codec, Values row) {
    StringBuilder out = new StringBuilder("(");
    for (int i = 0; i < codec.columnCount(); i++) {
      append(out, i, codec.columns().get(i), row, codec.column(i).row());
    }
    return out.append(')').toString();
  }

  private static void append(StringBuilder out, int i, Column column, Values values, int place) {
    String value;
    try {
      value = value(JavaValues.toJava(column.type(), values, place));
    } catch (RuntimeException e) {
      // An error message is in the making: a damaged key must not replace it by another.
      value = "?";
    }
    out.append(i == 0 ? "" : ", ").append(column.name()).append('=').append(value);
  }

  /** Parts without names, such as {@code ('x', 3)}; a single part stands alone. */
  static String parts(List<?> parts) {
    if (parts.size() == 1) {
      return value(parts.get(0));
    }
    StringBuilder out = new StringBuilder("(");
    for (Object part : parts) {
      out.append(out.length() == 1 ? "" : ", ").append(value(part));
    }
    return out.append(')').toString();
  }

  private static String value(Object value) {
    if (value instanceof byte[] bytes) {
      int shown = Math.min(bytes.length, MAX_BYTES);
      String hex = HexFormat.of().withUpperCase().formatHex(bytes, 0, shown);
      return "X'" + hex + (shown < bytes.length ? "..." : "") + "'";
    }
    if (value instanceof String text) {
      boolean cut = text.length() > MAX_CHARS;
      return "'" + (cut ? text.substring(0, MAX_CHARS) + "..." : text) + "'";
    }
    return String.valueOf(value);
  }
}
