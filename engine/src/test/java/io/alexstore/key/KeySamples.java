package io.alexstore.key;

import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.IntervalType;
import io.alexstore.schema.IntervalType.Field;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.schema.TableKey;
import io.alexstore.schema.TimeType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random keys of every type, and the order that Spark gives them, written down type by type. */
final class KeySamples {
  static final List<ColumnType> TYPES =
      List.of(
          ScalarType.BOOLEAN,
          ScalarType.BYTE,
          ScalarType.SHORT,
          ScalarType.INT,
          ScalarType.LONG,
          ScalarType.FLOAT,
          ScalarType.DOUBLE,
          ScalarType.BINARY,
          ScalarType.DATE,
          ScalarType.TIMESTAMP,
          ScalarType.TIMESTAMP_NTZ,
          StringType.BINARY_ORDER,
          new DecimalType(5, 2),
          new DecimalType(18, 0),
          new DecimalType(19, 19),
          new DecimalType(38, 10),
          new TimeType(6),
          new TimeType(9),
          new IntervalType(Field.YEAR, Field.MONTH),
          new IntervalType(Field.DAY, Field.SECOND));

  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1,
    -1,
    Double.NaN,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_NORMAL,
    Double.longBitsToDouble(0xFFF8_0000_0000_0001L)
  };
  private static final float[] FLOATS = {
    0f,
    -0f,
    1,
    -1,
    Float.NaN,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.MIN_NORMAL,
    Float.intBitsToFloat(0xFFC0_0001)
  };
  private static final String[] CHARS = {
    "\0", "\1", "a", "b", "\u007f", "\u00ff", "\u0100", "\uffff", "\ud83d\ude00", "\udbff\udfff"
  };
  private static final byte[] BYTES = {0, 1, 2, 0x7F, (byte) 0x80, (byte) 0xFE, (byte) 0xFF};

  private KeySamples() {}

  /** A schema whose key has columns k0, k1 ... of random types, among other columns. */
  static Schema schema(Random random, int keyColumns) {
    boolean unique = random.nextBoolean();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < keyColumns; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    SchemaBuilder builder = new SchemaBuilder();
    for (int i : order) {
      if (random.nextBoolean()) {
        builder.column("other" + i, ScalarType.DOUBLE);
      }
      builder.column("k" + i, TYPES.get(random.nextInt(TYPES.size())), random.nextBoolean());
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < keyColumns; i++) {
      names.add("k" + i);
    }
    return builder.key(unique ? TableKey.Kind.PRIMARY : TableKey.Kind.SORT, names).build();
  }

  /** The parts of a random key. */
  static List<Object> key(Random random, KeyCodec codec) {
    List<Object> parts = new ArrayList<>();
    for (int i = 0; i < codec.columnCount(); i++) {
      boolean isNull = codec.isNullable(i) && random.nextInt(4) == 0;
      parts.add(isNull ? null : value(random, codec.columns().get(i).type()));
    }
    return parts;
  }

  static Object value(Random random, ColumnType type) {
    if (type instanceof DecimalType decimal) {
      return decimal(random, decimal);
    } else if (type instanceof StringType) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(4); n > 0; n--) {
        text.append(CHARS[random.nextInt(CHARS.length)]);
      }
      return text.toString();
    } else if (type instanceof TimeType time) {
      long step = time.precision() == 6 ? 1000 : 1;
      long last = 86_400_000_000_000L / step - 1;
      return LocalTime.ofNanoOfDay(step * Math.floorMod(integer(random, Long.SIZE), last + 1));
    } else if (type instanceof IntervalType interval) {
      return interval.isYearMonth()
          ? Period.ofMonths((int) integer(random, 32)).normalized()
          : duration(integer(random, 64));
    }
    return switch ((ScalarType) type) {
      case BOOLEAN -> random.nextBoolean();
      case BYTE -> (byte) integer(random, 8);
      case SHORT -> (short) integer(random, 16);
      case INT -> (int) integer(random, 32);
      case LONG -> integer(random, 64);
      case FLOAT ->
          random.nextBoolean()
              ? FLOATS[random.nextInt(FLOATS.length)]
              : Float.intBitsToFloat(random.nextInt());
      case DOUBLE ->
          random.nextBoolean()
              ? DOUBLES[random.nextInt(DOUBLES.length)]
              : Double.longBitsToDouble(random.nextLong());
      case BINARY -> {
        byte[] bytes = new byte[random.nextInt(4)];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = BYTES[random.nextInt(BYTES.length)];
        }
        yield bytes;
      }
      case DATE -> LocalDate.ofEpochDay(integer(random, 32));
      case TIMESTAMP -> instant(integer(random, 64));
      case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(instant(integer(random, 64)), ZoneOffset.UTC);
      case CALENDAR_INTERVAL, VARIANT -> throw new AssertionError(type);
    };
  }

  /** An integer of some bits: one at an edge, a small one, or any. */
  private static long integer(Random random, int bits) {
    long value =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(5) - 2;
          case 1 -> (1L << (bits - 1)) - random.nextInt(2);
          case 2 -> (random.nextInt(3) - 1) * 256L + random.nextInt(2);
          default -> random.nextLong();
        };
    return value << (64 - bits) >> (64 - bits);
  }

  private static BigDecimal decimal(Random random, DecimalType type) {
    BigInteger limit = BigInteger.TEN.pow(type.precision());
    BigInteger unscaled =
        switch (random.nextInt(3)) {
          case 0 -> BigInteger.valueOf(random.nextInt(5) - 2);
          case 1 -> limit.subtract(BigInteger.ONE);
          default -> new BigInteger(126, random).mod(limit);
        };
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.scale());
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
  }

  private static Duration duration(long micros) {
    return Duration.ofSeconds(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
  }

  // ---- the model

  /** Spark's order of the first {@code count} columns; nulls first. */
  static int compare(List<Object> a, List<Object> b, int count) {
    for (int i = 0; i < count; i++) {
      int c = compare(a.get(i), b.get(i));
      if (c != 0) {
        return c;
      }
    }
    return 0;
  }

  private static int compare(Object a, Object b) {
    if (a == null || b == null) {
      return Boolean.compare(a != null, b != null);
    } else if (a instanceof Float || a instanceof Double) {
      return compareFloating(((Number) a).doubleValue(), ((Number) b).doubleValue());
    } else if (a instanceof String s) {
      return compareBytes(
          s.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
    } else if (a instanceof byte[] bytes) {
      return compareBytes(bytes, (byte[]) b);
    } else if (a instanceof Period period) {
      return Long.compare(period.toTotalMonths(), ((Period) b).toTotalMonths());
    }
    return compareNatural(a, b);
  }

  @SuppressWarnings("unchecked")
  private static int compareNatural(Object a, Object b) {
    return Integer.signum(((Comparable<Object>) a).compareTo(b));
  }

  private static int compareFloating(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }
    return a < b ? -1 : a > b ? 1 : 0;
  }

  private static int compareBytes(byte[] a, byte[] b) {
    for (int i = 0; i < a.length && i < b.length; i++) {
      if (a[i] != b[i]) {
        return (a[i] & 0xFF) < (b[i] & 0xFF) ? -1 : 1;
      }
    }
    return Integer.compare(a.length, b.length);
  }
}
