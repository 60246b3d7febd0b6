package io.alexstore.segment.chunk;

import java.math.BigInteger;

/** Packed codes of entries, which are a view of their own. */
final class DictionaryView extends PackedBase {

  private final ChunkView entries;
  private final int size;

  DictionaryView(ChunkOpener opener, ChunkView entries) {
    super(opener);
    this.entries = entries;
    this.size = entry.dictionarySize();
  }

  @Override
  public int dictionarySize() {
    return size;
  }

  @Override
  public ChunkView dictionary() {
    return entries;
  }

  @Override
  public int code(int i) {
    touchPacked(i, i);
    return touchedCode(i);
  }

  private int touchedCode(int i) {
    long code = packed(i);
    if (code >= size) {
      throw corrupt(i, "has code " + code + ", but the dictionary has " + size + " entries");
    }
    return (int) code;
  }

  @Override
  public long getLong(int i) {
    return entries.getLong(code(i));
  }

  @Override
  public float getFloat(int i) {
    return entries.getFloat(code(i));
  }

  @Override
  public double getDouble(int i) {
    return entries.getDouble(code(i));
  }

  @Override
  public BigInteger getBigInteger(int i) {
    return entries.getBigInteger(code(i));
  }

  @Override
  public long bytesRange(int i) {
    return entries.bytesRange(code(i));
  }

  @Override
  public boolean isInPlace() {
    return entries.isInPlace();
  }

  @Override
  public byte[] getBytes(int i) {
    return entries.getBytes(code(i));
  }

  @Override
  public int copyBytes(int i, byte[] target, int at) {
    return entries.copyBytes(code(i), target, at);
  }

  @Override
  public void touchAll() {
    super.touchAll();
    entries.touchAll();
  }

  private void touchCodes(int from, int n) {
    if (n > 0) {
      touchPacked(from, from + n - 1);
    }
  }

  @Override
  public void getLongs(int from, int n, long[] out, int at) {
    checkRange(from, n, out.length, at);
    touchCodes(from, n);
    for (int i = 0; i < n; i++) {
      out[at + i] = entries.getLong(touchedCode(from + i));
    }
  }

  @Override
  public void getInts(int from, int n, int[] out, int at) {
    checkRange(from, n, out.length, at);
    touchCodes(from, n);
    for (int i = 0; i < n; i++) {
      out[at + i] = (int) entries.getLong(touchedCode(from + i));
    }
  }

  @Override
  public void getDoubles(int from, int n, double[] out, int at) {
    checkRange(from, n, out.length, at);
    touchCodes(from, n);
    for (int i = 0; i < n; i++) {
      out[at + i] = entries.getDouble(touchedCode(from + i));
    }
  }

  @Override
  public void getFloats(int from, int n, float[] out, int at) {
    checkRange(from, n, out.length, at);
    touchCodes(from, n);
    for (int i = 0; i < n; i++) {
      out[at + i] = entries.getFloat(touchedCode(from + i));
    }
  }

  @Override
  public void getCodes(int from, int n, int[] out, int at) {
    checkRange(from, n, out.length, at);
    touchCodes(from, n);
    for (int i = 0; i < n; i++) {
      out[at + i] = touchedCode(from + i);
    }
  }
}
