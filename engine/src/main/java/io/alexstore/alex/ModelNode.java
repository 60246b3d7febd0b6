package io.alexstore.alex;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * An inner node that computes the child of a key: the key space is cut into slots of one width, a
 * power of two, and each slot has a child. Neighbouring slots may share one. Keys before the first
 * slot belong to the first, those behind the last to the last.
 *
 * <p>All slots of all nodes lie on one grid: a slot starts at a multiple of its width. So a border
 * between two data nodes that fits a coarse grid fits every finer one, and data nodes outlive the
 * inner nodes above them.
 */
final class ModelNode extends Node {

  private static final VarHandle CHILD = MethodHandles.arrayElementVarHandle(Node[].class);

  /** log2 of a slot's width, at least 1, so that differences of slot numbers never overflow. */
  private final int shift;

  /** The number, on the grid, of the first slot. */
  private final long first;

  private final Node[] children;

  ModelNode(long low, long high, int shift, long first, int slots) {
    super(low, high);
    this.shift = shift;
    this.first = first;
    this.children = new Node[slots];
  }

  /** The slot of a key. */
  int slot(long key) {
    long slot = (key >> shift) - first;
    return (int) Math.max(0, Math.min(slot, children.length - 1));
  }

  /** The child that answers for a key. */
  Node child(long key) {
    return (Node) CHILD.getAcquire(children, slot(key));
  }

  /** Whether a new slot starts at a key. */
  boolean startsSlot(long key) {
    return slot(key) != slot(key - 1) && key >> shift << shift == key;
  }

  /** Makes a node, whose range begins and ends at borders of slots, the child for its range. */
  void set(Node child) {
    int last = slot(child.high);
    for (int i = slot(child.low); i <= last; i++) {
      // Readers that see the node see all that was written to it before.
      CHILD.setRelease(children, i, child);
    }
  }

  @Override
  long memoryBytes() {
    return 64 + 4L * children.length;
  }
}
