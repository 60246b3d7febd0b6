package io.alexstore.store;

import io.alexstore.schema.Values;
import java.math.BigInteger;

/** One row of a store's table, {@code key, value}, on its way to a segment. Not thread-safe. */
final class StoreRow implements Values {

  private long longKey;
  private byte[] key;
  private byte[] value;

  void setKey(long newKey) {
    longKey = newKey;
  }

  void setKey(byte[] newKey) {
    key = newKey;
  }

  void setValue(byte[] newValue) {
    value = newValue;
  }

  byte[] key() {
    return key;
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
    return longKey;
  }

  @Override
  public byte[] getBytes(int i) {
    return i == 0 ? key : value;
  }

  @Override
  public float getFloat(int i) {
    throw unsupported();
  }

  @Override
  public double getDouble(int i) {
    throw unsupported();
  }

  @Override
  public BigInteger getBigInteger(int i) {
    throw unsupported();
  }

  @Override
  public Values getStruct(int i) {
    throw unsupported();
  }

  @Override
  public Values getList(int i) {
    throw unsupported();
  }

  @Override
  public Values getMapKeys(int i) {
    throw unsupported();
  }

  @Override
  public Values getMapValues(int i) {
    throw unsupported();
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException("A store's row has a key and a binary value only");
  }
}
