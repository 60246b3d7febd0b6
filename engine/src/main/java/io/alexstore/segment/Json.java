package io.alexstore.segment;

import com.fasterxml.jackson.databind.JsonNode;

/** Fields of JSON objects, checked as they are read; errors say which field and why. */
final class Json {
  private Json() {}

  static JsonNode object(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!value.isObject()) {
      throw new IllegalArgumentException("the metadata's '" + field + "' is no object: " + value);
    }
    return value;
  }

  static String text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("the metadata's '" + field + "' is no text: " + value);
    }
    return value.textValue();
  }

  static long number(JsonNode json, String field, long min, long max) {
    JsonNode value = json.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException("the metadata's '" + field + "' is no integer: " + value);
    }
    long number = value.longValue();
    if (number < min || number > max) {
      throw new IllegalArgumentException(
          "the metadata's '" + field + "' is " + number + ", not in " + min + " to " + max);
    }
    return number;
  }
}
