package io.alexstore.segment.chunk;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.IntervalType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StringType;
import io.alexstore.schema.StructType;
import io.alexstore.schema.TimeType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Random types and values for them, in shapes that call for each encoding. */
final class RandomColumns {

  private static final List<Function<RandomColumns, ColumnType>> LEAVES = leaves();

  private final SplittableRandom random;
  private final Map<ColumnType, int[]> shapes = new HashMap<>();
  private int lastId;
  private long sequence;

  RandomColumns(SplittableRandom random) {
    this.random = random;
  }

  private static List<Function<RandomColumns, ColumnType>> leaves() {
    List<Function<RandomColumns, ColumnType>> leaves = new ArrayList<>();
    for (ScalarType type : ScalarType.values()) {
      leaves.add(r -> type);
    }
    leaves.add(r -> StringType.BINARY_ORDER);
    leaves.add(r -> StringType.BINARY_ORDER);
    leaves.add(r -> new StringType("UNICODE_CI"));
    leaves.add(r -> new DecimalType(18, 2));
    leaves.add(r -> new DecimalType(38, 10));
    leaves.add(r -> new TimeType(6));
    leaves.add(r -> new IntervalType(IntervalType.Field.YEAR, IntervalType.Field.MONTH));
    leaves.add(r -> new IntervalType(IntervalType.Field.DAY, IntervalType.Field.SECOND));
    return leaves;
  }

  Column column(int depth) {
    int id = ++lastId;
    return new Column(id, "c" + id, type(depth), random.nextInt(4) > 0);
  }

  private ColumnType type(int depth) {
    int kind = depth == 0 ? 3 : random.nextInt(5);
    return switch (kind) {
      case 0 -> {
        List<Column> fields = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
          fields.add(column(depth - 1));
        }
        yield new StructType(fields);
      }
      case 1 -> new ListType(++lastId, type(depth - 1), random.nextBoolean());
      case 2 -> new MapType(++lastId, type(0), ++lastId, type(depth - 1), random.nextBoolean());
      default -> LEAVES.get(random.nextInt(LEAVES.size())).apply(this);
    };
  }

  /** Chooses anew how the values of each type are distributed. */
  void reshape() {
    shapes.clear();
  }

  /** A value, or null at a rate of 0, few, most or all, if the column may be null. */
  Object value(ColumnType type, boolean nullable) {
    int[] shape =
        shapes.computeIfAbsent(type, t -> new int[] {random.nextInt(4), random.nextInt(6)});
    int[] percent = {0, 3, 90, 100};
    if (nullable && random.nextInt(100) < percent[shape[0]]) {
      return null;
    }
    if (type instanceof StructType struct) {
      Object[] fields = new Object[struct.fields().size()];
      for (int i = 0; i < fields.length; i++) {
        Column field = struct.fields().get(i);
        fields[i] = value(field.type(), field.nullable());
      }
      return new ModelValues(fields);
    } else if (type instanceof ListType list) {
      return list(list.element(), list.elementNullable(), length(shape[1]));
    } else if (type instanceof MapType map) {
      int length = length(shape[1]);
      return new ModelValues.MapModel(
          list(map.key(), false, length), list(map.value(), map.valueNullable(), length));
    } else if (type instanceof ScalarType scalar && !scalar.parts().isEmpty()) {
      Object[] parts = scalar.parts().stream().map(t -> value(t, false)).toArray();
      return new ModelValues(parts);
    }
    return switch (type.physical()) {
      case BOOLEAN -> integer(shape[1]) & 1;
      case INT8 -> (long) (byte) integer(shape[1]);
      case INT16 -> (long) (short) integer(shape[1]);
      case INT32 -> (long) (int) integer(shape[1]);
      case INT64 -> integer(shape[1]);
      case FLOAT32 -> floating(shape[1]);
      case FLOAT64 -> doubling(shape[1]);
      case INT128 -> wide(shape[1]);
      default -> bytes(shape[1]);
    };
  }

  private ModelValues list(ColumnType type, boolean nullable, int length) {
    Object[] elements = new Object[length];
    for (int i = 0; i < length; i++) {
      elements[i] = value(type, nullable);
    }
    return new ModelValues(elements);
  }

  private int length(int shape) {
    return shape == 0 ? 2 : shape == 1 ? 0 : random.nextInt(4);
  }

  private int skewed() {
    return Math.min(random.nextInt(20), random.nextInt(20));
  }

  private long integer(int shape) {
    return switch (shape) {
      case 0 -> -77;
      case 1 -> sequence++;
      case 2 -> skewed() * 0x123456789abcdefL;
      case 3 -> Long.MAX_VALUE - random.nextInt(1000);
      case 4 -> random.nextLong() >> random.nextInt(64);
      default -> random.nextLong();
    };
  }

  private float floating(int shape) {
    float[] special = {0.0f, -0.0f, Float.NaN, Float.intBitsToFloat(0x7f800123), -1, 1};
    return switch (shape) {
      case 0 -> 1.5f;
      case 1 -> special[random.nextInt(2)];
      case 2 -> special[random.nextInt(special.length)];
      case 3 -> Float.NEGATIVE_INFINITY;
      default -> Float.intBitsToFloat(random.nextInt());
    };
  }

  private double doubling(int shape) {
    double[] special = {0.0, -0.0, Double.NaN, Double.longBitsToDouble(0x7ff0000000000123L), -1, 1};
    return switch (shape) {
      case 0 -> 1.5;
      case 1 -> special[random.nextInt(2)];
      case 2 -> special[random.nextInt(special.length)];
      case 3 -> decimal();
      default -> Double.longBitsToDouble(random.nextLong());
    };
  }

  /** Of few digits, but for one in a thousand. */
  private double decimal() {
    return random.nextInt(1000) == 0
        ? (random.nextBoolean() ? -0.0 : random.nextDouble())
        : (random.nextInt(1 << 20) - 1000) / Math.pow(10, random.nextInt(5));
  }

  private BigInteger wide(int shape) {
    BigInteger most = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);
    return switch (shape) {
      case 0 -> most;
      case 1 -> random.nextBoolean() ? most : most.not();
      case 2 -> BigInteger.valueOf(skewed()).shiftLeft(100);
      default ->
          BigInteger.valueOf(random.nextLong())
              .shiftLeft(64)
              .add(BigInteger.valueOf(random.nextLong()))
              .shiftRight(random.nextInt(128));
    };
  }

  private byte[] bytes(int shape) {
    byte[] bytes =
        new byte
            [switch (shape) {
              case 0 -> 10;
              case 1 -> 0;
              case 2 -> 20;
              case 3 -> random.nextInt(50) == 0 ? 5000 : 1;
              default -> random.nextInt(40);
            }];
    if (shape == 2) {
      bytes[19] = (byte) skewed();
    } else {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) random.nextInt();
      }
    }
    return bytes;
  }
}
