package io.alexstore.segment.chunk;

import io.alexstore.schema.Values;
import java.math.BigInteger;

/** The values of one chunk in a range of positions: a list's elements, a map's keys or values. */
final class ElementValues implements Values {

  private final ChunkView elements;
  private final int start;
  private final int end;

  ElementValues(ChunkView elements, int start, int end) {
    this.elements = elements;
    this.start = start;
    this.end = end;
  }

  @Override
  public int size() {
    return end - start;
  }

  @Override
  public boolean isNull(int i) {
    return elements.isNull(start + i);
  }

  @Override
  public long getLong(int i) {
    return elements.getLong(start + i);
  }

  @Override
  public float getFloat(int i) {
    return elements.getFloat(start + i);
  }

  @Override
  public double getDouble(int i) {
    return elements.getDouble(start + i);
  }

  @Override
  public BigInteger getBigInteger(int i) {
    return elements.getBigInteger(start + i);
  }

  @Override
  public byte[] getBytes(int i) {
    return elements.getBytes(start + i);
  }

  @Override
  public Values getStruct(int i) {
    return ChunkValues.struct(elements, start + i);
  }

  @Override
  public Values getList(int i) {
    return ChunkValues.list(elements, start + i);
  }

  @Override
  public Values getMapKeys(int i) {
    return ChunkValues.mapKeys(elements, start + i);
  }

  @Override
  public Values getMapValues(int i) {
    return ChunkValues.mapValues(elements, start + i);
  }
}
