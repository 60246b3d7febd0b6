package io.alexstore.spark.convert;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.IntervalType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.ScalarType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.CalendarIntervalType;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.sql.types.VarcharType;
import org.apache.spark.sql.types.VariantType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** Spark's types as the engine's; gives out column ids on the way. One instance for one schema. */
final class ToEngineTypes {

  /** Under this name Spark keeps a column's CHAR(n) or VARCHAR(n), which it reads as STRING. */
  static final String CHAR_VARCHAR = "__CHAR_VARCHAR_TYPE_STRING";

  private int lastId;

  /** Gives out ids above one that is taken; 0 for a new table. */
  ToEngineTypes(int lastId) {
    this.lastId = lastId;
  }

  int lastId() {
    return lastId;
  }

  /** The columns, with new ids in preorder. */
  List<Column> columns(StructType struct) {
    return columns("", struct);
  }

  private List<Column> columns(String parent, StructType struct) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : struct.fields()) {
      columns.add(column(parent + field.name(), field));
    }
    return columns;
  }

  private Column column(String path, StructField field) {
    int id = ++lastId;
    ColumnType type = type(path, field.dataType());
    Metadata metadata = metadata(field);
    return new Column(
        id,
        field.name(),
        type,
        field.nullable(),
        metadata.equals(Metadata.empty()) ? "" : metadata.json(),
        Optional.empty());
  }

  private static Metadata metadata(StructField field) {
    DataType type = field.dataType();
    if (type instanceof CharType || type instanceof VarcharType) {
      return new MetadataBuilder()
          .withMetadata(field.metadata())
          .putString(CHAR_VARCHAR, type.catalogString())
          .build();
    }
    return field.metadata();
  }

  private ColumnType type(String path, DataType type) {
    if (type instanceof UserDefinedType) {
      // Before its SQL type is looked at: storing that would lose the class.
      throw refused(
          path,
          type,
          "a user-defined type is a class of the program that wrote it. Select its"
              + " fields, or cast it to the type that it is stored as, first");
    } else if (type instanceof StructType struct) {
      if (struct.isEmpty()) {
        throw refused(path, type, "a struct without fields. Drop the column, or add a field");
      }
      return new io.alexstore.schema.StructType(columns(path + ".", struct));
    } else if (type instanceof ArrayType array) {
      int id = ++lastId;
      return new ListType(id, type(path + ".element", array.elementType()), array.containsNull());
    } else if (type instanceof org.apache.spark.sql.types.MapType map) {
      int key = ++lastId;
      ColumnType keyType = type(path + ".key", map.keyType());
      int value = ++lastId;
      ColumnType valueType = type(path + ".value", map.valueType());
      return new MapType(key, keyType, value, valueType, map.valueContainsNull());
    } else if (type instanceof DecimalType decimal) {
      return new io.alexstore.schema.DecimalType(decimal.precision(), decimal.scale());
    } else if (type instanceof StringType string) {
      return new io.alexstore.schema.StringType(string.collationName());
    } else if (type instanceof YearMonthIntervalType interval) {
      return new IntervalType(
          yearMonthField(interval.startField()), yearMonthField(interval.endField()));
    } else if (type instanceof DayTimeIntervalType interval) {
      return new IntervalType(
          dayTimeField(interval.startField()), dayTimeField(interval.endField()));
    } else if (isTime(type)) {
      return new io.alexstore.schema.TimeType(TimeTypes.precision(type));
    }
    return scalar(path, type);
  }

  /** Whether this is TIME, without loading the class, which an older Spark does not have. */
  private static boolean isTime(DataType type) {
    return type.typeName().startsWith("time(");
  }

  private static ColumnType scalar(String path, DataType type) {
    if (type instanceof BooleanType) {
      return ScalarType.BOOLEAN;
    } else if (type instanceof ByteType) {
      return ScalarType.BYTE;
    } else if (type instanceof ShortType) {
      return ScalarType.SHORT;
    } else if (type instanceof IntegerType) {
      return ScalarType.INT;
    } else if (type instanceof LongType) {
      return ScalarType.LONG;
    } else if (type instanceof FloatType) {
      return ScalarType.FLOAT;
    } else if (type instanceof DoubleType) {
      return ScalarType.DOUBLE;
    } else if (type instanceof BinaryType) {
      return ScalarType.BINARY;
    } else if (type instanceof DateType) {
      return ScalarType.DATE;
    } else if (type instanceof TimestampType) {
      return ScalarType.TIMESTAMP;
    } else if (type instanceof TimestampNTZType) {
      return ScalarType.TIMESTAMP_NTZ;
    } else if (type instanceof CalendarIntervalType) {
      return ScalarType.CALENDAR_INTERVAL;
    } else if (type instanceof VariantType) {
      return ScalarType.VARIANT;
    } else if (type instanceof NullType) {
      throw refused(path, type, "it has no values. Cast it to the type that it shall have");
    }
    throw refused(path, type, "alexstore has no form for it. Cast the column, or drop it");
  }

  private static IntervalType.Field yearMonthField(byte field) {
    return field == YearMonthIntervalType.YEAR()
        ? IntervalType.Field.YEAR
        : IntervalType.Field.MONTH;
  }

  private static IntervalType.Field dayTimeField(byte field) {
    return switch (field) {
      case 0 -> IntervalType.Field.DAY;
      case 1 -> IntervalType.Field.HOUR;
      case 2 -> IntervalType.Field.MINUTE;
      default -> IntervalType.Field.SECOND;
    };
  }

  private static IllegalArgumentException refused(String path, DataType type, String why) {
    return new IllegalArgumentException(
        "Column '"
            + path
            + "' has the type "
            + type.sql()
            + ", which alexstore does not store: "
            + why);
  }
}
