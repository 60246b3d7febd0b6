package io.alexstore.segment.chunk;

/** A struct, list or map with other parts than are stored: by the schema that it is read with. */
final class ReshapedView extends ChunkView {

  private final ChunkView stored;

  ReshapedView(ChunkView stored, NodeTree.Node node, ChunkView... children) {
    super(stored, node, children);
    this.stored = stored;
  }

  @Override
  public int elementStart(int i) {
    return stored.elementStart(i);
  }

  @Override
  public int elementEnd(int i) {
    return stored.elementEnd(i);
  }
}
