package io.alexstore.segment.chunk;

import io.alexstore.schema.Values;
import java.math.BigInteger;

/**
 * The simple model of values: objects. Integers and booleans are {@code Long}, structs and lists
 * {@code ModelValues}, maps {@code MapModel}.
 */
record ModelValues(Object... values) implements Values {

  /** A map. */
  record MapModel(ModelValues keys, ModelValues values) {}

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public boolean isNull(int i) {
    return values[i] == null;
  }

  @Override
  public long getLong(int i) {
    return (Long) values[i];
  }

  @Override
  public float getFloat(int i) {
    return (Float) values[i];
  }

  @Override
  public double getDouble(int i) {
    return (Double) values[i];
  }

  @Override
  public BigInteger getBigInteger(int i) {
    return (BigInteger) values[i];
  }

  @Override
  public byte[] getBytes(int i) {
    return (byte[]) values[i];
  }

  @Override
  public Values getStruct(int i) {
    return (Values) values[i];
  }

  @Override
  public Values getList(int i) {
    return (Values) values[i];
  }

  @Override
  public Values getMapKeys(int i) {
    return ((MapModel) values[i]).keys();
  }

  @Override
  public Values getMapValues(int i) {
    return ((MapModel) values[i]).values();
  }
}
