package io.alexstore.segment.chunk;

import io.alexstore.schema.Values;
import java.util.Arrays;
import java.util.List;

/** The values of one node that wait to be encoded, and those of its children. Grows; is reused. */
abstract class NodeBuffer {

  final NodeTree.Node node;

  /** The number of values held. */
  int count;

  /** Gets to know the values as they are encoded; null if nobody wants to. */
  ColumnCounter counter;

  /**
   * One bit for each null; what lies beyond the array is not null, so that no nulls cost nothing.
   */
  private long[] nulls = {};

  NodeBuffer(NodeTree.Node node) {
    this.node = node;
  }

  /** An empty buffer for a node. */
  static NodeBuffer create(NodeTree.Node node) {
    return switch (node.physical()) {
      case BOOLEAN, INT8, INT16, INT32, INT64 -> new IntegerBuffer(node);
      case FLOAT32, FLOAT64 -> new FloatBuffer(node);
      case INT128 -> new Int128Buffer(node);
      case BYTES -> new BytesBuffer(node);
      case STRUCT -> new StructBuffer(node);
      case LIST, MAP -> new ListBuffer(node);
    };
  }

  final void append(Values values, int i) {
    if (!values.isNull(i)) {
      appendValue(values, i);
      count++;
    } else if (node.nullable()) {
      appendNull();
    } else {
      throw new IllegalArgumentException(
          "Null in '" + node.name() + "', which is NOT NULL. Fill it, or allow nulls there.");
    }
  }

  /** Appends a null, also where the schema allows none: below another null. */
  final void appendNull() {
    int word = count >>> 6;
    if (word >= nulls.length) {
      nulls = Arrays.copyOf(nulls, Math.max(word + 1, 2 * nulls.length));
    }
    nulls[word] |= 1L << count;
    appendNothing();
    count++;
  }

  final boolean isNull(int i) {
    return i >>> 6 < nulls.length && (nulls[i >>> 6] & (1L << i)) != 0;
  }

  /** One bit for each null in value {@code 64 * word} and the 63 that follow. */
  final long nullWord(int word) {
    return word < nulls.length ? nulls[word] : 0;
  }

  private int countNulls(int n) {
    int nullCount = 0;
    for (int word = 0; word < nulls.length && word << 6 < n; word++) {
      long bits = nulls[word];
      if (n - (word << 6) < 64) {
        bits &= (1L << n) - 1;
      }
      nullCount += Long.bitCount(bits);
    }
    return nullCount;
  }

  /** Forgets the values from number {@code n} on. */
  final void truncate(int n) {
    int word = n >>> 6;
    if (word < nulls.length) {
      nulls[word] &= (1L << n) - 1;
      Arrays.fill(nulls, word + 1, nulls.length, 0);
    }
    truncateValues(n);
    count = n;
  }

  /** Forgets the first {@code n} values. */
  final void drop(int n) {
    int shift = n & 63;
    int words = nulls.length;
    for (int to = 0, from = n >>> 6; to < words; to++, from++) {
      long bits = nullWord(from) >>> shift;
      nulls[to] = shift == 0 ? bits : bits | nullWord(from + 1) << -shift;
    }
    dropValues(n);
    count -= n;
  }

  /** Encodes the first {@code n} values of this node, then those of its children. */
  final void encode(int n, ChunkEncoder encoder, List<EncodedChunk> chunks) {
    int nullCount = countNulls(n);
    encoder.begin(n, nullCount);
    if (nullCount < n) {
      encodeValues(n, nullCount, encoder);
    }
    chunks.add(encoder.finish());
    encodeChildren(n, encoder, chunks);
  }

  /** About the bytes held. */
  abstract long bytes();

  abstract void appendValue(Values values, int i);

  /** Appends a value that means nothing. */
  abstract void appendNothing();

  abstract void truncateValues(int n);

  abstract void dropValues(int n);

  /** Encodes the first {@code n} values, not all null. */
  abstract void encodeValues(int n, int nullCount, ChunkEncoder encoder);

  void encodeChildren(int n, ChunkEncoder encoder, List<EncodedChunk> chunks) {}

  /**
   * The capacity of an array that must hold {@code needed} elements: half as much again at least.
   */
  final int grown(int capacity, long needed) {
    if (needed > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "'" + node.name() + "' has more than 2^31 bytes or values in one row group");
    }
    long grown = Math.max(needed, Math.max(64, capacity + (capacity >> 1)));
    return (int) Math.min(grown, Integer.MAX_VALUE - 16);
  }
}
