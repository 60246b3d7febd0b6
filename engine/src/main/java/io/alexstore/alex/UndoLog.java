package io.alexstore.alex;

import java.lang.invoke.VarHandle;

/**
 * What the writer is about to overwrite in a data node, so that a reader that comes while a write
 * is under way, or is stopped in the middle of one, can put the node's former state together.
 *
 * <p>One for each map, since one write is under way at a time. Its content belongs to the data node
 * whose version is odd; see {@link DataNode} for the order of reads and writes.
 */
final class UndoLog {

  private final long[] saved = new long[2 * DataNode.MAX_CAPACITY];
  private int from;
  private int to;
  private int end;
  private int count;

  /** Keeps the slots of {@code [fromSlot, toSlot)} and the node's counts. */
  void save(DataNode node, int fromSlot, int toSlot) {
    // Nobody sees this write before the end of the one before it.
    VarHandle.storeStoreFence();
    from = fromSlot;
    to = toSlot;
    end = node.end;
    count = node.count;
    for (int i = 0; i < 2 * (toSlot - fromSlot); i++) {
      saved[i] = node.slots[2 * fromSlot + i];
    }
  }

  /** Restores the former slots; the caller checks afterwards that the write is still the same. */
  void restore(long[] slots) {
    int at = from;
    // Of another write these may be any numbers; what is made of them is thrown away then.
    int length = Math.max(0, Math.min(to, slots.length / 2) - at);
    System.arraycopy(saved, 0, slots, 2 * Math.min(at, slots.length / 2), 2 * length);
  }

  int end() {
    return end;
  }

  int count() {
    return count;
  }
}
