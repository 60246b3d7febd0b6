package io.alexstore.alex;

import io.alexstore.bytes.BlockBytes;

/**
 * The packed ALEX over 64-bit keys.
 *
 * <p>Thread safety: safe for any number of threads. Nothing here allocates, but for an error, and
 * once for each thread that looks up many keys at a time.
 */
public final class PackedLongIndex implements PackedIndex {

  /** How many probes are on their way to memory together. */
  private static final int GROUP = 32;

  /** Up to this many keys are searched by halving without branches: of a small region, all. */
  private static final int NEAR = 64;

  private static final int SMALL_REGION = 1 << 16;

  private static final ThreadLocal<long[]> SCRATCH = ThreadLocal.withInitial(() -> new long[GROUP]);

  private final PackedNodes nodes;
  private final BlockBytes bytes;
  private final LongKeys keys;
  private final int count;
  private final long base;
  private final long max;
  private final int shift;
  private final int near;

  /**
   * Whether all keys are halved without branches: one small data node is over them, or they are
   * fewer than {@link #window} reads, whatever nodes are over them.
   */
  private final boolean small;

  private final long rootLocated;
  private final int rootWord;

  /** The root, if it is a model node; else null. */
  private final RootModel rootModel;

  PackedLongIndex(PackedNodes nodes, LongKeys keys) {
    this.nodes = nodes;
    this.bytes = nodes.bytes;
    this.keys = keys;
    this.count = nodes.count;
    this.base = keys.base();
    this.max = base + nodes.last;
    this.shift = nodes.shift;
    this.near = (long) count * keys.width() <= SMALL_REGION ? count : NEAR;
    this.rootLocated = (long) (count / 2) << 32 | nodes.root();
    this.rootWord = bytes.getInt(nodes.root() + 4);
    this.small =
        count < CostModel.WINDOW
            || (PackedFormat.kind(rootWord) == PackedFormat.KIND_BINARY && near == count);
    this.rootModel =
        PackedFormat.kind(rootWord) == PackedFormat.KIND_MODEL
            ? new RootModel(nodes, rootWord)
            : null;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public PackedStats stats() {
    return nodes.stats();
  }

  /** The position of a key, of equal keys the first; -1 if it is absent. */
  public int find(long key) {
    if (key <= base || key > max || count == 0) {
      return key == base ? equalOrAbsent(key, 0) : -1;
    }
    return equalOrAbsent(key, bound(key));
  }

  /** The first position whose key is at least {@code key}; {@link #count()} if there is none. */
  public int lowerBound(long key) {
    if (key <= base || count == 0) {
      return 0;
    }
    if (key > max) {
      return count;
    }
    return bound(key);
  }

  /** The first position whose key is above {@code key}; {@link #count()} if there is none. */
  public int upperBound(long key) {
    return key == Long.MAX_VALUE ? count : lowerBound(key + 1);
  }

  /**
   * Finds many keys: their waits for memory overlap, so each costs a half to a third of {@link
   * #find}.
   *
   * @param probes the keys, in any order
   * @param from the first of them to find
   * @param length how many to find
   * @param positions receives, from index 0 on, what {@link #find} gives for each
   */
  public void findAll(long[] probes, int from, int length, int[] positions) {
    if (small) {
      for (int i = 0; i < length; i++) {
        positions[i] = find(probes[from + i]);
      }
      return;
    }
    long[] located = SCRATCH.get();
    for (int done = 0; done < length; done += GROUP) {
      int group = Math.min(GROUP, length - done);
      for (int i = 0; i < group; i++) {
        long key = probes[from + done + i];
        located[i] = key < base || key > max || count == 0 ? -1 : locate((key - base) >>> shift);
      }
      long sum = 0;
      for (int i = 0; i < group; i++) {
        int prediction = (int) (located[i] >>> 32);
        if (located[i] != -1) {
          sum += keys.get(prediction);
        }
      }
      for (int i = 0; i < group; i++) {
        long key = probes[from + done + i];
        positions[done + i] = located[i] == -1 ? -1 : equalOrAbsent(key, search(key, located[i]));
      }
      PackedNodes.consume(sum);
    }
  }

  private int bound(long key) {
    if (small) {
      // At most 16 blocks, all of which a few lookups would touch anyway.
      keys.touch(0, count);
      return halveNear(key, 0, count);
    }
    return search(key, locate((key - base) >>> shift));
  }

  private int equalOrAbsent(long key, int position) {
    return position < count && keys.get(position) == key ? position : -1;
  }

  /**
   * Descends to a feature's data node.
   *
   * @return where the node's first rank, word and end rank stand, in the low 32 bits, and the
   *     predicted rank, in the high 32
   */
  long locate(long feature) {
    int word = rootWord;
    int node = nodes.start;
    long located = rootLocated;
    if (rootModel != null) {
      node = rootModel.node();
      located = rootModel.step(feature);
      word = bytes.getInt((int) located + 4);
    }
    while (PackedFormat.kind(word) > PackedFormat.KIND_BINARY) {
      node = nodes.child(node, word);
      located = nodes.step(PackedFormat.kind(word), node, feature);
      word = bytes.getInt((int) located + 4);
    }
    return located;
  }

  /** The lower bound of a key near its prediction. */
  int search(long key, long located) {
    int entry = (int) located;
    int prediction = (int) (located >>> 32);
    int low = bytes.getInt(entry);
    int high = bytes.getInt(entry + 8);
    int word = bytes.getInt(entry + 4);
    if (PackedFormat.kind(word) == PackedFormat.KIND_BINARY) {
      return halve(key, low, high);
    }
    int error = PackedFormat.value(word);
    low = Math.max(low, prediction - error);
    high = error >= high - prediction ? high : prediction + error + 1;
    int from = Math.max(0, Math.min(prediction - CostModel.WINDOW / 2, count - CostModel.WINDOW));
    int position = window(key, from);
    if (position == from && from > low) {
      return gallopDown(key, low, from);
    }
    if (position == from + CostModel.WINDOW && position < high) {
      return gallopUp(key, position, high);
    }
    return position;
  }

  /**
   * The lower bound among {@link CostModel#WINDOW} keys in two steps of three loads each, without
   * branches, so that the loads of a step overlap.
   */
  int window(long key, int from) {
    keys.touch(from, CostModel.WINDOW);
    int at = from + 4 * (below(from + 3, key) + below(from + 7, key) + below(from + 11, key));
    return at + below(at, key) + below(at + 1, key) + below(at + 2, key);
  }

  private int below(int position, long key) {
    return keys.key(position) < key ? 1 : 0;
  }

  /** Halving: branches, which run ahead of the loads, where they wait long; no branches near. */
  private int halve(long key, int from, int to) {
    int low = from;
    int size = to - from;
    while (size > near) {
      int half = size >>> 1;
      if (keys.get(low + half) < key) {
        low += half + 1;
        size -= half + 1;
      } else {
        size = half;
      }
    }
    if (size <= 0) {
      return low;
    }
    keys.touch(low, size);
    return halveNear(key, low, size);
  }

  /** Halving without branches of at least one key; the keys must have been touched. */
  private int halveNear(long key, int from, int length) {
    int low = from;
    int size = length;
    while (size > 1) {
      int half = size >>> 1;
      low = keys.key(low + half - 1) < key ? low + half : low;
      size -= half;
    }
    return low + below(low, key);
  }

  /** Exponential search upwards from a position whose key before it is below. */
  private int gallopUp(long key, int from, int to) {
    int low = from;
    for (int step = CostModel.WINDOW; step < to - low; step <<= 1) {
      if (keys.get(low + step) >= key) {
        return halve(key, low, low + step);
      }
      low += step + 1;
    }
    return halve(key, low, to);
  }

  /** Exponential search downwards from a position whose key is not below. */
  private int gallopDown(long key, int from, int to) {
    int high = to;
    for (int step = CostModel.WINDOW; step < high - from; step <<= 1) {
      if (keys.get(high - step) < key) {
        return halve(key, high - step + 1, high);
      }
      high -= step;
    }
    return halve(key, from, high);
  }
}
