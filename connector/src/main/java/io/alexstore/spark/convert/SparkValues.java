package io.alexstore.spark.convert;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.Values;
import java.math.BigInteger;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.apache.spark.unsafe.types.VariantVal;

/**
 * One of Spark's rows or arrays as the engine's values, read in place. For a row, one instance is
 * {@linkplain #reset reset} to each row; what is nested in it is valid as long as Spark's row is.
 * Not thread-safe.
 */
public final class SparkValues implements Values {

  private final Accessor[] accessors;
  // All values have the first accessor: an array, whose size is Spark's to know.
  private final boolean uniform;
  private SpecializedGetters getters;
  private int size;

  private SparkValues(Accessor[] accessors, boolean uniform, SpecializedGetters getters, int size) {
    this.accessors = accessors;
    this.uniform = uniform;
    this.getters = getters;
    this.size = size;
  }

  /** For rows whose columns are those of a schema, in its order. */
  public static SparkValues of(Schema schema) {
    return ofTypes(schema.columns().stream().map(Column::type).toList());
  }

  /** For rows whose columns have some types, in this order. */
  public static SparkValues ofTypes(List<ColumnType> types) {
    Accessor[] accessors = types.stream().map(Accessor::of).toArray(Accessor[]::new);
    return new SparkValues(accessors, false, null, accessors.length);
  }

  /** Goes on to another row. */
  public SparkValues reset(InternalRow row) {
    getters = row;
    return this;
  }

  private static Values array(Accessor element, ArrayData array) {
    return new SparkValues(new Accessor[] {element}, true, array, array.numElements());
  }

  private Accessor accessor(int i) {
    return accessors[uniform ? 0 : i];
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean isNull(int i) {
    return getters.isNullAt(i);
  }

  @Override
  public long getLong(int i) {
    Accessor accessor = accessor(i);
    return switch (accessor.kind()) {
      case BOOLEAN -> getters.getBoolean(i) ? 1 : 0;
      case BYTE -> getters.getByte(i);
      case SHORT -> getters.getShort(i);
      case INT -> getters.getInt(i);
      case LONG -> getters.getLong(i);
      case DECIMAL ->
          // Spark's own rows hold the unscaled value: no object for it.
          getters instanceof UnsafeRow
              ? getters.getLong(i)
              : getters.getDecimal(i, accessor.precision(), accessor.scale()).toUnscaledLong();
      default -> throw new IllegalStateException(accessor.kind() + " is no integer");
    };
  }

  @Override
  public float getFloat(int i) {
    return getters.getFloat(i);
  }

  @Override
  public double getDouble(int i) {
    return getters.getDouble(i);
  }

  @Override
  public BigInteger getBigInteger(int i) {
    Accessor accessor = accessor(i);
    Decimal decimal = getters.getDecimal(i, accessor.precision(), accessor.scale());
    return decimal.toJavaBigDecimal().unscaledValue();
  }

  @Override
  public byte[] getBytes(int i) {
    return accessor(i).kind() == Accessor.Kind.STRING
        ? getters.getUTF8String(i).getBytes()
        : getters.getBinary(i);
  }

  @Override
  public Values getStruct(int i) {
    Accessor accessor = accessor(i);
    return switch (accessor.kind()) {
      case INTERVAL -> new IntervalParts(getters.getInterval(i));
      case VARIANT -> new VariantParts(getters.getVariant(i));
      default -> {
        Accessor[] fields = accessor.children();
        yield new SparkValues(fields, false, getters.getStruct(i, fields.length), fields.length);
      }
    };
  }

  @Override
  public Values getList(int i) {
    return array(accessor(i).children()[0], getters.getArray(i));
  }

  @Override
  public Values getMapKeys(int i) {
    return array(accessor(i).children()[0], getters.getMap(i).keyArray());
  }

  @Override
  public Values getMapValues(int i) {
    return array(accessor(i).children()[1], getters.getMap(i).valueArray());
  }

  /** What is made of parts that are never null and not nested. */
  private abstract static class Parts implements Values {
    @Override
    public boolean isNull(int i) {
      return false;
    }

    @Override
    public long getLong(int i) {
      throw notThis();
    }

    @Override
    public float getFloat(int i) {
      throw notThis();
    }

    @Override
    public double getDouble(int i) {
      throw notThis();
    }

    @Override
    public BigInteger getBigInteger(int i) {
      throw notThis();
    }

    @Override
    public byte[] getBytes(int i) {
      throw notThis();
    }

    @Override
    public Values getStruct(int i) {
      throw notThis();
    }

    @Override
    public Values getList(int i) {
      throw notThis();
    }

    @Override
    public Values getMapKeys(int i) {
      throw notThis();
    }

    @Override
    public Values getMapValues(int i) {
      throw notThis();
    }

    private IllegalStateException notThis() {
      return new IllegalStateException(getClass().getSimpleName() + " has no such part");
    }
  }

  private static final class IntervalParts extends Parts {
    private final CalendarInterval interval;

    IntervalParts(CalendarInterval interval) {
      this.interval = interval;
    }

    @Override
    public int size() {
      return 3;
    }

    @Override
    public long getLong(int i) {
      return switch (i) {
        case 0 -> interval.months;
        case 1 -> interval.days;
        default -> interval.microseconds;
      };
    }
  }

  private static final class VariantParts extends Parts {
    private final VariantVal variant;

    VariantParts(VariantVal variant) {
      this.variant = variant;
    }

    @Override
    public int size() {
      return 2;
    }

    @Override
    public byte[] getBytes(int i) {
      return i == 0 ? variant.getValue() : variant.getMetadata();
    }
  }
}
