package io.alexstore.segment.chunk;

import io.alexstore.schema.Values;
import java.util.List;

/** The nulls of structs, calendar intervals or variants, and their parts. */
final class StructBuffer extends NodeBuffer {

  private final NodeBuffer[] fields;

  StructBuffer(NodeTree.Node node) {
    super(node);
    fields = node.children().stream().map(NodeBuffer::create).toArray(NodeBuffer[]::new);
  }

  @Override
  long bytes() {
    long bytes = (long) count >>> 3;
    for (NodeBuffer field : fields) {
      bytes += field.bytes();
    }
    return bytes;
  }

  @Override
  void appendValue(Values row, int i) {
    Values struct = row.getStruct(i);
    for (int f = 0; f < fields.length; f++) {
      fields[f].append(struct, f);
    }
  }

  @Override
  void appendNothing() {
    for (NodeBuffer field : fields) {
      field.appendNull();
    }
  }

  @Override
  void truncateValues(int n) {
    for (NodeBuffer field : fields) {
      field.truncate(n);
    }
  }

  @Override
  void dropValues(int n) {
    for (NodeBuffer field : fields) {
      field.drop(n);
    }
  }

  @Override
  void encodeValues(int n, int nullCount, ChunkEncoder encoder) {
    encoder.start(ChunkFormat.NONE, this, n, 0);
  }

  @Override
  void encodeChildren(int n, ChunkEncoder encoder, List<EncodedChunk> chunks) {
    for (NodeBuffer field : fields) {
      field.encode(n, encoder, chunks);
    }
  }
}
