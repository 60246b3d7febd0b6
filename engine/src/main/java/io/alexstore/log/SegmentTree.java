package io.alexstore.log;

import io.alexstore.log.SegmentNode.Inner;
import io.alexstore.log.SegmentNode.Leaf;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * The segments of a snapshot in some order, as a persistent B+ tree: a tree with one segment more
 * or less shares all but O(log n) nodes with the one before, so that versions of a table with many
 * segments follow each other cheaply. Immutable.
 *
 * <p>In the {@linkplain #BY_KEY order of keys} it is also an interval tree: each node knows the
 * largest key below it.
 */
final class SegmentTree {

  /**
   * The order of a snapshot's segments: by their smallest keys. The id breaks ties, so that the
   * order is always the same.
   */
  static final Comparator<SegmentEntry> BY_KEY =
      (a, b) -> {
        int order = Arrays.compareUnsigned(a.minKey(), b.minKey());
        if (order == 0) {
          order = Arrays.compareUnsigned(a.maxKey(), b.maxKey());
        }
        return order == 0 ? a.id().compareTo(b.id()) : order;
      };

  /** In this order a segment is found by its id. */
  static final Comparator<SegmentEntry> BY_ID = (a, b) -> a.id().compareTo(b.id());

  /** How full nodes are made of many segments at once: changes then split few of them. */
  private static final int FILL = 26;

  // An index of this many bits stands beside the upper bits of an id when ids are sorted.
  private static final int INDEX_BITS = 24;

  private final Comparator<SegmentEntry> order;
  private final SegmentNode root; // null if there are no segments

  private SegmentTree(Comparator<SegmentEntry> order, SegmentNode root) {
    this.order = order;
    this.root = root;
  }

  /** No segments. */
  static SegmentTree empty(Comparator<SegmentEntry> order) {
    return new SegmentTree(order, null);
  }

  /** A tree of segments that are in their order, strictly; O(n). */
  static SegmentTree ofSorted(Comparator<SegmentEntry> order, SegmentEntry... sorted) {
    if (sorted.length == 0) {
      return empty(order);
    }
    SegmentNode[] nodes = new SegmentNode[(sorted.length + FILL - 1) / FILL];
    for (int i = 0; i < nodes.length; i++) {
      int from = part(sorted.length, i, nodes.length);
      int to = part(sorted.length, i + 1, nodes.length);
      nodes[i] = SegmentNode.leaf(Arrays.copyOfRange(sorted, from, to));
    }
    while (nodes.length > 1) {
      SegmentNode[] parents = new SegmentNode[(nodes.length + FILL - 1) / FILL];
      for (int i = 0; i < parents.length; i++) {
        int from = part(nodes.length, i, parents.length);
        int to = part(nodes.length, i + 1, parents.length);
        parents[i] = SegmentNode.inner(Arrays.copyOfRange(nodes, from, to));
      }
      nodes = parents;
    }
    return new SegmentTree(order, nodes[0]);
  }

  private static int part(int length, int i, int parts) {
    return (int) ((long) length * i / parts);
  }

  /** Sorts segments by their ids: numbers first, since a comparison of ids waits for memory. */
  static void sortById(SegmentEntry[] entries) {
    if (entries.length < 1 << INDEX_BITS) {
      long mask = (1L << INDEX_BITS) - 1;
      long[] prefixes = new long[entries.length];
      for (int i = 0; i < entries.length; i++) {
        prefixes[i] = (entries[i].id().getMostSignificantBits() & ~mask) | i;
      }
      Arrays.sort(prefixes);
      SegmentEntry[] unsorted = entries.clone();
      for (int i = 0; i < entries.length; i++) {
        entries[i] = unsorted[(int) (prefixes[i] & mask)];
      }
    }
    Arrays.sort(entries, BY_ID); // One pass where no two have the same prefix.
  }

  // --- changing ---

  /** This tree and a segment, in the place of one that is equal in the order; O(log n). */
  SegmentTree with(SegmentEntry entry) {
    if (root == null) {
      return new SegmentTree(order, SegmentNode.leaf(entry));
    }
    List<SegmentNode> parts = SegmentNode.with(root, entry, order);
    return new SegmentTree(
        order,
        parts.size() == 1 ? parts.get(0) : SegmentNode.inner(parts.toArray(SegmentNode[]::new)));
  }

  /** This tree without a segment, which is in it; O(log n). */
  SegmentTree without(SegmentEntry entry) {
    SegmentNode rest = SegmentNode.without(root, entry, order);
    while (rest instanceof Inner inner && inner.children.length == 1) {
      rest = inner.children[0];
    }
    return new SegmentTree(order, rest);
  }

  // --- what it amounts to ---

  int size() {
    return root == null ? 0 : root.size;
  }

  /** Rows that are not deleted. */
  long rows() {
    return root == null ? 0 : root.rows;
  }

  long deletedRows() {
    return root == null ? 0 : root.deletedRows;
  }

  long bytes() {
    return root == null ? 0 : root.bytes;
  }

  /** In the order of keys: whether no two segments have a key in common, by their ranges. */
  boolean disjoint() {
    return root == null || root.disjoint;
  }

  // --- looking ---

  /**
   * The segment for which a search gives 0; null if there is none. O(log n).
   *
   * @param search below 0 for segments before it, above 0 for those after it
   */
  SegmentEntry find(ToIntFunction<SegmentEntry> search) {
    SegmentNode node = root;
    while (node instanceof Inner inner) {
      int low = 1;
      int high = inner.children.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (search.applyAsInt(inner.children[middle].first) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      node = inner.children[low - 1];
    }
    if (node instanceof Leaf leaf) {
      int low = 0;
      int high = leaf.entries.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        int where = search.applyAsInt(leaf.entries[middle]);
        if (where == 0) {
          return leaf.entries[middle];
        } else if (where < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
    }
    return null;
  }

  /** What receives segments that were found, with their places in the order. */
  @FunctionalInterface
  interface Found {
    void accept(SegmentEntry entry, int place);
  }

  /**
   * The segments whose range of keys meets {@code [low, high]}, in their order, which must be that
   * of keys. O(log n + k) for k segments found.
   *
   * @param low the smallest key; null for no bound
   * @param high the largest key; null for no bound
   */
  void find(byte[] low, byte[] high, Found found) {
    if (root != null) {
      find(root, 0, low, high, found);
    }
  }

  private static void find(SegmentNode node, int place, byte[] low, byte[] high, Found found) {
    if (low != null && Arrays.compareUnsigned(node.maxKey, low) < 0) {
      return;
    }
    if (node instanceof Leaf leaf) {
      for (int i = leaf.disjoint ? firstReaching(leaf.entries, low) : 0;
          i < leaf.entries.length;
          i++) {
        SegmentEntry entry = leaf.entries[i];
        if (high != null && Arrays.compareUnsigned(entry.minKey(), high) > 0) {
          return;
        }
        if (low == null || Arrays.compareUnsigned(entry.maxKey(), low) >= 0) {
          found.accept(entry, place + i);
        }
      }
      return;
    }
    SegmentNode[] children = ((Inner) node).children;
    int from = node.disjoint ? firstReaching(children, low) : 0;
    int at = place;
    for (int i = 0; i < from; i++) {
      at += children[i].size;
    }
    for (int i = from; i < children.length; i++) {
      if (high != null && Arrays.compareUnsigned(children[i].first.minKey(), high) > 0) {
        return;
      }
      find(children[i], at, low, high, found);
      at += children[i].size;
    }
  }

  /** Where no keys are shared the largest keys ascend too, so the first to look at is found so. */
  private static int firstReaching(SegmentEntry[] entries, byte[] low) {
    int from = 0;
    int to = low == null ? 0 : entries.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (Arrays.compareUnsigned(entries[middle].maxKey(), low) < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private static int firstReaching(SegmentNode[] nodes, byte[] low) {
    int from = 0;
    int to = low == null ? 0 : nodes.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (Arrays.compareUnsigned(nodes[middle].maxKey, low) < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /**
   * Gives the segments that another tree of the same order does not have. What the trees share is
   * not looked at: after few changes it costs little, whatever the number of segments.
   */
  void forEachMissingIn(SegmentTree other, Consumer<SegmentEntry> missing) {
    if (root != null) {
      other.giveMissing(root, missing);
    }
  }

  private void giveMissing(SegmentNode node, Consumer<SegmentEntry> missing) {
    if (shares(node)) {
      return;
    }
    if (node instanceof Leaf leaf) {
      for (SegmentEntry entry : leaf.entries) {
        if (find(e -> order.compare(e, entry)) == null) {
          missing.accept(entry);
        }
      }
    } else {
      for (SegmentNode child : ((Inner) node).children) {
        giveMissing(child, missing);
      }
    }
  }

  /** Whether a node of another tree is a node of this one too. */
  private boolean shares(SegmentNode node) {
    SegmentNode at = root;
    while (at != node && at instanceof Inner inner) {
      at = inner.children[SegmentNode.childFor(inner.children, node.first, order)];
    }
    return at == node;
  }

  // --- as a list ---

  /** The segments in their order. Access by place is O(log n), a walk is O(1) for each. */
  List<SegmentEntry> asList() {
    return new AsList();
  }

  private final class AsList extends AbstractList<SegmentEntry> {
    @Override
    public int size() {
      return SegmentTree.this.size();
    }

    @Override
    public SegmentEntry get(int index) {
      Objects.checkIndex(index, size());
      SegmentNode node = root;
      int rest = index;
      while (node instanceof Inner inner) {
        int i = 0;
        while (rest >= inner.children[i].size) {
          rest -= inner.children[i++].size;
        }
        node = inner.children[i];
      }
      return ((Leaf) node).entries[rest];
    }

    @Override
    public Iterator<SegmentEntry> iterator() {
      return new Walk(root);
    }
  }

  private static final class Walk implements Iterator<SegmentEntry> {
    private final Deque<SegmentNode> ahead = new ArrayDeque<>();
    private SegmentEntry[] leaf = new SegmentEntry[0];
    private int next;

    Walk(SegmentNode root) {
      if (root != null) {
        ahead.push(root);
      }
    }

    @Override
    public boolean hasNext() {
      return next < leaf.length || !ahead.isEmpty();
    }

    @Override
    public SegmentEntry next() {
      if (next == leaf.length) {
        descend();
      }
      return leaf[next++];
    }

    private void descend() {
      if (ahead.isEmpty()) {
        throw new NoSuchElementException();
      }
      SegmentNode node = ahead.pop();
      while (node instanceof Inner inner) {
        for (int i = inner.children.length - 1; i > 0; i--) {
          ahead.push(inner.children[i]);
        }
        node = inner.children[0];
      }
      leaf = ((Leaf) node).entries;
      next = 0;
    }
  }

  // --- for tests ---

  /** How many levels there are. */
  int depth() {
    int depth = 0;
    for (SegmentNode node = root; node != null; depth++) {
      node = node instanceof Inner inner ? inner.children[0] : null;
    }
    return depth;
  }
}
