package io.alexstore.alex;

/**
 * The numbers of the packed index's byte layout, which {@code docs/format/index.md} specifies.
 *
 * <p>A child is told by an <em>entry</em> of 8 bytes: the rank of its first key, and a word of 3
 * bits of kind and 29 bits of value. The rank after its last key is the first rank of the entry
 * that follows.
 */
final class PackedFormat {

  /** The ASCII bytes {@code PIDX}. */
  static final int MAGIC = 0x58444950;

  static final int VERSION = 1;

  static final int FORM_LONG = 0;
  static final int FORM_BYTES = 1;

  /** The header's fields. */
  static final int VERSION_AT = 4;

  static final int FORM_AT = 6;
  static final int SHIFT_AT = 7;
  static final int COUNT_AT = 8;
  static final int LENGTH_AT = 12;
  static final int LAST_AT = 16;
  static final int MODEL_NODES_AT = 24;
  static final int SPLIT_NODES_AT = 28;
  static final int LINE_NODES_AT = 32;
  static final int INLINE_NODES_AT = 36;
  static final int DEPTH_AT = 40;
  static final int MAX_ERROR_AT = 44;
  static final int MEAN_ERROR_AT = 48;

  /** The root's entry, and the one that follows and ends it. */
  static final int ROOT_AT = 64;

  static final int HEADER_SIZE = 80;

  /** A data node whose keys spread evenly over its share of the key space; value: maximum error. */
  static final int KIND_EVEN = 0;

  /** A data node that is searched by halving; value: 0. */
  static final int KIND_BINARY = 1;

  /** A data node with a line of its own; value: where it stands, in units of 8 bytes. */
  static final int KIND_LINE = 2;

  /** A model node; value: where it stands, in units of 8 bytes. */
  static final int KIND_MODEL = 3;

  /** A split node; value: where it stands, in units of 8 bytes. */
  static final int KIND_SPLIT = 4;

  static final int KIND_SHIFT = 29;
  static final int VALUE_MASK = (1 << KIND_SHIFT) - 1;

  /** Model node: fanout, skipped bytes, base, scale, then fanout + 1 entries. */
  static final int SKIP_AT = 4;

  static final int MODEL_BASE_AT = 8;
  static final int MODEL_SCALE_AT = 16;
  static final int MODEL_ENTRIES_AT = 24;

  /** Split node: children, skipped bytes, then children + 1 bounds, then as many entries. */
  static final int SPLIT_BOUNDS_AT = 8;

  static final int MAX_CHILDREN = 64;

  /** Line node: first rank, binary or even with the maximum error, end rank, skip, the line. */
  static final int LINE_SKIP_AT = 12;

  static final int LINE_BASE_AT = 16;
  static final int LINE_SLOPE_AT = 24;
  static final int LINE_INTERCEPT_AT = 32;
  static final int LINE_SIZE = 40;

  private PackedFormat() {}

  static int word(int kind, int value) {
    return kind << KIND_SHIFT | value;
  }

  static int kind(int word) {
    return word >>> KIND_SHIFT;
  }

  static int value(int word) {
    return word & VALUE_MASK;
  }
}
