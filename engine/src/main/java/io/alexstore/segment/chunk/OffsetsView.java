package io.alexstore.segment.chunk;

/** Lists and maps: linear offsets into the children's values. */
final class OffsetsView extends LinearBase {

  private final int limit;

  OffsetsView(ChunkOpener opener) {
    super(opener);
    limit = children[0].count;
  }

  @Override
  public int elementStart(int i) {
    return (int) (offsets(i, limit) >>> 32);
  }

  @Override
  public int elementEnd(int i) {
    return (int) offsets(i, limit);
  }
}
