package io.alexstore.spark.convert;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/** Rows of Spark made of plain values: for what alexstore says of a table, not for its rows. */
public final class ResultRows {

  private ResultRows() {}

  /**
   * A row.
   *
   * @param values strings, numbers, booleans and nulls; an {@link Instant} for a timestamp; a list
   *     for an array; a map; an array of values for a struct
   */
  public static InternalRow of(Object... values) {
    Object[] row = new Object[values.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = value(values[i]);
    }
    return new GenericInternalRow(row);
  }

  private static Object value(Object value) {
    if (value instanceof String text) {
      return UTF8String.fromString(text);
    } else if (value instanceof Instant time) {
      return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    } else if (value instanceof List<?> list) {
      return array(list);
    } else if (value instanceof Map<?, ?> map) {
      return new ArrayBasedMapData(
          array(List.copyOf(map.keySet())),
          array(map.keySet().stream().map(key -> (Object) map.get(key)).toList()));
    } else if (value instanceof Object[] struct) {
      return of(struct);
    }
    return value;
  }

  private static GenericArrayData array(List<?> list) {
    return new GenericArrayData(list.stream().map(ResultRows::value).toArray());
  }
}
