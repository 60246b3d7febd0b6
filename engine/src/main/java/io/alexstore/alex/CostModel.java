package io.alexstore.alex;

/**
 * What a lookup is expected to cost, in nanoseconds: the nodes that it passes, the keys that it
 * compares in the end, the cache lines that it waits for, and a toll for the bytes of the index.
 *
 * <p>How long a line is waited for depends on how much memory competes for the cache with it: all
 * nodes like the one at hand, or all keys.
 *
 * <p>The numbers are rounded from measurements; only their ratios matter.
 */
final class CostModel {

  /** A window of this many keys is searched without branches around the prediction. */
  static final int WINDOW = 15;

  /** The error up to which a prediction's window holds the key. */
  private static final int WINDOW_ERROR = WINDOW / 2;

  private static final int LINE_BYTES = 64;
  private static final double NODE = 14;
  private static final double SPLIT_STEP = 1.5;
  private static final double BYTE = 32;
  private static final double SEARCH = 18;
  private static final double MISPREDICTED = 10;
  private static final double STEP = 2.7;
  private static final int SMOOTH_SLOT = 32;
  private static final double SKEW = 3;
  private static final int TABLE = 1 << 12;

  private final int keys;
  private final double keyWait;

  /** log2 of the keys in a cache line. */
  private final double lineBits;

  private final double[] searches = new double[33];
  private final double[] smooth = new double[TABLE];

  /**
   * @param keys the number of keys
   * @param keyBytes the bytes of the key region
   */
  CostModel(int keys, long keyBytes) {
    this.keys = keys;
    this.keyWait = lineWait((double) keyBytes);
    this.lineBits = Math.max(0, log2((double) LINE_BYTES * keys / (double) Math.max(1, keyBytes)));
    for (int bits = 0; bits <= 32; bits++) {
      searches[bits] =
          bits <= 3
              ? SEARCH
              : SEARCH
                  + MISPREDICTED
                  + STEP * (bits - 2.5)
                  + keyWait * Math.max(0.5, bits + 0.5 - lineBits);
    }
    for (int i = 0; i < TABLE; i++) {
      smooth[i] = smoothCost(i);
    }
  }

  /** Of finding a key whose prediction is off by {@code error}. */
  double search(int error) {
    return searches[32 - Integer.numberOfLeadingZeros(error)];
  }

  /** Of finding a key by halving. */
  double binary(int count) {
    double bits = log2(count + 1);
    return STEP * bits + keyWait * 0.7 * Math.max(0, bits - lineBits);
  }

  /** Of a data node with a line of its own over {@code count} keys. */
  double line(double search, int count) {
    return NODE + nodeWait(LINE_BYTES, count) + search + BYTE * PackedFormat.LINE_SIZE / count;
  }

  /** Of a model node whose children cost {@code children}. */
  double model(double children, int fanout, int count) {
    return NODE
        + nodeWait(LINE_BYTES, count)
        + nodeWait(8.0 * fanout, count)
        + children
        + BYTE * (8.0 * fanout + 32) / count;
  }

  /** Of a split node into children of equal count. */
  double split(int children, int count) {
    double lines = 1 + Math.max(0, log2(children / 4.0)) * 0.5;
    return NODE
        + SPLIT_STEP * log2(children)
        + lines * nodeWait(16.0 * children, count)
        + smooth(count / children)
        + BYTE * (16.0 * children + 24) / count;
  }

  /** No node below another costs less than this, so a data node that costs less stays. */
  double least(int count) {
    return NODE + nodeWait(LINE_BYTES, count) + SEARCH + 1;
  }

  /** Of finding a key among keys of which nothing is known but their count. */
  double smooth(int count) {
    return count < TABLE ? smooth[count] : smoothCost(count);
  }

  private double smoothCost(int count) {
    // Of keys drawn evenly, the ranks' distance from a straight line grows with the square root.
    double spread = 0.31 * Math.sqrt(count);
    double within = 1 - Math.exp(-0.5 * Math.pow((WINDOW_ERROR + 0.5) / (spread * 1.25), 2));
    double even = within * SEARCH + (1 - within) * search((int) Math.max(8, 2 * spread));
    double here = Math.min(binary(count), even);
    if (count <= SMOOTH_SLOT) {
      return here;
    }
    double below =
        NODE
            + nodeWait(LINE_BYTES, count)
            + nodeWait(8.0 * count / SMOOTH_SLOT, count)
            + smooth[SMOOTH_SLOT]
            + BYTE * 8.0 / SMOOTH_SLOT
            + SKEW * Math.max(0, log2(count / 64.0));
    return Math.min(here, below);
  }

  /** Of a line of a node of so many bytes over {@code count} keys: all nodes like it compete. */
  private double nodeWait(double bytes, int count) {
    return lineWait(bytes * keys / Math.max(1, count));
  }

  private static double lineWait(double competing) {
    if (competing <= 1 << 15) {
      return 0.5;
    }
    return competing <= 1 << 19 ? 4 : competing <= 1 << 24 ? 18 : 70;
  }

  private static double log2(double x) {
    return Math.log(x) * (1 / Math.log(2));
  }
}
