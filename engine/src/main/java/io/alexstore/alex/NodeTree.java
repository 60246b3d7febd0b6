package io.alexstore.alex;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The nodes of an updatable index, from the root down, and the ways in which they change: a data
 * node is replaced, split in two (sideways, between slots of its parent, or downwards, below a new
 * node), or joined with its neighbour. Each is one store for every key, by which readers that
 * descend meanwhile come to the old node or the new one, and both give a right answer.
 *
 * <p>When there are twice as many data nodes as when the inner nodes were planned, or too many have
 * gone below split nodes since, the inner nodes are planned anew over the data nodes as they are.
 * That is O(data nodes), a millisecond or two for 10 million keys, and leaves the entries alone.
 */
final class NodeTree {

  /** Below this many entries a node may join its neighbour. */
  static final int FEW = DataNode.MAX_CAPACITY / 32;

  /** More levels than any tree has: each at least halves the data nodes below. */
  private static final int MAX_HEIGHT = 128;

  private static final VarHandle ROOT;

  static {
    try {
      ROOT = MethodHandles.lookup().findVarHandle(NodeTree.class, "root", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Node root;

  /** The inner nodes above the data node that changes. */
  private Node[] path = {};

  private int leaves;
  private int plannedLeaves;

  /** Splits since the last plan that no model node could take. */
  private int misfits;

  /** Splits since the last plan at the upper end. */
  private int appended;

  private long leafBytes;
  private long innerBytes;
  private long splits;

  NodeTree(DataNode only) {
    root = only;
    leaves = 1;
    leafBytes = only.memoryBytes();
  }

  NodeTree(List<DataNode> sorted) {
    leaves = sorted.size();
    for (DataNode leaf : sorted) {
      leafBytes += leaf.memoryBytes();
    }
    plan(sorted.toArray(new DataNode[0]));
  }

  /** The data node that answers for a key. */
  DataNode leaf(long key) {
    Node node = (Node) ROOT.getAcquire(this);
    while (!(node instanceof DataNode)) {
      node = child(node, key);
    }
    return (DataNode) node;
  }

  /** The child of an inner node that answers for a key. */
  static Node child(Node inner, long key) {
    return inner instanceof ModelNode model ? model.child(key) : ((SplitNode) inner).child(key);
  }

  long memoryBytes() {
    return leafBytes + innerBytes;
  }

  int leaves() {
    return leaves;
  }

  long splits() {
    return splits;
  }

  Node root() {
    return (Node) ROOT.getAcquire(this);
  }

  /** Puts a data node in the place of one with the same range. */
  void replace(DataNode old, DataNode by) {
    leafBytes += by.memoryBytes() - old.memoryBytes();
    set(pathTo(old.low), by);
  }

  /** Puts two data nodes in the place of one. */
  void split(DataNode old, DataNode left, DataNode right) {
    leafBytes += left.memoryBytes() + right.memoryBytes() - old.memoryBytes();
    leaves++;
    splits++;
    if (right.high == Long.MAX_VALUE) {
      appended++;
    }
    int depth = pathTo(old.low);
    if (depth > 0 && path[depth - 1] instanceof ModelNode model && model.startsSlot(right.low)) {
      model.set(left);
      model.set(right);
    } else {
      misfits++;
      splitBelow(depth, left, right);
    }
    if (leaves > 2 * plannedLeaves + 32 || misfits > plannedLeaves / 8 + 32) {
      plan(allLeaves());
    }
  }

  /** Puts two nodes in the place of one, where no model node can tell them apart. */
  private void splitBelow(int depth, Node first, Node second) {
    Node left = first;
    Node right = second;
    int at = depth;
    while (at > 0 && path[at - 1] instanceof SplitNode parent) {
      Node[] children = parent.replaced(parent.index(left.low), 1, left, right);
      innerBytes -= parent.memoryBytes();
      at--;
      if (children.length <= SplitNode.MAX_CHILDREN) {
        set(at, inner(children));
        return;
      }
      int half = children.length / 2;
      left = inner(java.util.Arrays.copyOf(children, half));
      right = inner(java.util.Arrays.copyOfRange(children, half, children.length));
    }
    set(at, inner(left, right));
  }

  private SplitNode inner(Node... children) {
    SplitNode node = new SplitNode(children);
    innerBytes += node.memoryBytes();
    return node;
  }

  /**
   * The data node to the right of one that hangs on the same inner node, or if there is none, the
   * node itself.
   */
  DataNode rightSibling(DataNode leaf) {
    if (leaf.high == Long.MAX_VALUE) {
      return leaf;
    }
    int depth = pathTo(leaf.low);
    if (depth == 0 || leaf.high >= path[depth - 1].high) {
      return leaf;
    }
    Node sibling = child(path[depth - 1], leaf.high + 1);
    return sibling instanceof DataNode data ? data : leaf;
  }

  /** Puts one data node in the place of two that hang on the same inner node. */
  void join(DataNode left, DataNode right, DataNode by) {
    joinBelow(left, right, by);
    if (leaves > 1 && leaves < plannedLeaves / 8) {
      plan(allLeaves());
    }
  }

  private void joinBelow(DataNode left, DataNode right, DataNode by) {
    leafBytes += by.memoryBytes() - left.memoryBytes() - right.memoryBytes();
    leaves--;
    int depth = pathTo(left.low);
    if (path[depth - 1] instanceof ModelNode model) {
      model.set(by);
      return;
    }
    SplitNode parent = (SplitNode) path[depth - 1];
    innerBytes -= parent.memoryBytes();
    Node[] children = parent.replaced(parent.index(left.low), 2, by);
    set(depth - 1, children.length == 1 ? by : inner(children));
  }

  /** Finds the inner nodes above the data node of a key; returns how many they are. */
  private int pathTo(long key) {
    int depth = 0;
    Node node = root;
    if (path.length == 0 && !(node instanceof DataNode)) {
      path = new Node[MAX_HEIGHT];
    }
    while (!(node instanceof DataNode)) {
      path[depth++] = node;
      node = child(node, key);
    }
    return depth;
  }

  /** Puts a node below the last of the first {@code depth} nodes of the path. */
  private void set(int depth, Node node) {
    if (depth == 0) {
      ROOT.setRelease(this, node);
    } else if (path[depth - 1] instanceof ModelNode model) {
      model.set(node);
    } else {
      ((SplitNode) path[depth - 1]).set(node);
    }
  }

  private void plan(DataNode[] sorted) {
    InnerNodes inner = new InnerNodes(sorted, 2 * appended > leaves - plannedLeaves);
    Node planned = inner.build();
    ROOT.setRelease(this, planned);
    innerBytes = inner.bytes();
    plannedLeaves = leaves;
    misfits = 0;
    appended = 0;
  }

  private DataNode[] allLeaves() {
    List<DataNode> all = new ArrayList<>(leaves);
    DataNode leaf = leaf(Long.MIN_VALUE);
    all.add(leaf);
    while (leaf.high != Long.MAX_VALUE) {
      leaf = leaf(leaf.high + 1);
      all.add(leaf);
    }
    return all.toArray(new DataNode[0]);
  }
}
