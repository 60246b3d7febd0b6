package io.alexstore.segment.chunk;

import java.math.BigInteger;

/** A struct's nulls, or any chunk whose values are all null. */
final class NoneView extends ChunkView {

  NoneView(ChunkOpener opener) {
    super(opener);
  }

  @Override
  public long getLong(int i) {
    return 0;
  }

  @Override
  public float getFloat(int i) {
    return 0;
  }

  @Override
  public double getDouble(int i) {
    return 0;
  }

  @Override
  public BigInteger getBigInteger(int i) {
    return BigInteger.ZERO;
  }

  @Override
  public long bytesRange(int i) {
    return (long) first << 32;
  }

  @Override
  public int elementStart(int i) {
    return 0;
  }

  @Override
  public int elementEnd(int i) {
    return 0;
  }
}
