package io.alexstore.segment.chunk;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.TableKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Files that hold one row group: some bytes, the chunks, then the directory. */
final class ChunkFiles {

  static final String PATH = "test.seg";

  /** A file. */
  record GroupFile(BlockBytes file, int directory, List<ChunkEntry> entries) {

    /** Opens a top-level column. */
    ChunkView open(NodeTree tree, int node, int rows) {
      return ChunkView.open(PATH, file, directory, tree, node, rows);
    }
  }

  private ChunkFiles() {}

  /** A schema with the key column {@code id} in front of the given columns. */
  static Schema schema(Column... columns) {
    List<Column> all = new ArrayList<>();
    all.add(new Column(1000, "id", ScalarType.LONG, false));
    all.addAll(List.of(columns));
    return new Schema(0, all, new TableKey(TableKey.Kind.PRIMARY, List.of(1000)), 1000);
  }

  /** A schema of the key and one nullable column. */
  static Schema schema(ColumnType type) {
    return schema(new Column(1, "c", type, true));
  }

  static GroupFile write(List<EncodedChunk> chunks) {
    int size = 64;
    for (EncodedChunk chunk : chunks) {
      size += chunk.bytes().remaining() + ChunkEntry.BYTES;
    }
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).position(64);
    List<ChunkEntry> entries = new ArrayList<>();
    for (EncodedChunk chunk : chunks) {
      entries.add(chunk.entry().at(file.position()));
      file.put(chunk.bytes().duplicate());
    }
    int directory = file.position();
    entries.forEach(entry -> entry.writeTo(file));
    return new GroupFile(BlockBytes.unchecked(file), directory, entries);
  }

  /** Encodes the values of one column as one row group. */
  static GroupFile encode(ColumnType type, Object... values) {
    Schema schema = schema(type);
    RowGroupBuffer buffer = new RowGroupBuffer(schema, new NodeTree(schema));
    for (Object value : values) {
      buffer.append(new ModelValues(0L, value));
    }
    return write(buffer.drain(values.length));
  }

  /** Encodes the values of one column as one row group and opens it. */
  static ChunkView view(ColumnType type, Object... values) {
    return encode(type, values).open(new NodeTree(schema(type)), 0, values.length);
  }
}
