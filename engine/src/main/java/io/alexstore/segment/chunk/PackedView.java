package io.alexstore.segment.chunk;

/** Booleans and integers as packed differences from a base. */
final class PackedView extends PackedBase {

  private final long base;

  PackedView(ChunkOpener opener) {
    super(opener);
    base = entry.base();
  }

  @Override
  public long getLong(int i) {
    touchPacked(i, i);
    return base + packed(i);
  }

  @Override
  public void getLongs(int from, int n, long[] out, int at) {
    unpack(from, n, base, out, at);
  }

  @Override
  public void getInts(int from, int n, int[] out, int at) {
    unpack(from, n, base, out, at);
  }
}
