package io.alexstore.schema;

import java.math.BigInteger;

/**
 * Values by position: the columns of a row, the fields of a struct, the elements of a list. It is
 * how rows are handed to a writer and how they come back from a reader, without boxing.
 *
 * <p>A getter fits the physical form of the value's type ({@link ColumnType#physical()}); with
 * another one, or for a null, the result is undefined (an exception or any value). Positions run
 * from 0 to {@code size() - 1}.
 *
 * <p>A reader may reuse an instance for the next row: what is kept must be copied. Not thread-safe.
 */
public interface Values {

  /** The number of values. */
  int size();

  /** Whether a value is null. */
  boolean isNull(int i);

  /**
   * A boolean (0 or 1), integer, date, timestamp, time, interval, or decimal of up to 18 digits.
   */
  long getLong(int i);

  /** A {@code float}. */
  float getFloat(int i);

  /** A {@code double}. */
  double getDouble(int i);

  /** The unscaled value of a decimal of more than 18 digits. */
  BigInteger getBigInteger(int i);

  /** A binary value, or the UTF-8 bytes of a string. The caller may keep but not change them. */
  byte[] getBytes(int i);

  /** A struct, calendar interval (months, days, microseconds) or variant (value, metadata). */
  Values getStruct(int i);

  /** A list. */
  Values getList(int i);

  /** A map's keys; the order of keys and values is the same. */
  Values getMapKeys(int i);

  /** A map's values. */
  Values getMapValues(int i);
}
