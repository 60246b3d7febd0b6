package io.alexstore.alex;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * An inner node as a B-tree has it: it searches its children's smallest keys. It stands where a
 * model would not spread the keys. A child may be replaced by one with the same range in place; any
 * other change makes a new node.
 */
final class SplitNode extends Node {

  /** The most children of a node. */
  static final int MAX_CHILDREN = 64;

  private static final VarHandle CHILD = MethodHandles.arrayElementVarHandle(Node[].class);

  /** The smallest keys of all children but the first. */
  private final long[] lows;

  private final Node[] children;

  /**
   * @param children at least two, each starting where the one before ends
   */
  SplitNode(Node... children) {
    super(children[0].low, children[children.length - 1].high);
    this.children = children;
    this.lows = new long[children.length - 1];
    for (int i = 0; i < lows.length; i++) {
      lows[i] = children[i + 1].low;
    }
  }

  int size() {
    return children.length;
  }

  /** The number of the child that answers for a key. */
  int index(long key) {
    long[] bounds = lows;
    int low = 0;
    int size = bounds.length;
    while (size > 1) {
      int half = size >>> 1;
      low = bounds[low + half - 1] <= key ? low + half : low;
      size -= half;
    }
    return bounds[low] <= key ? low + 1 : low;
  }

  /** The child that answers for a key. */
  Node child(long key) {
    return child(index(key));
  }

  Node child(int index) {
    return (Node) CHILD.getAcquire(children, index);
  }

  /** Makes a node the child for its range, which is that of a child. */
  void set(Node child) {
    // Readers that see the node see all that was written to it before.
    CHILD.setRelease(children, index(child.low), child);
  }

  /** The children, with those from {@code index} on, {@code removed} of them, replaced. */
  Node[] replaced(int index, int removed, Node... by) {
    Node[] all = new Node[children.length - removed + by.length];
    System.arraycopy(children, 0, all, 0, index);
    System.arraycopy(by, 0, all, index, by.length);
    int behind = index + removed;
    System.arraycopy(children, behind, all, index + by.length, children.length - behind);
    return all;
  }

  @Override
  long memoryBytes() {
    return 72 + 12L * children.length;
  }
}
