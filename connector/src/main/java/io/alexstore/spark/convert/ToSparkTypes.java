package io.alexstore.spark.convert;

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
import io.alexstore.spark.conf.SparkFeatures;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.VariantType$;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** The engine's types as Spark's. */
final class ToSparkTypes {

  private ToSparkTypes() {}

  static org.apache.spark.sql.types.StructType struct(List<Column> columns) {
    return new org.apache.spark.sql.types.StructType(
        columns.stream().map(ToSparkTypes::field).toArray(StructField[]::new));
  }

  static StructField field(Column column) {
    Metadata metadata =
        column.metadata().isEmpty() ? Metadata.empty() : Metadata.fromJson(column.metadata());
    return new StructField(column.name(), type(column.type()), column.nullable(), metadata);
  }

  static DataType type(ColumnType type) {
    if (type instanceof ScalarType scalar) {
      return scalar(scalar);
    } else if (type instanceof DecimalType decimal) {
      return DataTypes.createDecimalType(decimal.precision(), decimal.scale());
    } else if (type instanceof StringType string) {
      return string.isBinaryOrder()
          ? DataTypes.StringType
          : org.apache.spark.sql.types.StringType$.MODULE$.apply(string.collation());
    } else if (type instanceof TimeType time) {
      if (!SparkFeatures.TIME) {
        throw new UnsupportedOperationException(
            "The table has a column of the type TIME, which Spark has from 4.1 on. Read it with a"
                + " newer Spark, or drop the column there");
      }
      return TimeTypes.of(time.precision());
    } else if (type instanceof IntervalType interval) {
      return interval(interval);
    } else if (type instanceof StructType struct) {
      return struct(struct.fields());
    } else if (type instanceof ListType list) {
      return DataTypes.createArrayType(type(list.element()), list.elementNullable());
    } else if (type instanceof MapType map) {
      return DataTypes.createMapType(type(map.key()), type(map.value()), map.valueNullable());
    }
    throw new IllegalStateException("no Spark type for " + type);
  }

  private static DataType interval(IntervalType interval) {
    if (interval.isYearMonth()) {
      return new YearMonthIntervalType(
          yearMonthField(interval.start()), yearMonthField(interval.end()));
    }
    return new DayTimeIntervalType(dayTimeField(interval.start()), dayTimeField(interval.end()));
  }

  private static byte yearMonthField(IntervalType.Field field) {
    return field == IntervalType.Field.YEAR
        ? YearMonthIntervalType.YEAR()
        : YearMonthIntervalType.MONTH();
  }

  private static byte dayTimeField(IntervalType.Field field) {
    return switch (field) {
      case DAY -> DayTimeIntervalType.DAY();
      case HOUR -> DayTimeIntervalType.HOUR();
      case MINUTE -> DayTimeIntervalType.MINUTE();
      default -> DayTimeIntervalType.SECOND();
    };
  }

  private static DataType scalar(ScalarType type) {
    return switch (type) {
      case BOOLEAN -> DataTypes.BooleanType;
      case BYTE -> DataTypes.ByteType;
      case SHORT -> DataTypes.ShortType;
      case INT -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case FLOAT -> DataTypes.FloatType;
      case DOUBLE -> DataTypes.DoubleType;
      case BINARY -> DataTypes.BinaryType;
      case DATE -> DataTypes.DateType;
      case TIMESTAMP -> DataTypes.TimestampType;
      case TIMESTAMP_NTZ -> DataTypes.TimestampNTZType;
      case CALENDAR_INTERVAL -> DataTypes.CalendarIntervalType;
      case VARIANT -> VariantType$.MODULE$;
    };
  }
}
