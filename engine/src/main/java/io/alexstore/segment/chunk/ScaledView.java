package io.alexstore.segment.chunk;

/**
 * Doubles that are decimal numbers of few digits, as packed integers: each is the double nearest to
 * an integer divided by a power of ten. After "ALP: Adaptive Lossless Floating-Point Compression"
 * (Afroozeh, Kuffo, Boncz, SIGMOD 2023), without exceptions.
 */
final class ScaledView extends PackedBase {

  private final long base;
  private final double divisor;

  ScaledView(ChunkOpener opener) {
    super(opener);
    base = entry.base();
    divisor = ChunkFormat.powerOfTen((int) entry.slope());
  }

  @Override
  public double getDouble(int i) {
    touchPacked(i, i);
    return (base + packed(i)) / divisor;
  }

  @Override
  public void getDoubles(int from, int n, double[] out, int at) {
    checkRange(from, n, out.length, at);
    if (n > 0) {
      touchPacked(from, from + n - 1);
    }
    for (int i = 0; i < n; i++) {
      out[at + i] = (base + packed(from + i)) / divisor;
    }
  }
}
