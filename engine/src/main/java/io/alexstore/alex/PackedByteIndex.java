package io.alexstore.alex;

import io.alexstore.bytes.BlockBytes;

/**
 * The packed ALEX over byte strings, which are compared as unsigned bytes.
 *
 * <p>A node's model sees 8 bytes after the prefix that the node's keys have in common. A probe that
 * does not have the prefix may come to a wrong node; the search then ends at the node's border,
 * where the key beyond tells it, and the whole region is searched by halving.
 *
 * <p>Thread safety: safe for any number of threads. Nothing here allocates, but for an error, and
 * once for each thread that looks up many keys at a time.
 */
public final class PackedByteIndex implements PackedIndex {

  private static final int GROUP = 32;

  private static final ThreadLocal<long[]> SCRATCH = ThreadLocal.withInitial(() -> new long[GROUP]);

  private final PackedNodes nodes;
  private final BlockBytes bytes;
  private final ByteKeys keys;
  private final int count;
  private final long rootLocated;
  private final int rootWord;

  PackedByteIndex(PackedNodes nodes, ByteKeys keys) {
    this.nodes = nodes;
    this.bytes = nodes.bytes;
    this.keys = keys;
    this.count = nodes.count;
    this.rootLocated = (long) (count / 2) << 32 | nodes.root();
    this.rootWord = bytes.getInt(nodes.root() + 4);
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
  public int find(byte[] key, int offset, int length) {
    return find(key, offset, length, locate(key, offset, length));
  }

  /** The first position whose key is at least {@code key}; {@link #count()} if there is none. */
  public int lowerBound(byte[] key, int offset, int length) {
    return bound(key, offset, length, 0, locate(key, offset, length));
  }

  /** The first position whose key is above {@code key}; {@link #count()} if there is none. */
  public int upperBound(byte[] key, int offset, int length) {
    return bound(key, offset, length, 1, locate(key, offset, length));
  }

  /**
   * Finds many keys, whose waits for memory overlap.
   *
   * @param data the bytes of the keys
   * @param offsets key i is the bytes of {@code data} from {@code offsets[i]} to {@code offsets[i +
   *     1]}
   * @param from the first key to find
   * @param length how many to find
   * @param positions receives, from index 0 on, what {@link #find} gives for each
   */
  public void findAll(byte[] data, int[] offsets, int from, int length, int[] positions) {
    long[] located = SCRATCH.get();
    for (int done = 0; done < length; done += GROUP) {
      int group = Math.min(GROUP, length - done);
      int first = from + done;
      for (int i = 0; i < group; i++) {
        int offset = offsets[first + i];
        located[i] = locate(data, offset, offsets[first + i + 1] - offset);
      }
      long sum = 0;
      for (int i = 0; i < group && count > 0; i++) {
        sum += keys.prefetch((int) (located[i] >>> 32));
      }
      for (int i = 0; i < group; i++) {
        int offset = offsets[first + i];
        positions[done + i] = find(data, offset, offsets[first + i + 1] - offset, located[i]);
      }
      PackedNodes.consume(sum);
    }
  }

  private int find(byte[] key, int offset, int length, long located) {
    int position = bound(key, offset, length, 0, located);
    return position < count && keys.compare(position, key, offset, length) == 0 ? position : -1;
  }

  private long locate(byte[] key, int offset, int length) {
    int word = rootWord;
    int node = nodes.start;
    long located = rootLocated;
    while (PackedFormat.kind(word) > PackedFormat.KIND_BINARY) {
      int kind = PackedFormat.kind(word);
      node = nodes.child(node, word);
      long feature = ByteKeys.feature(key, offset, length, nodes.skip(kind, node));
      located = nodes.step(kind, node, feature);
      word = bytes.getInt((int) located + 4);
    }
    return located;
  }

  /**
   * The first position whose key compares at least {@code least} with the probe: 0 for the lower, 1
   * for the upper bound.
   */
  private int bound(byte[] key, int offset, int length, int least, long located) {
    int entry = (int) located;
    int prediction = (int) (located >>> 32);
    int low = bytes.getInt(entry);
    int high = bytes.getInt(entry + 8);
    int word = bytes.getInt(entry + 4);
    int position;
    if (PackedFormat.kind(word) == PackedFormat.KIND_BINARY || low >= high) {
      position = halve(key, offset, length, least, low, high);
    } else {
      int error = PackedFormat.value(word);
      low = Math.max(low, prediction - error);
      high = error >= high - prediction ? high : prediction + error + 1;
      position = gallop(key, offset, length, least, low, high, prediction);
    }
    if (position == low
        && position > 0
        && keys.compare(position - 1, key, offset, length) >= least) {
      return halve(key, offset, length, least, 0, position - 1);
    }
    if (position == high
        && position < count
        && keys.compare(position, key, offset, length) < least) {
      return halve(key, offset, length, least, position + 1, count);
    }
    return position;
  }

  private int halve(byte[] key, int offset, int length, int least, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (keys.compare(middle, key, offset, length) < least) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Exponential search away from the prediction, then halving of the last step. */
  private int gallop(
      byte[] key, int offset, int length, int least, int from, int to, int prediction) {
    int low = from;
    int high = to;
    if (keys.compare(prediction, key, offset, length) < least) {
      low = prediction + 1;
      for (int step = 0; step < high - low; step = 2 * step + 1) {
        int at = low + step;
        if (keys.compare(at, key, offset, length) >= least) {
          high = at;
          break;
        }
        low = at + 1;
      }
    } else {
      high = prediction;
      for (int step = 1; step <= high - low; step <<= 1) {
        int at = high - step;
        if (keys.compare(at, key, offset, length) < least) {
          low = at + 1;
          break;
        }
        high = at;
      }
    }
    return halve(key, offset, length, least, low, high);
  }
}
