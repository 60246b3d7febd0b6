package io.alexstore.spark.convert;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.TimeType;

/**
 * Spark's TIME, in a class of its own because Spark before 4.1 has no such class: there it must not
 * be loaded, which even a check of this one's code would do. So whether a type is TIME is for
 * others to tell.
 */
final class TimeTypes {

  private TimeTypes() {}

  static int precision(DataType type) {
    return ((TimeType) type).precision();
  }

  static DataType of(int precision) {
    return new TimeType(precision);
  }
}
