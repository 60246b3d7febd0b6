package io.alexstore.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.schema.DecimalType;
import io.alexstore.schema.IntervalType;
import io.alexstore.schema.IntervalType.Field;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.schema.TimeType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RowTest {
  private static final Schema SCHEMA =
      new SchemaBuilder()
          .column("flag", ScalarType.BOOLEAN)
          .column("b", ScalarType.BYTE)
          .column("i", ScalarType.INT, false)
          .column("l", ScalarType.LONG)
          .column("f", ScalarType.FLOAT)
          .column("d", ScalarType.DOUBLE)
          .column("s", StringType.BINARY_ORDER)
          .column("bytes", ScalarType.BINARY)
          .column("small", new DecimalType(9, 2))
          .column("big", new DecimalType(38, 2))
          .column("day", ScalarType.DATE)
          .column("at", ScalarType.TIMESTAMP)
          .column("local", ScalarType.TIMESTAMP_NTZ)
          .column("time", new TimeType(6))
          .column("months", new IntervalType(Field.YEAR, Field.MONTH))
          .column("span", new IntervalType(Field.DAY, Field.SECOND))
          .column("cal", ScalarType.CALENDAR_INTERVAL)
          .column("list", SchemaBuilder.list(SchemaBuilder.list(ScalarType.SHORT)))
          .column("map", SchemaBuilder.map(StringType.BINARY_ORDER, ScalarType.DOUBLE))
          .column("struct", SchemaBuilder.struct(SchemaBuilder.field("x", StringType.BINARY_ORDER)))
          .sortKey("i")
          .build();

  private static final Object[] OBJECTS = {
    true,
    (byte) -1,
    7,
    1L << 40,
    1.5f,
    -2.5,
    "grüße",
    new byte[] {0, 1},
    new BigDecimal("-1.25"),
    new BigDecimal("123456789012345678901234567890.10"),
    LocalDate.of(-44, 3, 15),
    Instant.parse("1969-12-31T23:59:59.999999Z"),
    LocalDateTime.of(2024, 2, 29, 23, 0),
    LocalTime.of(1, 2, 3, 4000),
    Period.of(-1, -2, 0),
    Duration.ofMillis(-1500),
    List.of(1, 2, 3L),
    List.of(List.of((short) 1), List.of()),
    Map.of("k", 1.0),
    Arrays.asList((Object) null)
  };

  @Test
  void objectsComeBack() {
    ArrayRow row = ArrayRow.of(SCHEMA, OBJECTS);
    for (int i = 0; i < OBJECTS.length; i++) {
      assertThat(row.get(i)).isEqualTo(OBJECTS[i]);
    }
    ArrayRow copy = ArrayRow.copyOf(row);
    assertThat(copy).isEqualTo(row).hasSameHashCodeAs(row);
    assertThat(copy.toString()).startsWith("{flag=true, b=-1, i=7, ").contains("s=grüße");
    ArrayRow nulls = ArrayRow.of(SCHEMA, nulls());
    for (int i = 0; i < OBJECTS.length; i++) {
      assertThat(nulls.isNull(i)).isEqualTo(i != 2);
    }
    assertThat(ArrayRow.copyOf(nulls)).isEqualTo(nulls).isNotEqualTo(row);
  }

  private static Object[] nulls() {
    Object[] objects = new Object[OBJECTS.length];
    objects[2] = 0;
    return objects;
  }

  @Test
  void gettersByNameCheck() {
    ArrayRow row = ArrayRow.of(SCHEMA, OBJECTS);
    assertThat(row.getBoolean("flag")).isTrue();
    assertThat(row.getInt("b")).isEqualTo(-1);
    assertThat(row.getLong("i")).isEqualTo(7);
    assertThat(row.getLong("l")).isEqualTo(1L << 40);
    assertThat(row.getDouble("f")).isEqualTo(1.5);
    assertThat(row.getString("s")).isEqualTo("grüße");
    assertThat(row.getBytes("bytes")).containsExactly(0, 1);
    assertThat(row.getDecimal("big")).isEqualTo(OBJECTS[9]);
    assertThat(row.getDate("day")).isEqualTo(OBJECTS[10]);
    assertThat(row.getInstant("at")).isEqualTo(OBJECTS[11]);
    assertThat(row.getDateTime("local")).isEqualTo(OBJECTS[12]);
    assertThat(row.getBigInteger(9)).isEqualTo(new BigInteger("12345678901234567890123456789010"));
    refused(() -> row.getString("i"), "Column 'i' of type int is not a String");
    refused(() -> row.getInt("l"), "not an integer of up to 32 bits");
    refused(() -> row.getLong("d"), "not an integer");
    refused(() -> row.getDouble("i"), "not a float or double");
    refused(() -> row.get("nope"), "no column 'nope'; the columns are [flag, b");
    ArrayRow nulls = ArrayRow.of(SCHEMA, nulls());
    assertThat(nulls.getString("s")).isNull();
    assertThat(nulls.isNull("l")).isTrue();
    assertThatThrownBy(() -> nulls.getLong("l"))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("'l' is null");
  }

  @Test
  void objectsThatDoNotFitAreRefused() {
    refused(() -> ArrayRow.of(SCHEMA, 1), "20 columns");
    refusedAt(1, 128, "too narrow for 128");
    refusedAt(2, null, "Null in column 'i' of type int");
    refusedAt(3, 1.0, "expected a Long");
    refusedAt(4, 0.1, "expected a Float");
    refusedAt(5, "1", "expected a Double");
    refusedAt(13, LocalTime.ofNanoOfDay(1), "more than 6 decimals");
    refusedAt(14, Period.ofDays(1), "days");
    refusedAt(16, List.of(1), "List of 3 values");
    refusedAt(17, "x", "takes a List, not String");
    refusedAt(19, List.of(), "List of 1 values");
  }

  private static void refusedAt(int place, Object object, String message) {
    Object[] objects = OBJECTS.clone();
    objects[place] = object;
    refused(() -> ArrayRow.of(SCHEMA, objects), message);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
