package io.alexstore.spark.read;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.IntervalType;
import io.alexstore.schema.JavaValues;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.StringType;
import io.alexstore.schema.StructType;
import io.alexstore.schema.TimeType;
import io.alexstore.schema.TypeWidening;
import io.alexstore.schema.TypeWidening.Reading;
import io.alexstore.segment.Segment;
import io.alexstore.segment.chunk.ChunkEntry;
import io.alexstore.segment.chunk.ChunkProjection;
import io.alexstore.segment.chunk.ChunkView;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;

/**
 * Tells from the statistics of a row group's chunks whether a row of it may fulfil predicates on
 * columns that are not of the key. It errs towards 'may'.
 */
public sealed interface ZoneFilter extends Serializable {

  /** Lets all row groups through. */
  ZoneFilter ALL = new And(List.of());

  /** Whether a row group may hold a row that is wanted. */
  boolean mayMatch(Segment segment, Schema schema, int group);

  /** All parts must be fulfilled. */
  record And(List<ZoneFilter> parts) implements ZoneFilter {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean mayMatch(Segment segment, Schema schema, int group) {
      for (ZoneFilter part : parts) {
        if (!part.mayMatch(segment, schema, group)) {
          return false;
        }
      }
      return true;
    }
  }

  /** One part must be fulfilled. */
  record Or(List<ZoneFilter> parts) implements ZoneFilter {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean mayMatch(Segment segment, Schema schema, int group) {
      for (ZoneFilter part : parts) {
        if (part.mayMatch(segment, schema, group)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * A range of values, in the form that {@link Values#of} gives them; null for no bound.
   *
   * @param lower the lower bound
   * @param lowerInclusive whether it is part of the range
   * @param upper the upper bound
   * @param upperInclusive whether it is part of the range
   */
  record Range(
      Comparable<?> lower, boolean lowerInclusive, Comparable<?> upper, boolean upperInclusive)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A column, or a field of a struct, must have a value in one of some ranges.
   *
   * @param path the column's id, then those of the fields that lead to the one that is meant
   * @param nulls whether null will do, too
   * @param ranges the ranges
   */
  record In(List<Integer> path, boolean nulls, List<Range> ranges) implements ZoneFilter {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean mayMatch(Segment segment, Schema schema, int group) {
      Column wanted = find(schema.columns(), 0);
      Column stored = find(segment.schema().columns(), 0);
      ChunkView view = null;
      for (int depth = 0; wanted != null; depth++) {
        if (stored == null) {
          return mayMatchAdded(view, wanted, depth);
        }
        view =
            depth == 0
                ? segment.chunk(segment.schema().indexOf(path.get(0)), group)
                : field(view, path.get(depth));
        if (depth == path.size() - 1) {
          return mayMatch(view.entry(), stored.type(), wanted.type());
        }
        wanted = find(fields(wanted), depth + 1);
        stored = find(fields(stored), depth + 1);
      }
      return true;
    }

    private Column find(List<Column> columns, int depth) {
      int id = path.get(depth);
      return columns.stream().filter(c -> c.id() == id).findFirst().orElse(null);
    }

    private static List<Column> fields(Column column) {
      return column.type() instanceof StructType struct ? struct.fields() : List.of();
    }

    private boolean mayMatch(ChunkEntry chunk, ColumnType stored, ColumnType type) {
      Reading reading = TypeWidening.reading(stored, type);
      if (reading == Reading.NONE || (nulls && chunk.nullCount() > 0)) {
        return true;
      }
      return chunk.nullCount() < chunk.count()
          && meets(
              chunk.hasMin() ? Values.widened(reading, Values.min(stored, chunk)) : null,
              chunk.hasMax() ? Values.widened(reading, Values.max(stored, chunk)) : null,
              chunk);
    }

    /** A column that the segment does not have: all rows have its default. */
    private boolean mayMatchAdded(ChunkView struct, Column column, int depth) {
      boolean hasNulls = struct != null && struct.nullCount() > 0;
      Object value = depth == path.size() - 1 ? ChunkProjection.defaultOf(column) : column;
      if (value == column || (nulls && hasNulls)) {
        return true;
      }
      if (value == null) {
        return nulls;
      }
      Comparable<?> form = Values.ofJava(column, value);
      return form == null || meets(form, form, null);
    }

    /** A field's chunk. It has a null wherever the struct is null. */
    private static ChunkView field(ChunkView struct, int id) {
      int place = 0;
      while (struct.child(place).node().columnId() != id) {
        place++;
      }
      return struct.child(place);
    }

    /**
     * Whether a value may be in one of the ranges.
     *
     * @param smallest of the values, NaN left out; null if that is not known
     * @param greatest likewise
     * @param chunk the values' chunk; null if they are all one
     */
    private boolean meets(Comparable<?> smallest, Comparable<?> greatest, ChunkEntry chunk) {
      Comparable<?> min = smallest;
      Comparable<?> max = greatest;
      if (chunk != null && chunk.hasNaN()) {
        // NaN is the largest of all, and equal to itself.
        min = min == null ? (Comparable<?>) Double.NaN : min;
        max = Double.NaN;
      }
      boolean isTruncated = chunk != null && chunk.isMaxTruncated();
      for (Range range : ranges) {
        if (!endsBefore(range, min) && !beginsAfter(range, max, isTruncated)) {
          return true;
        }
      }
      return false;
    }

    private static boolean endsBefore(Range range, Comparable<?> min) {
      if (min == null || range.upper() == null) {
        return false;
      }
      int order = Values.compare(range.upper(), min);
      return order < 0 || (order == 0 && !range.upperInclusive());
    }

    private static boolean beginsAfter(Range range, Comparable<?> max, boolean truncated) {
      if (max == null || range.lower() == null) {
        return false;
      }
      int order = Values.compare(range.lower(), max);
      boolean after = order > 0 || (order == 0 && !range.lowerInclusive());
      // A truncated maximum stands for all that begins with it.
      return after && !(truncated && ((String) range.lower()).startsWith((String) max));
    }
  }

  /**
   * Values in a form that compares as Spark compares them: {@code Long}; {@code Double} without
   * -0.0; {@code BigInteger}, unscaled; strings and binary as hexadecimal digits, whose order is
   * that of the unsigned bytes.
   */
  final class Values {

    private Values() {}

    /** Whether the statistics of a type's chunks can be compared. */
    public static boolean isComparable(ColumnType type) {
      if (type instanceof ScalarType scalar) {
        return scalar != ScalarType.CALENDAR_INTERVAL && scalar != ScalarType.VARIANT;
      } else if (type instanceof StringType string) {
        return string.isBinaryOrder();
      }
      return type instanceof DecimalType
          || type instanceof IntervalType
          || type instanceof TimeType;
    }

    /** A value of a column, in the form of a literal; null if it has none here. */
    public static Comparable<?> of(ColumnType type, Object value) {
      if (type instanceof DecimalType decimal && value instanceof BigDecimal number) {
        return number.scale() == decimal.scale() ? number.unscaledValue() : null;
      } else if (isFloating(type) && value instanceof Number number) {
        return number.doubleValue() + 0.0;
      } else if (value instanceof Boolean b) {
        return b ? 1L : 0L;
      } else if (value instanceof byte[] bytes) {
        return hex(bytes);
      }
      return value instanceof Number number ? (Comparable<?>) number.longValue() : null;
    }

    private static String hex(byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }

    /** The minimum of a chunk that has one, as it is stored. */
    public static Comparable<?> min(ColumnType type, ChunkEntry chunk) {
      if (isBytes(type)) {
        return hex(chunk.minBytes());
      } else if (isFloating(type)) {
        return chunk.minDouble() + 0.0;
      } else if (type instanceof DecimalType decimal) {
        return decimal.precision() <= DecimalType.MAX_LONG_PRECISION
            ? BigInteger.valueOf(chunk.minLong())
            : chunk.minBigInteger();
      }
      return chunk.minLong();
    }

    /** The maximum of a chunk that has one, as it is stored. */
    public static Comparable<?> max(ColumnType type, ChunkEntry chunk) {
      if (isBytes(type)) {
        return hex(chunk.maxBytes());
      } else if (isFloating(type)) {
        return chunk.maxDouble() + 0.0;
      } else if (type instanceof DecimalType decimal) {
        return decimal.precision() <= DecimalType.MAX_LONG_PRECISION
            ? BigInteger.valueOf(chunk.maxLong())
            : chunk.maxBigInteger();
      }
      return chunk.maxLong();
    }

    /** A bound of values that are read as those of a wider type. */
    private static Comparable<?> widened(Reading reading, Comparable<?> bound) {
      if (reading != Reading.DAYS_AS_MICROS) {
        return bound; // In a form that both types have.
      }
      try {
        return TypeWidening.daysToMicros((Long) bound);
      } catch (ArithmeticException e) {
        return null; // Who reads it says so.
      }
    }

    /** A value in the Java form that {@link JavaValues} lists; null if it has none here. */
    private static Comparable<?> ofJava(Column column, Object value) {
      if (!isComparable(column.type())) {
        return null;
      }
      Object physical = JavaValues.toPhysical(column.name(), column.type(), value);
      if (column.type() instanceof DecimalType && physical instanceof Long unscaled) {
        return BigInteger.valueOf(unscaled);
      }
      return physical instanceof BigInteger unscaled ? unscaled : of(column.type(), physical);
    }

    private static boolean isBytes(ColumnType type) {
      return type instanceof StringType || type == ScalarType.BINARY;
    }

    private static boolean isFloating(ColumnType type) {
      return type == ScalarType.FLOAT || type == ScalarType.DOUBLE;
    }

    /** Compares two values of one type. */
    @SuppressWarnings("unchecked")
    public static int compare(Comparable<?> a, Comparable<?> b) {
      return ((Comparable<Object>) a).compareTo(b);
    }
  }
}
