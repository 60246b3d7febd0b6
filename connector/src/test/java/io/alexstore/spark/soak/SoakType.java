package io.alexstore.spark.soak;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The types of a random table's columns. A value of the model is a Java object that has equality:
 * binary is its hexadecimal digits, a struct or an array a list, a map a map, a null is null.
 */
enum SoakType {
  BOOLEAN("BOOLEAN"),
  SMALLINT("SMALLINT"),
  INT("INT"),
  BIGINT("BIGINT"),
  DOUBLE("DOUBLE"),
  DECIMAL("DECIMAL(9,2)"),
  DATE("DATE"),
  STRING("STRING"),
  BINARY("BINARY"),
  STRUCT("STRUCT<a: INT, b: ARRAY<STRING>>"),
  MAP("MAP<STRING, INT>");

  private static final HexFormat HEX = HexFormat.of();

  private final String sql;

  SoakType(String sql) {
    this.sql = sql;
  }

  /** The type in SQL. */
  String sql() {
    return sql;
  }

  /** Whether values can be compared by order. */
  boolean isOrdered() {
    return this != STRUCT && this != MAP;
  }

  /** The value with a number from 0; another for each number, but of booleans. */
  Object value(int i) {
    return switch (this) {
      case BOOLEAN -> i % 2 == 1;
      case SMALLINT -> (short) (i - 10);
      case INT -> i * 3 - 20;
      case BIGINT -> (i - 20) * 10_000_000_000L;
      case DOUBLE -> i / 2.0 - 7;
      case DECIMAL -> BigDecimal.valueOf(i * 25L - 300, 2);
      case DATE -> LocalDate.ofEpochDay(i * 30L - 300);
      case STRING -> i == 0 ? "" : i % 3 == 0 ? "shared/prefix/" + i : "é'" + i;
      case BINARY -> i == 0 ? "" : HEX.toHexDigits((byte) (i * 7)) + HEX.toHexDigits((byte) i);
      case STRUCT -> Arrays.asList(i % 5 == 0 ? null : (Integer) i, texts(i));
      case MAP -> {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (int k = 0; k < i % 4; k++) {
          map.put("k" + k, k == 2 ? null : (Integer) i);
        }
        yield map;
      }
    };
  }

  private static List<String> texts(int i) {
    if (i % 7 == 0) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (int k = 0; k < i % 4; k++) {
      texts.add(k == 1 ? null : "e" + i);
    }
    return texts;
  }

  /** A value as SQL says it. */
  String literal(Object value) {
    if (value == null) {
      return "CAST(NULL AS " + sql + ")";
    }
    return switch (this) {
      case BOOLEAN, INT -> value.toString();
      case SMALLINT -> value + "S";
      case BIGINT -> value + "L";
      case DOUBLE -> value + "D";
      case DECIMAL -> "CAST(" + value + " AS " + sql + ")";
      case DATE -> "DATE'" + value + "'";
      case STRING -> "'" + value.toString().replace("'", "\\'") + "'";
      case BINARY -> "X'" + value + "'";
      case STRUCT -> {
        List<?> fields = (List<?>) value;
        yield "named_struct('a', "
            + INT.literal(fields.get(0))
            + ", 'b', "
            + texts((List<?>) fields.get(1))
            + ")";
      }
      case MAP -> {
        List<String> entries = new ArrayList<>();
        ((Map<?, ?>) value)
            .forEach((k, v) -> entries.add(STRING.literal(k) + ", " + INT.literal(v)));
        yield "CAST(map(" + String.join(", ", entries) + ") AS " + sql + ")";
      }
    };
  }

  private static String texts(List<?> texts) {
    String elements =
        texts == null
            ? "NULL"
            : "array(" + String.join(", ", texts.stream().map(STRING::literal).toList()) + ")";
    return "CAST(" + elements + " AS ARRAY<STRING>)";
  }

  /** Moves a value to one near by, as {@link #shifted} does in SQL. */
  Object shift(Object value, int by) {
    if (value == null) {
      return null;
    }
    return switch (this) {
      case SMALLINT -> (short) ((Short) value + by);
      case INT -> (Integer) value + by * 3;
      case BIGINT -> (Long) value + by * 10_000_000_000L;
      case DOUBLE -> (Double) value + by / 2.0;
      case DECIMAL -> ((BigDecimal) value).add(BigDecimal.valueOf(by * 25L, 2));
      case DATE -> ((LocalDate) value).plusDays(by * 30L);
      case STRING -> value + "+";
      case BOOLEAN -> !(Boolean) value;
      default -> value;
    };
  }

  /** The expression that moves a value to one near by. */
  String shifted(String column, int by) {
    return switch (this) {
      case SMALLINT -> "CAST(" + column + " + " + by + " AS SMALLINT)";
      case INT -> column + " + " + by * 3;
      case BIGINT -> column + " + " + by * 10_000_000_000L + "L";
      case DOUBLE -> column + " + " + by / 2.0 + "D";
      case DECIMAL ->
          "CAST(" + column + " + " + BigDecimal.valueOf(by * 25L, 2) + " AS " + sql + ")";
      case DATE -> "date_add(" + column + ", " + by * 30 + ")";
      case STRING -> "concat(" + column + ", '+')";
      case BOOLEAN -> "NOT " + column;
      default -> column;
    };
  }

  /** The value of the model as the engine and a row of Spark have it, but for structs. */
  private Object toBytes(Object value) {
    return this == BINARY && value != null ? HEX.parseHex((String) value) : value;
  }

  /** The value of the model as the engine takes it. */
  Object toEngine(Object value) {
    return toBytes(value);
  }

  /** The value of the model as a row of Spark has it. */
  Object toSpark(Object value) {
    return this == STRUCT && value != null
        ? RowFactory.create(((List<?>) value).toArray())
        : toBytes(value);
  }

  /** The value of the model that the engine or Spark gave. */
  static Object normal(Object value) {
    if (value instanceof byte[] bytes) {
      return HEX.formatHex(bytes);
    } else if (value instanceof Row row) {
      List<Object> fields = new ArrayList<>();
      for (int i = 0; i < row.length(); i++) {
        fields.add(normal(row.get(i)));
      }
      return fields;
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      return CollectionConverters.asJava(map);
    } else if (value instanceof scala.collection.Seq<?> items) {
      return normal(CollectionConverters.asJava(items));
    } else if (value instanceof List<?> items) {
      List<Object> normal = new ArrayList<>();
      items.forEach(item -> normal.add(normal(item)));
      return Collections.unmodifiableList(normal);
    }
    return value;
  }
}
