package io.alexstore.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** Values of rows as texts that are equal where the values are the same, bit for bit. */
final class Canonical {

  private Canonical() {}

  /** Rows as sorted texts. */
  static List<String> rows(List<Row> rows, int keySize) {
    List<String> texts = new ArrayList<>();
    for (Row row : rows) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < row.length(); i++) {
        text.append(text(row.get(i), i < keySize)).append(" | ");
      }
      texts.add(text.toString());
    }
    Collections.sort(texts);
    return texts;
  }

  /**
   * One value.
   *
   * @param key whether it is of the key, where zeros of both signs are one
   */
  static String text(Object value, boolean key) {
    if (value == null) {
      return "null";
    } else if (value instanceof Float f) {
      return "f" + (key && f == 0 ? 0f : f);
    } else if (value instanceof Double d) {
      return "d" + (key && d == 0 ? 0d : d);
    } else if (value instanceof byte[] bytes) {
      return "x" + HexFormat.of().formatHex(bytes);
    } else if (value instanceof Row row) {
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < row.length(); i++) {
        parts.add(text(row.get(i), false));
      }
      return "{" + String.join(",", parts) + "}";
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      return text(CollectionConverters.asJava(map), false);
    } else if (value instanceof Map<?, ?> map) {
      List<String> parts = new ArrayList<>();
      map.forEach((k, v) -> parts.add(text(k, false) + ":" + text(v, false)));
      Collections.sort(parts);
      return "<" + String.join(",", parts) + ">";
    } else if (value instanceof scala.collection.Iterable<?> items) {
      return text(CollectionConverters.asJava(items), false);
    } else if (value instanceof Iterable<?> items) {
      List<String> parts = new ArrayList<>();
      items.forEach(item -> parts.add(text(item, false)));
      return "[" + String.join(",", parts) + "]";
    }
    return value.toString();
  }
}
