package io.alexstore.alex;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import java.util.Objects;

/**
 * The nodes of a packed index: what both key forms share of opening it and of stepping from a node
 * to its child.
 */
final class PackedNodes {

  final BlockBytes bytes;
  final int start;
  final int end;
  final int count;
  final int shift;
  final long last;
  private final String path;

  private PackedNodes(String path, BlockBytes bytes, int start, int length, int count) {
    this.path = path;
    this.bytes = bytes;
    this.start = start;
    this.end = start + length;
    this.count = count;
    this.shift = bytes.getByte(start + PackedFormat.SHIFT_AT);
    this.last = bytes.getLong(start + PackedFormat.LAST_AT);
  }

  static PackedNodes open(
      String path, BlockBytes bytes, int offset, int length, int form, int count) {
    Objects.checkFromIndexSize(offset, length, bytes.size());
    if (length < PackedFormat.HEADER_SIZE || (offset & 7) != 0) {
      throw new CorruptFileException(
          path, offset, "an index of " + length + " bytes, which is too short or not aligned to 8");
    }
    bytes.touch(offset, PackedFormat.HEADER_SIZE);
    int magic = bytes.getInt(offset);
    if (magic != PackedFormat.MAGIC) {
      throw new CorruptFileException(
          path, offset, "no index: magic 0x" + Integer.toHexString(magic));
    }
    int version = bytes.getShort(offset + PackedFormat.VERSION_AT) & 0xffff;
    if (version != PackedFormat.VERSION) {
      throw new UnsupportedFormatException(
          path, "the index has version " + version + "; known is " + PackedFormat.VERSION);
    }
    int foundForm = bytes.getByte(offset + PackedFormat.FORM_AT);
    int foundCount = bytes.getInt(offset + PackedFormat.COUNT_AT);
    int foundLength = bytes.getInt(offset + PackedFormat.LENGTH_AT);
    int shift = bytes.getByte(offset + PackedFormat.SHIFT_AT);
    if (foundForm != form || foundCount != count || foundLength != length || (shift & ~1) != 0) {
      throw new CorruptFileException(
          path,
          offset,
          "an index of form %d, shift %d, %d keys, %d bytes where form %d, %d keys, %d bytes are"
              .formatted(foundForm, shift, foundCount, foundLength, form, count, length));
    }
    int root = offset + PackedFormat.ROOT_AT;
    if (bytes.getInt(root) != 0 || bytes.getInt(root + 8) != count) {
      throw new CorruptFileException(
          path, root, "an index whose root is not over the ranks 0 to " + count);
    }
    return new PackedNodes(path, bytes, offset, length, count);
  }

  /** The entry of the root. */
  int root() {
    return start + PackedFormat.ROOT_AT;
  }

  /** The node that an entry's word points to. A child stands behind its parent, so paths end. */
  int child(int parent, int word) {
    int node = start + (PackedFormat.value(word) << 3);
    if (node <= parent || node > end - PackedFormat.LINE_SIZE) {
      throw corrupt(parent, "a child outside the index or before its parent");
    }
    bytes.touch(node, PackedFormat.LINE_SIZE);
    return node;
  }

  /** How many bytes at the start of the keys of a node its model does not look at. */
  int skip(int kind, int node) {
    int at = kind == PackedFormat.KIND_LINE ? PackedFormat.LINE_SKIP_AT : PackedFormat.SKIP_AT;
    return bytes.getInt(node + at) & Integer.MAX_VALUE;
  }

  /**
   * Steps from a node to the child for a feature.
   *
   * @return where the child's entry stands, in the low 32 bits, and the rank to look at if the
   *     child is a data node, in the high 32
   */
  long step(int kind, int node, long feature) {
    if (kind == PackedFormat.KIND_MODEL) {
      return model(node, feature);
    }
    if (kind == PackedFormat.KIND_LINE) {
      return line(node, feature);
    }
    if (kind == PackedFormat.KIND_SPLIT) {
      return split(node, feature);
    }
    throw corrupt(node, "a node of the unknown kind " + kind);
  }

  private long model(int node, long feature) {
    int fanout = fanout(node);
    double x =
        (double) (feature - bytes.getLong(node + PackedFormat.MODEL_BASE_AT))
            * bytes.getDouble(node + PackedFormat.MODEL_SCALE_AT);
    return slot(node + PackedFormat.MODEL_ENTRIES_AT, fanout, x);
  }

  /** The number of a model node's children, which fit into the index. */
  int fanout(int node) {
    int fanout = bytes.getInt(node);
    if (fanout <= 0 || fanout >= (end - node - PackedFormat.MODEL_ENTRIES_AT) >>> 3) {
      throw corrupt(node, "a fanout of " + fanout);
    }
    return fanout;
  }

  /** Steps to the child whose slot {@code x} falls in, as {@link #step} does. */
  long slot(int entries, int fanout, double x) {
    int slot = LinearModel.clamp((int) x, fanout);
    int entry = entries + 8 * slot;
    bytes.touch(entry, 16);
    return even(entry, x - slot);
  }

  private long split(int node, long feature) {
    int children = bytes.getInt(node);
    int bounds = node + PackedFormat.SPLIT_BOUNDS_AT;
    if (children <= 0
        || children > PackedFormat.MAX_CHILDREN
        || bounds > end - 16 * (children + 1)) {
      throw corrupt(node, children + " children");
    }
    bytes.touch(bounds, 16 * (children + 1));
    int child = 0;
    for (int size = children; size > 1; ) {
      int half = size >>> 1;
      // Features are not negative, so the sign of the difference tells the order without a branch.
      long below = (feature - bytes.getLong(bounds + 8 * (child + half))) >> 63;
      child += half & ~(int) below;
      size -= half;
    }
    long low = bytes.getLong(bounds + 8 * child);
    long high = bytes.getLong(bounds + 8 * child + 8);
    double share = (double) (feature - low) * (1.0 / (double) Math.max(1, high - low));
    return even(bounds + 8 * (children + 1) + 8 * child, share);
  }

  private long even(int entry, double share) {
    int from = bytes.getInt(entry);
    int size = bytes.getInt(entry + 8) - from;
    if (from < 0 || size < 0 || size > count - from) {
      throw corrupt(entry, "a child of " + size + " keys from rank " + from);
    }
    int rank = from + LinearModel.clamp((int) (share * size), size);
    return (long) Math.min(rank, count - 1) << 32 | entry;
  }

  private long line(int node, long feature) {
    int from = bytes.getInt(node);
    int size = bytes.getInt(node + 8) - from;
    if (from < 0
        || size <= 0
        || size > count - from
        || PackedFormat.kind(bytes.getInt(node + 4)) != PackedFormat.KIND_EVEN) {
      throw corrupt(node, "a data node of " + size + " keys from rank " + from);
    }
    double distance = (double) (feature - bytes.getLong(node + PackedFormat.LINE_BASE_AT));
    double rank =
        bytes.getDouble(node + PackedFormat.LINE_INTERCEPT_AT)
            + bytes.getDouble(node + PackedFormat.LINE_SLOPE_AT) * distance;
    return (long) (from + LinearModel.clamp((int) rank, size)) << 32 | node;
  }

  /** Uses the sum of bytes that were read only to bring them near, so that they are read. */
  static void consume(long sum) {
    if (sum == 0x7a3c_91e5_5b1d_24f7L) {
      Thread.onSpinWait();
    }
  }

  CorruptFileException corrupt(int offset, String what) {
    return new CorruptFileException(path, offset, "the index has " + what);
  }

  PackedStats stats() {
    return new PackedStats(
        count,
        end - start,
        bytes.getInt(start + PackedFormat.MODEL_NODES_AT),
        bytes.getInt(start + PackedFormat.SPLIT_NODES_AT),
        bytes.getInt(start + PackedFormat.LINE_NODES_AT),
        bytes.getInt(start + PackedFormat.INLINE_NODES_AT),
        bytes.getInt(start + PackedFormat.DEPTH_AT),
        bytes.getInt(start + PackedFormat.MAX_ERROR_AT),
        bytes.getDouble(start + PackedFormat.MEAN_ERROR_AT));
  }
}
