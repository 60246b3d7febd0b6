package io.alexstore.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value as JSON text, in which a schema holds the default of an added column;
 * docs/format/schema.md specifies it. A text says the same under a type that the column is widened
 * to, and of a struct whose fields were added, dropped, moved or renamed since. Thread-safe.
 */
public final class ValueJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);

  private ValueJson() {}

  // ---- writing

  /**
   * The text of a value.
   *
   * @param name the column's name, for errors
   * @param type its type, with the ids that its fields have in the table
   * @param value in the Java form that {@link JavaValues} lists; null for a null
   * @throws IllegalArgumentException if it does not fit the type
   */
  public static String toText(String name, ColumnType type, Object value) {
    return toJson(name, type, value).toString();
  }

  private static JsonNode toJson(String name, ColumnType type, Object value) {
    if (value == null) {
      return NullNode.instance;
    } else if (type instanceof StructType struct) {
      List<?> values = parts(name, type, value, struct.fields().size());
      ObjectNode fields = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < values.size(); i++) {
        Column field = struct.fields().get(i);
        fields.set(Integer.toString(field.id()), toJson(name, field.type(), values.get(i)));
      }
      return fields;
    } else if (type instanceof ListType list) {
      return array(name, list.element(), parts(name, type, value, -1));
    } else if (type instanceof MapType map) {
      if (!(value instanceof Map<?, ?> entries)) {
        throw misfit(name, type, value);
      }
      ArrayNode pairs = JsonNodeFactory.instance.arrayNode();
      entries.forEach(
          (k, v) ->
              pairs.addArray().add(toJson(name, map.key(), k)).add(toJson(name, map.value(), v)));
      return pairs;
    } else if (type instanceof ScalarType scalar && !scalar.parts().isEmpty()) {
      List<?> values = parts(name, type, value, scalar.parts().size());
      ArrayNode parts = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < values.size(); i++) {
        parts.add(toJson(name, scalar.parts().get(i), values.get(i)));
      }
      return parts;
    }
    return plain(type, JavaValues.toPhysical(name, type, value));
  }

  private static ArrayNode array(String name, ColumnType element, List<?> values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Object value : values) {
      array.add(toJson(name, element, value));
    }
    return array;
  }

  private static List<?> parts(String name, ColumnType type, Object value, int count) {
    if (value instanceof List<?> list && (count < 0 || list.size() == count)) {
      return list;
    }
    throw misfit(name, type, value);
  }

  private static IllegalArgumentException misfit(String name, ColumnType type, Object value) {
    return new IllegalArgumentException(
        "The default of column '" + name + "' is no " + TypeNames.name(type) + ": " + value);
  }

  private static JsonNode plain(ColumnType type, Object physical) {
    if (type instanceof DecimalType decimal) {
      BigInteger unscaled =
          physical instanceof Long n ? BigInteger.valueOf(n) : (BigInteger) physical;
      return TextNode.valueOf(new BigDecimal(unscaled, decimal.scale()).toPlainString());
    } else if (type instanceof StringType) {
      return TextNode.valueOf(new String((byte[]) physical, StandardCharsets.UTF_8));
    } else if (type == ScalarType.BOOLEAN) {
      return BooleanNode.valueOf((Long) physical != 0);
    } else if (physical instanceof Float || physical instanceof Double) {
      double number = ((Number) physical).doubleValue();
      return Double.isFinite(number)
          ? DoubleNode.valueOf(number)
          : TextNode.valueOf(Double.toString(number));
    } else if (physical instanceof byte[] bytes) {
      return JsonNodeFactory.instance.binaryNode(bytes);
    }
    long n = (Long) physical;
    if (type == ScalarType.DATE) {
      return TextNode.valueOf(LocalDate.ofEpochDay(n).toString());
    } else if (type == ScalarType.TIMESTAMP) {
      return TextNode.valueOf(instant(n).toString());
    } else if (type == ScalarType.TIMESTAMP_NTZ) {
      return TextNode.valueOf(LocalDateTime.ofInstant(instant(n), ZoneOffset.UTC).toString());
    } else if (type instanceof TimeType) {
      return TextNode.valueOf(LocalTime.ofNanoOfDay(n).toString());
    }
    return LongNode.valueOf(n);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  // ---- reading

  /**
   * The value that a text is.
   *
   * @param name the column's name, for errors
   * @param type the type to read it as
   * @return in the Java form that {@link JavaValues} lists; null for a null
   * @throws IllegalArgumentException if it is none of the type
   */
  public static Object fromText(String name, ColumnType type, String text) {
    try {
      return fromJson(type, MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      throw unreadable(name, type, text, e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      throw unreadable(name, type, text, e.getMessage(), e);
    }
  }

  private static IllegalArgumentException unreadable(
      String name, ColumnType type, String text, String why, Exception cause) {
    return new IllegalArgumentException(
        "the default of column '"
            + name
            + "' of type "
            + TypeNames.name(type)
            + " cannot be "
            + (text.length() > 64 ? text.substring(0, 64) + "..." : text)
            + ": "
            + why,
        cause);
  }

  private static Object fromJson(ColumnType type, JsonNode json) {
    if (json.isNull()) {
      return null;
    } else if (type instanceof StructType struct) {
      require(json.isObject(), "an object", json);
      List<Object> values = new ArrayList<>();
      for (Column field : struct.fields()) {
        JsonNode value = json.get(Integer.toString(field.id()));
        // A field that was added after the column has a default of its own.
        values.add(
            value != null
                ? fromJson(field.type(), value)
                : field
                    .addedDefault()
                    .map(t -> fromText(field.name(), field.type(), t))
                    .orElse(null));
      }
      return values;
    } else if (type instanceof ListType list) {
      require(json.isArray(), "an array", json);
      List<Object> values = new ArrayList<>();
      json.forEach(element -> values.add(fromJson(list.element(), element)));
      return values;
    } else if (type instanceof MapType map) {
      require(json.isArray(), "an array", json);
      Map<Object, Object> values = new LinkedHashMap<>();
      for (JsonNode pair : json) {
        require(pair.isArray() && pair.size() == 2, "an array of a key and a value", pair);
        values.put(fromJson(map.key(), pair.get(0)), fromJson(map.value(), pair.get(1)));
      }
      return values;
    } else if (type instanceof ScalarType scalar && !scalar.parts().isEmpty()) {
      require(json.isArray() && json.size() == scalar.parts().size(), "an array of parts", json);
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < json.size(); i++) {
        values.add(fromJson(scalar.parts().get(i), json.get(i)));
      }
      return values;
    }
    return plain(type, json);
  }

  private static Object plain(ColumnType type, JsonNode json) {
    if (type == ScalarType.BOOLEAN) {
      require(json.isBoolean(), "true or false", json);
      return json.booleanValue();
    } else if (type == ScalarType.FLOAT || type == ScalarType.DOUBLE) {
      require(json.isNumber() || json.isTextual(), "a number", json);
      double number = json.isNumber() ? json.doubleValue() : Double.parseDouble(json.textValue());
      return type == ScalarType.DOUBLE ? (Object) number : (Object) (float) number;
    } else if (TypeWidening.isInteger(type) || type instanceof IntervalType) {
      require(json.isIntegralNumber(), "an integer", json);
      return json.bigIntegerValue().longValueExact();
    }
    require(json.isTextual(), "a string", json);
    String text = json.textValue();
    if (type instanceof StringType) {
      return text;
    } else if (type instanceof DecimalType) {
      return new BigDecimal(text);
    } else if (type instanceof TimeType) {
      return LocalTime.parse(text);
    }
    return switch ((ScalarType) type) {
      case BINARY -> bytes(json);
      case DATE -> LocalDate.parse(text);
      case TIMESTAMP -> Instant.parse(text);
      // A date, if the column was one when it was added.
      case TIMESTAMP_NTZ ->
          text.indexOf('T') < 0 ? LocalDate.parse(text).atStartOfDay() : LocalDateTime.parse(text);
      default -> throw new IllegalArgumentException("a " + TypeNames.name(type) + " has no text");
    };
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return json.binaryValue();
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static void require(boolean holds, String wanted, JsonNode found) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + wanted + ", found " + found);
    }
  }
}
