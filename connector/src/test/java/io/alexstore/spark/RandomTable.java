package io.alexstore.spark;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/**
 * A random table: a key of any kind, columns of any type that Spark lets a data source write, few
 * distinct values and many edges.
 */
final class RandomTable {

  private static final String TEXTS = "aAzé\u0000ÿ€😀 %_'";

  final Random random;
  final boolean unique;
  final List<StructField> fields = new ArrayList<>();
  final int keySize;
  final List<Row> rows = new ArrayList<>();
  // Variants cannot stand in rows made here: they are strings of JSON first.
  final Set<String> variants = new HashSet<>();

  RandomTable(Random random) {
    this.random = random;
    this.unique = random.nextInt(3) != 0;
    this.keySize = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(3);
    for (int i = 0; i < keySize; i++) {
      fields.add(field("k" + i, keyType(), !unique && random.nextInt(3) != 0));
    }
    int others = random.nextInt(6);
    for (int i = 0; i < others; i++) {
      if (random.nextInt(12) == 0) {
        variants.add("c" + i);
        fields.add(field("c" + i, DataTypes.StringType, true));
      } else {
        fields.add(field("c" + i, anyType(2), true));
      }
    }
    makeRows();
  }

  private static StructField field(String name, DataType type, boolean nullable) {
    return new StructField(name, type, nullable, Metadata.empty());
  }

  private void makeRows() {
    int count = random.nextInt(8) == 0 ? random.nextInt(3) : 1 + random.nextInt(300);
    boolean fewNulls = random.nextBoolean();
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < count; i++) {
      Object[] values = new Object[fields.size()];
      StringBuilder key = new StringBuilder();
      for (int c = 0; c < values.length; c++) {
        StructField field = fields.get(c);
        boolean isNull = field.nullable() && random.nextInt(fewNulls ? 10 : 2) == 0;
        values[c] =
            isNull ? null : variants.contains(field.name()) ? json(2) : value(field.dataType());
        if (c < keySize) {
          key.append(Canonical.text(values[c], true)).append('|');
        }
      }
      if (!unique || keys.add(key.toString())) {
        rows.add(RowFactory.create(values));
      }
    }
  }

  /** The rows as a DataFrame, made of some of them. */
  Dataset<Row> dataFrame(SparkSession spark, List<Row> some) {
    StructType schema = new StructType(fields.toArray(StructField[]::new));
    Dataset<Row> data = spark.createDataFrame(some, schema);
    for (String variant : variants) {
      data = data.withColumn(variant, org.apache.spark.sql.functions.parse_json(data.col(variant)));
    }
    return data;
  }

  String keyNames() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < keySize; i++) {
      names.add(fields.get(i).name());
    }
    return String.join(",", names);
  }

  // ---- types

  DataType keyType() {
    return switch (random.nextInt(18)) {
      case 0 -> DataTypes.BooleanType;
      case 1 -> DataTypes.ByteType;
      case 2 -> DataTypes.ShortType;
      case 3, 4 -> DataTypes.IntegerType;
      case 5, 6 -> DataTypes.LongType;
      case 7 -> DataTypes.FloatType;
      case 8 -> DataTypes.DoubleType;
      case 9 -> decimal();
      case 10 -> DataTypes.DateType;
      case 11 -> DataTypes.TimestampType;
      case 12 -> DataTypes.TimestampNTZType;
      case 13, 14 -> DataTypes.StringType;
      case 15 -> DataTypes.BinaryType;
      case 16 -> DataType.fromDDL(SparkUnderTest.isAtLeast("4.1") ? "TIME(6)" : "DATE");
      default ->
          random.nextBoolean()
              ? new YearMonthIntervalType(
                  YearMonthIntervalType.YEAR(), YearMonthIntervalType.MONTH())
              : new DayTimeIntervalType(DayTimeIntervalType.DAY(), DayTimeIntervalType.SECOND());
    };
  }

  private DataType decimal() {
    int precision = 1 + random.nextInt(38);
    return DataTypes.createDecimalType(precision, random.nextInt(precision + 1));
  }

  private DataType anyType(int depth) {
    int kind = random.nextInt(depth == 0 ? 20 : 28);
    if (kind < 18) {
      return keyType();
    } else if (kind < 20) {
      return org.apache.spark.sql.types.StringType$.MODULE$.apply("UTF8_LCASE");
    } else if (kind < 22) {
      return DataTypes.createArrayType(anyType(depth - 1), true);
    } else if (kind < 24) {
      DataType key = random.nextBoolean() ? DataTypes.StringType : DataTypes.IntegerType;
      return DataTypes.createMapType(key, anyType(depth - 1), true);
    }
    StructType struct = new StructType();
    int n = 1 + random.nextInt(3);
    for (int i = 0; i < n; i++) {
      struct = struct.add("f" + i, anyType(depth - 1), true);
    }
    return struct;
  }

  // ---- values

  private Object nullable(DataType type) {
    return random.nextInt(5) == 0 ? null : value(type);
  }

  /** A value that is not null, often one that others have too. */
  Object value(DataType type) {
    boolean edge = random.nextInt(4) == 0;
    if (type instanceof DecimalType decimal) {
      return decimalValue(decimal, edge);
    } else if (type.typeName().startsWith("time(")) {
      long micros = edge ? (random.nextBoolean() ? 0 : 86_399_999_999L) : random.nextInt(50);
      return LocalTime.ofNanoOfDay(micros * 1000);
    } else if (type instanceof YearMonthIntervalType) {
      return Period.ofMonths(random.nextInt(60) - 30).normalized();
    } else if (type instanceof DayTimeIntervalType) {
      long micros = edge ? random.nextLong() >> 2 : random.nextInt(60) - 30;
      return Duration.ofSeconds(
          Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
    } else if (type instanceof ArrayType array) {
      List<Object> list = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        list.add(nullable(array.elementType()));
      }
      return list;
    } else if (type instanceof MapType map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        entries.put(value(map.keyType()), nullable(map.valueType()));
      }
      return entries;
    } else if (type instanceof StructType struct) {
      Object[] values = new Object[struct.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = nullable(struct.fields()[i].dataType());
      }
      return RowFactory.create(values);
    }
    return scalar(type, edge);
  }

  private Object scalar(DataType type, boolean edge) {
    int small = random.nextInt(60) - 30;
    boolean low = random.nextBoolean();
    return switch (type.typeName()) {
      case "boolean" -> low;
      case "byte" -> edge ? (low ? Byte.MIN_VALUE : Byte.MAX_VALUE) : (byte) small;
      case "short" -> edge ? (low ? Short.MIN_VALUE : Short.MAX_VALUE) : (short) small;
      case "integer" -> edge ? (low ? Integer.MIN_VALUE : Integer.MAX_VALUE) : (Integer) small;
      case "long" ->
          edge
              ? (low ? (Long) Long.MIN_VALUE : (Long) (random.nextLong()))
              : (Long) (small * 10_000_000_000L);
      case "float" -> edge ? floatEdge() : (Float) (small / 4f);
      case "double" -> edge ? (Double) (double) floatEdge() : (Double) (small / 10.0);
      case "date" -> LocalDate.ofEpochDay(edge ? (low ? -1_000_000 : 1_000_000) : small);
      case "timestamp" -> Instant.ofEpochSecond(edge ? small * 100_000_000L : small, 1000 * 7);
      case "timestamp_ntz" ->
          LocalDateTime.of(1970, 1, 1, 0, 0).plusSeconds(edge ? small * 100_000_000L : small);
      case "binary" -> text(edge).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      default -> text(edge);
    };
  }

  private float floatEdge() {
    float[] edges = {
      0f,
      -0f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      Float.MAX_VALUE
    };
    return edges[random.nextInt(edges.length)];
  }

  private BigDecimal decimalValue(DecimalType type, boolean edge) {
    BigInteger unscaled =
        edge
            ? new BigInteger(120, random).mod(BigInteger.TEN.pow(type.precision()))
            : BigInteger.valueOf(random.nextInt(9));
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.scale());
  }

  private String text(boolean longer) {
    StringBuilder text = new StringBuilder(longer ? "shared/prefix/of/many/" : "");
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(TEXTS.codePointCount(0, TEXTS.length()));
      text.appendCodePoint(TEXTS.codePointAt(TEXTS.offsetByCodePoints(0, at)));
    }
    return text.toString();
  }

  private String json(int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> "null";
      case 1 -> Integer.toString(random.nextInt(100));
      case 2 -> "\"s" + random.nextInt(5) + "\"";
      case 3 -> "true";
      case 4 -> "[" + json(depth - 1) + "," + json(depth - 1) + "]";
      default -> "{\"a\":" + json(depth - 1) + ",\"b\":" + json(depth - 1) + "}";
    };
  }
}
