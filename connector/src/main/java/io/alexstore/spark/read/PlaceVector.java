package io.alexstore.spark.read;

import io.alexstore.schema.Column;
import io.alexstore.segment.Segment;
import io.alexstore.spark.convert.SparkSchemas;
import java.math.BigInteger;
import org.apache.spark.unsafe.types.UTF8String;

/** One of {@link MetadataColumns}: worked out, not read. */
final class PlaceVector extends SegmentVector {

  private UTF8String segmentId;

  PlaceVector(Column column, RowWindow window) {
    super(SparkSchemas.toSpark(column.type()), window);
  }

  /** Goes on to another segment. */
  void bind(Segment segment) {
    segmentId = UTF8String.fromString(segment.segmentId().toString());
  }

  @Override
  boolean mayBeNull() {
    return false;
  }

  @Override
  boolean nullAtPlace(int place) {
    return false;
  }

  @Override
  long longAtPlace(int place) {
    return window.groupStart() + (long) place;
  }

  @Override
  UTF8String stringAtPlace(int place) {
    return segmentId;
  }

  @Override
  byte[] bytesAtPlace(int place) {
    return segmentId.getBytes();
  }

  @Override
  void longs(int place, int count, long[] target) {
    for (int i = 0; i < count; i++) {
      target[i] = longAtPlace(place + i);
    }
  }

  // ---- what neither column is

  @Override
  float floatAtPlace(int place) {
    throw notThis();
  }

  @Override
  double doubleAtPlace(int place) {
    throw notThis();
  }

  @Override
  BigInteger bigIntegerAtPlace(int place) {
    throw notThis();
  }

  @Override
  void doubles(int place, int count, double[] target) {
    throw notThis();
  }

  @Override
  void nulls(int place, int count, boolean[] target) {
    throw notThis();
  }

  private UnsupportedOperationException notThis() {
    return new UnsupportedOperationException("A row's place is no such value: " + dataType());
  }
}
