package io.alexstore.alex;

import java.util.ArrayDeque;

/**
 * Plans the inner nodes over data nodes that are there, from the top down: a model node with the
 * slot width that costs least, or a split node where no width spreads the data nodes (Ding et al.,
 * SIGMOD 2020, section 4.6, with a B-tree's node in place of chains of models).
 *
 * <p>Each step at least halves the data nodes below a node, so the height is logarithmic whatever
 * the keys are. The work is held on a stack of its own, not by recursion. O(data nodes * height).
 */
final class InnerNodes {

  /** How many slots for each data node are tried, as powers of two. */
  private static final int MAX_LOG_SLOTS = 5;

  /** Of passing a split node, where passing a model node is 1. */
  private static final double SPLIT_COST = 2;

  /** Of a slot for each data node, since slots compete for the cache. */
  private static final double SLOT_COST = 0.01;

  private final DataNode[] leaves;
  private final boolean slack;
  private final ArrayDeque<Task> tasks = new ArrayDeque<>();
  private long bytes;

  /** Data nodes whose common node is to be set in its parent; the root has none. */
  private record Task(int from, int to, Node parent) {}

  /**
   * @param leaves all data nodes, in order
   * @param slack whether the root should have slots behind the last data node's start, for keys
   *     that come in ascending order
   */
  InnerNodes(DataNode[] leaves, boolean slack) {
    this.leaves = leaves;
    this.slack = slack;
  }

  /** The root. */
  Node build() {
    Node root = make(0, leaves.length);
    for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
      Node node = make(task.from, task.to);
      if (task.parent instanceof ModelNode model) {
        model.set(node);
      } else {
        ((SplitNode) task.parent).set(node);
      }
    }
    return root;
  }

  /** The bytes of the nodes that were made. */
  long bytes() {
    return bytes;
  }

  private Node make(int from, int to) {
    int count = to - from;
    if (count == 1) {
      return leaves[from];
    }
    // What the best model node costs is only worth knowing where two borders are to be told apart.
    double best = count <= 2 ? 0 : splitCost(count);
    int bestShift = 0;
    if (count > 2) {
      long span = leaves[to - 1].low - leaves[from + 1].low;
      int spanBits = 64 - Long.numberOfLeadingZeros(span);
      int countBits = 32 - Integer.numberOfLeadingZeros(count);
      for (int log = 0; log <= MAX_LOG_SLOTS; log++) {
        int shift = Math.max(1, spanBits - countBits - log);
        double cost = modelCost(from, to, shift);
        if (cost < best) {
          best = cost;
          bestShift = shift;
        }
      }
    }
    Node node = bestShift > 0 ? model(from, to, bestShift) : split(from, to);
    bytes += node.memoryBytes();
    return node;
  }

  private Node model(int from, int to, int shift) {
    long first = (leaves[from + 1].low >> shift) - 1;
    long slots = (leaves[to - 1].low >> shift) - first + 1;
    if (slack && to == leaves.length) {
      slots = Math.min(slots + slots / 2, (Long.MAX_VALUE >> shift) - first + 1);
    }
    ModelNode node =
        new ModelNode(leaves[from].low, leaves[to - 1].high, shift, first, (int) slots);
    int start = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || fits(i, shift)) {
        if (i - start == 1) {
          node.set(leaves[start]);
        } else {
          tasks.add(new Task(start, i, node));
        }
        start = i;
      }
    }
    return node;
  }

  private Node split(int from, int to) {
    int count = to - from;
    int parts = Math.min(count, SplitNode.MAX_CHILDREN / 2);
    Node[] children = new Node[parts];
    int start = from;
    for (int part = 0; part < parts; part++) {
      int end = from + (int) ((long) count * (part + 1) / parts);
      children[part] = end - start == 1 ? leaves[start] : range(start, end);
      start = end;
    }
    SplitNode node = new SplitNode(children);
    start = from;
    for (int part = 0; part < parts; part++) {
      int end = from + (int) ((long) count * (part + 1) / parts);
      if (end - start > 1) {
        tasks.add(new Task(start, end, node));
      }
      start = end;
    }
    return node;
  }

  /** Stands for the node over data nodes that is made later. */
  private DataNode range(int from, int to) {
    return new DataNode(leaves[from].low, leaves[to - 1].high, 0);
  }

  private boolean fits(int leaf, int shift) {
    return leaves[leaf].low >> shift << shift == leaves[leaf].low;
  }

  private double modelCost(int from, int to, int shift) {
    int count = to - from;
    double sum = 0;
    int start = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || fits(i, shift)) {
        int group = i - start;
        if (group > Math.max(1, count / 2)) {
          return Double.MAX_VALUE;
        }
        sum += group * depthCost(group);
        start = i;
      }
    }
    double slots = (double) ((leaves[to - 1].low >> shift) - (leaves[from + 1].low >> shift));
    return 1 + sum / count + SLOT_COST * slots / count;
  }

  private static double splitCost(int count) {
    return SPLIT_COST + depthCost(Math.max(1, count / (SplitNode.MAX_CHILDREN / 2)));
  }

  /** What is paid below, as far as is known: a model node or two for some thousand. */
  private static double depthCost(int count) {
    return count == 1 ? 0 : 1 + Math.log(count) * 0.15;
  }
}
