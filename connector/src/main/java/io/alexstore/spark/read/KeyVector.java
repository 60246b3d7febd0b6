package io.alexstore.spark.read;

import io.alexstore.segment.KeyColumnView;
import io.alexstore.segment.Segment;
import java.math.BigInteger;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;

/** A column of the key, decoded from the segment's key region. */
final class KeyVector extends SegmentVector {

  private final boolean nullable;
  private KeyColumnView view;
  private long address;

  KeyVector(DataType type, RowWindow window, boolean nullable) {
    super(type, window);
    this.nullable = nullable;
  }

  /** Goes on to another segment. */
  void bind(Segment segment, int keyColumn, long newAddress) {
    view = segment.keyColumn(keyColumn);
    address = newAddress;
  }

  private int position(int place) {
    return window.groupStart() + place;
  }

  @Override
  boolean mayBeNull() {
    return nullable;
  }

  @Override
  boolean nullAtPlace(int place) {
    return view.isNull(position(place));
  }

  @Override
  long longAtPlace(int place) {
    return view.getLong(position(place));
  }

  @Override
  float floatAtPlace(int place) {
    return view.getFloat(position(place));
  }

  @Override
  double doubleAtPlace(int place) {
    return view.getDouble(position(place));
  }

  @Override
  BigInteger bigIntegerAtPlace(int place) {
    return view.getBigInteger(position(place));
  }

  @Override
  UTF8String stringAtPlace(int place) {
    int position = position(place);
    long range = address == 0 ? -1 : view.bytesRange(position);
    return range < 0
        ? UTF8String.fromBytes(view.getBytes(position))
        : MapAddress.string(address, range);
  }

  @Override
  byte[] bytesAtPlace(int place) {
    return view.getBytes(position(place));
  }

  @Override
  void longs(int place, int count, long[] target) {
    if (nullable) {
      for (int i = 0; i < count; i++) {
        target[i] = nullAtPlace(place + i) ? 0 : longAtPlace(place + i);
      }
    } else {
      view.getLongs(position(place), count, target, 0);
    }
  }

  @Override
  void doubles(int place, int count, double[] target) {
    for (int i = 0; i < count; i++) {
      target[i] = nullable && nullAtPlace(place + i) ? 0 : doubleAtPlace(place + i);
    }
  }

  @Override
  void nulls(int place, int count, boolean[] target) {
    for (int i = 0; i < count; i++) {
      target[i] = nullAtPlace(place + i);
    }
  }
}
