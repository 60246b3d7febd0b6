package io.alexstore.alex;

/**
 * Chooses a model node's fanout: one pass over the node's keys counts them in slots of equal width,
 * at every power of two at once, since the slots of half the fanout are pairs of slots.
 */
final class FanoutChooser {

  private static final int MAX_LOG = 26;

  private final FeatureSource source;
  private final CostModel cost;

  private final int[] slotStart = new int[MAX_LOG + 1];
  private final int[] largest = new int[MAX_LOG + 1];
  private final double[] costs = new double[MAX_LOG + 1];

  private double bestCost;
  private int bestFanout;
  private double bestScale;

  FanoutChooser(FeatureSource source, CostModel cost) {
    this.source = source;
    this.cost = cost;
  }

  /** Looks at the keys of {@code [from, to)}, whose first and last features must differ. */
  void choose(int from, int to, long first, long last) {
    int count = to - from;
    int log = Math.max(2, Math.min(MAX_LOG, 32 - Integer.numberOfLeadingZeros(count / 8)));
    int fanout = 1 << log;
    double scale = fanout / ((double) (last - first) + 1);
    for (int level = 0; level < log; level++) {
      slotStart[level] = from;
      largest[level] = 0;
      costs[level] = 0;
    }
    int slot = 0;
    for (int i = from; i < to; i++) {
      int next = PackedIndexBuilder.slot(source.feature(i), first, scale, fanout);
      if (next != slot) {
        int changed = slot ^ next;
        for (int level = 0; level < log && changed >>> level != 0; level++) {
          close(level, i);
        }
        slot = next;
      }
    }
    bestCost = Double.MAX_VALUE;
    for (int level = 0; level < log; level++) {
      close(level, to);
      double total = cost.model(costs[level] / count, fanout >>> level, count);
      // A slot that keeps most keys would chain, so such a fanout is no choice.
      if (total < bestCost && largest[level] <= count - (count >>> 2)) {
        bestCost = total;
        bestFanout = fanout >>> level;
        bestScale = scale / (1 << level);
      }
    }
  }

  private void close(int level, int end) {
    int keys = end - slotStart[level];
    costs[level] += keys * cost.smooth(keys);
    largest[level] = Math.max(largest[level], keys);
    slotStart[level] = end;
  }

  /** What a lookup costs with the best fanout; the largest double if no fanout is of use. */
  double bestCost() {
    return bestCost;
  }

  int bestFanout() {
    return bestFanout;
  }

  /** Slots for each unit of feature. */
  double bestScale() {
    return bestScale;
  }
}
