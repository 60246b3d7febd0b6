package io.alexstore.alex;

/**
 * A root that is a model node, its numbers read and checked once: every lookup passes it. Fewer
 * instructions there are worth more than the nanoseconds they take themselves: a processor that
 * waits for memory begins the lookups behind only as far as its window of instructions reaches.
 *
 * <p>Thread safety: immutable.
 */
final class RootModel {

  private final PackedNodes nodes;
  private final int node;
  private final int fanout;
  private final int entries;
  private final long base;
  private final double scale;

  /**
   * @param word the root entry's word, of the kind {@link PackedFormat#KIND_MODEL}
   * @throws io.alexstore.error.CorruptFileException if the node cannot be
   */
  RootModel(PackedNodes nodes, int word) {
    this.nodes = nodes;
    this.node = nodes.child(nodes.start, word);
    this.fanout = nodes.fanout(node);
    this.entries = node + PackedFormat.MODEL_ENTRIES_AT;
    this.base = nodes.bytes.getLong(node + PackedFormat.MODEL_BASE_AT);
    this.scale = nodes.bytes.getDouble(node + PackedFormat.MODEL_SCALE_AT);
  }

  /** Where the node stands. */
  int node() {
    return node;
  }

  /** Steps to the child for a feature, as {@link PackedNodes#step} does. */
  long step(long feature) {
    return nodes.slot(entries, fanout, (double) (feature - base) * scale);
  }
}
