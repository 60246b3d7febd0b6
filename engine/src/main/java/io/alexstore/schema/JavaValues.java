package io.alexstore.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Converts between Java objects as people write them and physical values as {@link Values} gives
 * them. Thread-safe; for the edges of the API, not for hot paths.
 *
 * <table>
 * <caption>The Java form of each type</caption>
 * <tr><th>type</th><th>result of {@link #toJava}</th><th>{@link #toPhysical} takes also</th></tr>
 * <tr><td>BOOLEAN</td><td>Boolean</td><td></td></tr>
 * <tr><td>BYTE, SHORT, INT, LONG</td><td>Byte, Short, Integer, Long</td><td>each other</td></tr>
 * <tr><td>FLOAT, DOUBLE</td><td>Float, Double</td><td>each other where exact</td></tr>
 * <tr><td>decimal</td><td>BigDecimal</td><td>BigInteger, the integers</td></tr>
 * <tr><td>string</td><td>String</td><td>byte[] in UTF-8</td></tr>
 * <tr><td>BINARY</td><td>byte[]</td><td></td></tr>
 * <tr><td>DATE</td><td>LocalDate</td><td>days as an integer</td></tr>
 * <tr><td>TIMESTAMP</td><td>Instant</td><td>microseconds as an integer</td></tr>
 * <tr><td>TIMESTAMP_NTZ</td><td>LocalDateTime</td><td>microseconds as an integer</td></tr>
 * <tr><td>time</td><td>LocalTime</td><td>nanoseconds as an integer</td></tr>
 * <tr><td>interval of months</td><td>Period</td><td>months as an integer</td></tr>
 * <tr><td>interval of time</td><td>Duration</td><td>microseconds as an integer</td></tr>
 * <tr><td>struct, list, map, variant, calendar interval</td><td>List of fields, List, Map, List of
 * parts</td><td></td></tr>
 * </table>
 */
public final class JavaValues {
  private static final long MICROS = 1_000_000L;

  private JavaValues() {}

  /**
   * The physical value of a Java object for a type that is not nested: a {@code Long} for integral
   * forms, {@code Float}, {@code Double}, {@code BigInteger} (unscaled) or {@code byte[]}.
   *
   * @param name the column's name, for errors
   * @param type a type that is not nested
   * @param value the object, not null
   * @throws IllegalArgumentException if the object does not fit the type; the message names the
   *     column, the type and the value. The width of integers is not checked
   */
  public static Object toPhysical(String name, ColumnType type, Object value) {
    Object physical;
    try {
      physical = convert(type, value);
    } catch (ArithmeticException | DateTimeException e) {
      throw misfit(name, type, value, e.getMessage(), e);
    }
    if (physical == null) {
      throw misfit(name, type, value, "expected " + expected(type), null);
    }
    return physical;
  }

  private static IllegalArgumentException misfit(
      String name, ColumnType type, Object value, String why, Exception cause) {
    return new IllegalArgumentException(
        "Column '"
            + name
            + "' of type "
            + TypeNames.name(type)
            + " cannot take "
            + describe(value)
            + ": "
            + why,
        cause);
  }

  private static String describe(Object value) {
    if (value == null) {
      return "null";
    }
    String text = value instanceof byte[] b ? b.length + " bytes" : String.valueOf(value);
    String shown = text.length() > 64 ? text.substring(0, 64) + "..." : text;
    return shown + " (" + value.getClass().getSimpleName() + ")";
  }

  /** The value's physical form, or null if the object's class does not fit. */
  private static Object convert(ColumnType type, Object value) {
    if (type instanceof DecimalType decimal) {
      return decimal(decimal, value);
    }
    if (type instanceof StringType) {
      return value instanceof byte[] ? value : value instanceof String s ? utf8(s) : null;
    }
    if (type instanceof TimeType time) {
      return value instanceof LocalTime t ? nanosOfDay(time, t) : integer(value);
    }
    if (type instanceof IntervalType interval) {
      if (interval.isYearMonth()) {
        return value instanceof Period p ? months(p) : integer(value);
      }
      return value instanceof Duration d ? micros(d.getSeconds(), d.getNano()) : integer(value);
    }
    if (!(type instanceof ScalarType scalar)) {
      return null;
    }
    return switch (scalar) {
      case BOOLEAN -> value instanceof Boolean b ? (b ? 1L : 0L) : null;
      case BYTE, SHORT, INT, LONG -> integer(value);
      case FLOAT -> toFloat(value);
      case DOUBLE -> toDouble(value);
      case BINARY -> value instanceof byte[] ? value : null;
      case DATE -> value instanceof LocalDate d ? (Object) d.toEpochDay() : integer(value);
      case TIMESTAMP -> value instanceof Instant t ? micros(t) : integer(value);
      case TIMESTAMP_NTZ ->
          value instanceof LocalDateTime t ? micros(t.toInstant(ZoneOffset.UTC)) : integer(value);
      case CALENDAR_INTERVAL, VARIANT -> null;
    };
  }

  private static String expected(ColumnType type) {
    if (type instanceof DecimalType) {
      return "a BigDecimal, BigInteger or integer";
    } else if (type instanceof StringType) {
      return "a String";
    } else if (type instanceof TimeType) {
      return "a LocalTime";
    } else if (type instanceof IntervalType interval) {
      return interval.isYearMonth() ? "a Period" : "a Duration";
    } else if (type instanceof ScalarType scalar) {
      return switch (scalar) {
        case BOOLEAN -> "a Boolean";
        case BYTE, SHORT, INT, LONG -> "a Long, Integer, Short or Byte";
        case FLOAT -> "a Float, or a number that is one exactly";
        case DOUBLE -> "a Double, or a number that is one exactly";
        case BINARY -> "a byte[]";
        case DATE -> "a LocalDate";
        case TIMESTAMP -> "an Instant";
        case TIMESTAMP_NTZ -> "a LocalDateTime";
        case CALENDAR_INTERVAL, VARIANT -> "its parts";
      };
    }
    return "its fields or elements";
  }

  private static Long integer(Object value) {
    boolean fits =
        value instanceof Long
            || value instanceof Integer
            || value instanceof Short
            || value instanceof Byte;
    return fits ? ((Number) value).longValue() : null;
  }

  private static Float toFloat(Object value) {
    if (value instanceof Float f) {
      return f;
    }
    Double d = toDouble(value);
    if (d == null) {
      return null;
    }
    float f = d.floatValue();
    return Double.compare(f, d) == 0 ? f : null;
  }

  private static Double toDouble(Object value) {
    if (value instanceof Double d) {
      return d;
    }
    if (value instanceof Float f) {
      return f.doubleValue();
    }
    Long n = integer(value);
    return n != null && Math.abs(n) <= 1L << 53 && n != Long.MIN_VALUE ? n.doubleValue() : null;
  }

  private static Object decimal(DecimalType type, Object value) {
    BigDecimal number;
    if (value instanceof BigDecimal d) {
      number = d;
    } else if (value instanceof BigInteger i) {
      number = new BigDecimal(i);
    } else {
      Long i = integer(value);
      if (i == null) {
        return null;
      }
      number = BigDecimal.valueOf(i);
    }
    BigDecimal scaled;
    try {
      // A number of a huge exponent must not be written out before it is refused.
      if (number.signum() == 0) {
        scaled = BigDecimal.ZERO.setScale(type.scale());
      } else if ((long) number.precision() - number.scale() > type.precision() - type.scale()) {
        throw new ArithmeticException("it has too many digits before the point");
      } else {
        scaled = number.setScale(type.scale());
      }
    } catch (ArithmeticException e) {
      String why = e.getMessage().startsWith("it ") ? e.getMessage() : "it has more decimals";
      throw new ArithmeticException(
          why + "; round it to " + type.precision() + " digits, " + type.scale() + " decimals");
    }
    BigInteger unscaled = scaled.unscaledValue();
    return type.physical() == PhysicalType.INT64 ? (Object) unscaled.longValueExact() : unscaled;
  }

  private static byte[] utf8(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        int point = text.codePointAt(i);
        if (point < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
          throw new ArithmeticException("it holds half a surrogate pair at index " + i);
        }
        i++;
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Long micros(Instant instant) {
    return micros(instant.getEpochSecond(), instant.getNano());
  }

  private static Long micros(long seconds, int nanos) {
    if (nanos % 1000 != 0) {
      throw new ArithmeticException(
          "it is finer than a microsecond; truncate it with truncatedTo(ChronoUnit.MICROS)");
    }
    // Going through the next second keeps the most negative value within range.
    return seconds < 0
        ? Math.addExact(Math.multiplyExact(seconds + 1, MICROS), nanos / 1000 - MICROS)
        : Math.addExact(Math.multiplyExact(seconds, MICROS), nanos / 1000);
  }

  private static Long nanosOfDay(TimeType type, LocalTime time) {
    long nanos = time.toNanoOfDay();
    long step = 1;
    for (int i = type.precision(); i < 9; i++) {
      step *= 10;
    }
    if (nanos % step != 0) {
      throw new ArithmeticException(
          "it has more than " + type.precision() + " decimals of a second; truncate it");
    }
    return nanos;
  }

  private static Long months(Period period) {
    if (!period.withDays(0).equals(period)) {
      throw new ArithmeticException("it has days, which are no part of a year-month interval");
    }
    return period.toTotalMonths();
  }

  /**
   * The Java form of a value, as the table above says; null for a null.
   *
   * @param type the value's type
   * @param values where it stands
   * @param i its position there
   */
  public static Object toJava(ColumnType type, Values values, int i) {
    if (values.isNull(i)) {
      return null;
    }
    if (type instanceof DecimalType decimal) {
      return decimal.physical() == PhysicalType.INT64
          ? BigDecimal.valueOf(values.getLong(i), decimal.scale())
          : new BigDecimal(values.getBigInteger(i), decimal.scale());
    } else if (type instanceof StringType) {
      return new String(values.getBytes(i), StandardCharsets.UTF_8);
    } else if (type instanceof TimeType) {
      return LocalTime.ofNanoOfDay(values.getLong(i));
    } else if (type instanceof IntervalType interval) {
      long n = values.getLong(i);
      return interval.isYearMonth()
          ? Period.ofMonths((int) n).normalized()
          : Duration.ofSeconds(Math.floorDiv(n, MICROS), Math.floorMod(n, MICROS) * 1000);
    } else if (type instanceof StructType struct) {
      return fields(struct.fields().stream().map(Column::type).toList(), values.getStruct(i));
    } else if (type instanceof ListType list) {
      return elements(list.element(), values.getList(i));
    } else if (type instanceof MapType map) {
      List<Object> keys = elements(map.key(), values.getMapKeys(i));
      List<Object> items = elements(map.value(), values.getMapValues(i));
      Map<Object, Object> result = new LinkedHashMap<>();
      for (int k = 0; k < keys.size(); k++) {
        result.put(keys.get(k), items.get(k));
      }
      return Collections.unmodifiableMap(result);
    }
    return scalar((ScalarType) type, values, i);
  }

  private static Object scalar(ScalarType type, Values values, int i) {
    return switch (type) {
      case BOOLEAN -> values.getLong(i) != 0;
      case BYTE -> (byte) values.getLong(i);
      case SHORT -> (short) values.getLong(i);
      case INT -> (int) values.getLong(i);
      case LONG -> values.getLong(i);
      case FLOAT -> values.getFloat(i);
      case DOUBLE -> values.getDouble(i);
      case BINARY -> values.getBytes(i);
      case DATE -> LocalDate.ofEpochDay(values.getLong(i));
      case TIMESTAMP -> instant(values.getLong(i));
      case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(instant(values.getLong(i)), ZoneOffset.UTC);
      case CALENDAR_INTERVAL, VARIANT -> fields(type.parts(), values.getStruct(i));
    };
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
  }

  private static List<Object> fields(List<? extends ColumnType> types, Values values) {
    List<Object> result = new ArrayList<>(types.size());
    for (int i = 0; i < types.size(); i++) {
      result.add(toJava(types.get(i), values, i));
    }
    return Collections.unmodifiableList(result);
  }

  private static List<Object> elements(ColumnType type, Values values) {
    List<Object> result = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      result.add(toJava(type, values, i));
    }
    return Collections.unmodifiableList(result);
  }
}
