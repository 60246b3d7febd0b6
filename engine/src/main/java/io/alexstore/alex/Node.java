package io.alexstore.alex;

/** A node of the updatable index. It answers for the keys from {@code low} to {@code high}. */
abstract sealed class Node permits DataNode, ModelNode, SplitNode {

  /** The smallest key that may stand below this node. */
  final long low;

  /** The greatest key that may stand below this node. */
  final long high;

  Node(long low, long high) {
    this.low = low;
    this.high = high;
  }

  /** The bytes of heap that the node itself takes. */
  abstract long memoryBytes();
}
