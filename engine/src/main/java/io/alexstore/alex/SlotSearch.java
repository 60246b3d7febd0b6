package io.alexstore.alex;

/**
 * The last step of a lookup: finds a key among the first slots of a data node, which ascend, from
 * the slot where it is expected. Key and value stand side by side: the key of slot i at 2 i.
 *
 * <p>While the slots are being written what is found may be wrong, but every loop ends and no index
 * leaves the slots: so a reader may look first and ask afterwards whether it was disturbed.
 */
final class SlotSearch {

  /** The slots around the expected one that are searched without branches. */
  private static final int WINDOW = 16;

  private SlotSearch() {}

  /**
   * The first slot, up to {@code n}, whose key is at least the given one, by exponential search;
   * O(log distance).
   *
   * @param expected from 0 to {@code n - 1}
   */
  static int lowerBound(long[] slots, int n, int expected, long key) {
    return slots[2 * expected] < key
        ? gallopUp(slots, n, expected + 1, key)
        : gallopDown(slots, expected, key);
  }

  /**
   * The same, but faster where the slot is near and what is near the expected slot is not in the
   * cache: all lines of the window are sent for at once, and no branch is guessed wrong.
   */
  static int nearLowerBound(long[] slots, int n, int expected, long key) {
    int from = Math.max(0, Math.min(expected - WINDOW / 2, n - WINDOW));
    if (n < WINDOW || slots[2 * from] >= key || slots[2 * (from + WINDOW - 1)] < key) {
      return lowerBound(slots, n, expected, key);
    }
    int low = from + 1;
    low = slots[2 * (low + 7)] < key ? low + 8 : low;
    low = slots[2 * (low + 3)] < key ? low + 4 : low;
    low = slots[2 * (low + 1)] < key ? low + 2 : low;
    return slots[2 * low] < key ? low + 1 : low;
  }

  /** The slots before {@code from} are below the key. */
  private static int gallopUp(long[] slots, int n, int from, long key) {
    int low = from;
    int at = from;
    for (int step = 1; at < n && slots[2 * at] < key; step <<= 1) {
      low = at + 1;
      at += step;
    }
    return halve(slots, low, Math.min(at, n), key);
  }

  /** The slot {@code from} is not below the key. */
  private static int gallopDown(long[] slots, int from, long key) {
    int high = from;
    int at = from - 1;
    for (int step = 1; at >= 0 && slots[2 * at] >= key; step <<= 1) {
      high = at;
      at -= step;
    }
    return halve(slots, Math.max(at + 1, 0), high, key);
  }

  private static int halve(long[] slots, int from, int to, long key) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (slots[2 * middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
