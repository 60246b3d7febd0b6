package io.alexstore.segment.chunk;

import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.Values;
import java.util.Arrays;
import java.util.List;

/** The offsets of lists and maps, and their elements. */
final class ListBuffer extends NodeBuffer {

  private final boolean isMap;
  private final NodeBuffer[] children;
  private int[] ends = {};

  ListBuffer(NodeTree.Node node) {
    super(node);
    isMap = node.physical() == PhysicalType.MAP;
    children = node.children().stream().map(NodeBuffer::create).toArray(NodeBuffer[]::new);
  }

  private int start(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  @Override
  long bytes() {
    long bytes = 4L * count + (count >>> 3);
    for (NodeBuffer child : children) {
      bytes += child.bytes();
    }
    return bytes;
  }

  @Override
  void appendValue(Values row, int i) {
    if (isMap) {
      Values keys = row.getMapKeys(i);
      Values values = row.getMapValues(i);
      if (keys.size() != values.size()) {
        throw new IllegalArgumentException(
            "'" + node.name() + "': " + keys.size() + " keys, but " + values.size() + " values");
      }
      appendAll(children[0], keys);
      appendAll(children[1], values);
    } else {
      appendAll(children[0], row.getList(i));
    }
    append();
  }

  private static void appendAll(NodeBuffer child, Values values) {
    for (int k = 0, n = values.size(); k < n; k++) {
      child.append(values, k);
    }
  }

  @Override
  void appendNothing() {
    append();
  }

  private void append() {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, grown(count, count + 1L));
    }
    ends[count] = children[0].count;
  }

  @Override
  void truncateValues(int n) {
    int elements = start(n);
    for (NodeBuffer child : children) {
      child.truncate(elements);
    }
  }

  @Override
  void dropValues(int n) {
    int dropped = start(n);
    for (NodeBuffer child : children) {
      child.drop(dropped);
    }
    for (int i = n; i < count; i++) {
      ends[i - n] = ends[i] - dropped;
    }
  }

  @Override
  void encodeValues(int n, int nullCount, ChunkEncoder encoder) {
    encoder.startOffsets(ChunkFormat.OFFSETS, this, n, encoder.fitOffsets(ends, n), 0);
  }

  @Override
  void encodeChildren(int n, ChunkEncoder encoder, List<EncodedChunk> chunks) {
    for (NodeBuffer child : children) {
      child.encode(start(n), encoder, chunks);
    }
  }
}
