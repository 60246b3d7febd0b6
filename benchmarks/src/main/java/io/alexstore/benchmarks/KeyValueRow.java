package io.alexstore.benchmarks;

import io.alexstore.schema.Values;
import java.math.BigInteger;

/** A row of the data set: {@code key BIGINT, value BINARY}. */
final class KeyValueRow implements Values {
  private long key;
  private final byte[] value = new byte[Data.VALUE_SIZE];

  void set(long newKey) {
    key = newKey;
    Data.value(newKey, value);
  }

  @Override
  public int size() {
    return 2;
  }

  @Override
  public boolean isNull(int i) {
    return false;
  }

  @Override
  public long getLong(int i) {
    return key;
  }

  @Override
  public byte[] getBytes(int i) {
    return value;
  }

  @Override
  public float getFloat(int i) {
    throw new UnsupportedOperationException();
  }

  @Override
  public double getDouble(int i) {
    throw new UnsupportedOperationException();
  }

  @Override
  public BigInteger getBigInteger(int i) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Values getStruct(int i) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Values getList(int i) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Values getMapKeys(int i) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Values getMapValues(int i) {
    throw new UnsupportedOperationException();
  }
}
