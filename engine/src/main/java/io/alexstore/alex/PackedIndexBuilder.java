package io.alexstore.alex;

/**
 * Bulk-loads the packed ALEX over a region of sorted keys (Ding et al., SIGMOD 2020, sections 3.4
 * and 4.6: top down, each node's fanout chosen by cost).
 *
 * <p>A few passes over the keys of each node; the work is held on an explicit stack, so neither the
 * number of keys nor their distribution deepens the call stack. Memory is the index and a task for
 * each node that is still to be refined. The same keys give the same bytes.
 */
public final class PackedIndexBuilder {

  /** From this many keys on a split node has many children. */
  private static final int MANY = 1 << 16;

  private static final int SMALL_SPLIT = 16;

  private final FeatureSource source;
  private final CostModel cost;
  private final NodeWriter out = new NodeWriter();
  private final FanoutChooser fanouts;
  private final RefineStack tasks = new RefineStack();
  private final int maxDepth;

  private int modelNodes;
  private int splitNodes;
  private int lineNodes;
  private int inlineNodes;
  private int depth;
  private int maxError;
  private double errors;

  /** What the last measurement of a data node found. */
  private double measuredCost;

  private int measuredMax;
  private double measuredSum;

  private PackedIndexBuilder(FeatureSource source, long keyBytes) {
    this.source = source;
    this.cost = new CostModel(source.count(), keyBytes);
    this.fanouts = new FanoutChooser(source, cost);
    this.maxDepth = 6 + (32 - Integer.numberOfLeadingZeros(source.count())) / 2;
  }

  /** The index over 64-bit keys; O(n), about 20 ns for each key. */
  public static byte[] build(LongKeys keys) {
    long last = keys.count() == 0 ? 0 : keys.get(keys.count() - 1) - keys.base();
    int shift = last < 0 ? 1 : 0;
    long size = (long) keys.count() * keys.width();
    return new PackedIndexBuilder(new FeatureSource.OfLongs(keys, shift), size)
        .build(PackedFormat.FORM_LONG, shift, last);
  }

  /** The index over byte strings; O(n) with a few reads of 8 bytes for each key. */
  public static byte[] build(ByteKeys keys) {
    return new PackedIndexBuilder(new FeatureSource.OfBytes(keys), keys.size())
        .build(PackedFormat.FORM_BYTES, 0, 0);
  }

  private byte[] build(int form, int shift, long last) {
    int count = source.count();
    out.allocate(PackedFormat.HEADER_SIZE);
    putEntry(PackedFormat.ROOT_AT, 0, PackedFormat.KIND_BINARY, 0);
    putEntry(PackedFormat.ROOT_AT + 8, count, PackedFormat.KIND_BINARY, 0);
    if (count > CostModel.WINDOW) {
      tasks.push(0, count, PackedFormat.ROOT_AT, cost.binary(count), 0, 0);
    } else {
      inlineNodes++;
    }
    while (tasks.pop()) {
      refine(tasks.from, tasks.to, tasks.entryAt, tasks.cost, tasks.depth, tasks.errors);
    }
    out.putInt(0, PackedFormat.MAGIC);
    out.putShort(PackedFormat.VERSION_AT, PackedFormat.VERSION);
    out.putByte(PackedFormat.FORM_AT, form);
    out.putByte(PackedFormat.SHIFT_AT, shift);
    out.putInt(PackedFormat.COUNT_AT, count);
    out.putInt(PackedFormat.LENGTH_AT, out.length());
    out.putLong(PackedFormat.LAST_AT, last);
    out.putInt(PackedFormat.MODEL_NODES_AT, modelNodes);
    out.putInt(PackedFormat.SPLIT_NODES_AT, splitNodes);
    out.putInt(PackedFormat.LINE_NODES_AT, lineNodes);
    out.putInt(PackedFormat.INLINE_NODES_AT, inlineNodes);
    out.putInt(PackedFormat.DEPTH_AT, depth);
    out.putInt(PackedFormat.MAX_ERROR_AT, maxError);
    out.putDouble(PackedFormat.MEAN_ERROR_AT, count == 0 ? 0 : errors / count);
    return out.toByteArray();
  }

  /** Puts the cheapest node over the keys of {@code [from, to)} in place of their data node. */
  private void refine(int from, int to, int at, double hereCost, int level, double hereErrors) {
    source.enter(from, to);
    long first = source.feature(from);
    long last = source.feature(to - 1);
    int count = to - from;
    if (first == last || level >= maxDepth) {
      keep(at, hereErrors);
      return;
    }
    LinearModel line = LinearModel.fit(source, from, to, first, last);
    double lineCost = Double.MAX_VALUE;
    if (isPromising(line, from, to)) {
      measureLine(line, from, to);
      lineCost = cost.line(measuredCost, count);
    }
    double best = Math.min(hereCost, lineCost);
    if (best <= cost.least(count)) {
      finishData(line, from, to, at, hereCost <= lineCost, hereErrors, level);
      return;
    }
    int most = count < MANY ? SMALL_SPLIT : PackedFormat.MAX_CHILDREN;
    int children = Math.max(2, Math.min(most, count / 48));
    double splitCost = cost.split(children, count);
    fanouts.choose(from, to, first, last);
    if (fanouts.bestCost() < Math.min(best, splitCost)) {
      writeModel(from, to, at, first, fanouts.bestFanout(), fanouts.bestScale(), level + 1);
    } else if (splitCost < best) {
      writeSplit(from, to, at, children, hereErrors, level + 1);
    } else {
      finishData(line, from, to, at, hereCost <= lineCost, hereErrors, level);
    }
  }

  private void finishData(
      LinearModel line, int from, int to, int at, boolean keep, double hereErrors, int level) {
    if (keep) {
      keep(at, hereErrors);
      return;
    }
    measureLine(line, from, to);
    int node = out.allocate(PackedFormat.LINE_SIZE);
    putEntry(node, from, PackedFormat.KIND_EVEN, measuredMax);
    out.putInt(node + 8, to);
    out.putInt(node + PackedFormat.LINE_SKIP_AT, source.skip());
    out.putLong(node + PackedFormat.LINE_BASE_AT, line.base());
    out.putDouble(node + PackedFormat.LINE_SLOPE_AT, line.slope());
    out.putDouble(node + PackedFormat.LINE_INTERCEPT_AT, line.intercept());
    putEntry(at, from, PackedFormat.KIND_LINE, node >>> 3);
    lineNodes++;
    depth = Math.max(depth, level + 1);
    errors += measuredSum;
    maxError = Math.max(maxError, measuredMax);
  }

  private void keep(int at, double hereErrors) {
    inlineNodes++;
    errors += hereErrors;
    maxError = Math.max(maxError, PackedFormat.value(out.getInt(at + 4)));
  }

  private void writeModel(
      int from, int to, int at, long base, int fanout, double scale, int level) {
    int node = out.allocate(PackedFormat.MODEL_ENTRIES_AT + 8 * (fanout + 1L));
    out.putInt(node, fanout);
    out.putInt(node + PackedFormat.SKIP_AT, source.skip());
    out.putLong(node + PackedFormat.MODEL_BASE_AT, base);
    out.putDouble(node + PackedFormat.MODEL_SCALE_AT, scale);
    int entries = node + PackedFormat.MODEL_ENTRIES_AT;
    putEntry(at, from, PackedFormat.KIND_MODEL, node >>> 3);
    modelNodes++;
    depth = Math.max(depth, level);
    int start = from;
    int slot = 0;
    for (int i = from; i < to; i++) {
      int next = slot(source.feature(i), base, scale, fanout);
      if (next != slot) {
        writeChild(entries + 8 * slot, start, i, base, scale, slot, level);
        for (int empty = slot + 1; empty < next; empty++) {
          putEntry(entries + 8 * empty, i, PackedFormat.KIND_EVEN, 0);
        }
        start = i;
        slot = next;
      }
    }
    writeChild(entries + 8 * slot, start, to, base, scale, slot, level);
    for (int empty = slot + 1; empty <= fanout; empty++) {
      putEntry(entries + 8 * empty, to, PackedFormat.KIND_EVEN, 0);
    }
  }

  /** A child that takes the share of the key space from {@code base} on, in steps of 1 / scale. */
  private void writeChild(int at, int from, int to, long base, double scale, int slot, int level) {
    int count = to - from;
    if (count > 16 * CostModel.WINDOW) {
      putEntry(at, from, PackedFormat.KIND_BINARY, 0);
      tasks.push(from, to, at, cost.binary(count), level, 0);
      return;
    }
    int max = 0;
    int sum = 0;
    double costs = 0;
    for (int i = from; i < to; i++) {
      double share = (double) (source.feature(i) - base) * scale - slot;
      int error = Math.abs(LinearModel.clamp((int) (share * count), count) - (i - from));
      max = Math.max(max, error);
      sum += error;
      costs += cost.search(error);
    }
    double even = costs / Math.max(1, count);
    double binary = cost.binary(count);
    boolean halve = binary < even;
    putEntry(at, from, halve ? PackedFormat.KIND_BINARY : PackedFormat.KIND_EVEN, halve ? 0 : max);
    double here = Math.min(even, binary);
    if (count > CostModel.WINDOW && here > cost.least(count)) {
      tasks.push(from, to, at, here, level, halve ? 0 : sum);
    } else if (count > 0) {
      keep(at, halve ? 0 : sum);
    }
  }

  private void writeSplit(int from, int to, int at, int wanted, double hereErrors, int level) {
    int count = to - from;
    int[] starts = new int[wanted + 1];
    int children = 1;
    starts[0] = from;
    for (int i = 1; i < wanted; i++) {
      int start = startOfEqual(from + (int) ((long) count * i / wanted), from, to);
      if (start > starts[children - 1] && start < to) {
        starts[children++] = start;
      }
    }
    if (children == 1) {
      keep(at, hereErrors);
      return;
    }
    starts[children] = to;
    int node = out.allocate(PackedFormat.SPLIT_BOUNDS_AT + 16L * (children + 1));
    out.putInt(node, children);
    out.putInt(node + PackedFormat.SKIP_AT, source.skip());
    int bounds = node + PackedFormat.SPLIT_BOUNDS_AT;
    int entries = bounds + 8 * (children + 1);
    putEntry(at, from, PackedFormat.KIND_SPLIT, node >>> 3);
    splitNodes++;
    depth = Math.max(depth, level);
    long last = source.feature(to - 1);
    long end = last == Long.MAX_VALUE ? last : last + 1;
    out.putLong(bounds + 8 * children, end);
    putEntry(entries + 8 * children, to, PackedFormat.KIND_EVEN, 0);
    for (int i = 0; i < children; i++) {
      long low = source.feature(starts[i]);
      long high = i + 1 < children ? source.feature(starts[i + 1]) : end;
      out.putLong(bounds + 8 * i, low);
      double scale = 1.0 / (double) Math.max(1, high - low);
      writeChild(entries + 8 * i, starts[i], starts[i + 1], low, scale, 0, level);
    }
  }

  /** The first of the keys whose feature is that of the key at {@code position}. */
  private int startOfEqual(int position, int from, int to) {
    long feature = source.feature(position);
    if (source.feature(from) == feature) {
      // The run starts the node, so the cut goes behind it.
      int low = position;
      int high = to;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (source.feature(middle) <= feature) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
    int low = from;
    int high = position;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (source.feature(middle) < feature) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether a few keys' predictions are near enough that all are worth measuring. */
  private boolean isPromising(LinearModel line, int from, int to) {
    int count = to - from;
    int step = count >>> 6;
    if (step < 8) {
      return true;
    }
    double costs = 0;
    int samples = 0;
    for (int i = from; i < to; i += step) {
      costs += cost.search(Math.abs(line.predict(source.feature(i), count) - (i - from)));
      samples++;
    }
    return costs / samples < 1.5 * cost.smooth(count);
  }

  private void measureLine(LinearModel line, int from, int to) {
    int count = to - from;
    int max = 0;
    double sum = 0;
    double costs = 0;
    for (int i = from; i < to; i++) {
      int error = Math.abs(line.predict(source.feature(i), count) - (i - from));
      max = Math.max(max, error);
      sum += error;
      costs += cost.search(error);
    }
    measuredMax = max;
    measuredSum = sum;
    measuredCost = costs / count;
  }

  static int slot(long feature, long base, double scale, int fanout) {
    return LinearModel.clamp((int) ((double) (feature - base) * scale), fanout);
  }

  private void putEntry(int at, int rank, int kind, int value) {
    out.putInt(at, rank);
    out.putInt(at + 4, PackedFormat.word(kind, value));
  }
}
