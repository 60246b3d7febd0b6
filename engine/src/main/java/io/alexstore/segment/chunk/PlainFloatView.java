package io.alexstore.segment.chunk;

/** Floats or doubles at their width; each getter fits one of them. */
final class PlainFloatView extends ChunkView {

  PlainFloatView(ChunkOpener opener) {
    super(opener);
  }

  @Override
  public float getFloat(int i) {
    int at = first + i * 4;
    touch(at, 4);
    return file.getFloat(at);
  }

  @Override
  public double getDouble(int i) {
    int at = first + i * 8;
    touch(at, 8);
    return file.getDouble(at);
  }

  @Override
  public void getFloats(int from, int n, float[] out, int at) {
    checkRange(from, n, out.length, at);
    touch(first + from * 4, n * 4);
    file.slice(first + from * 4, n * 4).asFloatBuffer().get(out, at, n);
  }

  @Override
  public void getDoubles(int from, int n, double[] out, int at) {
    checkRange(from, n, out.length, at);
    touch(first + from * 8, n * 8);
    file.slice(first + from * 8, n * 8).asDoubleBuffer().get(out, at, n);
  }
}
