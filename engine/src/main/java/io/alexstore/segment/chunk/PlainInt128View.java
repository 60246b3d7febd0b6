package io.alexstore.segment.chunk;

import java.math.BigInteger;

/** 128-bit integers, 16 bytes each. */
final class PlainInt128View extends ChunkView {

  PlainInt128View(ChunkOpener opener) {
    super(opener);
  }

  @Override
  public BigInteger getBigInteger(int i) {
    int at = first + i * 16;
    touch(at, 16);
    return Int128.toBigInteger(file.getLong(at), file.getLong(at + 8));
  }
}
