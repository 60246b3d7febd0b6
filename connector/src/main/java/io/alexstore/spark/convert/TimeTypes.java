package io.alexstore.spark.convert;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.TimeType;

/** Spark's TIME, in a class of its own because Spark before 4.1 has no such class. */
final class TimeTypes {

  private TimeTypes() {}

  /** Whether this is TIME, without loading the class. */
  static boolean isTime(DataType type) {
    return type.typeName().startsWith("time(");
  }

  static int precision(DataType type) {
    return ((TimeType) type).precision();
  }

  static DataType of(int precision) {
    return new TimeType(precision);
  }
}
