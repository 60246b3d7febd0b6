package io.alexstore.log;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A node of a {@link SegmentTree}: at most {@link #MAX_WIDTH} segments, or nodes, in their order,
 * and what they amount to. Immutable: a change makes new nodes from the root to the leaf, and the
 * other nodes are those of the tree before.
 */
abstract sealed class SegmentNode {

  /**
   * The most segments of a leaf, and children of an inner node. Small, since a change copies this
   * many references at each level; large enough that a segment costs little more than its place.
   */
  static final int MAX_WIDTH = 32;

  /** Nodes that become narrower are joined with a neighbour if both fit into one. */
  static final int MIN_WIDTH = 10;

  final int size;
  final SegmentEntry first;
  final byte[] maxKey;
  final long rows;
  final long deletedRows;
  final long bytes;

  /** In the order of keys: whether no two segments below have a key in common. */
  final boolean disjoint;

  private SegmentNode(
      int size,
      SegmentEntry first,
      byte[] maxKey,
      long rows,
      long deletedRows,
      long bytes,
      boolean disjoint) {
    this.size = size;
    this.first = first;
    this.maxKey = maxKey;
    this.rows = rows;
    this.deletedRows = deletedRows;
    this.bytes = bytes;
    this.disjoint = disjoint;
  }

  /** How many segments or children stand in this node itself. */
  abstract int width();

  /** Segments, in their order. */
  static final class Leaf extends SegmentNode {
    final SegmentEntry[] entries;

    private Leaf(SegmentEntry[] entries, Total total) {
      super(
          entries.length,
          entries[0],
          total.maxKey,
          total.rows,
          total.deletedRows,
          total.bytes,
          total.disjoint);
      this.entries = entries;
    }

    @Override
    int width() {
      return entries.length;
    }
  }

  /** Nodes, in their order. */
  static final class Inner extends SegmentNode {
    final SegmentNode[] children;

    private Inner(SegmentNode[] children, Total total) {
      super(
          total.size,
          children[0].first,
          total.maxKey,
          total.rows,
          total.deletedRows,
          total.bytes,
          total.disjoint);
      this.children = children;
    }

    @Override
    int width() {
      return children.length;
    }
  }

  private static final class Total {
    int size;
    byte[] maxKey;
    long rows;
    long deletedRows;
    long bytes;
    boolean disjoint = true;

    void add(SegmentEntry entry) {
      add(1, entry.minKey(), entry.maxKey());
      rows += entry.liveRows();
      deletedRows += entry.deletedRows();
      bytes += entry.bytes();
    }

    void add(SegmentNode node) {
      add(node.size, node.first.minKey(), node.maxKey);
      rows += node.rows;
      deletedRows += node.deletedRows;
      bytes += node.bytes;
      disjoint &= node.disjoint;
    }

    private void add(int more, byte[] min, byte[] max) {
      size += more;
      disjoint &= maxKey == null || Arrays.compareUnsigned(maxKey, min) < 0;
      if (maxKey == null || Arrays.compareUnsigned(max, maxKey) > 0) {
        maxKey = max;
      }
    }
  }

  /** A leaf of these segments, at least one, in their order; the array becomes the leaf's. */
  static SegmentNode leaf(SegmentEntry... entries) {
    Total total = new Total();
    for (SegmentEntry entry : entries) {
      total.add(entry);
    }
    return new Leaf(entries, total);
  }

  /** A node of these nodes, at least one, in their order; the array becomes the node's. */
  static SegmentNode inner(SegmentNode... children) {
    Total total = new Total();
    for (SegmentNode child : children) {
      total.add(child);
    }
    return new Inner(children, total);
  }

  // --- looking ---

  /** The place of a segment as {@link Arrays#binarySearch} gives it. */
  static int search(SegmentEntry[] entries, SegmentEntry e, Comparator<SegmentEntry> order) {
    return Arrays.binarySearch(entries, e, order);
  }

  /** The child that a segment stands below, or would. */
  static int childFor(SegmentNode[] children, SegmentEntry e, Comparator<SegmentEntry> order) {
    int low = 1;
    int high = children.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (order.compare(children[middle].first, e) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  // --- changing ---

  /** This node with a segment, in the place of an equal one if there is one: one node or two. */
  static List<SegmentNode> with(SegmentNode node, SegmentEntry e, Comparator<SegmentEntry> order) {
    if (node instanceof Leaf leaf) {
      int place = search(leaf.entries, e, order);
      if (place >= 0) {
        SegmentEntry[] entries = leaf.entries.clone();
        entries[place] = e;
        return List.of(leaf(entries));
      }
      return split(insert(leaf.entries, -place - 1, e));
    }
    SegmentNode[] children = ((Inner) node).children;
    int place = childFor(children, e, order);
    List<SegmentNode> parts = with(children[place], e, order);
    SegmentNode[] changed =
        parts.size() == 1 ? children.clone() : insert(children, place + 1, parts.get(1));
    changed[place] = parts.get(0);
    return split(changed);
  }

  /** This node without a segment, which stands in it; null if nothing is left. */
  static SegmentNode without(SegmentNode node, SegmentEntry e, Comparator<SegmentEntry> order) {
    if (node instanceof Leaf leaf) {
      int place = search(leaf.entries, e, order);
      Objects.checkIndex(place, leaf.entries.length);
      return leaf.entries.length == 1 ? null : leaf(remove(leaf.entries, place));
    }
    SegmentNode[] children = ((Inner) node).children;
    int place = childFor(children, e, order);
    SegmentNode rest = without(children[place], e, order);
    if (rest == null) {
      return children.length == 1 ? null : inner(remove(children, place));
    }
    SegmentNode[] changed = children.clone();
    changed[place] = rest;
    if (rest.width() < MIN_WIDTH && children.length > 1) {
      int left = place == 0 ? 0 : place - 1;
      if (changed[left].width() + changed[left + 1].width() <= MAX_WIDTH) {
        SegmentNode joined = join(changed[left], changed[left + 1]);
        changed = remove(changed, left + 1);
        changed[left] = joined;
      }
    }
    return inner(changed);
  }

  private static SegmentNode join(SegmentNode left, SegmentNode right) {
    return left instanceof Leaf l
        ? leaf(concat(l.entries, ((Leaf) right).entries))
        : inner(concat(((Inner) left).children, ((Inner) right).children));
  }

  private static List<SegmentNode> split(SegmentEntry[] entries) {
    int n = entries.length;
    return n <= MAX_WIDTH
        ? List.of(leaf(entries))
        : List.of(
            leaf(Arrays.copyOfRange(entries, 0, n / 2)),
            leaf(Arrays.copyOfRange(entries, n / 2, n)));
  }

  private static List<SegmentNode> split(SegmentNode[] children) {
    int n = children.length;
    return n <= MAX_WIDTH
        ? List.of(inner(children))
        : List.of(
            inner(Arrays.copyOfRange(children, 0, n / 2)),
            inner(Arrays.copyOfRange(children, n / 2, n)));
  }

  private static <T> T[] insert(T[] array, int place, T value) {
    T[] longer = Arrays.copyOf(array, array.length + 1);
    System.arraycopy(array, place, longer, place + 1, array.length - place);
    longer[place] = value;
    return longer;
  }

  private static <T> T[] remove(T[] array, int place) {
    T[] shorter = Arrays.copyOf(array, array.length - 1);
    System.arraycopy(array, place + 1, shorter, place, shorter.length - place);
    return shorter;
  }

  private static <T> T[] concat(T[] left, T[] right) {
    T[] both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }
}
