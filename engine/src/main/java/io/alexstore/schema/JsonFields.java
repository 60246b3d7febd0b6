package io.alexstore.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import java.util.function.Supplier;

/** Takes the fields of a JSON object and says clearly what is wrong with one. */
final class JsonFields {
  private static final int SHOWN = 80;

  private final JsonNode node;
  private final String path;
  private final String what;

  JsonFields(JsonNode node, String path, String what) {
    this.node = node;
    this.path = path;
    this.what = what;
    if (node == null || !node.isObject()) {
      throw corrupt("is no JSON object but " + shown(node));
    }
  }

  JsonNode get(String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      throw corrupt("has no field '" + name + "'");
    }
    return value;
  }

  boolean has(String name) {
    return node.has(name);
  }

  int integer(String name) {
    JsonNode value = get(name);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw corrupt("has " + shown(value) + " in '" + name + "', where a 32-bit integer belongs");
    }
    return value.intValue();
  }

  String text(String name) {
    JsonNode value = get(name);
    if (!value.isTextual()) {
      throw corrupt("has " + shown(value) + " in '" + name + "', where a string belongs");
    }
    return value.textValue();
  }

  boolean bool(String name) {
    JsonNode value = get(name);
    if (!value.isBoolean()) {
      throw corrupt("has " + shown(value) + " in '" + name + "', where true or false belongs");
    }
    return value.booleanValue();
  }

  JsonNode array(String name) {
    JsonNode value = get(name);
    if (!value.isArray()) {
      throw corrupt("has " + shown(value) + " in '" + name + "', where an array belongs");
    }
    return value;
  }

  /** Makes a value whose constructor refuses what cannot be. */
  <T> T make(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw corrupt("cannot be: " + e.getMessage());
    }
  }

  UnsupportedFormatException unsupported(String found) {
    return new UnsupportedFormatException(
        path, "the " + what + " has the " + found + ", which this release does not know");
  }

  private CorruptFileException corrupt(String why) {
    return new CorruptFileException(path, -1, "the " + what + " " + why);
  }

  private static String shown(JsonNode value) {
    String text = String.valueOf(value);
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }
}
