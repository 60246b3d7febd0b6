package io.alexstore.alex;

/**
 * Builds data nodes from sorted entries: fits a line through their ranks, stretches it to the
 * node's capacity and puts each entry where the line says (Ding et al., SIGMOD 2020, section 3.2).
 *
 * <p>Holds a buffer of entries for the writer; not safe for use by more than one thread.
 */
final class DataNodeBuilder {

  /**
   * The share of slots that hold entries of their own after a node was built. The less, the rarer
   * are rebuilds and the more memory is taken: this is 25 bytes an entry.
   */
  static final double FILL = 0.64;

  /** The share of slots at which a node is rebuilt. */
  static final double FULL = 0.94;

  /** The most entries of a node that is built. */
  static final int MAX_COUNT = (int) (DataNode.MAX_CAPACITY * FULL);

  private static final int MIN_CAPACITY = 8;

  /** How far from its place among even gaps an entry is put for the model's sake. */
  private static final int MAX_DISPLACEMENT = 16;

  /** The mean error in slots from which on a line is taken to be far off. */
  private static final int BAD_ERROR = 8;

  /** The most gaps that are put where inserts crowd. */
  private static final int MAX_HOLE = 64;

  /** The slots that an entry is put into before its gaps are known. */
  private static final int SPREAD = 3;

  /** The entries to build from: key at 2 i, value at 2 i + 1. */
  private long[] pairs = new long[2 * (DataNode.MAX_CAPACITY + 1)];

  private int count;

  /** Takes a node's entries. */
  void gather(DataNode node) {
    count = 0;
    add(node);
  }

  /** Takes a node's entries, and those of its right neighbour. */
  void gather(DataNode left, DataNode right) {
    count = 0;
    add(left);
    add(right);
  }

  /** Takes a node's entries and one that it does not have; returns the rank of the latter. */
  int gather(DataNode node, long key, long value) {
    gather(node);
    int rank = rank(key);
    System.arraycopy(pairs, 2 * rank, pairs, 2 * rank + 2, 2 * (count - rank));
    pairs[2 * rank] = key;
    pairs[2 * rank + 1] = value;
    count++;
    return rank;
  }

  /** Takes entries of sorted arrays. */
  void gather(long[] keys, long[] values, int from, int to) {
    count = to - from;
    for (int i = 0; i < count; i++) {
      pairs[2 * i] = keys[from + i];
      pairs[2 * i + 1] = values[from + i];
    }
  }

  /** The number of entries below a key. */
  private int rank(long key) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (pairs[2 * middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void add(DataNode node) {
    long[] slots = node.slots;
    long[] to = pairs;
    int last = 2 * node.end - 2;
    int at = 2 * count;
    for (int i = 0; i <= last; i += 2) {
      long key = slots[i];
      to[at] = key;
      to[at + 1] = slots[i + 1];
      // The next slot's entry overwrites this one if it is the same. Where gaps are cannot be
      // foreseen, so a branch would cost more.
      at += i < last && slots[i + 2] == key ? 0 : 2;
    }
    count = at >> 1;
  }

  int count() {
    return count;
  }

  long key(int rank) {
    return pairs[2 * rank];
  }

  /** The capacity that gives entries their gaps. */
  static int roomFor(int entries) {
    return roomFor(entries, FILL);
  }

  /** The capacity of which entries take a share. */
  static int roomFor(int entries, double fill) {
    return Math.min(DataNode.MAX_CAPACITY, Math.max(MIN_CAPACITY, (int) (entries / fill) + 1));
  }

  /** A node of the entries from one rank to another, at their predicted places. */
  DataNode build(int from, int to, long low, long high) {
    return build(from, to, low, high, roomFor(to - from));
  }

  /** A node of the entries from one rank to another. */
  DataNode build(int from, int to, long low, long high, int capacity) {
    return build(from, to, low, high, capacity, -1, false);
  }

  /**
   * A node of all entries in the place of one of the same capacity.
   *
   * @param hole the rank of an entry before which to put more gaps than elsewhere, since inserts
   *     crowd there
   */
  DataNode buildWithHole(DataNode old, int hole) {
    return build(0, count, old.low, old.high, old.capacity(), hole, old.isHard());
  }

  private DataNode build(
      int from, int to, long low, long high, int capacity, int hole, boolean wasHard) {
    int n = to - from;
    int gaps = hole < 0 ? 0 : Math.min(MAX_HOLE, (capacity - n) / 2);
    LinearModel ranks = fit(from, to);
    double stretch = (double) (capacity - gaps) / Math.max(1, n);
    LinearModel model =
        new LinearModel(ranks.base(), ranks.slope() * stretch, ranks.intercept() * stretch);
    long[] slots = new long[2 * capacity];
    long errors = 0;
    int next = 0;
    for (int i = 0; i < n; i++) {
      int entry = 2 * (from + i);
      long key = pairs[entry];
      int at = (int) (model.intercept() + model.slope() * (double) (key - model.base()));
      int predicted = LinearModel.clamp(at, capacity);
      // Near to where it would stand if gaps were even, so that there is one near every place.
      int even = (int) (i * stretch) + (hole >= 0 && hole <= from + i ? gaps : 0);
      at = Math.max(even - MAX_DISPLACEMENT, Math.min(at, even + MAX_DISPLACEMENT));
      // Room stays for the entries behind.
      at = Math.max(next, Math.min(at, capacity - (n - i) - (hole > from + i ? gaps : 0)));
      errors += Math.abs(at - predicted);
      int before = i == 0 ? entry : entry - 2;
      for (int gap = i == 0 ? 0 : next + SPREAD - 1; gap < at; gap++) {
        slots[2 * gap] = pairs[before];
        slots[2 * gap + 1] = pairs[before + 1];
      }
      spread(slots, 2 * at, key, pairs[entry + 1]);
      next = at + 1;
    }
    // A hole puts entries off their line on purpose; what the line is worth was seen without it.
    boolean hard = hole < 0 ? errors > (long) BAD_ERROR * n : wasHard;
    return new DataNode(low, high, slots, model, next, n, hard);
  }

  /**
   * Puts an entry into some slots, though most of them may be others': they overwrite it. How long
   * gaps are cannot be foreseen, and a loop that ends where it was not expected to costs more.
   */
  private static void spread(long[] slots, int at, long key, long value) {
    if (at + 2 * SPREAD <= slots.length) {
      slots[at] = key;
      slots[at + 1] = value;
      slots[at + 2] = key;
      slots[at + 3] = value;
      slots[at + 4] = key;
      slots[at + 5] = value;
      return;
    }
    for (int i = at; i < slots.length; i += 2) {
      slots[i] = key;
      slots[i + 1] = value;
    }
  }

  /** A node without gaps but at the end, for keys that come in order. */
  DataNode buildDense(int from, int to, long low, long high, int capacity) {
    LinearModel model = fit(from, to);
    long[] slots = new long[2 * capacity];
    System.arraycopy(pairs, 2 * from, slots, 0, 2 * (to - from));
    return new DataNode(low, high, slots, model, to - from, to - from, false);
  }

  /** The least-squares line through keys and ranks, around the middle key against overflow. */
  private LinearModel fit(int from, int to) {
    int n = to - from;
    if (n < 2) {
      return new LinearModel(n == 0 ? 0 : pairs[2 * from], 0, 0.5);
    }
    long first = pairs[2 * from];
    long last = pairs[2 * to - 2];
    long middle = (first & last) + ((first ^ last) >> 1);
    double unit = 1 / ((double) last - (double) first + 1);
    double sumX = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (int i = 0; i < n; i++) {
      double x = (double) (pairs[2 * (from + i)] - middle) * unit;
      sumX += x;
      sumXx += x * x;
      sumXy += x * i;
    }
    double meanY = (n - 1) / 2.0;
    double variance = sumXx - sumX * sumX / n;
    double slope = variance > 0 ? Math.max(0, (sumXy - sumX * meanY) / variance) : 0;
    return new LinearModel(middle, slope * unit, meanY - slope * sumX / n + 0.5);
  }

  /**
   * Where to cut the entries of {@code [from, to)}: before a rank in the middle half, at the border
   * that fits the coarsest grid.
   */
  int cut(int from, int to) {
    int n = to - from;
    return cut(from + Math.max(1, n / 4), to - Math.max(1, n / 4), from + n / 2);
  }

  /** The rank of {@code [first, last]} whose border with the one before fits the coarsest grid. */
  int cut(int first, int last, int middle) {
    int best = middle;
    int bestBits = -1;
    for (int i = first; i <= last; i++) {
      int bits = 63 - Long.numberOfLeadingZeros(pairs[2 * i - 2] ^ pairs[2 * i]);
      if (bits > bestBits || (bits == bestBits && Math.abs(i - middle) < Math.abs(best - middle))) {
        best = i;
        bestBits = bits;
      }
    }
    return best;
  }

  /** The border before a rank: a key above the one before, with as many zero bits as can be. */
  long border(int rank) {
    return border(pairs[2 * rank - 2], pairs[2 * rank]);
  }

  /** The key above {@code below}, up to {@code above}, that fits the coarsest grid. */
  static long border(long below, long above) {
    long highest = Long.highestOneBit(below ^ above);
    return above & -highest;
  }
}
