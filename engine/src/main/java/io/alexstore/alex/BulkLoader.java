package io.alexstore.alex;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts sorted keys into data nodes (Ding et al., SIGMOD 2020, section 4.6): as large as their
 * models stay near, with borders that fit a coarse grid. One pass, and a few more over hard data.
 */
final class BulkLoader {

  /** The share of slots that hold entries: more than after a split, since all nodes are new. */
  private static final double FILL = 0.7;

  /** The most and the fewest entries of a node over keys that a line fits. */
  private static final int MOST = (int) (DataNode.MAX_CAPACITY * FILL);

  private static final int LEAST = MOST * 2 / 3;

  private final DataNodeBuilder builder;
  private final List<DataNode> leaves = new ArrayList<>();

  /** Parts of the entries at hand that are still to be built, the next one on top. */
  private final ArrayDeque<Part> parts = new ArrayDeque<>();

  private record Part(int from, int to, long low, long high) {}

  BulkLoader(DataNodeBuilder builder) {
    this.builder = builder;
  }

  /** The data nodes of at least one entry, in order. */
  List<DataNode> load(long[] keys, long[] values, int count) {
    long low = Long.MIN_VALUE;
    int from = 0;
    while (from < count) {
      int to = count - from <= MOST ? count : cut(keys, from);
      long high = to == count ? Long.MAX_VALUE : DataNodeBuilder.border(keys[to - 1], keys[to]) - 1;
      builder.gather(keys, values, from, to);
      parts.push(new Part(0, to - from, low, high));
      for (Part part = parts.poll(); part != null; part = parts.poll()) {
        build(part);
      }
      from = to;
      low = high + 1;
    }
    return leaves;
  }

  /**
   * Where to end the node that starts at {@code from}: at the border that fits the coarsest grid.
   */
  private static int cut(long[] keys, int from) {
    int best = from + MOST;
    long bestBits = 0;
    for (int to = from + LEAST; to <= from + MOST && to < keys.length; to++) {
      long bits = Long.highestOneBit(keys[to - 1] ^ keys[to]);
      if (Long.compareUnsigned(bits, bestBits) > 0) {
        best = to;
        bestBits = bits;
      }
    }
    return best;
  }

  private void build(Part part) {
    int capacity = DataNodeBuilder.roomFor(part.to - part.from, FILL);
    DataNode node = builder.build(part.from, part.to, part.low, part.high, capacity);
    if (capacity <= node.largest()) {
      leaves.add(node);
      return;
    }
    int cut = builder.cut(part.from, part.to);
    long border = builder.border(cut);
    parts.push(new Part(cut, part.to, border, part.high));
    parts.push(new Part(part.from, cut, part.low, border - 1));
  }
}
