package io.alexstore.row;

import io.alexstore.schema.Column;
import io.alexstore.schema.JavaValues;
import io.alexstore.schema.Schema;
import io.alexstore.schema.TypeNames;
import io.alexstore.schema.Values;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;

/**
 * A row: values by position, as {@link Values}, and by name with checks and in Java's types.
 *
 * <p>The getters by name throw an {@link IllegalArgumentException} if there is no such column or
 * its type does not fit. Those that return primitives throw a {@link NullPointerException} for a
 * null, the others return null. They look the name up among the columns each time; a loop over many
 * rows looks the position up once and reads by it.
 */
public interface Row extends Values {

  /** What the values are. */
  Schema schema();

  /** A value in its Java form, as {@link JavaValues} lists them; null for a null. */
  default Object get(int i) {
    return JavaValues.toJava(schema().columns().get(i).type(), this, i);
  }

  /** A value in its Java form, as {@link JavaValues} lists them; null for a null. */
  default Object get(String name) {
    return get(indexOf(name));
  }

  /** Whether the value of a column is null. */
  default boolean isNull(String name) {
    return isNull(indexOf(name));
  }

  /** The value of a boolean column. */
  default boolean getBoolean(String name) {
    return required(name, Boolean.class);
  }

  /** The value of a column of integers to 32 bits. */
  default int getInt(String name) {
    Number number = required(name, Number.class);
    if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
      return number.intValue();
    }
    throw misfit(name, "an integer of up to 32 bits");
  }

  /** The value of an integer column. */
  default long getLong(String name) {
    Number number = required(name, Number.class);
    if (number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte) {
      return number.longValue();
    }
    throw misfit(name, "an integer");
  }

  /** The value of a float or double column. */
  default double getDouble(String name) {
    Number number = required(name, Number.class);
    if (number instanceof Double || number instanceof Float) {
      return number.doubleValue();
    }
    throw misfit(name, "a float or double");
  }

  /** The value of a string column. */
  default String getString(String name) {
    return optional(name, String.class);
  }

  /** The value of a binary column; not to be changed. */
  default byte[] getBytes(String name) {
    return optional(name, byte[].class);
  }

  /** The value of a decimal column. */
  default BigDecimal getDecimal(String name) {
    return optional(name, BigDecimal.class);
  }

  /** The value of a date column. */
  default LocalDate getDate(String name) {
    return optional(name, LocalDate.class);
  }

  /** The value of a timestamp column. */
  default Instant getInstant(String name) {
    return optional(name, Instant.class);
  }

  /** The value of a column of timestamps without time zone. */
  default LocalDateTime getDateTime(String name) {
    return optional(name, LocalDateTime.class);
  }

  private int indexOf(String name) {
    int i = schema().indexOf(name);
    if (i < 0) {
      throw new IllegalArgumentException(
          "There is no column '"
              + name
              + "'; the columns are "
              + schema().columns().stream().map(Column::name).toList());
    }
    return i;
  }

  private <T> T required(String name, Class<T> type) {
    T value = optional(name, type);
    if (value == null) {
      throw new NullPointerException("Column '" + name + "' is null; ask isNull first");
    }
    return value;
  }

  private <T> T optional(String name, Class<T> type) {
    Object value = get(indexOf(name));
    if (value != null && !type.isInstance(value)) {
      throw misfit(name, "a " + type.getSimpleName());
    }
    return type.cast(value);
  }

  private IllegalArgumentException misfit(String name, String wanted) {
    Column column = schema().columns().get(indexOf(name));
    return new IllegalArgumentException(
        "Column '" + name + "' of type " + TypeNames.name(column.type()) + " is not " + wanted);
  }

  /** A row for people to read: {@code {id=42, name=abc}}. */
  static String toString(Row row) {
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      out.append(i == 0 ? "" : ", ").append(row.schema().columns().get(i).name()).append('=');
      out.append(value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value));
    }
    return out.append('}').toString();
  }
}
